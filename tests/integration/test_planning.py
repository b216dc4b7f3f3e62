"""The oil of the shipped corridor, planned."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from karvan.adapters.files.scenarios import FileScenarios
from karvan.domain.errors import InvalidTables, NotFound
from karvan.engines.planner.plan import plan
from karvan.services.planning.foresight import begun_in
from karvan.services.planning.oil import KT_PER_D, Start, oil_problem
from karvan.services.planning.scenario import Change, Event, Kind, What, share_left
from karvan.services.planning.study import study

SCENARIOS = FileScenarios()


@pytest.fixture(scope="module")
def moorings(published):
    return study(published.network, SCENARIOS.read("cpc-moorings-2025"))


def at_first(study):
    """Kazakh oil that was under way before the first month."""
    problem = study.stages[0].plan.problem
    under_way, permissions = problem.under_way, problem.permissions
    kinds = [problem.commodity_ids[k] for k in permissions.commodity[under_way.permission]]
    return sum(a for a, k in zip(under_way.all, kinds, strict=True) if k.startswith("kazakh"))


def at(study, month):
    return study.months.index(month)


def test_no_tonne_of_kazakh_oil_appears_or_vanishes(published, moorings):
    """Month by month: made = sold, refined, lost, in tanks or moving; made + shut in = supply."""
    told = moorings.told
    bounds = [date.fromisoformat(f"{month}-01") for month in moorings.months] + [date(2026, 6, 1)]
    days = np.diff([day.toordinal() for day in bounds])
    supply = sum(
        row.mt_per_y
        for row in moorings.scenario.base.supply
        if row.commodity.startswith("kazakh ")
    ) * KT_PER_D * days  # fmt: skip
    in_tanks = sum(told.in_tanks.values())

    made = supply - sum(told.shut_in.values())

    gone = sum(told.sold.values()) + told.refined + told.lost + np.diff(in_tanks, prepend=0)
    moving = sum(told.under_way.values())
    gone += np.diff(moving, prepend=at_first(moorings))
    np.testing.assert_allclose(made, gone, atol=1e-5)


def test_the_terminal_that_lost_half_loads_half_and_its_tanks_take_what_they_can(moorings):
    """In December one mooring of two: 84 Mt a year, 31 days, half."""
    december = at(moorings, "2025-12")
    left = 84 * KT_PER_D * 31 / 2
    russian = 8 * KT_PER_D * 31
    pipe = "KZ-ATY--RU-KOMSOM:pipeline"

    into_the_line = moorings.told.leaves[pipe][december]

    assert into_the_line <= left + 357 + 1e-6
    assert into_the_line >= left - russian - 1e-6
    assert moorings.told.leaves[pipe][december] < 0.75 * moorings.without.leaves[pipe][december]
    assert 0 < moorings.told.tanks["RU-CPCMT"][december] <= 357 + 1e-6
    assert sum(each[december] for each in moorings.told.shut_in.values()) > 0


def test_what_is_hidden_until_november_changes_nothing_before(moorings):
    november = at(moorings, "2025-11")
    assert moorings.event_from == "2025-11"
    for name, amounts in moorings.without.leaves.items():
        assert moorings.told.leaves[name][:november].tolist() == amounts[:november].tolist()
    assert moorings.extra_cost_kusd > 0


def test_rail_and_caspian_tankers_rise_by_a_third_of_their_room_a_month_at_most(
    published, moorings
):
    problem = oil_problem(published.network, moorings.scenario, events=())
    bounds = {problem.arcs.ids[a]: rise for a, rise in zip(
        problem.ramps.arc, problem.ramps.rise[:, 0], strict=True)}  # fmt: skip
    days = problem.period_days

    ramps, ids = problem.ramps, problem.arcs.ids
    beside = {ids[a]: [] for a in ramps.arc}
    for a, ramp in zip(ramps.also, ramps.of, strict=True):
        beside[ids[ramps.arc[ramp]]].append(ids[a])
    leaves, none = moorings.told.leaves, np.zeros(len(days))
    for name, others in beside.items():
        amounts = sum(leaves.get(each, none) for each in (name, *others))
        assert np.diff(amounts / days).max() <= bounds[name] + 1e-6
    assert beside["KZ-AKT--AZ-BAKOIL:tanker"] == ["KZ-AKT--AZ-DUB:tanker", "KZ-AKT--AZ-SAN:tanker"]
    # By hand: 4.3 ships, 0.9 of the time at work and 0.92 without weather in September, 10 kt by
    # half the ships of a leg of 2 x 25.29 h at sea and 66 h in ports, the sea near its mark.
    by_ship = 4.3 * 24 * 0.9 * 0.92 * 10 / (2 * 25.29 + 66) * 2
    assert bounds["KZ-AKT--AZ-BAKOIL:tanker"] == pytest.approx(by_ship / 3, rel=0.02)


def test_what_is_arranged_anew_carries_from_the_day_of_the_news(published):
    """D01 is told on 21 March 2022: of what March might rise, eleven days are left of 31."""
    scenario = SCENARIOS.read("year-2022")
    started = Start(carried_kt_d={}, stock_kt={}, under_cap_kt={})
    of_cpc = [event for event in scenario.event if event.id.startswith("D0")]
    rises = [
        oil_problem(
            published.network, scenario, events=(), skip=2, start=replace(started, news=news)
        ).ramps.rise
        for news in (None, begun_in(of_cpc, date(2022, 3, 1)))
    ]

    np.testing.assert_allclose(rises[1][:, 0], rises[0][:, 0] * 11 / 31)
    np.testing.assert_array_equal(rises[1][:, 1:], rises[0][:, 1:])


def test_the_base_year_has_no_event(published):
    found = study(published.network, SCENARIOS.read("base-2024"))

    assert found.event_from == ""
    assert found.extra_cost_kusd == 0
    left, sold = sum(found.told.leaves.values()).sum(), sum(found.told.sold.values()).sum()
    assert 0 < left - sold < found.told.lost.sum() < 0.01 * left


def test_events_that_overlap_take_the_largest_loss_of_each_day():
    def event(first, last, share):
        return Event(
            id="e",
            asset="x",
            first_day=date(2025, 11, first),
            last_day=date(2025, 11, last),
            share_lost=share,
            cause="",
            source="",
        )

    events = (event(1, 10, 0.5), event(6, 15, 0.8), event(1, 30, 0.0))

    # 5 days at 0.5, 10 days at 0.8, 15 at nothing, of 30.
    assert share_left(events, "x", date(2025, 11, 1), date(2025, 12, 1)) == pytest.approx(
        1 - (5 * 0.5 + 10 * 0.8) / 30
    )
    assert share_left(events, "y", date(2025, 11, 1), date(2025, 12, 1)) == 1


WRONG = """\
title = "x"
base = "oil-2024"
first_month = "2025-13"
month = 9

