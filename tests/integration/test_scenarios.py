"""Scenario files and the table of disruptions: what they say, and what is wrong with them."""

import csv
import tomllib
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.adapters.files.disruptions import shipped_disruptions
from karvan.adapters.files.scenarios import FileScenarios
from karvan.domain.errors import InvalidTables, NotFound
from karvan.services.planning.oil import faults_of, oil_problem
from karvan.services.planning.read_whole import read_whole
from karvan.services.planning.scenario import Kind, What, bounds_of

SCENARIOS = FileScenarios()
FACTS = Path("facts/disruptions.csv")


def test_every_disruption_of_the_facts_has_its_row_and_says_the_same(published):
    with FACTS.open(encoding="utf-8") as stream:
        facts = {row["id"]: row for row in csv.DictReader(stream)}
    table = {row.id: row for row in shipped_disruptions()}
    assert list(table) == list(facts)

    for name, fact in facts.items():
        row, share = table[name], float(fact["capacity_share_lost"])
        end = date.fromisoformat(fact["end"]) if fact["end"] else None
        assert row.first_day == date.fromisoformat(fact["start"])
        # The day on which something resumes is not lost.
        assert row.last_day in {end, end and end - timedelta(days=1)}
        assert row.share_lost == share or row.low <= share <= row.high
        assert row.is_outage == (share > 0 and row.effect == "outage")
        assert row.effect in {"gas", "draught"} or (row.effect == "none") == (share == 0)
    assert {row.id for row in table.values() if row.effect == "gas"} == {"D38", "D39", "D40"}
    assert {row.id for row in table.values() if row.effect == "draught"} == {"D41"}


def test_what_an_outage_takes_is_there_and_its_cause_is_a_known_one(published):
    network = published.network
    base = SCENARIOS.read("base-2024").base
    known = {str(each) for each in (*network.places, *network.links)}
    known |= {row.id for row in base.terminal}
    known |= {f"{row.from_place}--{row.to_place}:rail" for row in base.rail}
    freight = SCENARIOS.read("freight-2024").freight
    known |= {fleet.id for fleet in base.fleet} | {fleet.name for fleet in freight.base.fleets}
    causes = set(network.rules.causes)
    fields = {row.place for row in base.supply}

    for row in shipped_disruptions():
        if row.is_outage:
            assert row.assets
            assert set(row.assets) <= (fields if row.takes == "output" else known), row.id
            assert row.cause in causes


def test_every_outage_has_a_scenario_and_every_name_a_title(published):
    names = [name for name, _ in SCENARIOS.titles()]
    assert tuple(names) == SCENARIOS.known()
    assert len(set(names)) == len(names)
    outages = {row.id for row in shipped_disruptions() if row.is_outage}
    assert {name.removeprefix("event-") for name in names if "event-" in name} == outages

    for number, (name, title) in enumerate(SCENARIOS.titles()):
        scenario = SCENARIOS.read(name)
        assert scenario.title == title
        if scenario.parts == ("oil",) and (number % 4 == 0 or "event-" not in name):
            assert not list(faults_of(published.network, scenario))
        if name.startswith("event-"):
            bounds = bounds_of(scenario)
            for event in scenario.event:
                assert bounds[1] <= event.first_day <= event.last_day < bounds[-1]


