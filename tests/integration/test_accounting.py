"""Every row of the facts has one fate, and what is called a check is one."""

import dataclasses
import re

import pytest

import accounting
import accounting_page
from karvan.adapters.files.corridor_tables import read_links, read_places
from karvan.network.demand import find_unit

#: A figure of the facts and what the tables have for it: rows, links, tolerance in per cent.
LENGTHS = {
    "F152": (500, ["KZ-AKT--AZ-ALT:feeder"], 7),
    "F156": (127, ["KZ-BAL--KZ-MOY:rail"], 0),
    "F162": (498, ["KZ-SLK--KZ-BEY:rail"], 6),
    "F164": (293, ["KZ-ALT--KZ-ZHT:rail"], 0),
    "F172": (29, ["GE-AKH--GE-KAR:rail"], 0),
    "F173": (76, ["GE-KAR--TR-KRS:rail"], 0),
    "F174": (160, ["GE-MAR--GE-AKH:rail"], 5),
    "F204": (332, ["RO-CND--TR-BOS:feeder"], 0),
    "F205": (306, ["TM-KRW--AZ-ALT:rail_ferry"], 0),
    "E100": (1759, ["KZ-ATASU--CN-ALA:pipeline", "KZ-KENKIY--KZ-KUMKOL:pipeline"], 0),
    "E102": (988, ["KZ-ATASU--CN-ALA:pipeline"], 3),
    "E104": (792, ["KZ-KENKIY--KZ-KUMKOL:pipeline"], 1),
    "E106": (449, ["KZ-ATY--KZ-KENKIY:pipeline"], 0),
    "E128": (1768, ["AZ-SAN--TR-CEY:pipeline"], 0),
    "E163": (829.6, ["AZ-SAN--GE-SUP:pipeline"], 0),
    "E187": (1330, ["AZ-SAN--RU-SHESKH:pipeline"], 0),
    "E271": (253 * 1.852, ["KZ-AKT--AZ-SAN:tanker"], 1),
    "E273": (173 * 1.852, ["KZ-AKT--RU-MCX:tanker"], 1),
}
#: Marks of a tariff on links, in USD/t, within the range told or to the cent.
MARKS = {
    "E326": [
        "KZ-TEN--KZ-ATY:pipeline",
        "KZ-ATY--RU-KOMSOM:pipeline",
        "RU-KOMSOM--RU-KROPOT:pipeline",
        "RU-KROPOT--RU-CPCMT:pipeline",
    ],
    "E328": ["AZ-SAN--TR-CEY:pipeline"],
    "E332": ["KZ-PRIIRT--KZ-ATASU:pipeline", "KZ-ATASU--CN-ALA:pipeline"],
    "E344": ["KZ-AKT--AZ-SAN:tanker"],
    "E345": ["KZ-AKT--RU-MCX:tanker"],
    "E349": ["AZ-SAN--GE-SUP:pipeline"],
    "E350": [
        "KZ-ATY--KZ-BCHAGA:pipeline",
        "KZ-BCHAGA--RU-SAMHUB:pipeline",
        "RU-SAMHUB--RU-SHESKH:pipeline",
    ],
    "E351": [
        "KZ-ATY--KZ-BCHAGA:pipeline",
        "KZ-BCHAGA--RU-SAMHUB:pipeline",
        "RU-SAMHUB--RU-UNECHA:pipeline",
        "RU-UNECHA--PL-ADAMOW:pipeline",
        "PL-ADAMOW--DE-SCHWED:pipeline",
    ],
}
#: The same by rail, whose marks stand with the journeys.
RAIL_MARKS = {"E342": "TENGIZ--AKTAU:rail", "E347": "DUBENDI--BATUMI:rail"}
#: A figure that is the sum of others, in their unit; a minus sign subtracts.
SUMS = {
    "E128": ("E129", "E130", "E131"),
    "E462": ("E463", "E464"),
    "E468": ("E473", "E474"),
    "E469": ("E471", "E472"),
    "E475": ("E476", "E477"),
    "E504": ("E506", "E507"),
    "E517": ("E519", "E521"),
    "E518": ("E520", "E522"),
    "E531": ("E530", "-E529"),
    "E352": ("E342", "E343", "E344", "E346", "E328"),
}
#: A figure told twice, in one unit or another.
TWINS = {
    "E224": "F003",
    "E229": "F009",
    "E237": "F147",
    "E238": "F013",
    "E441": "F544",
    "E528": "F445",
    "F540": "X011",
    "F543": "E422",
    "O238": "F111",
}
#: Compared in a test of its own below.
ELSEWHERE = {
    "T048",
    "T050",
    "E021",
    "E023",
    "E055",
    "E129",
    "E130",
    "E131",
    "E272",
    "E324",
    "E505",
    "F378",
}
GAUGES = [f"F{number}" for number in range(220, 236)]
COUNTRIES = dict(
    zip(
        GAUGES,
        [
            "CN",
            "KZ",
            "UZ",
            "TM",
            "AZ",
            "GE",
            "RU",
            "BY",
            "UA",
            "TR",
            "IR",
            "RO",
            "BG",
            "PL",
            "HU",
            "DE",
        ],
        strict=True,
    )
)

