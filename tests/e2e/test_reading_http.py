"""Reading over HTTP: tariffs, a route to draw, pages, filters, what is kept, methods."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from karvan.bootstrap import wire
from karvan.interfaces.cli import app as cli
from karvan.interfaces.http.app import create_app
from karvan.interfaces.http.schemas import ProblemDocument
from karvan.interfaces.http.tariffs import OneTariffRow, TariffPage
from karvan.interfaces.settings import Settings
from karvan.services.databases import Database

JSON = {"content-type": "application/json"}
BODY = {
    "from": "KZ-ALM",
    "to": "GE-POT",
    "container": "40HC",
    "mass_kg": "18000",
    "hs": "851660",
    "ready": "2026-12-03",
    "samples": 100,
}


@pytest.fixture(scope="module")
def wiring(opened):
    class Sets:
        def open(self, folder=None):
            return opened

        def load(self, folder=None):
            return opened.published

    return replace(
        wire(),
        clock=lambda: datetime(2026, 11, 21, 12, tzinfo=UTC),
        tables=Sets(),
        table_sets=Sets(),
        environment={},
    )


@pytest.fixture(scope="module")
def client(wiring, quoting, tmp_path_factory):
    where = Database.of_file(tmp_path_factory.mktemp("kept") / "q.sqlite")
    app = create_app(wiring, Settings(database=where), warm_up=False)
    app.state.desk._quoting = quoting
    with TestClient(app, raise_server_exceptions=False) as made:
        yield made


@pytest.fixture(scope="module")
def quote(client):
    return client.post("/v1/quotes", content=json.dumps(BODY), headers=JSON).json()


def problem(response, status, code):
    assert response.status_code == status, response.text
    told = ProblemDocument.model_validate_json(response.content)
    assert told.code == code
    return response.json()


def every(client, address):
    """Every item of a list, page after page."""
    found, pages = [], 0
    while address:
        answer = client.get(address).json()
        found += answer["items"]
        address, pages = answer["next"], pages + 1
    return found, answer["total"], pages


def test_the_rows_of_the_book_are_those_of_the_command(client, wiring, capsys):
    found, total, pages = every(client, "/v1/tariffs?carrier=KTZ&limit=7")
    cli.run(["tariff", "show", "KTZ", "--json", "--on", "2026-11-21"], wiring)
    shown = json.loads(capsys.readouterr().out)
    assert found == shown["rows"]
    assert (len(found), pages) == (total, -(-total // 7))
    first = client.get("/v1/tariffs?limit=500").json()
    page = TariffPage.model_validate(first)
    assert (page.on, page.tariff_version) == ("2026-11-21", shown["tariff_version"])
    assert all(row.source or row.fact or row.estimate for row in page.items)


def test_every_row_can_be_shown_by_the_id_that_a_price_line_names(client, quote):
    rules = {
        line["rule"].partition(" ")[0]
        for each in quote["alternatives"]
        for line in each["price_lines"]
    }
    assert len(rules) > 5
    for rule in rules:
        row = OneTariffRow.model_validate_json(client.get(f"/v1/tariffs/{rule}").content)
        assert row.id == rule
    told = problem(client.get("/v1/tariffs/R00"), 404, "not-found")
    assert told["suggestions"]


FILTERS = [
    ("carrier=places", lambda row: row["carrier"] == ""),
    ("kind=coefficient", lambda row: row["kind"] == "coefficient"),
    ("scope=handling", lambda row: row["scope"] == "handling"),
    ("place=KZ-AKT", lambda row: "KZ-AKT" in row["from_places"] + row["to_places"]),
    ("unit=wagon", lambda row: row["unit"] in (None, "wagon")),
    ("estimate=true", lambda row: row["estimate"]),
    ("estimate=false", lambda row: not row["estimate"]),
    (
        "on=2020-01-01",
        lambda row: (row["valid_from"] or "") <= "2020-01-01" or row["state"] == "no base",
    ),
]


@pytest.mark.parametrize(("query", "fits"), FILTERS, ids=[each for each, _ in FILTERS])
def test_a_filter_leaves_what_fits_and_nothing_that_fits_is_lost(client, query, fits):
    found, _, _ = every(client, f"/v1/tariffs?{query}&limit=500")
    assert found
    assert all(map(fits, found))
    if not query.startswith("on="):
        whole, _, _ = every(client, "/v1/tariffs?limit=500")
        assert [row["id"] for row in found] == [row["id"] for row in whole if fits(row)]


def test_goods_leave_the_rows_that_are_open_to_them(client):
    coal, _, _ = every(client, "/v1/tariffs?hs=2701&limit=500&history=true")
    whole, _, _ = every(client, "/v1/tariffs?limit=500&history=true")
    closed = {row["id"] for row in whole} - {row["id"] for row in coal}
    asks = {row["id"]: [c for c in row["conditions"] if c.startswith("hs")] for row in whole}
    assert closed
    assert all(asks[each] for each in closed)


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("carrier=KTX", "query/carrier"),
        ("on=2026-02-30", "query/on"),
        ("after=R00", "query/after"),
        ("carrier=KTZ&after=K001", "query/after"),
        ("hs=27x1", "query/hs"),
        ("kind=rates", "query/kind"),
        ("limit=0", "query/limit"),
        ("carier=KTZ", "query/carier"),
        ("unit=wagon&unit=truck", "query/unit"),
    ],
)
def test_a_parameter_that_cannot_be_right_is_told(client, query, pointer):
    told = problem(client.get(f"/v1/tariffs?{query}"), 422, "invalid-request")
    assert [each["pointer"] for each in told["errors"]] == [pointer]


def test_an_alternative_is_drawn_leg_by_leg_from_end_to_end(client, quote, opened):
    network = opened.published.network
    for alternative in quote["alternatives"]:
        address = f"/v1/quotes/{quote['quote_id']}/itineraries/{alternative['rank']}"
        answer = client.get(address)
        assert answer.headers["content-type"] == "application/geo+json"
        drawn = answer.json()
        legs = [f for f in drawn["features"] if f["properties"]["feature"] == "leg"]
        places = [f for f in drawn["features"] if f["properties"]["feature"] == "place"]
        assert [f["properties"]["service"] for f in legs] == [
            leg["service"] for leg in alternative["legs"]
        ]
        for feature in legs:
            line = feature["geometry"]["coordinates"]
            for end, point in (("from", line[0][0]), ("to", line[-1][-1])):
                place = network.places[feature["properties"][end]]
                assert point == pytest.approx([place.lon_deg, place.lat_deg], abs=1e-3)
        for one, other in pairwise(legs):
            assert one["properties"]["to"] == other["properties"]["from"]
        assert places[0]["properties"]["id"] == alternative["legs"][0]["from"]
        assert {f["geometry"]["type"] for f in places} == {"Point"}
    assert drawn["quote_id"] == quote["quote_id"]


def test_a_place_that_is_no_more_is_told_without_a_geometry(client, quote, monkeypatch, opened):
    leg = quote["alternatives"][0]["legs"][0]
    places = {name: p for name, p in opened.published.network.places.items() if name != leg["to"]}
    network = replace(opened.published.network, places=places)
    desk = client.app.state.desk
    monkeypatch.setattr(desk, "published", replace(opened.published, network=network))
    drawn = client.get(f"/v1/quotes/{quote['quote_id']}/itineraries/1").json()["features"]
    assert drawn[0]["geometry"] is None
    assert next(f for f in drawn if f["properties"].get("id") == leg["to"])["geometry"] is None


@pytest.mark.parametrize(
    ("number", "status", "code"),
    [("99", 404, "not-found"), ("0", 422, "invalid-request"), ("x", 422, "invalid-request")],
)
def test_an_alternative_that_is_not_there_is_told(client, quote, number, status, code):
    problem(client.get(f"/v1/quotes/{quote['quote_id']}/itineraries/{number}"), status, code)


LISTS = ["/v1/places", "/v1/services", "/v1/goods?query=oven", "/v1/places/KZ-AKT/departures"]


@pytest.mark.parametrize("address", LISTS)
def test_pages_of_every_list_hold_each_item_once_in_the_same_order(client, address):
    joint = "&" if "?" in address else "?"
    whole = client.get(f"{address}{joint}limit=500").json()
    step = max(1, len(whole["items"]) // 3)
    found, total, _ = every(client, f"{address}{joint}limit={step}")
    assert total == whole["total"]
    assert found[: len(whole["items"])] == whole["items"]
    assert client.get(f"{address}{joint}offset=900000").json()["items"] == []


def test_places_and_services_are_filtered(client):
    georgian, _, _ = every(client, "/v1/places?country=GE&limit=500")
    assert {each["country"] for each in georgian} == {"GE"}
    cities, _, _ = every(client, "/v1/places?kind=city&limit=500")
    assert {each["kind"] for each in cities} == {"city"}
    ferries, _, _ = every(client, "/v1/services?carrier=ASCO&limit=500")
    assert {each["carrier"] for each in ferries} == {"ASCO"}


STABLE = [
    "/v1/places",
    "/v1/places/KZ-AKT",
    "/v1/services",
    "/v1/network",
    "/v1/names",
    "/v1/cargo",
    "/v1/goods",
    "/v1/tariffs",
    "/v1/tariffs/R001",
    "/v1/places/KZ-AKT/departures",
    "QUOTE",
    "QUOTE/itineraries/1",
]


@pytest.mark.parametrize("address", STABLE)
def test_what_is_still_the_same_is_not_sent_again(client, quote, address):
    address = address.replace("QUOTE", f"/v1/quotes/{quote['quote_id']}")
    first = client.get(address)
    etag = first.headers["etag"]
    assert "no-store" not in first.headers["cache-control"]
    for named in (etag, f'"x", W/{etag}', "*"):
        again = client.get(address, headers={"if-none-match": named})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    other = client.get(address, headers={"if-none-match": f'"{"0" * 32}", {etag[1:-1]}'})
    assert other.content == first.content


def test_head_is_get_without_the_body_and_options_tells_the_methods(client, quote):
    for address in ("/v1/tariffs", f"/v1/quotes/{quote['quote_id']}", "/", "/health/live"):
        got, head = client.get(address), client.head(address)
        assert (head.status_code, head.content) == (200, b"")
        for name in ("content-type", "content-length", "etag"):
            assert head.headers.get(name) == got.headers.get(name)
    assert client.head("/v1/nothing").status_code == 404
    told = client.options("/v1/quotes")
    assert (told.status_code, told.content, told.headers["allow"]) == (204, b"", "OPTIONS, POST")
    assert client.options("/v1/tariffs").headers["allow"] == "GET, HEAD, OPTIONS"
    problem(client.options("/v1/nothing"), 404, "not-found")
    refused = client.delete("/v1/tariffs")
    problem(refused, 405, "method-not-allowed")
    assert refused.headers["allow"] == "GET, HEAD, OPTIONS"
    problem(client.get("/assets/nothing.js"), 404, "not-found")
    assert client.get("/?from=a+link&to=somewhere").status_code == 200


FIELDS = [
    "carrier",
    "kind",
    "scope",
    "place",
    "unit",
    "hs",
    "estimate",
    "history",
    "on",
    "limit",
    "after",
    "x",
]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(FIELDS),
        st.text(max_size=12) | st.sampled_from(["KTZ", "rate", "haul", "KZ-AKT", "2026-01-01"]),
        max_size=4,
    )
)
def test_no_filter_breaks_the_server(client, query):
    params = {name: text.encode("utf-8", "replace") for name, text in query.items()}
    assert client.get("/v1/tariffs", params=params).status_code in (200, 422)