def written(tmp_path, text, name="mine.toml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_scenario_keeps_what_it_extends_and_says_what_is_else(tmp_path):
    written(tmp_path, GOOD, "under.toml")
    over = written(
        tmp_path,
        'title = "Over"\nextends = "under.toml"\nevents = ["D35"]\nfirst_month = "2024-10"\n'
        'months = 3\n[[change]]\nplace = "KZ-AKT"\nwhat = "close"\nsource = "x"\n',
    )

    found, under = SCENARIOS.read(over), SCENARIOS.read(str(tmp_path / "under.toml"))

    assert found.extends == "under"
    assert found.base == under.base
    assert [change.what for change in found.change] == ["add", "close"]
    assert [event.id for event in found.event] == ["D35"]
    assert [event.id for event in under.event] == ["e"]
    assert bounds_of(found)[-1] == date(2025, 1, 1)


def test_all_events_are_those_that_touch_the_periods(tmp_path):
    text = 'title = "x"\nbase = "oil-2024"\nevents = "all"\nfirst_month = "2025-11"\nmonths = 2\n'

    found = {event.id for event in SCENARIOS.read(written(tmp_path, text)).event}

    assert {"D18", "D20", "D21", "D22", "D23", "D45", "D49"} <= found
    assert not found & {"D19", "D24", "D25", "D38", "D39", "D41"}


@pytest.mark.parametrize(("period", "days"), [("week", 7), ("day", 1)])
def test_periods_may_be_weeks_or_days(published, tmp_path, period, days):
    text = (
        f'title = "x"\nbase = "oil-2024"\nperiod = "{period}"\n'
        "first_day = 2024-02-26\nperiods = 3\n"
    )
    problem = oil_problem(published.network, SCENARIOS.read(written(tmp_path, text)), events=())

    assert problem.period_ids[0] == "2024-02-26"
    assert problem.period_days.tolist() == [days] * 3
    # In a part of a month each way rises by as much less; ships a little more in the last days of
    # February, for the month that begins then has less weather than January.
    month = oil_problem(published.network, SCENARIOS.read("base-2024"), events=())
    rises = problem.ramps.rise[:, 0] / month.ramps.rise[:, 0]
    assert rises.tolist() == pytest.approx([days / (365 / 12)] * len(rises), rel=0.03)
    assert np.isclose(rises, days / (365 / 12)).sum() >= len(rises) - 2


GOOD = """\
title = "Good"
base = "oil-2024"
first_month = "2024-03"
months = 2

[[event]]
id = "e"
asset = "CPC marine terminal"
first_day = 2024-03-01
last_day = 2024-03-31
share_lost = 0.5
cause = "what if"
source = "x"

[[change]]
fleet = "Caspian tankers"
what = "add"
value = 2
unit = "ships"
low = 1
high = 3
source = "x"

[[contract]]
id = "c"
link = "AZ-SAN--TR-CEY:pipeline"
commodity = "kazakh"
least_kt = 10
most_kt = 20
short_usd_t = 5
source = "x"
"""
EVENT = GOOD[GOOD.index("[[event]]") : GOOD.index("[[change]]")]
CONTRACT = GOOD[GOOD.index("[[contract]]") :]
RAIL = """
[[rail]]
from_place = "KZ-AKT"
to_place = "GE-BUS"
mt_per_y = 1
usd_t = 5
operator = "x"
country = "KZ"
source = "x"
"""
CHANGE = 'fleet = "Caspian tankers"\nwhat = "add"\nvalue = 2\nunit = "ships"\nlow = 1\nhigh = 3'


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("months = 2", "months = 0", "months: a whole number from 1 to 120 is expected"),
        ("months = 2", 'months = 2\nevents = ["D8"]',
         "events: no event that takes capacity has the id D8; D48 is meant?"),
        ("months = 2", 'months = 2\nevents = ["D41"]',
         "events: no event that takes capacity has the id D41; D49 is meant?"),
        ("months = 2", 'months = 2\nevents = ["D08"]', "events: D08 touches none of the periods"),
        ('base = "oil-2024"', 'base = "oil-2O24"',
         "base: no base year has this name; oil-2024 is meant?"),
        ('base = "oil-2024"', 'extends = "base-2O24"',
         "extends: no scenario has this name; base-2024 is meant?"),
        ('base = "oil-2024"', 'base = "oil-2024"\nextends = "mine.toml"',
         "extends: a scenario cannot extend itself"),
        ('first_month = "2024-03"', 'period = "wek"\nfirst_month = "2024-03"',
         "period: one of month, week, day is expected; week is meant?"),
        ('"CPC marine terminal"', '"CPC marine terminl"',
         "event 1, asset: no link, place or terminal has this id; CPC marine terminal is meant?"),
        ("share_lost = 0.5", 'share_lost = 0.5\ntakes = "output"',
         "event 1, asset: no field has this id"),
        ("last_day = 2024-03-31", "last_day = 2024-02-29",
         "event 1, last_day: it ends before it begins"),
        ("last_day = 2024-03-31", "last_day = 2024-03-31T12:00:00",
         "event 1, last_day: a day like 2025-11-29 is expected, without a time"),
        ("value = 2", "value = 4", "change 1, value: from low 1.0 to high 3.0 is expected"),
        (CHANGE, CHANGE.replace("value = 2", "value = 0").replace("low = 1", "low = 0"),
         "change 1, value: a fleet of no ships is closed, not changed"),
        (CHANGE, CHANGE.replace("add", "ad"),
         "change 1, what: one of open, close, set, add, scale, price is expected; add is meant?"),
        (CHANGE, CHANGE.replace("add", "open"),
         "change 1, what: a fleet knows close, set, add, scale"),
        (CHANGE, 'fleet = "Caspian tankers"\nwhat = "add"\nvalue = -8\nunit = "ships"',
         "change 1, value: no ship is left"),
        (CHANGE, 'fleet = "Caspian tankrs"\nwhat = "close"',
         "change 1, fleet: no fleet has this id; Caspian tankers is meant?"),
        (CHANGE, 'link = "AZ-SAN--GE-SUP:pipelin"\nwhat = "close"',
         "change 1, link: no link has this id; AZ-SAN--GE-SUP:pipeline is meant?"),
        (CHANGE, 'place = "KZ-AKTT"\nwhat = "close"',
         "change 1, place: no place has this id; KZ-AKT is meant?"),
        (CHANGE, 'demand = "KZ-REFATY"\nwhat = "add"\nvalue = -9\nunit = "Mt/y"',
         "change 1, value: less than nothing is left"),
        (CHANGE, 'demand = "KZ-REFATY"\nwhat = "set"\nvalue = -9\nunit = "Mt/y"',
         "change 1, value: a number from 0 to 1e+06 is expected"),
        (CHANGE, 'demand = "KZ-REFATY"\nwhat = "set"\nvalue = 9\nunit = "TEU/y"',
         "change 1, unit: it is counted in kt"),
        (CHANGE, 'demand = "KZ-REFATY"\nwhat = "set"\nvalue = 9\nunit = "Mt"',
         "change 1, unit: a unit like Mt/y or kt/d is expected"),
        (CHANGE, 'what = "close"', f"change 1: one of {', '.join(Kind)} says what is changed"),
        (CHANGE, 'place = "KZ-AKT"\nwhat = "close"\nfrom = 2024-04-02\nuntil = 2024-04-01',
         "change 1, until: it ends before it begins"),
        (CHANGE, 'place = "KZ-AKT"\nwhat = "close"\nfrom = 2025-04-02',
         "change 1, from: it touches none of the periods"),
        (CHANGE, 'place = "KZ-AKT"\nwhat = "close"\nvalue = 2',
         "change 1, value: what is to close has none"),
        ("least_kt = 10", "least_kt = 30", "contract 1, least_kt: the least is above the most"),
        ("least_kt = 10\nmost_kt = 20", "least_kt = 9999",
         "contract 1, least_kt: the least is above what the link and its caps let through, 367 kt"),
        ("least_kt = 10", "least_kt = -1", "contract 1, least_kt: a number from 0 on is expected"),
        ('link = "AZ-SAN--TR-CEY:pipeline"', 'link = "AZ-SAN--TR-CEY:pipe"',
         "contract 1, link: no link has this id; AZ-SAN--TR-CEY:pipeline is meant?"),
        ("share_lost = 0.5", 'share_lost = 0.5\ncommodity = "krude"',
         "event 1, commodity: nothing of this name is moved"),
        ("last_day = 2024-03-31", "last_day = 2024-03-31\nexpected_until = 2024-02-01",
         "event 1, expected_until: it ends before it begins"),
        ("first_day = 2024-03-01\nlast_day = 2024-03-31",
         "first_day = 2024-05-01\nlast_day = 2024-05-31",
         "event 1, first_day: it touches none of the periods"),
        ('cause = "what if"\nsource = "x"', 'cause = "what if"\nsource = "disruptions:e"',
         "event 1, source: the table of disruptions has no e"),
        (EVENT, EVENT.replace('"e"', '"D22"').replace("terminal", "termnal")
         .replace('"x"', '"disruptions:D22"'),
         "event 1, asset: D22 took CPC marine terminal; for another, tell another source"),
        ("months = 2", "months = 2\n[freight]\nyear = 2023",
         'freight: freight is not among the parts; parts = ["freight"]'),
        (CHANGE, f'{CHANGE}\nestimate = "no"',
         "change 1, estimate: true or false is expected"),
        (CONTRACT, CONTRACT + CONTRACT.replace("10", "15"),
         "contract 2, id: a contract, cap or limit has this id already"),
        (CONTRACT, CONTRACT + CONTRACT.replace('"c"', '"d"').replace("10", "15")
         .replace("20", "30").replace('"kazakh"', '"kazakh light"').replace("15", "25"),
         "contract 2, least_kt: the least is above the most of contract c"),
        (CONTRACT, CONTRACT.replace("10", "300").replace("20", "400")
         + CONTRACT.replace('"c"', '"d"').replace("kazakh", "azeri").replace("10", "8100")
         .replace("20", "8200"),
         "contract 2, least_kt: with c more is promised than the link lets through, 8356 kt"),
        (CONTRACT, CONTRACT + RAIL.replace("GE-BUS", "KZ-AKT"),
         "rail 1, to_place: it leads back to where it begins"),
        (CONTRACT, CONTRACT + RAIL.replace("GE-BUS", "GE-BUSS"),
         "rail 1, to_place: no place has this id; GE-BUS is meant?"),
        ('unit = "ships"', 'unitt = "ships"\nunit = "ships"',
         "change 1, unitt: nobody knows this key; unit is meant?"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_file_table_and_key(published, tmp_path, old, new, fault):
    assert old in GOOD
    path = written(tmp_path, GOOD.replace(old, new, 1))

    try:
        told = list(faults_of(published.network, SCENARIOS.read(path)))
    except InvalidTables as error:
        told = list(error.faults)

    assert [str(each) for each in told] == [f"mine.toml, {fault}"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (GOOD.encode("utf-16"), "it is not UTF-8 from byte 1 on"),
        (GOOD.replace("Good", "Gr\xfcn").encode("latin-1"), "it is not UTF-8 from byte 12 on"),
        (f"months = {'1' * 5000}".encode(), "not TOML: Exceeds the limit"),
        (b"a = " + b"[" * 5000, "not TOML: lists in lists beyond reason"),
        (b"months = 2\nmonths = 3\n", "not TOML: Cannot overwrite a value"),
        (None, "it is not a plain file"),
    ],
)
def test_a_file_that_holds_no_scenario_is_refused_in_words(tmp_path, content, fault):
    path = tmp_path / "mine.toml"
    path.mkdir() if content is None else path.write_bytes(content)

    with pytest.raises(InvalidTables) as caught:
        SCENARIOS.read(str(path))

    assert len(caught.value.faults) == 1
    assert fault in str(caught.value.faults[0])


def test_a_file_with_a_mark_and_windows_lines_is_read(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())

    assert SCENARIOS.read(str(path)) == SCENARIOS.read(written(tmp_path, GOOD))


def test_faults_of_the_form_and_of_names_are_told_together(published, tmp_path):
    wrong = (
        GOOD.replace("months = ", "monhts = ")
        + """
[[event]]
id = "two faults"
asset = "CPC marin terminal"
first_day = 2024-03-01
last_day = 2024-02-25
share_lost = 3
cause = "what if"
source = "a test"

[[change]]
fleet = "Caspian tanker"
what = "add"
value = "two"
unit = "ships"
commodity = "kazak"
source = "a test"

[[contract]]
id = "another"
link = "KZ-ATY--RU-KOMM:pipeline"
commodity = "kazakh light"
least_kt = -4
source = "a test"
"""
    )
    count = {name: GOOD.count(f"[[{name}]]") + 1 for name in ("event", "change", "contract")}

    with pytest.raises(InvalidTables) as caught:
        read_whole(SCENARIOS, written(tmp_path, wrong), published.network)

    told = {each.column: each.message for each in caught.value.faults}
    event, change, contract = (f"{name} {number}, " for name, number in count.items())
    assert told.keys() == {
        *("monhts", "months"),
        *(event + key for key in ("share_lost", "last_day", "asset")),
        *(change + key for key in ("value", "fleet", "commodity")),
        *(contract + key for key in ("least_kt", "link")),
    }
    assert "CPC marine terminal is meant?" in told[f"{event}asset"]
    assert "Caspian tankers is meant?" in told[f"{change}fleet"]
    assert "KZ-ATY--RU-KOMSOM:pipeline is meant?" in told[f"{contract}link"]


@pytest.mark.parametrize("key", ["base", "rail", "parts"])
def test_where_nobody_knows_what_may_be_named_no_name_is_doubted(published, tmp_path, key):
    ground = {"base": 'base = "oil-2042"', "rail": "rail = 7", "parts": 'parts = ["gas"]'}
    head, tables = GOOD.split("[[", maxsplit=1)
    kept = "".join(line for line in head.splitlines(keepends=True) if not line.startswith(key))
    wrong = f"{kept}{ground[key]}\n[[{tables}".replace("CPC marine terminal", "CPC")

    with pytest.raises(InvalidTables) as caught:
        read_whole(SCENARIOS, written(tmp_path, wrong), published.network)

    assert {each.column.partition(" ")[0] for each in caught.value.faults} == {key}


@pytest.fixture(scope="module")
def good():
    return tomllib.loads(GOOD)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 200_000),
    st.floats(),
    st.text(max_size=6),
    st.dates(date(2023, 1, 1), date(2025, 1, 1)),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=1),
)


