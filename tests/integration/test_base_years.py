"""The oil of the base years, made from the shipped tables."""

import csv
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from karvan.adapters.files.corridor_tables import shipped_attributes
from karvan.adapters.files.oil_tables import OIL_TABLES, read_oil_tables
from karvan.adapters.files.scenarios import FileScenarios
from karvan.domain.errors import InvalidTables, NotFound
from karvan.engines.planner.model import build
from karvan.engines.planner.plan import plan
from karvan.network.derating import load_share, sea_level_m
from karvan.services.planning.base import OIL_YEARS, YEARS, oil_base
from karvan.services.planning.lost_ships import tankers_of
from karvan.services.planning.oil import COMMODITIES, oil_problem, planned
from karvan.services.planning.outage_list import outages_of
from karvan.services.planning.scenario import Event, covers

DATA = Path(str(files("karvan"))) / "data"
TABLES = sorted(path.name for path in (DATA / "planning").glob("oil_*.csv"))


@pytest.fixture(scope="module")
def tables():
    return read_oil_tables()


#: Of the months of a common year.
DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def flow_of(found, arc):
    """All oil on an arc by month."""
    problem = found.problem
    on = problem.permissions.arc == problem.arcs.ids.index(arc)
    return found.flow[on].sum(axis=0)


def rows_of(name):
    with (DATA / "planning" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def kazakh(rows):
    return sum(row.mt_per_y for row in rows if covers("kazakh", row.commodity))


@pytest.mark.parametrize(
    ("year", "output", "refined"),
    [
        (2019, 90.4, 17.1),  # refined: of 2021
        (2021, 85.7, 17.1),
        (2022, 84.2, 17.905),
        (2023, 90.0, 17.426),
        (2024, 87.6, 17.44),
        (2025, (78.7 + 18.4) / 0.976, 18.4),  # exported and refined, and own use
    ],
)
def test_a_year_hands_over_what_the_country_lifted_less_own_use(tables, year, output, refined):
    base = oil_base(replace(tables, lost={}, shut_in=()), year)

    assert kazakh(base.supply) == pytest.approx(output * 0.976)
    assert kazakh(base.demand) == pytest.approx(refined)


def test_a_field_that_failed_lifts_its_figure_with_the_outage_and_more_without(tables):
    """Kashagan 2022: 12.7 Mt with four fifths gone from 3 August to 6 November, 96 days."""
    (row,) = (each for each in oil_base(tables, 2022).supply if each.place == "KZ-KASHAG")
    (ways,) = (each.row.share for each in tables.shut_in
               if each.holds_in(2022) and each.row.commodity == row.commodity)  # fmt: skip

    lost = 1 - (1 - 0.8 * 96 / 365) * (1 - ways)
    assert row.mt_per_y * (1 - lost) == pytest.approx(12.7 * 0.995)
    assert "outages took" in row.source


def test_a_field_without_a_figure_has_one_by_rule(tables):
    """2019: seven months counted up by the country's 90.4 / 52.23; Karachaganak 2025: of 2023."""
    calm = replace(tables, shut_in=())
    at = {(year, row.place): row for year in (2019, 2025) for row in oil_base(calm, year).supply}

    tengiz, karachaganak = at[2019, "KZ-TEN"], at[2025, "KZ-KARACH"]
    assert tengiz.mt_per_y == pytest.approx(17.5 * 90.4 / 52.23 * 0.995)
    assert "counted up" in tengiz.source
    assert karachaganak.mt_per_y == pytest.approx(12.1 * 0.995)
    assert karachaganak.source.startswith("energy_trade:E038, carried from 2023")
    assert karachaganak.low < 11.5 * 0.995
    assert karachaganak.high > 12.3 * 0.995


def test_every_estimate_says_how_far_it_may_be_off_and_every_row_where_it_is_from(tables):
    known = set((DATA / "sources.toml").read_text(encoding="utf-8").split('"')[1::2])
    for name in TABLES:
        for row in rows_of(name):
            assert set(row["source"].split(";")) <= known, (name, row["id"])
            choice = name in {"oil_rules.csv", "oil_prices.csv"}
            assert row["estimate"] == "no" or choice or (row["low"] and row["high"]), row["id"]
    for year in YEARS:
        base = oil_base(tables, year)
        for row in (*base.supply, *base.demand):
            assert row.low <= row.mt_per_y <= row.high, (year, row.place)


def test_shares_of_a_year_make_one(tables):
    for year in YEARS:
        for of in ("output", "refined"):
            shares = [each.row.share for each in tables.share if each.holds_in(year)
                      and each.row.of == of]  # fmt: skip
            assert sum(shares) == pytest.approx(1), (year, of)


def test_no_year_but_the_base_years_can_be_asked_for(tables):
    with pytest.raises(NotFound) as caught:
        oil_base(tables, 2020)
    assert "2019" in caught.value.facts["known"]
    assert sorted(OIL_YEARS) == [f"oil-{year}" for year in YEARS]


@pytest.fixture(scope="module")
def plans(published):
    scenarios = FileScenarios()
    return {
        year: plan(oil_problem(published.network, scenarios.read(f"base-{year}"), events=()))
        for year in YEARS
    }


def carried(found, link, commodity=""):
    """Mt a year over a link."""
    problem = found.problem
    return sum(
        found.flow[p].sum() / 1000
        for p, (arc, kind) in enumerate(
            zip(problem.permissions.arc, problem.permissions.commodity, strict=True)
        )
        if problem.arcs.ids[arc] == link and covers(commodity, problem.commodity_ids[kind])
    )


@pytest.mark.parametrize("year", YEARS)
def test_who_may_go_where(plans, year):
    """A field without a share of CPC does not choose it; only light oil is mixed with Azeri."""
    found = plans[year]

    assert carried(found, "KZ-ATY--RU-KOMSOM:pipeline", "kazakh blend") == 0
    assert carried(found, "AZ-SAN--TR-CEY:pipeline", "kazakh blend") == 0
    assert carried(found, "KZ-ATY--RU-KOMSOM:pipeline", "kazakh light") > 50
    if year < 2023:
        assert carried(found, "AZ-SAN--TR-CEY:pipeline", "kazakh") < 1e-9
        assert carried(found, "PL-ADAMOW--DE-SCHWED:pipeline", "kazakh") < 1e-9


def test_what_came_to_aktau_by_rail_is_not_pumped_back(plans):
    """A rule may name a way of the tables too; and every way that it names is there."""
    assert carried(plans[2025], "KZ-AKT--KZ-ATY:pipeline", "kazakh blend") > 1
    assert carried(plans[2025], "KZ-AKT--KZ-ATY:pipeline", "kazakh light") == 0


def test_a_rule_that_ends_in_the_year_closes_the_months_before(plans):
    found = plans[2023]
    problem = found.problem
    way = problem.arcs.ids.index("AZ-SAN--TR-CEY:pipeline")
    light = COMMODITIES.index("kazakh light")
    mine = (problem.permissions.arc == way) & (problem.permissions.commodity == light)

    (months,) = found.flow[mine]

    assert months[:3].max() < 1e-9
    assert months[4:].min() > 100


def test_half_of_what_sails_to_baku_sails_in_other_ships(plans):
    """Ships that take 120 h with 10 kt spend 6 h a kt on the way to Baku, not 12."""
    problem = plans[2024].problem
    uses = problem.fleets.uses
    hours = {
        problem.arcs.ids[problem.permissions.arc[p]]: each
        for p, each in zip(uses.permission, uses.per_unit, strict=True)
    }

    assert hours["KZ-AKT--AZ-SAN:tanker"] == pytest.approx((2 * 27 + 66) / 10 / 2)
    assert hours["KZ-AKT--RU-MCX:tanker"] == pytest.approx((2 * 18.39 + 66) / 10)


def test_oil_by_russia_is_agreed_for_the_year_and_moves_in_the_months_that_are_open(published):
    """By hand: 1.06 Mt over the 243 days of 2019 that the repair leaves; none from 2022 on."""
    moved = {
        year: plan(oil_problem(published.network, FileScenarios().read(f"base-{year}"), events=()))
        for year in (2019, 2022)
    }
    by_month = flow_of(moved[2019], "AZ-SAN--RU-SHESKH:pipeline")

    assert by_month[2:6].max() < 1e-6
    assert by_month[[0, 1, 6]] == pytest.approx(1060 * np.array([31, 28, 31]) / 243, rel=1e-6)
    assert by_month.sum() == pytest.approx(1060)
    assert "AZ-SAN--RU-SHESKH:pipeline" not in moved[2022].problem.arcs.ids


def test_an_idle_line_carries_its_filling_once_a_year_and_no_more(published):
    """By hand: 829.6 km of 0.53 m hold 183 000 m3, at 848 kg/m3 155 kt."""
    kept = flow_of(
        plan(oil_problem(published.network, FileScenarios().read("base-2024"), events=())),
        "AZ-SAN--GE-SUP:pipeline",
    )
    filling_kt = np.pi / 4 * 0.53**2 * 829_600 * 0.848 / 1e3

    assert kept.sum() == pytest.approx(filling_kt, rel=0.01)
    assert kept == pytest.approx(kept.sum() / 366 * np.array([31, 29, *DAYS[2:]]))


def test_an_idle_line_is_lost_only_where_the_loss_is_asked_for():
    scenarios = FileScenarios()

    assert "D30" not in {event.id for event in scenarios.read("year-2022").event}
    assert "D30" in {event.id for event in scenarios.read("event-D30").event}


def published_load(published, *months):
    """What a tanker of 12,000 t carries in each month over the 10,000 of 2025, by its row."""
    known = published.network.link_attributes
    row = next(each for each in known.deratings if each.id == "aktau-tanker-12000")
    levels = [sea_level_m(known.sea_levels, "caspian", date(*month, 1)) for month in months]
    return np.array([load_share(row, level) * 12 / 10 for level in levels])


def test_ships_count_from_the_day_on_which_they_came(published):
    """By hand: three until June 2023, 4.3 from July; weather closes Aktau on one day in twenty."""
    read = FileScenarios().read("base-2023")
    made = planned(published.network, read)
    (fleet,) = [each for each in read.base.fleet if each.id == "Caspian tankers"]

    june, july = tanker_hours(made)[5:7] / published_load(published, (2023, 6), (2023, 7))
    assert [june, july] == pytest.approx([3 * 24 * 30 * 0.9 * 0.95, 4.3 * 24 * 31 * 0.9 * 0.95])
    assert fleet.mean_ships(date(2023, 6, 21), date(2023, 7, 11)) == pytest.approx(3.65)
    assert tankers_of(made, read)["Caspian tankers"][5:7] == pytest.approx([3, 4.3])


def test_one_ship_is_one_of_those_that_the_scenario_has(published):
    """Two tankers more: one of 6.3 in each month, and by the year."""
    read = FileScenarios().read("tankers-two-more")
    made = planned(published.network, read)
    ships = tankers_of(made, read)
    (lost,) = [each for each in outages_of(build(made.problem), ships) if each.kind == "one ship"]

    assert ships == {"Caspian tankers": pytest.approx([6.3] * 12)}
    assert tankers_of(made, read, by_year=True) == {"Caspian tankers": pytest.approx([6.3])}
    assert lost.case.upper == pytest.approx(tanker_hours(made) * 5.3 / 6.3)


def test_by_the_year_a_ship_is_lost_of_each_month(published):
    """A ship of three and then of 4.3: what each month loses, together."""
    read = FileScenarios().read("base-2023")
    made = planned(published.network, read)
    (count,) = tankers_of(made, read, by_year=True)["Caspian tankers"]
    hours = tanker_hours(made)

    assert hours.sum() / count == pytest.approx(hours[:6].sum() / 3 + hours[6:].sum() / 4.3)


def tanker_hours(made):
    fleets = made.problem.fleets
    return fleets.hours[fleets.ids.index("Caspian tankers")]


def test_all_oil_finds_its_way_in_every_base_year(plans):
    """What stays behind for want of a way is below a thousandth."""
    for year, found in plans.items():
        asked = found.problem.demands.price > 0
        assert found.shut_in.sum() < 0.001 * found.problem.supplies.amount.sum(), year
        assert found.unserved[asked].sum() < 0.002 * found.problem.demands.amount[asked].sum()


def test_faults_of_the_tables_are_told_with_file_row_and_column(tmp_path):
    folder = tmp_path / "data"
    (folder / "planning").mkdir(parents=True)
    (folder / "demand").symlink_to(DATA / "demand")
    for name in TABLES:
        (folder / "planning" / name).write_bytes((DATA / "planning" / name).read_bytes())
    fleets = folder / "planning" / "oil_fleets.csv"
    lines = fleets.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].replace(",3,3,6,", ",three,3,6,")
    lines[2] = lines[2].replace(",2023,,C", ",2023,2022,C").replace("3.5,6,3,", "6,3.5,,")
    lines[2] = lines[2].replace(",10.0,", ",-10.0,")
    lines[3] = lines[3].replace("CARS-2019", "FLEET-2023")
    fleets.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "planning" / "oil_ramps.csv").write_text("id,limk\n", encoding="utf-8")

    with pytest.raises(InvalidTables) as caught:
        read_oil_tables(folder)

    told = [str(fault) for fault in caught.value.faults]
    for place in (
        "oil_fleets.csv, row 2, ships:",
        "oil_fleets.csv, row 3, low:",
        "oil_fleets.csv, row 3, last_year:",
        "oil_fleets.csv, row 3, parcel_kt:",
        "oil_fleets.csv, row 3, ships_before:",
        "oil_fleets.csv, row 4, id:",
        "oil_ramps.csv, row 1, limk:",
        "oil_ramps.csv, row 1, months_to_full:",
    ):
        assert any(each.startswith(place) for each in told), (place, told)


