"""Outages, recoveries and projects in many runs: what no estimate moves is told as it was."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from karvan.adapters.files.projects import FileProjects
from karvan.adapters.files.scenarios import FileScenarios
from karvan.domain.errors import InvalidInput
from karvan.engines.planner.investment import choose, prepare
from karvan.engines.planner.solving import SolverOptions
from karvan.services.executing import Here
from karvan.services.planning.investment import alone, ask
from karvan.services.planning.investment_terms import Terms
from karvan.services.planning.resilience import survived
from karvan.services.planning.sampled_amounts import Amount
from karvan.services.planning.sampled_answers import answer_json, answer_tables, repeated
from karvan.services.planning.sampled_investments import (
    BEST,
    BUILT,
    KEPT,
    chosen_in,
    costs_drawn,
    investment_figures,
)
from karvan.services.planning.sampled_investments import Question as Investments
from karvan.services.planning.sampled_outages import COST, RANK, outage_figures, ranked, ranked_in
from karvan.services.planning.sampled_outages import Question as Outages
from karvan.services.planning.sampled_recoveries import PERIODS, recovered_in, recovery_figures
from karvan.services.planning.sampled_recoveries import Question as Recoveries

OPTIONS = SolverOptions()
RUNS = 2


@pytest.fixture(scope="module")
def base():
    return replace(FileScenarios().read("base-2024"), periods=2)


@pytest.fixture(scope="module")
def outages(published, base):
    asked = Outages(network=published.network, by_year=True, options=OPTIONS)
    told = dict(outage_figures(ranked(asked, base)))
    return asked, repeated(Here(), ranked_in, asked, base, told, runs=RUNS, seed=1)


def test_a_run_in_which_every_estimate_is_as_told_is_the_answer_as_told(base, outages):
    asked, found = outages

    again = ranked_in(asked, (base, {}))

    assert again == pytest.approx(found.told, abs=1e-6)


def test_the_cost_and_the_rank_of_each_outage_have_their_ends(outages):
    _, found = outages

    costs = [name for name in found.draws if name.what == COST]
    ranks = [name for name in found.draws if name.what == RANK]
    assert len(costs) == len(ranks) > 60
    worst = Amount(RANK, "place KZ-ATY", "", "")
    assert found.ends(worst) == (1.0, 1.0)
    assert sum(low < high for low, high in map(found.ends, ranks)) > 5
    for name in costs:
        low, high = found.ends(name)
        assert 0 <= low <= high
    assert found.ends(Amount("no such", "", "", "")) is None


def test_pairs_are_the_same_in_every_run(published, base, outages):
    asked, _ = outages
    pair = ("place KZ-ATY", "place KZ-AKT"), ("place KZ-ATY", "no such place")

    told = ranked_in(replace(asked, pairs=pair), (base, {}))

    of = "place KZ-ATY + place KZ-AKT"
    found = {name: value for name, value in told.items() if " + " in name.of}
    assert {name.of for name in found} == {of}
    assert found[Amount(COST, of, "", "1000 USD")] >= max(
        told[Amount(COST, each, "", "1000 USD")] for each in pair[0]
    )


def test_the_tables_and_the_json_of_runs_tell_the_same(outages):
    _, found = outages

    table, drawn = answer_tables(found)
    told = answer_json(found)

    assert (table.name, drawn.name) == ("sampled", "drawn")
    assert len(table.rows) == len(told["figures"]) == len(found.draws)
    assert len(drawn.rows) == told["estimates"] > 50
    names = [column.name for column in table.columns]
    for row, figure in zip(table.rows, told["figures"], strict=True):
        cells = dict(zip(names, row, strict=True))
        assert cells["where"] == figure["of"]
        assert [cells[end] for end in ("low", "median", "high")] == [
            figure[end] for end in ("low", "median", "high")
        ]


@pytest.mark.parametrize("runs", [0, 10_001])
def test_too_few_and_too_many_runs_are_refused(base, runs):
    with pytest.raises(InvalidInput):
        repeated(Here(), ranked_in, None, base, {}, runs=runs, seed=1)


def test_each_asset_is_taken_out_for_the_same_days_in_every_run(published, base):
    first, assets = date(2024, 1, 10), ("CPC marine terminal",)
    found = [survived(published.network, base, each, first, 10) for each in assets]
    asked = Recoveries(
        network=published.network,
        options=OPTIONS,
        tolerance=0.01,
        assets=assets,
        days=10,
        first_day=first,
    )
    told = dict(recovery_figures(found, base))

    again = recovered_in(asked, (base, {}))
    drawn = repeated(Here(), recovered_in, asked, base, told, runs=RUNS, seed=1)

    assert again == pytest.approx(told, abs=1e-3)
    for each in found:
        assert drawn.told[Amount(PERIODS, each.asset, "", "")] <= 2
        low, high = drawn.ends(Amount("extra cost", each.asset, "", "1000 USD"))
        assert 0 < low < high


@pytest.fixture(scope="module")
def investments(published, base):
    terms = Terms(first_year=2026, last_year=2028, rate=0.08, growth=0.01, every=10.0)
    tables = FileProjects().read()
    asked = ask(published.network, published.book, base, tables, terms)
    prepared = prepare(asked.question)
    best, each = choose(prepared), alone(prepared, asked, OPTIONS)
    question = Investments(
        network=published.network,
        book=published.book,
        tables=tables,
        terms=terms,
        options=OPTIONS,
        chosen=best.chosen,
    )
    figures = investment_figures(best, each, best.npv, per_m_eur=asked.kusd_per_eur * 1e6)
    return question, dict(figures), costs_drawn(asked.offered)


def test_a_choice_that_is_kept_to_is_never_worth_more_than_the_best_of_the_run(base, investments):
    question, told, costs = investments

    again = chosen_in(question, (base, {}))
    drawn = repeated(Here(), chosen_in, question, base, told, runs=RUNS, seed=1, beside=costs)

    assert question.chosen
    assert again == pytest.approx(told, abs=1e-3)
    best, kept = (drawn.draws[Amount(what, "", "", "M EUR")] for what in (BEST, KEPT))
    assert (best >= kept - 1e-6).all()
    assert np.ptp(kept) > 1
    built = [drawn.share(name) for name in drawn.draws if name.what == BUILT]
    assert max(built) == 1
    assert min(built) == 0


def test_what_a_project_costs_is_drawn_between_its_low_and_high_figure(base, investments):
    question, told, costs = investments
    cheap = chosen_in(question, (base, {each.name: each.low for each in costs}))

    assert {each.name.split(" ")[0] for each in costs} == {"project"}
    best = Amount(BEST, "", "", "M EUR")
    assert cheap[best] > told[best]
