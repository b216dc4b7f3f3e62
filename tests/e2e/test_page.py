"""The page in a browser: a stranger gets a quote, nobody else is asked, everybody can read it.

Needs Chromium and the built page. What is missing is named; with `KARVAN_REQUIRE=browser` that
is a failure and not a skip.
"""

import gzip
import os
import re
import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn

from karvan.bootstrap import Closures, Databases, ShippedTableSets, wire
from karvan.interfaces.cli import app as cli
from karvan.interfaces.cli.serve import listen
from karvan.interfaces.http.app import create_app
from karvan.interfaces.http.page import FOLDER
from karvan.interfaces.settings import load_settings
from karvan.interfaces.wiring import Wiring

ROOT = Path(__file__).parents[2]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)
ASKED = "/?from=CN-XIA&to=TR-IST&hs=851660&ready=2026-12-03&latest=2027-01-15"
WAIT_MS = 60_000
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
#: Closed now, restricted now, and closed in three days.
AKTAU = (
    "KZ-AKT",
    "--from",
    "2026-11-20T06:00:00Z",
    "--until-low",
    "2026-11-22",
    "--until-likely",
    "2026-11-23",
    "--until-high",
    "2026-11-24",
    "--cause",
    "storm",
    "--reason",
    "wind of 25 m/s",
)
ALAT = (
    "AZ-ALT",
    "--from",
    "2026-11-19",
    "--until",
    "2026-11-26",
    "--cause",
    "berth-out",
    "--share",
    "0.5",
    "--reason",
    "a ramp is repaired",
)
POTI = (
    "GE-POT",
    "--from",
    "2026-11-24",
    "--until",
    "2026-11-25",
    "--cause",
    "maintenance",
    "--reason",
    "announced by the port",
)


def missing():
    """What to do before these tests can run; '' when nothing is missing."""
    if shutil.which("chromium") is None:
        return (
            "no Chromium; on Debian: apt-get install -y --no-install-recommends chromium "
            "fonts-noto-core fonts-noto-cjk"
        )
    if not (FOLDER / "index.html").is_file() or not AXE.is_file():
        return "the page is not built; run: make web"
    return ""


@pytest.fixture(scope="module")
def wiring(opened, tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")

    class Sets(ShippedTableSets):
        def open(self, folder=None):
            return opened

    return Wiring(
        tables=wire().tables,
        clock=lambda: NOW,
        environment={"HOME": str(folder)},
        folder=folder,
        courses=wire().courses,
        quote_writer=wire().quote_writer,
        languages=wire().languages,
        stores=Databases(),
        closures=Closures(),
        table_sets=Sets(),
    )


@pytest.fixture(scope="module")
def address(wiring):
    why = missing()
    if why:
        if "browser" in os.environ.get("KARVAN_REQUIRE", "").split(","):
            pytest.fail(why)
        pytest.skip(why)
    for each in (AKTAU, ALAT, POTI):
        assert cli.run(["closure", "add", *each], wiring) == 0
    settings = load_settings(wiring.environment, wiring.folder).settings
    server = uvicorn.Server(
        uvicorn.Config(create_app(wiring, settings, warm_up=False), log_level="warning")
    )
    with listen("127.0.0.1", 0) as socket:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
        thread.start()
        yield f"http://127.0.0.1:{socket.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def browser(address):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        made = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(FLAGS)
        )
        yield made
        made.close()


class Visit:
    """One visitor: what the page said on the console, and whom it asked."""

    def __init__(self, browser, address, *, phone=False, webgl=False, **how):
        size = {"width": 360, "height": 780} if phone else {"width": 1440, "height": 900}
        self.context = browser.new_context(viewport=size, timezone_id="UTC", **how)
        if not webgl:
            self.context.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
        self.context.set_default_timeout(WAIT_MS)
        self.page = self.context.new_page()
        self.address = address
        self.said = []
        self.asked = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def open(self, path):
        self.page.goto(self.address + path)
        self.page.wait_for_selector("[data-ready], .empty", state="attached")
        return self.page

    def check(self, *, said=()):
        assert [each for each in self.said if each not in said] == []
        assert {urlsplit(each).netloc for each in self.asked} <= {urlsplit(self.address).netloc, ""}
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run()")
        assert len(found["passes"]) > 15, "axe looked at nothing"
        told = [
            (each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]
        ]
        assert told == []
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"the page is {wide} px wider than the window"


@pytest.fixture
def visit(browser, address):
    made = []

    def start(**how):
        made.append(Visit(browser, address, **how))
        return made[-1]

    yield start
    for each in made:
        each.context.close()


def pick(page, field, typed, wanted):
    page.locator(f"#{field}").press_sequentially(typed)
    page.locator(f"#{field}-list [role=option]", has_text=wanted).first.click()


