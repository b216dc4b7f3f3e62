"""What a study leaves behind in tables and files, and the study made again from them."""

import os
from collections import defaultdict
from dataclasses import replace

import pytest

from karvan.bootstrap import StudyFolders
from karvan.domain.errors import InvalidInput, NotReproduced
from karvan.services.planning.again import compared
from karvan.services.planning.figures import figures_of, left_by_month, told_in
from karvan.services.planning.manifest import Manifest
from karvan.services.planning.reading import worst_balance
from karvan.services.planning.result_tables import (
    parse_csv,
    render_csv,
    results_from,
    tables_of,
)
from karvan.services.planning.results import KINDS
from study_cases import planned

NAME = "cpc-moorings-2025"


@pytest.fixture(scope="module")
def moorings(published):
    made = planned(published, NAME)
    return made.found.study, made.found.results, made.tables, made.manifest


@pytest.fixture
def kept(moorings, tmp_path):
    _, _, tables, manifest = moorings
    StudyFolders().write(tmp_path / "out", tables, manifest, {})
    return tmp_path / "out"


def test_the_tables_say_what_the_study_says(moorings):
    found, results, *_ = moorings
    left, shut = defaultdict(float), defaultdict(float)
    for row in results.flow:
        if row.commodity.startswith("kazakh "):
            left[row.link, row.month] += row.amount
    for row in results.shut_in:
        shut[row.place, row.month] += row.shut_in

    for link, amounts in found.told.leaves.items():
        assert [left[link, month] for month in found.months] == pytest.approx(amounts, abs=1e-5)
    for place, amounts in found.told.shut_in.items():
        assert [shut[place, month] for month in found.months] == pytest.approx(amounts, abs=1e-5)


def test_no_tonne_appears_or_vanishes_in_the_tables_and_a_lost_one_is_seen(moorings):
    _, results, *_ = moorings
    first, *rest = results.flow
    short = (replace(first, amount=first.amount - 1.0), *rest)
    others = (results.stock, results.under_way, results.shut_in, results.unserved)

    assert results.checks.mass_balance < 1e-4
    assert worst_balance(short, *others) == pytest.approx(1.0, abs=1e-4)


def test_routes_over_a_link_add_up_to_its_flow_over_all_months(moorings):
    """Over the month in which everything is planned again, too."""
    _, results, *_ = moorings
    flow, routes = defaultdict(float), defaultdict(float)
    for row in results.flow:
        flow[row.link, row.commodity] += row.amount
    for row in results.routes:
        for link, entering in zip(row.links.split(), row.entering.split(), strict=True):
            routes[link, row.commodity] += float(entering)

    assert routes.keys() == flow.keys()
    assert all(routes[key] == pytest.approx(flow[key], abs=1e-4) for key in flow)


def test_figures_of_the_oil_follow_from_the_tables_by_hand(moorings):
    """Made + shut in = offered; what is made is sold, refined, lost or in tanks at the end."""
    _, results, *_ = moorings
    figures = {each.key: each for each in figures_of(told_in(results))}
    offered = (
        sum(row.offered for row in results.shut_in if row.commodity.startswith("kazakh ")) / 1000
    )
    in_tanks = sum(row.amount for row in results.stock if row.month == results.months[-1]) / 1000

    lost = sum(
        row.lost
        for row in results.flow
        if row.commodity.startswith("kazakh ") and row.from_country == row.to_country == "KZ"
    )

    assert figures["exported"].value + figures["refined"].value == pytest.approx(
        offered - figures["left_behind"].value - in_tanks - lost / 1000, abs=1e-3
    )
    assert figures["lost"].value == pytest.approx(
        sum(row.lost for row in results.flow if row.commodity.startswith("kazakh ")) / 1000
    )
    assert figures["left_behind"].value == pytest.approx(sum(left_by_month(results)))
    assert figures["not_earned"].value == pytest.approx(450 * figures["left_behind"].value)
    co2e = figures["co2e_per_t"]
    assert 0 < co2e.low < co2e.value < co2e.high


def test_a_tonne_shut_in_and_waited_for_at_once_is_left_behind_once(moorings):
    """By hand: of 100 kt shut in, 40 a refinery waits for; 7 more than there are; another month."""
    _, results, *_ = moorings
    (first, second, *_), commodity = results.months, "kazakh blend"
    field = next(row for row in results.shut_in if row.commodity == commodity)
    asked = next(row for row in results.unserved if not row.outlet and row.commodity == commodity)
    nothing = replace(
        results,
        shut_in=(replace(field, month=first, offered=500.0, shut_in=100.0),),
        unserved=(),
    )

    def left(**amounts):
        rows = [
            replace(asked, month=month, asked=500.0, unserved=amount)
            for month, amount in ((first, amounts.get("now")), (second, amounts.get("later")))
            if amount
        ]
        case = replace(nothing, unserved=tuple(rows))
        told = next(each.value for each in figures_of(case) if each.key == "left_behind")
        assert told == pytest.approx(sum(left_by_month(case)))
        return round(told * 1000, 6)

    assert left() == left(now=40.0) == 100.0
    assert left(now=107.0) == 107.0
    assert left(now=40.0, later=40.0) == 140.0