@settings(max_examples=150)
@given(data=st.data())
def test_a_scenario_that_was_tampered_with_is_read_or_refused_with_its_table(good, data):
    """A key is taken away, misspelt, or given any value: never anything but faults by name."""
    table = {
        name: [dict(row) for row in value] if isinstance(value, list) else value
        for name, value in good.items()
    }
    where = data.draw(st.sampled_from(["", "event", "change", "contract"]))
    rows = table[where][0] if where else table
    key = data.draw(st.sampled_from(sorted(rows)))
    how = data.draw(st.sampled_from(["drop", "misspell", "value"]))
    value = rows.pop(key)
    if how == "misspell":
        rows[f"{key}x"] = value
    elif how == "value":
        rows[key] = data.draw(VALUES)

    try:
        found = SCENARIOS.parse(table)
    except InvalidTables as error:
        told = [str(each) for each in error.faults]
        assert all(each.startswith("scenario.toml, ") for each in told)
        assert any((where or key) in each for each in told)
    else:
        assert found.periods >= 1
        assert how != "misspell"


@pytest.fixture(scope="module")
def assets(published):
    """What may be named in the oil, by kind."""
    problem = oil_problem(published.network, SCENARIOS.read("base-2024"), events=())
    nodes = problem.node_ids
    return {
        Kind.LINK: problem.arcs.ids,
        Kind.PLACE: nodes,
        Kind.TERMINAL: problem.joints.ids,
        Kind.FLEET: problem.fleets.ids,
        Kind.TANK: problem.tanks.ids,
        Kind.CAP: problem.contracts.ids,
        Kind.OUTLET: [name.partition(", ")[0] for name in problem.arcs.ids],
        Kind.SUPPLY: [nodes[node] for node in problem.supplies.node],
        Kind.DEMAND: [nodes[node] for node in problem.demands.node],
        Kind.SEA: ["caspian", "black"],
    }


