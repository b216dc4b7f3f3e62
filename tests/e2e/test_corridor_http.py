"""The addresses that the page reads: network, names, services, departures, cargo, files."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from starlette.testclient import TestClient

from karvan.bootstrap import wire
from karvan.interfaces.http import page
from karvan.interfaces.http.app import create_app
from karvan.interfaces.http.corridor_schemas import (
    CargoTypes,
    DeparturePage,
    GoodsPage,
    Names,
    ServicePage,
)
from karvan.interfaces.settings import Settings
from karvan.interfaces.wiring import Wiring


@pytest.fixture(scope="module")
def client(published):
    class Tables:
        def load(self, folder=None):
            return published

    wiring = Wiring(
        tables=Tables(),
        clock=lambda: datetime(2026, 11, 21, 12, tzinfo=UTC),
        courses=wire().courses,
    )
    with TestClient(create_app(wiring, Settings(), warm_up=False)) as made:
        yield made


def test_the_network_has_every_place_and_every_link_once(client, published):
    answer = client.get("/v1/network")
    assert answer.headers["content-type"] == "application/geo+json"
    features = answer.json()["features"]
    network = published.network
    places = {f["properties"]["id"] for f in features if f["geometry"]["type"] == "Point"}
    links = [f["properties"]["id"] for f in features if f["properties"]["feature"] == "link"]
    assert places == set(network.places)
    assert len(links) == len(set(links))
    assert not any(network.links[each].reverse_of in links for each in links)
    both = {each for i in links for each in (i, network.links[i].reverse_of) if each}
    assert both == set(network.links)


def test_lines_begin_and_end_at_their_places_and_stay_on_the_globe(client, published):
    network = published.network
    for feature in client.get("/v1/network").json()["features"]:
        if feature["properties"]["feature"] != "link":
            continue
        pieces = feature["geometry"]["coordinates"]
        start = network.places[feature["properties"]["from"]]
        end = network.places[feature["properties"]["to"]]
        assert pieces[0][0] == pytest.approx([start.lon_deg, start.lat_deg], abs=1e-3)
        assert pieces[-1][-1] == pytest.approx([end.lon_deg, end.lat_deg], abs=1e-3)
        for piece in pieces:
            assert all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in piece)
            assert all(abs(a[0] - b[0]) < 90 for a, b in pairwise(piece))


def test_a_line_over_the_180th_meridian_is_cut_there(published):
    start, end = list(published.network.places.values())[:2]
    west = replace(start, lon_deg=170.0, lat_deg=10.0)
    east = replace(end, lon_deg=-170.0, lat_deg=10.0)
    first, second = wire().courses.course(west, east, afloat=False)
    assert first[0] == (170.0, 10.0)
    assert first[-1][0] == 180.0
    assert second[0][0] == -180.0
    assert second[-1] == (-170.0, 10.0)


def test_a_ship_keeps_off_the_land(client):
    features = client.get("/v1/network").json()["features"]
    way = next(f for f in features if f["properties"]["id"] == "SG-SIN--YE-BAB:deep_sea")
    south = min(lat for piece in way["geometry"]["coordinates"] for _, lat in piece)
    assert south < 6, "it goes south of Ceylon"


def test_who_has_the_network_is_not_sent_it_again(client):
    first = client.get("/v1/network")
    again = client.get("/v1/network", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/v1/network", headers={"If-None-Match": '"other"'})
    assert other.status_code == 200


def test_names_stand_behind_ids(client, published):
    names = Names.model_validate_json(client.get("/v1/names").content)
    assert set(names.carriers) == set(published.network.carriers)
    assert names.corridors["middle-aktau"] == "Middle Corridor by Aktau or Kuryk"


def test_services_are_filtered_and_paged(client):
    every = ServicePage.model_validate_json(client.get("/v1/services?limit=500").content)
    assert every.total == len(every.items)
    assert every.next is None
    some = ServicePage.model_validate_json(
        client.get("/v1/services?place=KZ-AKT&mode=rail_ferry").content
    )
    assert some.items
    assert all("KZ-AKT" in s.calls and s.mode == "rail_ferry" for s in some.items)
    first = ServicePage.model_validate_json(client.get("/v1/services?limit=2").content)
    second = ServicePage.model_validate_json(client.get(first.next).content)
    assert [*first.items, *second.items] == every.items[:4]
    assert client.get("/v1/services?place=Nowhere-at-all").status_code == 404


def test_departures_come_by_time_and_within_the_days(client):
    page_of = DeparturePage.model_validate_json(
        client.get("/v1/places/KZ-AKT/departures?days=7&limit=500").content
    )
    instants = [each.departs_at for each in page_of.items]
    assert instants == sorted(instants)
    assert "2026-11-21T12" <= instants[0] <= instants[-1] < "2026-11-28T12:00:00Z"
    assert client.get("/v1/places/KZ-AKT/departures?days=0").status_code == 422
    assert client.get("/v1/places/Nowhere-at-all/departures").status_code == 404


def test_a_place_is_found_by_its_name_in_any_script(client):
    for name in ("Порт Актау", "Aktau port", "актау", "KZ-AKT"):
        items = client.get("/v1/places", params={"query": name}).json()["items"]
        assert "KZ-AKT" in {each["id"] for each in items}, name
    assert items[0]["names"]["ru"] == "Порт Актау"


def test_a_form_can_offer_every_type_the_request_knows(client, published):
    types = CargoTypes.model_validate_json(client.get("/v1/cargo").content)
    assert {"45G1", "22G1"} <= {each.code for each in types.container}
    assert next(t.name for t in types.container if t.code == "45G1") == "40' high cube dry"
    assert {each.code for each in types.oil} == set(published.network.rules.units.grades)
    assert {each.code for each in types.wagon} == set(published.network.rules.units.wagons)


@pytest.mark.parametrize("query", ["851660", "8516.60", "Ovens", "ovens cookers"])
def test_goods_are_found_by_code_and_by_words(client, query):
    found = GoodsPage.model_validate_json(
        client.get("/v1/goods", params={"query": query, "limit": 500}).content
    )
    assert "851660" in {each.code for each in found.items}
    assert all(len(each.code) == 6 for each in found.items)


def test_goods_that_begin_with_the_word_come_first(client):
    first = client.get("/v1/goods?query=ovens&limit=5").json()["items"]
    assert "851660" in {each["code"] for each in first}


def test_the_start_is_a_page_for_a_browser_and_a_list_for_a_program(client):
    assert client.get("/").json()["name"] == "Karvan"
    browser = client.get("/", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert browser.headers["content-type"].startswith("text/html")
    assert "default-src 'self'" in browser.headers["content-security-policy"]
    assert browser.headers["vary"] == "Accept"


def test_a_page_that_is_not_built_says_how_to_build_it(tmp_path):
    told = page.show_page(tmp_path).body.decode()
    assert "make web" in told


def test_hashed_files_are_kept_for_ever_and_nothing_else_is_served(tmp_path):
    from fastapi import FastAPI

    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "index-abc.js").write_text("1;" * 1000)
    (tmp_path / "secret.txt").write_text("no")
    app = FastAPI()
    page.install(app, tmp_path)
    served = TestClient(app).get("/assets/index-abc.js")
    assert served.headers["content-type"].startswith("text/javascript")
    assert "immutable" in served.headers["cache-control"]
    assert served.headers["content-encoding"] == "gzip"
    assert TestClient(app).get("/assets/../secret.txt").status_code == 404
    assert TestClient(app).get("/assets/%2e%2e/secret.txt").status_code == 404