def test_emissions_are_tonne_kilometres_times_the_factor(moorings):
    """Tankers: 11.30 g/tkm, of which the table gives no range."""
    _, results, *_ = moorings
    ships = next(
        e for e in results.emissions if (e.mode, e.commodity) == ("tanker", "kazakh light")
    )
    tkm = sum(
        row.amount * 1000 * row.km
        for row in results.flow
        if row.mode == "tanker" and row.commodity == "kazakh light"
    )

    assert ships.co2e_t == pytest.approx(tkm * 11.30e-6, rel=1e-6)
    assert ships.co2e_low_t == ships.co2e_high_t == ships.co2e_t
    assert not ships.estimate
    assert all(each.estimate for each in results.emissions if each.mode == "pipeline")


def test_tables_come_back_from_csv_as_they_were(moorings):
    _, results, tables, manifest = moorings

    back = {each.name: parse_csv(each.name, KINDS[each.name], render_csv(each)) for each in tables}

    assert results_from(back, results.months, manifest.checks) == results


def test_parquet_and_csv_say_the_same(moorings, kept):
    import duckdb

    _, _, tables, _ = moorings
    for table in tables:
        with duckdb.connect() as connection:
            rows = connection.read_parquet(str(kept / f"{table.name}.parquet")).fetchall()
        assert tuple(rows) == table.rows


def test_a_folder_gives_its_manifest_and_tables_back(moorings, kept):
    _, _, tables, manifest = moorings

    assert StudyFolders().manifest(kept) == manifest
    assert StudyFolders().manifest(kept / "manifest.json") == manifest
    assert tuple(StudyFolders().tables(kept).values()) == tables


def test_a_changed_cell_is_found(kept):
    flow = kept / "flow.csv"
    flow.write_text(flow.read_text().replace(",2025-12,kt,", ",2025-12,kt,1", 1))

    with pytest.raises(InvalidInput, match="not the one of the manifest"):
        StudyFolders().tables(kept)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"format": 2}', '{"format": 1, "command": "plan"}', '{"format": 1}'],
)
def test_what_is_no_manifest_is_refused(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)

    with pytest.raises(InvalidInput):
        StudyFolders().manifest(tmp_path)


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_a_key_pressed_or_a_full_disk_leaves_nothing(moorings, tmp_path, monkeypatch, fault):
    _, _, tables, manifest = moorings
    written = []

    def stop(handle):
        written.append(handle)
        if len(written) == 5:
            raise fault

    monkeypatch.setattr(os, "fsync", stop)

    with pytest.raises((KeyboardInterrupt, InvalidInput)):
        StudyFolders().write(tmp_path / "out", tables, manifest, {})
    assert len(written) == 5
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_left_alone(moorings, tmp_path):
    _, _, tables, manifest = moorings
    (tmp_path / "letter.txt").write_text("mine")

    with pytest.raises(InvalidInput):
        StudyFolders().write(tmp_path, tables, manifest, {})
    assert [each.name for each in tmp_path.iterdir()] == ["letter.txt"]


def test_the_same_again_is_the_same_and_something_else_is_told(moorings):
    _, results, tables, manifest = moorings
    kept = {table.name: table for table in tables}
    flow = (replace(results.flow[0], amount=results.flow[0].amount + 2.0), *results.flow[1:])
    other = tables_of(replace(results, flow=flow))
    near = (replace(results.flow[0], cost_kusd=results.flow[0].cost_kusd + 1e-7), *flow[1:])
    moved = replace(manifest, network="another")

    assert compared(manifest, kept, manifest, tables).same
    assert compared(manifest, kept, manifest, tables_of(replace(results, flow=near))).close == (
        "flow",
    )
    (found,) = compared(manifest, kept, manifest, other).differs
    assert (found.table, found.column, found.largest) == ("flow", "amount", pytest.approx(2.0))
    with pytest.raises(NotReproduced):
        compared(manifest, kept, manifest, other).require_same()
    with pytest.raises(InvalidInput, match="so does what they are made from") as raised:
        compared(manifest, kept, moved, other).require_same()
    assert raised.value.facts["network"].endswith("then, another now")
    compared(manifest, kept, moved, tables).require_same()


def test_a_manifest_survives_being_written_with_what_was_laid_over(moorings):
    found, _, _, manifest = moorings
    laid = replace(manifest, laid=found.scenario.event, options={"time_limit_s": 60.0})

    assert Manifest.parse(laid.to_text()) == laid
