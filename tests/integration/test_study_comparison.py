"""Two cases side by side: sentences, figures, what may be chance."""

import re
from dataclasses import replace

import pytest

from karvan.adapters.reports.page import HtmlReports
from karvan.bootstrap import ShippedScenarios
from karvan.services.planning.cases import Spread, differences
from karvan.services.planning.comparing import as_json, compare, finding
from karvan.services.planning.reporting import report_of_two
from karvan.services.planning.study import study
from study_cases import case_of_study


def case(published, scenario, stages=None):
    found = study(published.network, scenario)
    return case_of_study(published, replace(found, stages=stages(found)) if stages else found)


@pytest.fixture(scope="module")
def struck(published):
    return case(published, ShippedScenarios().read("cpc-moorings-2025"))


@pytest.fixture(scope="module")
def calm(published):
    """The same without any event."""
    asked = ShippedScenarios().read("cpc-moorings-2025")
    return case(published, replace(asked, event=(), title="No event"))


def test_the_finding_is_what_is_saved_and_what_it_is_turned_round(struck, calm):
    left = {each.key: each.value for each in struck.figures}["left_behind"]

    saved, lost = compare(struck, calm), compare(calm, struck)

    assert finding(saved) == f"B saves {left:.2f} Mt of {left:.2f} Mt left behind"
    assert finding(lost) == f"B leaves behind {left:.2f} Mt, {left:.2f} Mt more than A"
    assert finding(compare(calm, calm)) == "A and B send out and leave behind the same"


@pytest.mark.parametrize(
    ("shift", "told"),
    [(-0.3, "; in B a tonne is 0.3 USD cheaper to carry"), (0.04, ""), (1.25, None)],
)
def test_of_cases_that_move_the_same_the_cheaper_is_told(calm, shift, told):
    found = compare(calm, calm)
    lines = (
        replace(line, difference=shift) if line.key == "carriage_per_t" else line
        for line in found.figures
    )

    sentence = finding(replace(found, figures=tuple(lines)))

    same = "A and B send out and leave behind the same"
    assert sentence == f"{same}{told}" if told is not None else "dearer to carry" in sentence


def test_every_difference_is_b_less_a_and_turns_round_with_the_cases(struck, calm):
    one, other = compare(struck, calm), compare(calm, struck)

    turned = {(each.what, each.of): each for each in other.amounts}
    for each in one.amounts:
        assert each.difference == pytest.approx(each.b - each.a)
        assert turned[each.what, each.of].difference == pytest.approx(-each.difference)
    for line in one.figures:
        assert other.line(line.key).difference == pytest.approx(-line.difference)
    left = [each.difference for each in one.amounts if each.what == "left behind"]
    assert sum(left) == pytest.approx(one.line("left_behind").difference)


def test_what_differs_is_told_in_sentences(struck, calm):
    scenario = struck.scenario
    (tank, *tanks), base = scenario.base.tank, scenario.base
    wider = replace(scenario, base=replace(base, tank=(replace(tank, kt=tank.kt + 100), *tanks)))

    beside = replace(scenario, name="other", title="Other", extends="base-2024")
    assert differences(scenario, beside) == ()
    (event, *_) = differences(calm.scenario, scenario)
    assert event == (
        "Only B: CPC marine terminal loses 100% from 2025-11-29 to 2025-11-30: "
        "attack by unmanned boats: all loading halted"
    )
    (sentence,) = differences(scenario, wider)
    assert sentence.endswith(f"thousand t: {tank.kt:g} in A, {tank.kt + 100:g} in B")
    assert tank.place in sentence


def test_a_difference_whose_interval_holds_zero_may_be_chance(struck, calm):
    spread = Spread(
        runs=40,
        share="8 in 10 runs",
        figures={"exported": (0.4, 1.2), "left_behind": (-0.3, 0.2)},
    )

    found = compare(struck, calm, spread)

    chance = {line.key: line.may_be_chance for line in found.figures}
    assert chance["left_behind"]
    assert not chance["exported"]
    assert not chance["not_earned"]
    assert finding(found) == "What is left behind may differ by chance alone"
    told = {each["figure"]: each for each in as_json(found)["figures"]}
    assert told["left_behind"]["may_be_chance"]
    assert told["exported"]["interval"] == [0.4, 1.2]


def test_cases_of_different_lengths_are_said_to_be(struck, calm):
    told = replace(calm.told, months=calm.told.months[:6], shut_in=(), unserved=())
    short = replace(calm, results=told, told=told)

    found = compare(struck, short)

    assert found.differs[0].startswith("A covers 9 periods and B 6")
    assert [each.of for each in found.amounts if each.what == "left behind"] == [
        str(number) for number in range(1, 10)
    ]


def test_what_the_freight_is_scaled_by_is_told_in_words():
    asked = [ShippedScenarios().read(name) for name in ("freight-2024", "titr-10-mt")]

    (sentence,) = differences(*asked)

    assert sentence.startswith("freight of the route, times: - in A, 4.")
    assert differences(asked[1], asked[1]) == ()


def test_cases_of_other_months_stand_side_by_side_by_their_number(published, struck, calm):
    """Neither has the names of the months of the other, and each says how long it is."""
    longer = replace(
        calm, results=replace(calm.results, months=tuple(f"2031-{n:02}" for n in range(1, 10)))
    )
    found = compare(longer, struck)

    page = HtmlReports().write(report_of_two(published.network, found, title="x", command="x"))

    words = re.findall(r'class="ax mid">([^<]*)<', page)
    assert words[:3] == ["1", "3", "5"]
    assert "31-01" not in words
