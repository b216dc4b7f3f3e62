"""The page of a study: all of it there, nothing from elsewhere, whatever the scenario says."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from karvan.adapters.reports.bands import LEFT, MOST_BANDS, bands_of
from karvan.adapters.reports.list_cells import Cells
from karvan.adapters.reports.map_views import views_of
from karvan.adapters.reports.page import HtmlReports
from karvan.bootstrap import ShippedLanguages
from karvan.engines.planner.solving import SolverOptions
from karvan.services.planning.cases import Spread
from karvan.services.planning.comparing import compare
from karvan.services.planning.contingency_telling import OutageRow, ReasonRow
from karvan.services.planning.estimates import Estimate
from karvan.services.planning.figures import figures_of, ways_out
from karvan.services.planning.reporting import Chart, Failure, ListReport, report_of_two
from karvan.services.planning.resilience_telling import RecoveryRow
from karvan.services.planning.result_tables import columns_of, table_of
from karvan.services.planning.tornado import Swing, Tornado
from karvan.services.studies.desk import Subject
from karvan.services.studies.failures import with_failures
from karvan.services.studies.plans import plans
from karvan.services.studies.terms import PlanTerms
from karvan.services.words import speaking
from study_cases import desk_on, planned

#: Elements that have no end.
VOID = {"meta", "input", "br"}


class Page(HTMLParser):
    """A page whose elements must close in order."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.found, self.ids, self.refused = [], [], [], []
        self.words = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, element, attributes):
        self.found.append((element, dict(attributes)))
        self.ids += [value for name, value in attributes if name == "id"]
        if element not in VOID:
            self.open.append(element)

    def handle_startendtag(self, element, attributes):
        self.found.append((element, dict(attributes)))

    def handle_endtag(self, element):
        assert self.open.pop() == element, element

    def handle_data(self, data):
        self.words += f" {data}"

    def all(self, element):
        return [attributes for name, attributes in self.found if name == element]


@pytest.fixture(scope="module")
def report(published):
    name = "cpc-moorings-2025"
    return planned(published, name).page(f"karvan plan {name} --report report.html")


@pytest.fixture(scope="module")
def page(report):
    return Page(HtmlReports().write(report))


def test_the_answer_stands_first_and_every_part_is_there(report, page):
    left = next(each.value for each in report.b.figures if each.key == "left_behind")

    assert report.finding.startswith(f"{left:.2f} Mt of oil left behind; what happens costs ")
    assert page.words.index(report.finding, 200) < page.words.index("Oil exported")
    for words in (
        "Where it flows", "Oil left behind, Mt a month", "Where the oil goes", "Oil is sold at",
        "What holds it back", "What differs", "From field to outlet", "Routes of the oil",
        "CO2e of the oil by mode", "What carriage of the oil costs", "Run it again",
        "karvan plan cpc-moorings-2025 --report report.html",
    ):  # fmt: skip
        assert words in page.words, words


def test_the_page_needs_nothing_and_runs_nothing(report, page):
    text = HtmlReports().write(report)

    assert page.all("script") == page.all("link") == page.all("img") == page.all("iframe") == []
    assert not re.search(r"https?://|@import|\burl\((?!#)|\son\w+=", text)
    (policy,) = [each for each in page.all("meta") if "http-equiv" in each]
    assert policy["content"].startswith("default-src 'none'")


def test_every_picture_has_words_and_a_table_and_every_id_is_one(page):
    pictures = [each for each in page.all("svg") if each.get("role") == "img"]

    assert len(pictures) == 3
    assert all(each["aria-label"] for each in pictures)
    assert len(page.ids) == len(set(page.ids))
    assert {each["aria-labelledby"] for each in page.all("section")} <= set(page.ids)
    assert len(page.all("details")) >= 3
    assert len(page.all("h1")) == 1
    assert all(each.get("scope") in {"col", "row"} for each in page.all("th"))


def test_a_hostile_scenario_is_text(report):
    evil = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
    event = replace(report.b.scenario.event[0], cause=evil, asset=evil, id=evil)
    scenario = replace(report.b.scenario, title=evil, event=(event,))
    case = replace(report.b, title=evil, scenario=scenario)
    found = compare(report.a, case)
    hostile = report_of_two(report.network, found, title=evil, command=f"karvan compare {evil}")

    page = Page(HtmlReports().write(hostile))

    assert page.all("script") == page.all("img") == []
    assert page.words.count(evil) >= 3


