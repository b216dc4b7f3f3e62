"""Names, hours and holidays that ship have no fault; a planted one is told with its place."""

from __future__ import annotations

import csv
import shutil
from datetime import datetime
from importlib.resources import as_file, files
from zoneinfo import ZoneInfo

import pytest

import place_pages
from karvan.adapters.files.place_tables import PLACE_TABLES, places_and_links_hash
from karvan.adapters.files.published import check_tables
from karvan.network.opening_hours import HoursActivity, is_open, next_opening
from karvan.network.place_names import names_of
from karvan.services.quoting.gazetteer import Gazetteer


@pytest.fixture(scope="module")
def network(published):
    return published.network


@pytest.fixture
def folder(tmp_path):
    with as_file(files("karvan") / "data") as data:
        return shutil.copytree(data, tmp_path / "data")


def spoil(folder, table, row, column, text):
    path = folder / "network" / table
    with path.open(newline="", encoding="utf-8") as stream:
        lines = list(csv.reader(stream))
    lines[row - 1][lines[0].index(column)] = text
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, lineterminator="\n").writerows(lines)


def test_every_place_and_city_has_its_names(network):
    for one in (*network.places.values(), *network.cities.values()):
        names = names_of(one.id, network.names)
        assert names["en"].name == one.name, one.id
        assert 2 <= len(names) <= 3, one.id
    assert not [name for name in network.names if not name.source]


def test_every_name_leads_to_its_place(network):
    gazetteer = Gazetteer(network)
    lost = [
        name.name
        for name in network.names
        if (found := gazetteer.find(name.name)) is None
        or name.place not in {found.id, *found.members}
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("Порт Поти", "GE-POT"),
        ("ფოთის პორტი", "GE-POT"),
        ("Ақтау порты", "KZ-AKT"),
        ("Gəncə", "AZ-GAN"),
        ("二连浩特", "CN-ERE"),
        ("Баку", "AZ-BAKU"),
        ("Қорғас", "KZ-KHORG"),
        ("کرمان", None),
    ],
)
def test_shipped_names_are_found(network, typed, place):
    found = Gazetteer(network).find(typed)
    assert (found and found.id) == place


def ask(network, place, activity, local):
    zone = ZoneInfo(network.places[place].time_zone)
    instant = datetime.fromisoformat(local).replace(tzinfo=zone)
    where = (place, network.places[place].country, HoursActivity(activity), instant, zone)
    answers = (
        is_open(network.hours, network.holidays, *where),
        next_opening(network.hours, network.holidays, *where),
    )
    return answers[0], answers[1].astimezone(zone).isoformat()[:16]


@pytest.mark.parametrize(
    ("place", "activity", "local", "opens"),
    [
        # Aktau works all days of the year, Alat not on New Year's Day.
        ("KZ-AKT", "port", "2027-01-01T12:00", "2027-01-01T12:00"),
        ("AZ-ALT", "port", "2027-01-01T12:00", "2027-01-02T00:00"),
        # Lorries wait at Horgos over the Chinese national day, trains do not.
        ("CN-HOR", "border_road", "2026-10-01T08:00", "2026-10-04T00:00"),
        ("CN-HOR", "border_rail", "2026-10-01T08:00", "2026-10-01T08:00"),
        # A Kazakh holiday closes the Chinese post as well: Victory Day, a Saturday.
        ("CN-HOR", "border_road", "2026-05-09T08:00", "2026-05-10T00:00"),
        ("GE-GAR", "border_road", "2026-01-07T08:00", "2026-01-07T08:00"),
        # An office off the border: Friday evening before the weekend of Nauryz.
        ("KZ-ALM", "customs", "2026-03-20T18:00", "2026-03-24T09:00"),
        ("TR-MMY", "tunnel", "2026-12-01T06:00", "2026-12-02T00:00"),
    ],
)
def test_shipped_hours(network, place, activity, local, opens):
    assert ask(network, place, activity, local) == (local == opens, opens)


@pytest.mark.parametrize(
    ("table", "row", "column", "text", "code"),
    [
        ("place_names.csv", 2, "place", "AM-NIL", "unknown-place"),
        ("place_names.csv", 3, "language", "xx", "unknown-language"),
        ("place_names.csv", 4, "language", "en", "duplicate-id"),
        ("place_names.csv", 5, "name", "", "missing-value"),
        ("place_names.csv", 6, "source", "nobody", "unknown-source"),
        ("opening_hours.csv", 2, "activity", "sleep", "not-in-list"),
        ("opening_hours.csv", 3, "days", "mon;someday", "not-in-list"),
        ("opening_hours.csv", 4, "opens", "25:00", "not-a-time"),
        ("opening_hours.csv", 4, "opens", "24:00", "not-a-time"),
        ("opening_hours.csv", 4, "closes", "08:00", "hours-reversed"),
        ("opening_hours.csv", 5, "valid_from", "2026-02-30", "not-a-date"),
        ("opening_hours.csv", 7, "place", "ZZ", "unknown-place"),
        ("opening_hours.csv", 8, "holidays", "FR", "unknown-country"),
        ("holidays.csv", 2, "date", "02-30", "not-a-date"),
        ("holidays.csv", 2, "date", "2027-02-29", "not-a-date"),
        ("holidays.csv", 3, "closes", "customs;school", "not-in-list"),
        ("holidays.csv", 4, "country", "QQ", "unknown-country"),
        ("holidays.csv", 5, "days", "0", "out-of-range"),
    ],
)
def test_a_planted_fault_is_told_where_it_stands(folder, table, row, column, text, code):
    spoil(folder, table, row, column, text)
    told = {(f.file, f.row, f.column, f.code) for f in check_tables(folder).faults}
    assert (table, row, column, code) in told


def test_a_place_without_a_local_name_is_told(folder):
    spoil(folder, "place_names.csv", 3, "language", "de")
    told = {(f.file, f.row, f.column, f.code) for f in check_tables(folder).faults}
    assert told == {("place_names.csv", 2, "language", "missing-name")}


@pytest.mark.parametrize(("table", "column"), [(t, "note") for t in PLACE_TABLES])
def test_the_hash_sees_every_table(folder, table, column):
    before = places_and_links_hash(folder / "network")
    spoil(folder, table, 2, column, "changed")
    assert places_and_links_hash(folder / "network") != before


def test_the_pages_of_places_and_services_are_fresh(capsys):
    assert place_pages.main(["--check"]) == 0, capsys.readouterr().err


def test_a_stale_page_is_named(network, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(place_pages, "REFERENCE", tmp_path)
    assert place_pages.main([]) == 0
    assert place_pages.main(["--check"]) == 0
    (tmp_path / "places" / "KZ-AKT.md").write_text("old", encoding="utf-8")
    (tmp_path / "places" / "KZ-NIL.md").write_text("gone", encoding="utf-8")
    assert place_pages.main(["--check"]) == 1
    told = capsys.readouterr().err
    assert "KZ-AKT.md" in told
    assert "KZ-NIL.md" in told
    assert place_pages.main([]) == 0
    assert not (tmp_path / "places" / "KZ-NIL.md").exists()
    assert len(list((tmp_path / "places").glob("*.md"))) == len(network.places) + 1