KEPT = re.compile(r"kept to compare|shows how|on the calibration page")


@pytest.fixture(scope="module")
def account():
    return accounting.load()


@pytest.fixture(scope="module")
def figures(account):
    return {
        row: float(told.get("value") or told.get("amount"))
        for (_, row), told in account.facts.items()
        if re.fullmatch(r"-?[0-9.]+", told.get("value") or told.get("amount") or "")
    }


@pytest.fixture(scope="module")
def links():
    return {str(entry.value.id): entry.value for entry in read_links()[0]}


def test_every_row_of_the_facts_has_one_fate_and_the_tables_agree(account):
    assert list(accounting.faults(account)) == []
    assert len(account.rows) == len(account.facts) == 2652


def test_the_eight_corrections_are_carried_out_or_say_why_not(account):
    fates = {row["row"]: row for row in account.rows}
    for number in range(431, 439):
        fate = fates[f"O{number}"]
        assert fate["use"] in ("used", "observation") or fate["reason"], fate


def changed(account, row, /, **cells):
    rows = [old | cells if old["row"] == row else old for old in account.rows]
    return dataclasses.replace(account, rows=rows)


@pytest.mark.parametrize(
    ("plant", "told"),
    [
        (lambda a: dataclasses.replace(a, rows=a.rows[1:]), "stands 0 times"),
        (lambda a: dataclasses.replace(a, rows=[*a.rows, a.rows[0]]), "stands 2 times"),
        (lambda a: changed(a, "T051", row="T999"), "no row of facts/"),
        (lambda a: changed(a, "F400", use="context", reason="kept"), "is context, yet named by"),
        (lambda a: changed(a, "T062", use="used"), "yet no table names it"),
        (lambda a: changed(a, "F400", where="tariffs/rates.csv#R000"), "the tables have"),
        (lambda a: changed(a, "T108", reason=""), "refused needs a reason"),
        (lambda a: changed(a, "T108", use="lost"), "no use is called"),
        (lambda a: changed(a, "E370", use="context", reason="kept"), "corrects it"),
        (lambda a: changed(a, "E371", use="corrected", where="operations:O431"), "by no row"),
        (lambda a: changed(a, "F400", use="check", reason="kept"), "is made from it"),
        (
            lambda a: dataclasses.replace(a, named={**a.named, ("freight", "F999"): {"t": ("1",)}}),
            "is named by t and no row",
        ),
        (
            lambda a: dataclasses.replace(
                a, observations=[a.observations[0] | {"used_by": "tariffs/rates.csv#R000"}]
            ),
            "used_by is",
        ),
    ],
)
def test_a_planted_disagreement_is_told(account, plant, told):
    found = list(accounting.faults(plant(account)))

    assert any(told in fault for fault in found), found


def test_references_are_read_in_every_spelling():
    assert list(accounting.references("freight:F055;O366-O368;links:A--B:rail;T9")) == [
        ("freight", "F055"),
        ("operations", "O366"),
        ("operations", "O367"),
        ("operations", "O368"),
        ("links", "A--B:rail"),
        ("tariffs", "T9"),
    ]


def test_a_renewed_account_is_the_account(account):
    assert accounting.renew(account) == account.rows


def test_renewing_follows_the_tables():
    row = {"row": "F1", "file": "freight", "use": "context", "where": "", "reason": "later"}
    named = {"tariffs/rates.csv": ("R1", "R2"), "demand/observations.csv": ("OBS-F1",)}

    used = accounting.renewed(row, named)
    seen = accounting.renewed(used, {"demand/observations.csv": ("OBS-F1",)})

    assert (used["use"], used["where"]) == ("used", "tariffs/rates.csv#R1 R2")
    assert (seen["use"], seen["where"]) == ("observation", "demand/observations.csv#OBS-F1")
    assert accounting.renewed(row, {}) == row