def test_the_same_report_is_the_same_text(report):
    assert HtmlReports().write(report) == HtmlReports().write(report)


def test_bands_are_few_and_hold_what_the_fields_made(report):
    """25 at most; from the fields, and from what was under way, goes what is sold or left."""
    bands = bands_of(report.b)
    made = sum(row.offered for row in report.b.results.shut_in if "kazakh" in row.commodity) / 1000

    starts = (row for row in report.b.results.routes if row.origin.startswith("under way"))
    made += sum(row.amount for row in starts if "kazakh" in row.commodity) / 1000

    assert len(bands) <= MOST_BANDS
    for column in (0, 1):
        through = sum(band.amount for band in bands if band.start[0] == column)
        assert through == pytest.approx(made, rel=1e-6)
    left = sum(band.amount for band in bands if band.end == (2, LEFT))
    assert left == pytest.approx(
        next(each.value for each in report.b.figures if each.key == "left_behind")
    )


def test_the_map_holds_every_way_out_of_the_country(report):
    (oil,) = views_of(report)
    drawn = oil.amounts[1]

    for link, amount in ways_out(report.b.told).items():
        start, end = link.partition(":")[0].split("--")
        if end != "market" and amount > 0.01:
            found = sum(mt for way, mt in drawn.items() if (way.start, way.end) == (start, end))
            assert found == pytest.approx(amount)


def test_runs_give_bands_intervals_and_chance(report):
    months = len(report.a.results.months)
    spread = Spread(
        runs=40,
        share="8 in 10 runs",
        figures={each.key: (each.value - 1, each.value + 1) for each in report.b.figures},
        left_behind=tuple((0.0, 0.5) for _ in range(months)),
    )
    case = replace(report.b, spread=spread)
    differences = replace(spread, figures={"exported": (-0.2, 0.1), "left_behind": (0.5, 1.2)})
    found = compare(report.a, case, differences)
    failures = (Failure(name="Aktau oil berths", a_musd=1600.0, b_musd=1100.0),)
    two = report_of_two(report.network, found, title="x", command="x", failures=failures)

    page = Page(HtmlReports().write(two))

    assert "may be chance" in page.words
    assert "Difference 0.50 to 1.20 Mt in 8 in 10 runs of 40." in page.words
    assert "If one more thing fails" in page.words
    assert "Aktau oil berths" in page.words
    assert [each for each in page.all("path") if each.get("class") == "band b"]


def test_one_case_alone_has_no_switch_and_no_difference(published):
    one = planned(published, "base-2024").page("karvan plan base-2024")

    page = Page(HtmlReports().write(one))

    assert one.comparison is None
    assert page.all("input") == []
    assert "\N{MINUS SIGN} A" not in page.words
    exported = next(each.value for each in one.a.figures if each.key == "exported")
    assert f"{exported:.2f} Mt of oil go out; nothing left behind" in page.words


def test_the_page_is_told_in_russian_with_its_numbers(report):
    with speaking(ShippedLanguages().words("ru")):
        text = HtmlReports().write(report)

    page = Page(text)
    assert page.all("html")[0]["lang"] == "ru"
    assert "Вывезено нефти" in page.words
    assert "Oil exported" not in page.words
    exported = next(each.value for each in report.b.figures if each.key == "exported")
    assert f"{exported:.2f}".replace(".", ",") in page.words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "containers-2030",
            (
                "Freight carried",
                "Freight over borders",
                "Freight is delivered to",
                "The freight of 2024",
            ),
        ),
        ("cpc-storm-days-2023", ("Oil left behind, Mt a period", "Oil exported")),
    ],
)
def test_freight_and_days_have_their_page(published, name, words):
    made = first_months(published, name, 4)

    results, figures = made.told.results, {each.key: each.value for each in made.told.figures}
    assert results.checks.mass_balance < 1e-4
    if not made.told.oil:
        # Boxes by their load, grain by the kilotonne: tonnes, empty boxes apart.
        carried = sum(
            row.came * row.t_per_unit
            for row in results.unserved
            if not row.outlet and not row.commodity.startswith("empties")
        )
        assert figures["carried"] == pytest.approx(carried / 1e6)
    page = Page(HtmlReports().write(made))
    assert all(each in page.words for each in words)


