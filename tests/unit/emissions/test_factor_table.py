"""The shipped emission factors against figures copied by hand from their sources."""

import csv
from collections import Counter
from decimal import Decimal
from importlib.resources import files

import pytest

#: Modes of the network's links, and handling at a terminal.
MODES = (
    *("bulk", "canal", "chartered_ship", "deep_sea", "feeder", "hub", "pipeline", "rail"),
    *("rail_ferry", "road", "roro", "tanker"),
)

#: key: TTW, WTT, WTW in kg/tkm. Source: UK Government GHG conversion factors 2025.
UK = {
    "uk-rail-freight": ("0.02779", "0.00691", "0.03470"),
    "uk-truck-over-33t": ("0.07703", "0.01799", "0.09502"),
    "uk-crude-tanker-10000-59999-dwt": ("0.00921", "0.00209", "0.01130"),
    "uk-general-cargo-5000-9999-dwt": ("0.01600", "0.00363", "0.01963"),
    "uk-general-cargo": ("0.01321", "0.00300", "0.01621"),
    "uk-roro-2000-lane-m": ("0.05012", "0.01136", "0.06148"),
    "uk-large-ro-pax": ("0.37612", "0.08528", "0.46140"),
}

#: Mode: figure in use, low, high.
IN_USE = {
    "rail": ("28", "18", "35"),
    "road": ("70", "57", "95"),
    "rail_ferry": ("130", "60", "160"),
    "roro": ("130", "60", "160"),
    "deep_sea": ("6", "5", "9"),
    "canal": ("6", "5", "9"),
    "feeder": ("16", "11", "30"),
    "pipeline": ("6", "3", "12"),
    "hub": ("1.5", "0.8", "2.5"),
    "tanker": ("11.30", "", ""),
    "bulk": ("19.63", "", ""),
    "chartered_ship": ("16.21", "", ""),
}


@pytest.fixture(scope="module")
def rows():
    text = files("karvan").joinpath("data/rules/emission_factors.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_every_mode_has_exactly_one_factor_in_use(rows):
    uses = Counter(mode for row in rows for mode in row["use_for"].split(";") if mode)

    assert uses == Counter(MODES)


def test_the_factors_in_use_are_those_of_the_sources(rows):
    in_use = {
        mode: (row["wtw_g_per_tkm"], row["low"], row["high"])
        for row in rows
        for mode in row["use_for"].split(";")
        if mode
    }

    assert in_use == IN_USE


@pytest.mark.parametrize("key", UK)
def test_the_uk_rows_are_operation_plus_energy_provision(rows, key):
    ttw, wtt, wtw = (1000 * Decimal(figure) for figure in UK[key])
    row = next(row for row in rows if row["key"] == key)

    assert (Decimal(row["ttw_g_per_tkm"]), Decimal(row["wtw_g_per_tkm"])) == (ttw, wtw)
    assert ttw + wtt == wtw


def test_recalled_figures_are_marked_as_estimates(rows):
    recalled = {row["key"] for row in rows if row["source"] == "own-knowledge"}

    assert recalled == {row["key"] for row in rows if row["estimate"] == "yes"}
    assert len(recalled) == 8


def test_only_hubs_count_by_the_tonne(rows):
    assert {row["key"] for row in rows if row["unit"] == "kg CO2e/t"} == {
        row["key"] for row in rows if row["mode"] == "hub"
    }


def test_the_table_has_the_columns_of_its_attributes(rows):
    text = files("karvan").joinpath("network/attributes/emission_factor.csv").read_text("utf-8")

    assert list(rows[0]) == [row["attribute"] for row in csv.DictReader(text.splitlines())]
    assert len({row["key"] for row in rows}) == len(rows) == 25