def test_a_stranger_gets_a_quote_from_the_empty_start_page(visit):
    guest = visit()
    page = guest.open("/")
    pick(page, "from", "Алмат", "Almaty-1")
    pick(page, "to", "poti", "Poti port")
    page.fill("#ready", "2026-12-03")
    pick(page, "hs", "ovens", "851660")
    page.get_by_role("button", name="Show routes and prices").click()

    page.wait_for_selector("#routes")
    assert page.locator(".alt").count() >= 2
    assert "Poti" in page.title()
    assert "from=KZ-ALM" in page.url
    assert page.locator(".dots circle").count() == 50
    lines = page.locator(".lines tbody tr:not(.sum) td:last-child").all_inner_texts()
    total = page.locator(".lines tr.sum td:last-child").inner_text()
    amount = [round(100 * float(text.replace(",", ""))) for text in (*lines, total)]
    assert sum(amount[:-1]) == amount[-1]
    assert page.locator(".chip.est").count() > 0

    second = page.locator(".alt").nth(1)
    second.locator(".hit").press("Enter")
    assert "route=B" in page.url
    assert second.locator("b").first.inner_text() in page.locator("#detail").inner_text()
    guest.check()


def test_every_fault_stands_at_its_field_and_a_summary_leads_there(visit):
    guest = visit()
    page = guest.open("/")
    page.fill("#mass", "-5")
    page.get_by_role("button", name="Show routes and prices").click()

    page.wait_for_selector(".problems")
    assert page.title().startswith("Problem:")
    for field in ("from", "to", "hs", "mass"):
        assert page.locator(f"#{field}-error").is_visible()
        assert page.locator(f"#{field}").get_attribute("aria-invalid") == "true"
    page.locator(".problems a", has_text="where they go").click()
    assert page.evaluate("document.activeElement.id") == "to"
    page.keyboard.type("x")
    assert page.locator("#to-error").count() == 0
    refused = "the server responded with a status of 422 (Unprocessable Entity)"
    guest.check(said=[f"Failed to load resource: {refused}"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
def test_an_address_brings_the_answer_back_in_both_themes_and_sizes(visit, phone, scheme):
    guest = visit(phone=phone, color_scheme=scheme)
    page = guest.open(f"{ASKED}&route=B")

    page.wait_for_selector("#routes")
    assert page.locator(".alt.sel .let").inner_text() == "B"
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    guest.check()


def test_two_ways_are_compared_and_back_undoes_it(visit):
    guest = visit()
    page = guest.open(ASKED)
    page.wait_for_selector("#routes")
    page.keyboard.press("p")
    page.get_by_role("button", name="Pin route B to compare").click()
    page.get_by_role("button", name="Compare", exact=True).click()

    page.get_by_role("heading", name="2 routes side by side").wait_for()
    assert "pin=AB&compare=yes" in page.url
    rows = page.locator(".compare table").first.locator("tbody tr")
    cells = [row.locator("td").all_inner_texts() for row in rows.all()]
    assert all(len(set(each)) == 2 for each in cells)
    price = dict(zip(rows.locator("th").all_inner_texts(), cells, strict=True))["Price"]
    guest.check()
    page.reload()
    page.wait_for_selector(".compare")
    assert page.locator(".compare tbody td").first.inner_text() == price[0]
    page.go_back()
    page.wait_for_selector(".alt")
    assert "compare" not in page.url


def test_a_stranger_reads_russian_and_switches_to_english_and_back(visit):
    guest = visit(locale="ru-RU")
    page = guest.open(ASKED)
    page.wait_for_selector("#routes")
    assert page.evaluate("document.documentElement.lang") == "ru"
    assert "маршрут" in page.locator("#routes").inner_text()
    assert "Сианьский" in page.locator(".req").inner_text()
    assert re.search(r"\d\u00a0\d{3}\u00a0\$", page.locator(".alt .price").first.inner_text())
    english = page.locator("main").inner_text().split()
    assert not {"days", "Waiting", "Handling", "estimate", "Price"} & set(english)
    guest.check()
    page.get_by_label("Язык").select_option("en")
    page.get_by_role("heading", name="routes").wait_for()
    assert "lang=en" in page.url
    page.get_by_label("Language").select_option("ru")
    page.goto(guest.address)
    page.get_by_role("button", name="Показать маршруты и цены").wait_for()


def test_what_is_closed_stands_first_and_moves_with_the_time(visit):
    guest = visit()
    page = guest.open("/")
    rows = page.locator(".now li")
    rows.first.get_by_text("Storm").wait_for()
    assert rows.count() == 6
    assert "Closed since 20 Nov, 11:00 Aktau" in rows.first.inner_text()
    assert "50 % of its capacity is lost" in rows.nth(1).inner_text()
    signs = {"KZ-AKT": "closed", "AZ-ALT": "restricted", "GE-POT": "port"}
    assert {id_: shape_of(page, id_) for id_ in signs} == signs

    bar = page.get_by_role("slider", name="Moment shown")
    bar.focus()
    for _ in range(4):
        bar.press("ArrowRight")
    assert "25 Nov" in bar.get_attribute("aria-valuetext")
    later = {"KZ-AKT": "port", "AZ-ALT": "restricted", "GE-POT": "closed"}
    assert {id_: shape_of(page, id_) for id_ in later} == later
    assert "at=2026-11-25" in page.url
    guest.check()
    bar.press("Home")
    assert {id_: shape_of(page, id_) for id_ in signs} == signs


def shape_of(page, place):
    found = page.locator(f"[data-place={place}]").get_attribute("class").split()
    return next(each for each in found if each in ("closed", "restricted", "port"))


def test_search_by_keyboard_finds_places_words_and_commands(visit):
    guest = visit()
    page = guest.open("/")
    page.keyboard.press("/")
    page.keyboard.type("Ақтау")
    page.get_by_role("option", name="Aktau port").wait_for()
    assert page.locator("#found b").first.inner_text() in ("", "Aktau")
    page.keyboard.press("Enter")
    page.get_by_role("complementary", name="Aktau port").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("gauge")
    page.get_by_role("group", name="Words").get_by_role("option").wait_for()
    guest.check()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("dark th")
    page.get_by_role("option", name="Dark theme").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_no_route_names_the_smallest_change_that_gives_one(visit):
    guest = visit()
    page = guest.open("/?from=KZ-ALM&to=AM-YER&hs=851660&ready=2026-12-03&avoid=GE,IR")
    page.get_by_role("heading", name="No route for these goods").wait_for()
    page.get_by_role("button", name="Across: Georgia").wait_for()
    page.locator("[aria-busy=true]").wait_for(state="detached")
    refused = "the server responded with a status of 404 (Not Found)"
    guest.check(said=[f"Failed to load resource: {refused}"])
    page.get_by_role("button", name="Across: Georgia").click()
    page.wait_for_selector(".alts .hit")
    assert page.url.endswith("avoid=IR")


def test_the_theme_is_switched_and_kept(visit):
    page = visit(color_scheme="dark").open("/")
    page.get_by_role("button", name="Light theme").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "light"


def test_prices_that_ran_out_are_struck_and_asked_again_and_silence_is_told(visit):
    guest = visit()
    guest.page.clock.set_fixed_time("2027-02-01T00:00:00Z")
    page = guest.open(ASKED)
    page.get_by_text("They are no longer kept").wait_for()
    assert page.locator(".alt .struck").count() > 1
    page.get_by_role("button", name="Ask again").click()
    page.locator(".alt").first.get_by_text("same as before").wait_for()
    guest.check()
    guest.context.set_offline(True)
    page.get_by_text("No connection since 00:00").wait_for()
    assert page.locator(".alt").count() > 1


def test_without_webgl_the_drawing_is_the_map(visit):
    guest = visit()
    page = guest.open("/")
    mark = page.locator("[data-place=KZ-AKT]")
    before = mark.bounding_box()
    page.get_by_role("button", name="Zoom in").click()
    assert page.locator("[data-map=drawing]").count() == 1
    assert mark.bounding_box() != before
    mark.click()
    page.get_by_role("complementary", name="Aktau port").wait_for()
    assert not any("MapView" in each for each in guest.asked)
    guest.check()


def test_the_card_comes_before_the_map_and_weighs_little(visit):
    guest = visit(webgl=True)
    page = guest.open("/")
    page.wait_for_selector("[data-map=webgl]")
    files = [each for each in guest.asked if "/assets/" in each]
    after = next(i for i, each in enumerate(files) if "coarse" in each)
    assert page.locator("#from").is_visible()
    assert sum(weight(each) for each in files[:after]) < 300_000
    assert sum(weight(each) for each in files[after:]) < 480_000


def weight(address):
    """Bytes of a file of the page on its way, compressed as the service does it."""
    file = FOLDER / "assets" / address.rpartition("/")[2]
    return len(gzip.compress(file.read_bytes(), 9))


def test_a_place_tells_its_departures_and_gives_the_focus_back(visit):
    guest = visit()
    page = guest.open("/")
    page.get_by_role("button", name="Places in view as a list").click()
    page.locator(".list").get_by_role("button", name="Aktau port").press("Enter")

    panel = page.get_by_role("complementary", name="Aktau port")
    panel.locator("td", has_text="Alat").first.wait_for()
    assert "Порт Актау" in panel.inner_text()
    assert panel.locator(".chip.est").count() > 0
    guest.check()
    page.keyboard.press("Escape")
    assert panel.count() == 0
    assert page.evaluate("document.activeElement.textContent") == "Aktau port"


def test_a_quote_is_saved_as_pdf(visit):
    page = visit().open(ASKED)
    page.wait_for_selector("#routes")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Save as PDF").click()
    assert coming.value.suggested_filename.startswith("Q-")
    assert Path(coming.value.path()).read_bytes().startswith(b"%PDF-")