def test_what_to_find_out_next_stands_with_its_bars_and_only_where_runs_were_made(report, page):
    def swing(name, low, high, share=None):
        estimate = Estimate(name=name, figure="kt", value=2.0, low=1.0, high=3.0, source="a test")
        return Swing(estimate=estimate, at_low=low, at_high=high, share=share, apart=share == 0.64)

    evil = "tank <b>x</b>"
    swings = (
        swing("supply KZ-TEN kazakh", 0.0, 4.0, 0.64),
        swing(evil, 1.0, 2.0, 0.37),
        swing("n", 1, 1),
    )
    found = Tornado(figure="left_behind", value=1.0, swings=swings, runs=20, chance=0.41)

    drawn = HtmlReports().write(replace(report, tornados=(found,)))

    made = Page(drawn)
    for words in ("What to find out next", "Left behind: 1.00 Mt as told", "Tengiz", evil, "64%"):
        assert words in made.words
    assert "With 20 runs a share below 41% cannot be told apart from chance" in made.words
    assert "37%" not in made.words
    assert "What to find out next" not in page.words
    section = drawn[drawn.index('id="find-out"') :]
    widths = re.findall(r'<rect x="([\d.]+)"[^>]* width="([\d.]+)"[^>]*fill-[ab]', section)[:4]
    assert [tuple(map(float, each)) for each in widths] == [(0, 25), (25, 75), (25, 0), (25, 25)]


def listed(report, rows, **more):
    return ListReport(
        title="Outages",
        finding="Aktau",
        network=report.network,
        chart=Chart(
            title="Worst", table="outages", name="asset", value="extra_cost", unit="M",
            factor=1e-3, group="rank",
        ),
        tables=(table_of("outages", OutageRow, rows), table_of("reasons", ReasonRow, [
            ReasonRow(
                rank=1.0, what="goes by", of="KZ-AKT--AZ-DUB:tanker", amount=5832.0, unit="kt"
            ),
        ])),
        manifest=report.b.manifest,
        command="karvan contingency x",
        **more,
    )  # fmt: skip


def outage(rank, asset, cost, **more):
    given = {"kind": "place", "left_behind": 0.0, "left_is_sure": True, **more}
    return OutageRow(rank=float(rank), asset=asset, extra_cost=cost, **given)


def test_a_list_is_a_page_with_its_bars_and_its_names(report):
    evil = "<script>alert(1)</script>"
    rows = [
        outage(1, "KZ-AKT", 2_500_000.0, left_behind=3e6, left_is_sure=False),
        outage(1, "KZ-ATY", 2_500_000.0, kind="one ship"),
        outage(3, evil, 1_000.0),
        outage(4, "KZ-TEN", 0.0),
    ]

    page = Page(HtmlReports().write(listed(report, rows, names={"x": "y"})))

    assert page.all("script") == []
    # One bar and one row for what costs the same, in millions; the reason beside it.
    assert page.words.count("2,500.0") == 2
    assert "Aktau and 1 more" in page.words
    assert "\N{GREATER-THAN OR EQUAL TO} 3,000.0" in page.words
    assert "goes by Aktau - Dubendi, tanker 5.83 Mt" in page.words
    assert "1 other outage costs nothing." in page.words
    assert page.words.index("Atyrau") < page.words.rindex(evil)
    assert "karvan contingency x" in page.words


def test_a_list_is_told_in_russian_to_its_headings(report):
    with speaking(ShippedLanguages().words("ru")):
        page = Page(
            HtmlReports().write(
                listed(report, [outage(1, "KZ-AKT", 2_500_000.0), outage(2, "KZ-TEN", 1_234_500.0)])
            )
        )

    shown = " ".join(page.words.split("}")[-1].split())
    for words in ("Лишние затраты, млн долл. США", "Что отказало", "Тенгиз", "место",
                  "1 234,5", "идёт через Актау - Дюбенди, танкер 5,83 Мт"):  # fmt: skip
        assert words in shown, words
    assert not re.search("[Rr]ank|[Ee]xtra cost|place|USD", shown)