def test_a_base_that_names_what_is_not_there_is_told(published):
    scenario = FileScenarios().read("base-2022")
    (first, *others) = scenario.base.rule
    odd = replace(scenario, base=replace(scenario.base, rule=(replace(first, link="X"), *others)))

    with pytest.raises(InvalidTables) as caught:
        oil_problem(published.network, odd, events=())

    assert [str(each) for each in caught.value.faults] == ["oil-2022, rule, X: no link has this id"]


def test_columns_of_a_table_are_those_of_its_file():
    for name in TABLES:
        header = (DATA / "planning" / name).read_text(encoding="utf-8").splitlines()[0].split(",")
        assert set(header) <= {each.name for each in shipped_attributes(OIL_TABLES[name])}, name
    assert date(2023, 3, 21) in {row.last_day for row in read_oil_tables().rule}


def test_the_tank_cars_of_tengiz_carry_what_their_turns_allow(published):
    """By hand: 2,500 cars of 60 t turn in 16 days and work 95 days of 100; ships are free."""
    read = FileScenarios().read("base-2024")
    shut = (
        "RU-KROPOT--RU-CPCMT:pipeline",
        "KZ-ATY--KZ-BCHAGA:pipeline",
        "KZ-BUZACH--KZ-AKT:pipeline",
        "KZ-UZNFLD--KZ-AKT:pipeline",
    )
    events = tuple(
        Event(
            id=link,
            asset=link,
            first_day=date(2024, 1, 1),
            last_day=date(2024, 12, 31),
            share_lost=1.0,
            cause="a question",
            source="a question",
        )
        for link in shut
    )
    found = plan(oil_problem(published.network, read, events=events))

    by_rail = carried(found, "KZ-TEN--KZ-AKT:rail")
    room = 2500 * 60 / 16 * 366 * 0.95 / 1e6
    assert by_rail <= room * (1 + 1e-9)
    assert by_rail == pytest.approx(room, rel=0.02)


@pytest.mark.parametrize("year", YEARS)
def test_the_mix_of_baku_ceyhan_keeps_its_sulphur_and_density(plans, year):
    """By hand, month by month: sulphur by mass, density by volume."""
    found = plans[year]
    base = FileScenarios().read(f"base-{year}").base
    problem = found.problem
    for point in base.blend:
        quality = {row.commodity: row.value for row in base.quality if row.of == point.of}
        way = problem.arcs.ids.index(point.link)
        mass = {
            problem.commodity_ids[problem.permissions.commodity[p]]: found.flow[p]
            for p in np.flatnonzero(problem.permissions.arc == way)
        }
        if point.of == "sulphur":
            mixed = sum(quality[kind] * each for kind, each in mass.items()) / sum(mass.values())
        else:
            volume = sum(each / quality[kind] for kind, each in mass.items())
            mixed = sum(mass.values()) / volume
        assert mixed.max() <= point.most * (1 + 1e-7)
        if point.id == "Sulphur at Sangachal" and year >= 2023:
            assert mixed[6:].min() > 0.9 * point.most
