"""Out to other formats and back: the same hashes, and what public validators say of it."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import zipfile
from datetime import date
from pathlib import Path

import frictionless
import gtfs_guru
import pytest

from karvan.adapters.files.published import FileTables
from karvan.adapters.formats.exchange import FileExchange
from karvan.domain.errors import InvalidInput, InvalidTables
from karvan.services.exchange import Format, Period
from karvan.services.quoting.corridor import compile_corridor

PERIOD = Period(first_day=date(2026, 12, 1), days=3)


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """Tables that differ from the shipped ones, names that begin like formulas among them."""
    folder = tmp_path_factory.mktemp("own")
    tables = {
        "network/links.csv": [
            "id,note,length_km",
            'KZ-AKT--AZ-ALT:rail_ferry,"=HYPERLINK(""x"")",479.5',
            "AZ-ALT--KZ-AKT:rail_ferry,+7 727,479.5",
        ],
        "network/places.csv": ["id,note", "KZ-AKT,@Ақтау", "GE-POT,-ფოთი"],
        "network/place_codes.csv": ["scheme,code,remove", "alias,Akhalkalaki,yes"],
        "tariffs/rates.csv": ["id,amount", "R001,0.5500000000000001"],
        "sources.toml": ['["our \\"contract\\""]', 'title = "Contract, 7"'],
    }
    for path, lines in tables.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def package(changed, tmp_path_factory):
    """The changed tables as a GMNS package."""
    target = tmp_path_factory.mktemp("out") / "gmns"
    FileExchange().export(Format.GMNS, target, PERIOD, changed)
    return target


@pytest.fixture(scope="module")
def feed(tmp_path_factory):
    """Three days of the shipped timetable."""
    target = tmp_path_factory.mktemp("out") / "feed.zip"
    FileExchange().export(Format.GTFS, target, PERIOD)
    return target


def gtfs(feed, name):
    with zipfile.ZipFile(feed) as archive:
        return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8"))))


def test_gmns_out_and_in_gives_the_same_hash_of_places_and_links(changed, package, tmp_path):
    done = FileExchange().read(Format.GMNS, package, tmp_path / "back")

    ours = FileTables().load(changed).network.hashes
    back = FileTables().load(tmp_path / "back").network.hashes
    assert done.hashes.places_and_links == ours.places_and_links == back.places_and_links
    shipped = FileTables().load().network.hashes
    assert ours.places_and_links != shipped.places_and_links


def test_a_spreadsheet_out_and_in_gives_the_same_hashes_of_everything(changed, tmp_path):
    FileExchange().export(Format.XLSX, tmp_path / "all.xlsx", PERIOD, changed)
    FileExchange().read(Format.XLSX, tmp_path / "all.xlsx", tmp_path / "back")

    compared = FileExchange().compare(changed, tmp_path / "back")
    assert compared.tables == ()
    assert compared.old == compared.new


@pytest.mark.parametrize("what", [Format.XLSX, Format.GTFS, Format.GEOJSON])
def test_the_same_tables_give_the_same_bytes(what, tmp_path):
    for name in ("a", "b"):
        FileExchange().export(what, tmp_path / name, PERIOD)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_the_package_is_valid_by_frictionless(package):
    report = frictionless.Package(str(package / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "type", "message"])
    assert report.stats["tasks"] == len(list(package.glob("*.csv")))


@pytest.mark.parametrize("table", ["node", "link"])
def test_nodes_and_links_are_valid_by_the_published_schema_of_gmns(package, table):
    schema = gmns_schema(table, package / f"{table}.csv")
    assert problems(package / f"{table}.csv", schema) == []


def test_the_published_schema_of_gmns_finds_a_planted_fault(package, tmp_path):
    text = (package / "link.csv").read_text(encoding="utf-8")
    rows = list(csv.reader(io.StringIO(text)))
    rows[1][rows[0].index("length")] = "-3"
    rows[2][rows[0].index("link_id")] = ""
    file = tmp_path / "link.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    assert sorted(problems(file, gmns_schema("link", file))) == [
        ("constraint-error", 2),
        ("constraint-error", 3),
        ("primary-key", 3),
    ]


def gmns_schema(table, file):
    """The schema of a table as the package gmnspy publishes it, without columns we have not.

    Frictionless checks extra columns against nothing, and cannot leave out optional ones.
    """
    spec = importlib.util.find_spec("gmnspy")
    path = Path(spec.submodule_search_locations[0]) / "spec" / f"{table}.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    with file.open(encoding="utf-8", newline="") as stream:
        header = next(csv.reader(stream))
    fields = [
        {key: field[key] for key in ("name", "type", "constraints") if key in field}
        for field in schema["fields"]
        if field["name"] in header or field.get("constraints", {}).get("required")
    ]
    return {"fields": fields, "primaryKey": schema["primaryKey"], "fieldsMatch": "subset"}


def problems(file, schema):
    import frictionless

    resource = frictionless.Resource(
        path=file.name,
        basepath=str(file.parent),
        schema=frictionless.Schema.from_descriptor(schema),
    )
    (task,) = resource.validate().tasks
    return [(error.type, getattr(error, "row_number", None)) for error in task.errors]


def test_the_feed_is_valid_by_a_public_validator(feed):
    result = gtfs_guru.validate(str(feed), date="2026-12-01")
    assert [(n.code, n.file, n.row, n.field) for n in result.errors()] == []
    assert {notice.code for notice in result.infos()} <= {"unknown_file"}


def test_the_public_validator_finds_a_planted_fault(feed, tmp_path):
    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(feed) as whole, zipfile.ZipFile(broken, "w") as archive:
        for name in whole.namelist():
            data = whole.read(name)
            if name == "routes.txt":
                data = b"\n".join(data.splitlines()[:-1]) + b"\n"
            archive.writestr(name, data)
    result = gtfs_guru.validate(str(broken), date="2026-12-01")
    assert "foreign_key_violation" in {notice.code for notice in result.errors()}


def test_nominal_departures_are_marked_twice(feed, published):
    nominal = {row["trip_id"]: row["nominal"] for row in gtfs(feed, "karvan_departures.txt")}
    for row in gtfs(feed, "stop_times.txt"):
        assert row["timepoint"] == ("0" if nominal[row["trip_id"]] == "yes" else "1")
    for row in gtfs(feed, "trips.txt"):
        service = published.network.services[row["route_id"]]
        assert nominal[row["trip_id"]] == ("yes" if service.nominal else "no")


def test_a_trip_is_a_departure_of_these_days_and_calls_where_cargo_boards(feed, published):
    trips = gtfs(feed, "trips.txt")
    days = {row["trip_id"].rpartition("@")[2][:10] for row in trips}
    assert days == {"2026-12-01", "2026-12-02", "2026-12-03"}
    calls = {}
    for row in gtfs(feed, "stop_times.txt"):
        calls.setdefault(row["trip_id"], []).append(row)
    assert set(calls) == {row["trip_id"] for row in trips}
    for row in trips:
        service = published.network.services[row["route_id"]]
        assert tuple(c["stop_id"] for c in calls[row["trip_id"]]) == service.boarding_calls
    for rows in calls.values():
        clocks = [
            minutes(row[column]) for row in rows for column in ("arrival_time", "departure_time")
        ]
        assert clocks == sorted(clocks)


def test_times_of_a_trip_are_those_the_search_uses(feed, published):
    corridor = compile_corridor(published.network, PERIOD.first_day)
    arrivals = {}
    for row in gtfs(feed, "stop_times.txt"):
        arrivals[row["trip_id"], row["stop_id"]] = minutes(row["arrival_time"])
    seen = 0
    for c, d in enumerate(corridor.departure_of):
        departure = corridor.departures[d]
        segment = corridor.segments[corridor.connections.segment[c]]
        found = arrivals.get((departure.id, segment.to_place))
        calls = published.network.services[departure.service].boarding_calls
        if found is None or calls.count(segment.to_place) > 1:
            continue
        midnight = departure.departs_min - departure.departs_min % 1440
        assert midnight + found == corridor.connections.arrives_min[c]
        seen += 1
    assert seen > 100


def minutes(clock):
    hours, rest, _ = clock.split(":")
    return int(hours) * 60 + int(rest)


def test_geojson_has_every_place_and_link_with_units_in_the_names(tmp_path, published):
    FileExchange().export(Format.GEOJSON, tmp_path / "map.geojson", PERIOD)

    found = json.loads((tmp_path / "map.geojson").read_text(encoding="utf-8"))
    by_id = {each["id"]: each for each in found["features"]}
    network = published.network
    assert set(by_id) == {*network.places, *network.links}
    assert found["network_hash"] == network.hashes.network
    aktau = by_id["KZ-AKT"]
    assert aktau["geometry"]["type"] == "Point"
    assert 51 < aktau["geometry"]["coordinates"][0] < 52
    ferry = by_id["KZ-AKT--AZ-ALT:rail_ferry"]["properties"]
    assert ferry["length_km"] == network.links["KZ-AKT--AZ-ALT:rail_ferry"].length_km
    assert {"length_km", "running_h", "gauges_mm", "tariff_usd_t"} <= set(ferry)


def test_a_formula_in_disguise_is_text_in_the_spreadsheet(changed, tmp_path):
    FileExchange().export(Format.XLSX, tmp_path / "all.xlsx", PERIOD, changed)
    with zipfile.ZipFile(tmp_path / "all.xlsx") as archive:
        names = archive.namelist()
        sheets = [archive.read(n) for n in names if n.startswith("xl/worksheets/sheet")]
        strings = archive.read("xl/sharedStrings.xml").decode("utf-8")
    assert not any(b"<f>" in sheet or b"<f " in sheet or b"<hyperlink" in sheet for sheet in sheets)
    assert "=HYPERLINK(" in strings
    assert "+7 727" in strings


def test_a_diff_tells_rows_and_cells(changed):
    found = FileExchange().compare(None, changed)

    tables = {each.table: each for each in found.tables}
    assert set(tables) == {
        "network/links.csv",
        "network/places.csv",
        "network/place_codes.csv",
        "tariffs/rates.csv",
        "sources.toml",
    }
    assert tables["network/place_codes.csv"].removed == (("alias", "Akhalkalaki"),)
    (rate,) = tables["tariffs/rates.csv"].changed
    assert rate.key == ("R001",)
    assert [(c.column, c.old, c.new) for c in rate.cells] == [
        ("amount", "0.55", "0.5500000000000001")
    ]
    assert tables["sources.toml"].added == (('our "contract"',),)
    assert found.old.places_and_links != found.new.places_and_links
    assert found.old.patterns == found.new.patterns


def test_a_diff_the_other_way_round_adds_what_was_removed(changed):
    there, back = FileExchange().compare(None, changed), FileExchange().compare(changed, None)
    for one, other in zip(there.tables, back.tables, strict=True):
        assert (one.added, one.removed) == (other.removed, other.added)
        assert [row.key for row in one.changed] == [row.key for row in other.changed]


def test_a_diff_of_tables_with_faults_is_refused(tmp_path):
    (tmp_path / "tariffs").mkdir()
    (tmp_path / "tariffs" / "rates.csv").write_text("id,amount\nR001,much\n")
    with pytest.raises(InvalidTables):
        FileExchange().compare(None, tmp_path)


def test_a_fault_of_a_package_is_told_by_its_own_names(package, tmp_path):
    broken = copied(package, tmp_path / "broken")
    file = broken / "link.csv"
    rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"))))
    header = rows[0]
    rows[1][header.index("to_node_id")] = "XX-NIL"
    rows[2][header.index("free_speed")] = "999"
    rows[3][header.index("directed")] = "false"
    rows[4][header.index("karvan_running_h")] = "nan"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)

    with pytest.raises(InvalidTables) as caught:
        FileExchange().read(Format.GMNS, broken, tmp_path / "back")

    assert not (tmp_path / "back").exists()
    told = {(f.file, f.row, f.column, f.code) for f in caught.value.faults}
    assert told >= {
        (str(file), 2, "to_node_id", "unknown-place"),
        (str(file), 3, "free_speed", "derived-differs"),
        (str(file), 4, "directed", "derived-differs"),
        (str(file), 5, "karvan_running_h", "not-finite"),
    }


def test_a_package_in_miles_is_refused(package, tmp_path):
    broken = copied(package, tmp_path / "broken")
    text = (broken / "config.csv").read_text(encoding="utf-8")
    (broken / "config.csv").write_text(text.replace(",km,", ",mile,"), encoding="utf-8")
    with pytest.raises(InvalidTables) as caught:
        FileExchange().read(Format.GMNS, broken, tmp_path / "back")
    assert [(f.column, f.code) for f in caught.value.faults] == [("long_length", "wrong-unit")]


def test_a_package_with_more_than_we_can_hold_is_refused(package, tmp_path):
    broken = copied(package, tmp_path / "broken")
    (broken / "lane.csv").write_text("lane_id\n1\n")
    with pytest.raises(InvalidTables) as caught:
        FileExchange().read(Format.GMNS, broken, tmp_path / "back")
    assert [f.code for f in caught.value.faults] == ["unknown-table"]


def copied(package, target):
    target.mkdir()
    for file in package.iterdir():
        (target / file.name).write_bytes(file.read_bytes())
    return target


def test_what_cannot_be_read_back_says_so(feed, tmp_path):
    with pytest.raises(InvalidInput):
        FileExchange().read(Format.GTFS, feed, tmp_path / "back")