def test_money_of_a_table_is_in_millions_and_its_headings_in_words(report):
    row = RecoveryRow(
        asset="KZ-AKT", begins="2024-05", recovered="", periods_to_recover=None,
        worst_period="2024-05", extra_cost_kusd=1_234_500.0, unit="kt", shut_in=12.0, unserved=0.0,
        delayed=0.5, worst_short=0.0, peak_stock=0.0, peak_place="KZ-ATY", peak_period="",
    )  # fmt: skip
    columns = columns_of(RecoveryRow)
    cells = Cells(listed(report, []))

    told = cells.table(columns, tuple(table_of("recovery", RecoveryRow, [row]).rows))

    found = dict(zip(told.heads, told.rows[0], strict=True))
    assert found["What is out"] == "Aktau"
    assert found["Extra cost, M USD"] == "1,234.5"
    assert (found["Shut in"], found["Delayed"], found["Unit"]) == ("12", "0.5", "thousand t")
    assert found["Recovered from"] == found["Periods until recovered"] == "-"


def test_figures_of_runs_are_those_of_the_study(report):
    """What is told of all results is told of those that are told: goods of others do not count."""
    assert figures_of(report.b.results) == figures_of(report.b.told) == report.b.figures


def first_months(published, name, count):
    """The page of the first months of a scenario."""
    desk = desk_on(published)
    subject = Subject.read(desk.scenarios, name, desk.network)
    shorter = replace(subject, scenario=replace(subject.scenario, periods=count))
    return plans(desk, shorter, PlanTerms()).page(f"karvan plan {name}")


@pytest.fixture(scope="module")
def both(published):
    """Oil and freight of a month on the same tracks."""
    return first_months(published, "oil-and-freight-2024", 1)


def test_oil_and_freight_are_both_told_each_in_its_units(both):
    page = Page(HtmlReports().write(both))
    figures = {each.key: each for each in both.a.figures}

    oil, freight = both.views()
    assert (oil.a.oil, freight.a.oil) == (True, False)
    assert figures["boxes"].unit == "thousand TEU"
    laden = sum(
        row.asked - row.unserved for row in both.a.results.unserved
        if row.commodity.startswith("containers") and not row.outlet
    )  # fmt: skip
    assert figures["boxes"].value == pytest.approx(laden / 1000)
    for key, alone in (("carried", "carried"), ("freight_per_t", "carriage_per_t")):
        told = next(each.value for each in freight.a.figures if each.key == alone)
        assert figures[key].value == pytest.approx(told)
    assert len(page.ids) == len(set(page.ids))
    for words in (
        "Mt of oil and", "Oil exported", "Freight carried", "Where the oil goes",
        "Freight over borders", "Routes of the oil", "Routes of the freight",
        "Middle Corridor by Aktau or Kuryk", "The oil of 2024, and the freight of 2024",
    ):  # fmt: skip
        assert words in page.words, words


def test_the_map_shows_each_good_in_its_own_unit(both):
    views = {view.name: view for view in views_of(both)}

    assert views["Kazakh oil"].unit == views["All freight"].unit == "Mt"
    assert views["containers"].unit == "thousand TEU"
    rows = [
        row for row in both.a.results.flow
        if row.commodity.startswith("containers") and row.mode != "sale"
    ]  # fmt: skip
    (drawn,) = views["containers"].amounts
    assert sum(drawn.values()) == pytest.approx(sum(row.amount for row in rows) / 1000, rel=1e-3)
    tonnes = sum(row.amount * row.t_per_unit for row in rows) / 1e6
    (freight,) = views["All freight"].amounts
    assert tonnes < sum(freight.values())
    assert "empty containers" in views
    page = Page(HtmlReports().write(both))
    buttons = [each for each in page.all("input") if each["name"] == "of"]
    assert [each["id"] for each in buttons] == [f"of-{n}" for n in range(len(views))]
    assert [each["id"] for each in buttons if "checked" in each] == ["of-0"]


def test_what_one_more_failure_costs_stands_beside_the_case(published):
    """The worst first, what costs the same together; months as months where there are few."""
    desk = desk_on(published)
    report = first_months(published, "atyrau-samara-halved", 4)

    told = with_failures(desk, report, SolverOptions())

    assert not told.failures_merged
    worst = [each.b_musd for each in told.failures]
    assert worst == sorted(worst, reverse=True)
    assert told.failures[0].name == "Atyrau"
    assert any(each.name.startswith("CPC marine terminal and ") for each in told.failures)
    # Each case is planned as it is: with a line halved others matter more.
    assert any(each.b_musd > each.a_musd + 1 for each in told.failures)
    page = Page(HtmlReports().write(told))
    assert "All periods are planned as one here" not in page.words
    assert page.words.index("If one more thing fails") < page.words.index("Run it again")