@settings(max_examples=40)
@given(data=st.data())
def test_whatever_is_changed_is_planned_or_refused_by_its_table(published, assets, data):
    kind = data.draw(st.sampled_from(sorted(assets)))
    change = {
        str(kind): data.draw(st.sampled_from(assets[kind])),
        "what": data.draw(st.sampled_from([str(each) for each in What])),
        "source": "x",
    }
    if data.draw(st.booleans()):
        change["value"] = data.draw(st.sampled_from([0, 0.5, 1, 10, 1e6, -1]))
        change["unit"] = data.draw(
            st.sampled_from(["", "ships", "Mt/y", "kt/d", "kt", "USD/t", "m"])
        )
    table = {"title": "x", "base": "oil-2024", "first_month": "2024-03", "months": 1}

    try:
        problem = oil_problem(
            published.network, SCENARIOS.parse({**table, "change": [change]}), events=()
        )
    except InvalidTables as error:
        told = [str(each) for each in error.faults]
    else:
        told = []
        assert problem.periods == 1
    assert all(each.startswith("scenario.toml, change 1") for each in told)


@pytest.mark.parametrize(
    ("parts", "link"),
    [("oil", "KZ-KASHAG--KZ-AKT:rail"), ("freight", "AZ-ALT--AZ-SHI:rail")],
)
def test_what_is_opened_says_how_much_it_has_where_no_table_does(published, parts, link):
    """Neither the way of the oil nor the track has a capacity to open at; 0 would close it."""
    change = {"link": link, "what": "open", "source": "x"}
    table = {"title": "x", "base": "oil-2024", "first_month": "2024-03", "months": 1}
    table |= {"parts": [parts], "change": [change]}

    (told,) = faults_of(published.network, SCENARIOS.parse(table))
    sure = SCENARIOS.parse(table | {"change": [change | {"value": 9, "unit": "Mt/y"}]})

    assert str(told).startswith("scenario.toml, change 1, value: the tables tell no capacity")
    assert not list(faults_of(published.network, sure))