def test_a_check_is_compared_somewhere_or_kept_for_it(account):
    compared = {*LENGTHS, *MARKS, *RAIL_MARKS, *SUMS, *TWINS, *ELSEWHERE, *GAUGES}
    for row in account.rows:
        if row["use"] == "check" and not row["where"]:
            assert row["row"] in compared or KEPT.search(row["reason"]), row


@pytest.mark.parametrize("row", LENGTHS)
def test_a_published_length_fits_the_links(row, links):
    published_km, names, tolerance = LENGTHS[row]
    told_km = sum(links[name].length_km for name in names)
    assert abs(told_km / published_km - 1) <= tolerance / 100 + 1e-9


@pytest.mark.parametrize("row", MARKS)
def test_a_published_tariff_fits_the_marks_of_its_links(row, links, figures, account):
    told = account.facts["energy_trade", row]
    total = float(sum(links[name].tariff_usd_t for name in MARKS[row]))
    low = float(told["low"] or told["value"])
    high = float(told["high"] or told["value"])
    assert low - 0.01 <= total <= high + 0.01


def test_oil_by_rail_has_the_marks_and_lengths_told(figures):
    rows = dict(accounting.tables())["network/oil_rail.csv"]
    marks = {row["fact"]: row for row in rows}
    for row, fact in RAIL_MARKS.items():
        assert float(marks[f"oil_links:{fact}"]["tariff_usd_t"]) == figures[row]
    assert 840 <= float(marks["oil_links:DUBENDI--BATUMI:rail"]["length_km"]) <= 920


@pytest.mark.parametrize("row", SUMS)
def test_a_total_is_the_sum_of_its_parts(row, figures):
    parts = [-figures[part[1:]] if part[0] == "-" else figures[part] for part in SUMS[row]]
    assert sum(parts) == pytest.approx(figures[row], rel=0.003)


@pytest.mark.parametrize("row", TWINS)
def test_a_figure_told_twice_is_the_same(row, account):
    told = {name: fact for (_, name), fact in account.facts.items()}
    here, there = told[row], told[TWINS[row]]
    units = {"day": "days"}

    def size(fact):
        return float(fact["value"]) * find_unit(units.get(fact["unit"], fact["unit"])).factor

    assert size(here) == pytest.approx(size(there))


def test_the_other_comparisons_hold(figures, links):
    assert figures["E021"] * 365.25 / 1000 / figures["E397"] == pytest.approx(
        figures["E020"], rel=0.01
    )
    assert figures["E018"] / figures["E008"] == pytest.approx(figures["E023"] / 100, abs=0.01)
    assert figures["E054"] / figures["E008"] == pytest.approx(figures["E055"] / 100, abs=0.02)
    assert figures["E272"] * 24 == pytest.approx(links["KZ-AKT--AZ-SAN:tanker"].running_h, abs=1)
    assert pytest.approx(figures["E505"], rel=0.001) == 409.57 + 286.5
    assert figures["F378"] * 2 == figures["F379"]
    assert figures["T032"] * 16.5 == pytest.approx(figures["T048"], rel=0.002)
    assert figures["T034"] * 16.5 == pytest.approx(figures["T050"], rel=0.002)


def test_places_have_the_gauge_of_their_country(account):
    national = {COUNTRIES[row]: int(account.facts["freight", row]["value"][:4]) for row in GAUGES}
    other = {
        str(entry.value.id)
        for entry in read_places()[0]
        if entry.value.gauges and national.get(entry.value.country, 0) not in entry.value.gauges
        if entry.value.country in national
    }
    # The new line to Turkey has the gauge of Turkey, as F225 says.
    assert other == {"GE-KAR"}


def test_the_page_tells_the_account(account):
    page = accounting_page.PAGE.read_text(encoding="utf-8")
    assert accounting_page.render(page, account) == page


def test_rows_in_a_row_are_told_as_a_range():
    rows = ["F001", "F003", "F004", "F005", "E006", "`links:A--B:rail`"]
    assert accounting_page.shorten(rows) == "F001, F003-F005, E006, `links:A--B:rail`"
