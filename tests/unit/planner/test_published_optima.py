"""Programmes that others have solved and published: handed over whole, solved, proven by prices."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import coo_array, csr_array

from karvan.engines.planner.certificate import certify
from karvan.engines.planner.model import build
from karvan.engines.planner.solving import SolverOptions, solve
from planner_cases import problem_of

FOLDER = Path(__file__).parents[2] / "data" / "kennington"


def programme(name):
    """A published programme in the form of our models; rows and columns have no names."""
    with (FOLDER / f"{name}.rows.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    with (FOLDER / f"{name}.columns.csv").open(newline="") as file:
        columns = list(csv.DictReader(file))
    entries = [
        (int(row) - 1, number, float(value))
        for number, column in enumerate(columns)
        for row, _, value in (each.partition(":") for each in column["entries"].split())
    ]
    row, column, value = (np.array(each) for each in zip(*entries, strict=True))
    limit = np.array([float(each["limit"]) for each in rows])
    equal = np.array([each["sense"] == "E" for each in rows])
    shape = (len(rows), len(columns))
    matrix = csr_array(coo_array((value, (row, column)), shape=shape))
    matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    return replace(
        build(problem_of([("way", "a", "b", 1, 1)])),
        families=(),
        first_row=(),
        matrix=matrix,
        row_lower=np.where(equal, limit, -np.inf),
        row_upper=limit,
        cost=np.array([float(each["cost"]) for each in columns]),
        most=np.array([float(each["most"] or "inf") for each in columns]),
    )


@pytest.mark.parametrize(
    ("name", "rows", "columns", "optimum"),
    [("pds-02", 2953, 7535, 28_857_862_010), ("ken-07", 2426, 3602, -679_520_443.38)],
)
@pytest.mark.parametrize("method", ["simplex", "interior"])
def test_a_published_programme_costs_what_is_published(name, rows, columns, optimum, method):
    model = programme(name)

    answer = solve(model, SolverOptions(method=method))

    proof = certify(model, answer.values, answer.row_prices)
    assert model.matrix.shape == (rows, columns)
    assert proof.cost == pytest.approx(optimum, rel=1e-9)
    assert proof.holds(gap=1e-9)
