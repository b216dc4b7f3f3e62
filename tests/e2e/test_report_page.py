"""A report in a browser: on a desk and a phone, in the light and in the dark, for everybody.

Needs Chromium; what is missing is named, and with `KARVAN_REQUIRE=browser` a failure.
"""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from karvan.bootstrap import HtmlPages
from karvan.services.planning.reporting import Failure
from karvan.services.studies.comparisons import comparisons
from karvan.services.studies.desk import Subject
from karvan.services.studies.investments import investments
from karvan.services.studies.outages import outages
from karvan.services.studies.plans import plans
from karvan.services.studies.recoveries import recoveries
from karvan.services.studies.terms import (
    ContingencyTerms,
    InvestTerms,
    PlanTerms,
    ResilienceTerms,
)
from study_cases import desk_on, planned

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = ("--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking")
#: A4 across less its margins, in pixels.
PAPER = {"width": 1032, "height": 703}
KINDS = ("plan", "both", "contingency", "resilience", "invest", "compare")
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 780}


def missing(why):
    """Skip, naming what is missing; a failure where the browser is required."""
    if "browser" in os.environ.get("KARVAN_REQUIRE", "").split(","):
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="module")
def browser():
    why = "" if shutil.which("chromium") else "no Chromium"
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError as error:
        why = f"no {error.name}"
    if why:
        missing(why)
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(FLAGS)
        )
        yield made
        made.close()


def one_month(desk, name):
    """A scenario of its first month, which takes a moment to plan."""
    subject = Subject.read(desk.scenarios, name, desk.network)
    return replace(subject, scenario=replace(subject.scenario, periods=1))


@pytest.fixture(scope="module")
def pages(published, tmp_path_factory):
    """An address for each kind of page."""
    desk = desk_on(published)
    month, june = one_month(desk, "base-2024"), one_month(desk, "base-2023")
    terms = InvestTerms(first_year=2026, last_year=2026, frontier=True)
    plan = planned(published, "cpc-moorings-2025").page("karvan plan cpc-moorings-2025")
    reports = {
        "plan": replace(plan, failures=(Failure(name="Aktau", a_musd=2.0, b_musd=1.0),)),
        "both": plans(desk, one_month(desk, "oil-and-freight-2024"), PlanTerms()).page("karvan"),
        "contingency": outages(desk, month, ContingencyTerms(order=2)).page("karvan"),
        "resilience": recoveries(desk, one_month(desk, "year-2023"), ResilienceTerms()).page("x"),
        "invest": investments(desk, month, terms).page("karvan invest"),
        "compare": comparisons(desk, month, june, PlanTerms()).page("karvan compare"),
    }
    folder = tmp_path_factory.mktemp("reports")
    for name, report in reports.items():
        HtmlPages().save(report, folder / f"{name}.html")
    return {name: (folder / f"{name}.html").as_uri() for name in reports}


@pytest.fixture(scope="module")
def address(pages):
    return pages["plan"]


def opened(browser, address, size, colours):
    page = browser.new_context(viewport=size, color_scheme=colours, bypass_csp=True).new_page()
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.goto(address)
    return page


@pytest.mark.parametrize(
    ("kind", "colours", "size"),
    [
        ("plan", "light", DESK),
        ("plan", "dark", PHONE),
        ("both", "dark", DESK),
        ("contingency", "light", PHONE),
        ("resilience", "dark", DESK),
        ("invest", "dark", PHONE),
        ("compare", "light", DESK),
    ],
    ids=str,
)
def test_everybody_can_read_it_and_nobody_else_is_asked(browser, pages, kind, colours, size):
    page = opened(browser, pages[kind], size, colours)
    width = page.evaluate("document.documentElement.scrollWidth")

    assert page.asked == [pages[kind]]
    assert page.said == []
    assert width == size["width"]
    if not AXE.exists():
        missing("no axe-core: npm ci in web/")
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run()")["violations"]
    told = [(each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in found]
    assert told == []
    page.context.close()


@pytest.mark.parametrize("kind", KINDS)
def test_on_paper_there_is_nothing_to_press_and_nothing_is_cut(browser, pages, kind):
    page = opened(browser, pages[kind], PAPER, "dark")
    page.emulate_media(media="print")

    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER["width"]
    assert not page.locator(".segs").locator("visible=true").count()
    assert not page.locator("summary").locator("visible=true").count()
    # Light on paper whatever the screen was.
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    beyond = page.evaluate(
        """[...document.querySelectorAll('table, svg[role=img], pre')].filter(each =>
            each.checkVisibility() && each.getBoundingClientRect().right > innerWidth + 1
        ).map(each => each.outerHTML.slice(0, 100))"""
    )
    assert beyond == []
    page.context.close()


def test_a_good_is_chosen_on_the_map_and_its_legend_and_table_follow(browser, pages):
    page = opened(browser, pages["both"], DESK, "light")

    def shown():
        layers = page.locator("g.layer").locator("visible=true")
        legends = page.locator(".legend").locator("visible=true")
        assert layers.count() == legends.count() == 1
        return legends.first.locator("b").inner_text()

    assert shown() == "Mt"
    page.click("label:text-is('containers')")
    assert shown() == "thousand TEU"
    page.context.close()


def test_the_map_is_switched_by_hand_and_by_keys_without_a_script(browser, address):
    page = opened(browser, address, DESK, "light")

    def shown():
        return [
            key for key in ("a", "b", "diff") if page.locator(f"g.layer.c{key}").is_visible()
        ]  # fmt: skip

    assert shown() == ["diff"]
    page.click("label[for=show-a]")
    assert shown() == ["a"]
    page.keyboard.press("ArrowRight")
    assert shown() == ["b"]
    page.context.close()