def test_a_price_a_tonne_is_for_what_is_counted_in_mass(published):
    """Trucks have none; of what moves on the road the commodity says which is meant."""
    change = {"link": "AZ-ALT--GE-TBS:road", "what": "price", "value": 4, "unit": "USD/t"}
    table = {"title": "x", "base": "oil-2024", "first_month": "2024-03", "months": 1}
    table |= {"parts": ["freight"], "change": [change | {"source": "x"}]}

    (told,) = faults_of(published.network, SCENARIOS.parse(table))

    assert str(told).startswith("scenario.toml, change 1, unit: it is counted in ")
    assert "truck" in str(told)


def test_a_file_that_is_none_is_not_found(tmp_path):
    for given_name in ("nowhere", "event-D41", "event-", str(tmp_path / "none.toml")):
        with pytest.raises(NotFound):
            SCENARIOS.read(given_name)


@pytest.mark.parametrize("name", ["event-D11", "event-D27", "tankers-two-more", "base-2024"])
def test_the_text_of_a_scenario_reads_as_the_scenario(name):
    file, text = SCENARIOS.text(name)

    again = SCENARIOS.read_text(file, text)

    assert again == SCENARIOS.read(name)


def test_the_text_of_a_file_holds_what_it_extends(tmp_path):
    written(tmp_path, GOOD, "under.toml")
    over = written(tmp_path, 'title = "Over \\"x\\"\\u007f"\nextends = "under.toml"\nevents = []\n')
    file, text = SCENARIOS.text(over)
    found = SCENARIOS.read(over)

    (tmp_path / "under.toml").unlink()

    assert SCENARIOS.read_text(file, text) == found