[[event]]
id = "e"
asset = "CPC marine terminal"
first_day = 2025-12-01
last_day = 2025-11-01
share_losst = 1.5
cause = ""
source = ""
"""


def test_every_fault_of_a_scenario_is_told_with_file_table_and_nearest_key(tmp_path):
    path = tmp_path / "wrong.toml"
    path.write_text(WRONG)

    with pytest.raises(InvalidTables) as caught:
        SCENARIOS.read(str(path))

    assert [str(fault) for fault in caught.value.faults] == [
        "wrong.toml, month: nobody knows this key; months is meant?",
        "wrong.toml, first_month: a month is written like 2025-11",
        "wrong.toml, months: the key is missing",
        "wrong.toml, event 1, share_losst: nobody knows this key; share_lost is meant?",
        "wrong.toml, event 1, share_lost: the key is missing",
        "wrong.toml, event 1, last_day: it ends before it begins",
    ]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('asset = "Atlantis"', "event 1, asset: no link, place or terminal has this id"),
        ("last_day = 2025-10-01", "event 1, last_day: it ends before it begins"),
        ("share_lost = 1.5", "event 1, share_lost: a share from 0 to 1 is expected"),
        ("share_lost = -1", "event 1, share_lost: a number from 0 on is expected"),
        ('share_lost = "all"', "event 1, share_lost: a number is expected"),
        ("last_day = 7", "event 1, last_day: a day like 2025-11-29 is expected"),
    ],
)
def test_a_wrong_value_is_told_where_it_stands(published, tmp_path, line, fault):
    good = WRONG.replace("2025-13", "2025-11").replace("month = 9", "months = 1")
    good = good.replace("share_losst = 1.5", "share_lost = 1").replace("2025-11-01", "2025-12-09")
    good = good.replace("months = 1", "months = 2")
    key = line.split()[0]
    path = tmp_path / "wrong.toml"
    path.write_text("\n".join(line if row.startswith(key) else row for row in good.splitlines()))

    with pytest.raises(InvalidTables) as caught:
        study(published.network, SCENARIOS.read(str(path)))

    assert [str(each) for each in caught.value.faults] == [f"wrong.toml, {fault}"]


def test_what_is_no_scenario_is_refused(tmp_path):
    (tmp_path / "broken.toml").write_text("title = ")
    with pytest.raises(NotFound) as caught:
        SCENARIOS.read("cpc")
    assert "cpc-moorings-2025" in caught.value.facts["known"]
    with pytest.raises(NotFound):
        SCENARIOS.read("nowhere.toml")
    with pytest.raises(InvalidTables):
        SCENARIOS.read(str(tmp_path / "broken.toml"))


def test_a_mooring_that_is_lost_cuts_the_shippers_of_russia_by_the_same_share(published):
    """Twenty of 29 days of February 2024 at half leave 19 days of all moorings and of theirs."""
    event = Event(
        id="half",
        asset="CPC marine terminal",
        first_day=date(2024, 2, 10),
        last_day=date(2024, 2, 29),
        share_lost=0.5,
        cause="a question",
        source="a question",
    )
    problem = oil_problem(published.network, SCENARIOS.read("base-2024"), events=(event,))
    room = {name: problem.joints.capacity[j] for j, name in enumerate(problem.joints.ids)}

    for name, mt_per_y in (
        ("CPC marine terminal", 84.0),
        ("CPC marine terminal, shippers of Russia", 10.6),
    ):
        january, february = room[name][:2].tolist()
        assert january == pytest.approx(mt_per_y * 1000 / 365 * 31)
        assert february == pytest.approx(mt_per_y * 1000 / 365 * (9 + 20 / 2))


def test_what_is_agreed_for_a_year_is_shipped_evenly(published):
    """Kazakh oil to Germany: its cap of 2024 by the days of each month, and none made up later."""
    found = plan(oil_problem(published.network, SCENARIOS.read("base-2024"), events=()))
    problem = found.problem
    line = problem.arcs.ids.index("PL-ADAMOW--DE-SCHWED:pipeline")
    by_month = found.flow[problem.permissions.arc == line].sum(axis=0)

    assert (by_month <= 1630 / 365 * problem.period_days * (1 + 1e-6)).all()
    assert by_month.min() > 0.9 * by_month.max() * 29 / 31


def test_a_cap_that_is_changed_is_changed_in_each_month_too(published):
    """Twice the oil to Germany by agreement: twice of every month, and of all of them."""
    read = SCENARIOS.read("base-2024")
    name = next(cap.id for cap in read.base.cap if cap.link.endswith("DE-SCHWED:pipeline"))
    twice = Change(kind=Kind.CAP, asset=name, what=What.SCALE, value=2.0, unit="", source="")

    def caps(scenario):
        contracts = oil_problem(published.network, scenario, events=()).contracts
        rows = [row for row, each in enumerate(contracts.ids) if each.startswith(name)]
        return contracts.most[rows]

    before, after = caps(read), caps(replace(read, change=(*read.change, twice)))
    assert len(before) == 13
    assert after == pytest.approx(2 * before)
