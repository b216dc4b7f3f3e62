"""A report in a browser: on a desk and a phone, in the light and in the dark, for everybody.

Needs Chromium; what is missing is named, and with `KARVAN_REQUIRE=browser` a failure.
"""

import os
import shutil
from pathlib import Path

import pytest

from karvan.bootstrap import HtmlPages
from study_cases import planned

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = ("--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking")
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


@pytest.fixture(scope="module")
def address(published, tmp_path_factory):
    name = "cpc-moorings-2025"
    report = planned(published, name).page(f"karvan plan {name}")
    target = tmp_path_factory.mktemp("report") / "report.html"
    HtmlPages().save(report, target)
    return target.as_uri()


def opened(browser, address, size, colours):
    page = browser.new_context(viewport=size, color_scheme=colours, bypass_csp=True).new_page()
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.goto(address)
    return page


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_everybody_can_read_it_and_nobody_else_is_asked(browser, address, size, colours):
    page = opened(browser, address, size, colours)
    width = page.evaluate("document.documentElement.scrollWidth")

    assert page.asked == [address]
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


def test_the_map_is_switched_by_hand_and_by_keys_without_a_script(browser, address):
    page = opened(browser, address, DESK, "light")

    def shown():
        return [
            key for key in ("a", "b", "diff") if page.locator(f"g.layer-{key}").is_visible()
        ]  # fmt: skip

    assert shown() == ["diff"]
    page.click("label[for=show-a]")
    assert shown() == ["a"]
    page.keyboard.press("ArrowRight")
    assert shown() == ["b"]
    page.context.close()
