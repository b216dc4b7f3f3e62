"""The tables that come with the program: sound, reproducible, every fact row accounted for."""

import csv
import heapq
import shutil
from collections import defaultdict
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

import merge_facts
import merge_links
import merge_places
import merge_tables
from karvan.adapters.files.corridor_tables import (
    CORRIDOR_TABLES,
    corridor_hash,
    load_corridor,
    read_corridor,
    read_file,
    read_source_keys,
    shipped_attributes,
    shipped_data,
)
from karvan.domain.errors import InvalidTables
from karvan.domain.identifiers.station import StationCode
from karvan.domain.identifiers.unlocode import Unlocode
from karvan.network.links import Link, LinkCapacity, LinkStatus, Mode, find_capacity
from karvan.network.places import City, CodeScheme, CodeStatus, Facility, KnownCountry, Place
from karvan.network.places import PlaceCode as Code

SHIPPED = Path(str(files("karvan"))) / "data" / "network"
FACTS = Path(__file__).resolve().parents[2] / "facts"


@pytest.fixture(scope="module")
def corridor():
    return load_corridor()


@pytest.fixture(scope="module")
def inputs():
    return merge_tables.Inputs.load()


@pytest.fixture
def copied(tmp_path):
    """A copy of the shipped tables that a test may spoil."""
    for name in CORRIDOR_TABLES:
        shutil.copy(SHIPPED / name, tmp_path / name)
    return tmp_path


def spoil(directory, name, row, column, text):
    with (directory / name).open(newline="", encoding="utf-8") as handle:
        lines = list(csv.reader(handle))
    lines[row - 1][lines[0].index(column)] = text
    with (directory / name).open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle, lineterminator="\n").writerows(lines)


def test_the_shipped_tables_have_no_fault_and_no_warning(corridor):
    assert read_corridor()[1] == ()
    assert corridor.warnings == ()


def test_about_210_places_result(corridor):
    # By hand: 178 of the freight file, 37 of the oil file alone, 1 of a tariff.
    assert len(corridor.places) == 178 + 37 + 1
    assert 200 <= len(corridor.places) <= 220


def test_the_shipped_files_are_what_the_merge_gives(capsys):
    assert merge_facts.main(["--check"]) == 0
    assert capsys.readouterr().err == ""


def test_a_changed_file_fails_the_check(tmp_path, inputs):
    built = merge_facts.build(inputs)
    (tmp_path / "network").mkdir()
    for name, content in built.items():
        (tmp_path / name).write_bytes(content)
    assert merge_facts.differing(built, tmp_path) == []
    (tmp_path / "network" / "links.csv").write_bytes(built["network/links.csv"] + b"\n")
    (tmp_path / "network" / "cities.csv").unlink()
    assert merge_facts.differing(built, tmp_path) == ["network/cities.csv", "network/links.csv"]


def test_every_row_of_the_four_fact_files_is_accounted_for(inputs):
    places = merge_places.merge_places(inputs)
    fate = merge_links.account(inputs, places)
    wanted = sum(len(inputs.facts[name]) for name in merge_tables.MERGED_FILES)
    assert len(fate) == wanted == 178 + 245 + 59 + 77
    became = defaultdict(int)
    for name, what in fate.items():
        became[name.split(":")[0], what.split()[0]] += 1
    assert became == {
        ("nodes", "place"): 178,
        ("oil_nodes", "place"): 58,
        ("oil_nodes", "way"): 1,
        ("links", "link"): 235,
        ("links", "check"): 10,
        ("oil_links", "link"): 62,
        ("oil_links", "check"): 1,
        ("oil_links", "path"): 14,
    }


@pytest.mark.parametrize(
    ("table", "left_out"),
    [
        ("crosswalk", "NEKA"),
        ("not_links", "links:KZ-TEN--RU-NVS:pipeline"),
        ("not_links", "links:GE-SUP--IT-TRS:tanker"),
        ("oil_rail", "oil_links:ALAT--POTI:rail"),
        ("countries", "KZ"),
    ],
)
def test_a_decision_left_out_is_refused(inputs, table, left_out):
    rows = [row for row in inputs.decisions[table] if left_out not in row.values()]
    fewer = merge_tables.Inputs(inputs.facts, inputs.decisions | {table: rows}, inputs.by_reference)
    with pytest.raises(merge_tables.MergeError):
        merge_facts.build(fewer)


def test_an_override_of_nothing_is_refused(inputs):
    lost = inputs.decisions["overrides"][0] | {"id": "KZ-XXX--KZ-YYY:rail"}
    more = inputs.decisions | {"overrides": [*inputs.decisions["overrides"], lost]}
    with pytest.raises(merge_tables.MergeError):
        merge_facts.build(merge_tables.Inputs(inputs.facts, more, inputs.by_reference))


def test_every_reference_of_the_tables_is_a_fact_row(corridor, inputs):
    for entity in (*corridor.places, *corridor.links, *corridor.capacities):
        assert set(entity.fact) <= inputs.by_reference.keys()
    assert all(link.fact for link in corridor.links)


def test_the_facts_name_sources_by_key(inputs):
    keys = read_source_keys()
    for rows in inputs.facts.values():
        assert {row["source"] for row in rows} <= keys
    assert not [p for p in FACTS.glob("*.csv") if "http" in p.read_text(encoding="utf-8")]


def test_sources_are_sorted():
    text = (shipped_data() / "sources.toml").read_text(encoding="utf-8")
    keys = [line for line in text.splitlines() if line.startswith("[")]
    assert keys == sorted(keys)


# --- the traps -----------------------------------------------------------------------------


def oil_places(corridor):
    return {code.code: code.place for code in corridor.codes if code.scheme is CodeScheme.OIL}


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("NEKA", "IR-AMI"),
        ("UZEN", "KZ-UZN"),
        ("REF_ATYRAU", "KZ-ATY"),
        ("REF_PAVLODAR", "KZ-PAV"),
        ("REF_SHYMKENT", "KZ-SHY"),
        ("SHESKHARIS", "RU-NVS"),
        ("CPC_MT", "RU-NVS"),
        ("BAKU_ABS", "AZ-ABS"),
        ("BAKU_ABS", "AZ-BAK"),
        ("SAMARA", "RU-SAM"),
        ("USTLUGA", "RU-LED"),
        ("MIDIA", "RO-CND"),
        ("AKTOBE", "KZ-AKB"),
        ("CHELEKEN", "TM-KRW"),
    ],
)
def test_neighbours_that_are_not_the_same_stay_apart(corridor, code, place):
    ids = {each.id for each in corridor.places}
    assert place in ids
    assert oil_places(corridor)[code] in ids - {place}


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("AKTAU", "KZ-AKT"),
        ("KURYK", "KZ-KUR"),
        ("ALAT", "AZ-ALT"),
        ("DUBENDI", "AZ-DUB"),
        ("SANGACHAL", "AZ-SAN"),
        ("BATUMI", "GE-BUS"),
        ("SUPSA", "GE-SUP"),
        ("KULEVI", "GE-KUL"),
        ("POTI", "GE-POT"),
        ("CEYHAN", "TR-CEY"),
        ("BOSPHORUS", "TR-BOS"),
        ("TURKMENBASHI", "TM-KRW"),
    ],
)
def test_one_place_has_one_id(corridor, code, place):
    assert oil_places(corridor)[code] == place


def test_there_is_one_cpc(corridor):
    pipes = defaultdict(list)
    for link in corridor.links:
        if link.mode is Mode.PIPELINE:
            pipes[link.from_place].append(link)

    def chains(place, way=()):
        if place == "RU-CPCMT":
            return [way]
        return [c for link in pipes[place] for c in chains(link.to_place, (*way, link))]

    (chain,) = chains("KZ-TEN")
    assert [link.to_place for link in chain] == ["KZ-ATY", "RU-KOMSOM", "RU-KROPOT", "RU-CPCMT"]
    assert sum(link.length_km for link in chain) == 1511
    assert sum(link.tariff_usd_t for link in chain) == 38
    assert not [link for link in corridor.links if link.id == "KZ-TEN--RU-NVS:pipeline"]


def test_dropped_rows_agree_with_the_links_they_repeat(corridor, inputs):
    by_id = {link.id: link for link in corridor.links}
    for row in inputs.decisions["not_links"]:
        published_km = float(inputs.by_reference[row["fact"]]["distance_km"])
        whole_km = sum(by_id[link].length_km for link in row["links"].split(";"))
        assert whole_km == pytest.approx(published_km, rel=0.08), row["fact"]


def test_every_link_has_its_reverse_but_pipelines(corridor):
    by_id = {link.id: link for link in corridor.links}
    for link in corridor.links:
        if link.mode is Mode.PIPELINE:
            assert link.reverse_of is None
        else:
            back = by_id[link.reverse_of]
            assert back.reverse_of == link.id
            assert (back.from_place, back.to_place) == (link.to_place, link.from_place)
            assert (back.length_km, back.running_h) == (link.length_km, link.running_h)
    assert len(corridor.links) == 2 * 306 - 38


def test_exactly_these_links_are_not_open(corridor):
    closed = {link.id: link.status for link in corridor.links if link.status is not LinkStatus.OPEN}
    both_ways = {
        "CN-BAK--KZ-BAH:rail": "planned",
        "CN-KHG--UZ-AND:rail": "planned",
        "GE-ANA--RO-CND:feeder": "planned",
        "GE-SAM--GE-ANA:rail": "planned",
        "KZ-BAH--KZ-AYA:rail": "planned",
        "KZ-KUR--AZ-DUB:tanker": "planned",
        "KZ-MOY--KZ-KYZ:rail": "planned",
        "GE-POT--UA-ILK:rail_ferry": "suspended",
        "KZ-AKT--IR-NEKA:tanker": "suspended",
        "UA-ILK--TR-KARASU:roro": "suspended",
    }
    expected = {
        "AZ-SAN--GE-SUP:pipeline": "idle",
        "AZ-SAN--RU-SHESKH:pipeline": "idle",
        "KZ-KASHAG--KZ-KUR:pipeline": "planned",
        "PL-ADAMOW--DE-SCHWED:pipeline": "closed",
        "RU-UNECHA--PL-ADAMOW:pipeline": "closed",
    }
    for name, status in both_ways.items():
        ends, mode = name.split(":")
        start, end = ends.split("--")
        expected |= {name: status, f"{end}--{start}:{mode}": status}
    assert closed == expected


@pytest.mark.parametrize(
    ("link", "day", "capacity"),
    [
        ("KZ-ATY--RU-KOMSOM:pipeline", "2021-06-01", 53.7),
        ("KZ-ATY--RU-KOMSOM:pipeline", "2022-06-01", 63.5),
        ("KZ-ATY--RU-KOMSOM:pipeline", "2025-06-01", 72.5),
        ("KZ-BAL--KZ-MOY:rail", "2025-09-29", 12),
        ("KZ-BAL--KZ-MOY:rail", "2025-09-30", 60),
        ("KZ-MOY--KZ-BAL:rail", "2025-09-30", 60),
        ("GE-AKH--GE-KAR:rail", "2024-05-19", 1),
        ("TR-KRS--GE-KAR:rail", "2024-05-20", 5),
    ],
)
def test_capacities_hold_from_their_day(corridor, link, day, capacity):
    by_id = {each.id: each for each in corridor.links}
    found = find_capacity(by_id[link], corridor.capacities, date.fromisoformat(day))
    assert found[0] == capacity


def test_the_newest_dated_capacity_is_the_link_s_own(corridor):
    by_id = {link.id: link for link in corridor.links}
    for row in corridor.capacities:
        if row.valid_to is None:
            link = by_id[row.link]
            assert (link.capacity, link.capacity_unit) == (row.capacity, row.capacity_unit)
            assert link.capacity_from == row.valid_from


def test_no_short_border_section_keeps_hours_of_dwell(corridor):
    for link in corridor.links:
        if link.mode is Mode.RAIL and link.length_km <= 50:
            assert link.length_km / link.running_h >= 19, link.id
    by_id = {link.id: link for link in corridor.links}
    border = by_id["BY-BRE--PL-MAL:rail"]
    assert border.running_h + border.dwell_removed_h == pytest.approx(6.0)


def test_oil_and_uranium_by_rail_run_on_tracks_of_the_freight_network(corridor):
    rows, faults = read_file(SHIPPED, "oil_rail.csv", shipped_attributes("oil_rail"))
    assert (len(rows), faults) == (14, ())
    ids = {place.id for place in corridor.places}
    for row in rows:
        assert {row.values["from_place"], row.values["to_place"], row.values["to_head"]} <= ids
        if row.values["status"] == "path":
            modes = {Mode.RAIL} if row.values["mode"] == "rail" else {Mode.FEEDER, Mode.RAIL_FERRY}
            assert shortest_km(corridor, row.values["from_head"], row.values["to_head"], modes)


def shortest_km(corridor, start, end, modes):
    ways = defaultdict(list)
    for link in corridor.links:
        if link.mode in modes and link.status is LinkStatus.OPEN:
            ways[link.from_place].append((link.to_place, link.length_km))
    done, queue = set(), [(0.0, start)]
    while queue:
        km, place = heapq.heappop(queue)
        if place == end:
            return km
        if place not in done:
            done.add(place)
            for to, more in ways[place]:
                heapq.heappush(queue, (km + more, to))
    return None


# --- places, codes, cities ---------------------------------------------------------------------


def test_listed_codes_win_over_remembered_ones(corridor):
    found = {
        (code.scheme, code.code): (code.place, code.status)
        for code in corridor.codes
        if code.scheme is not CodeScheme.ALIAS
    }
    listed = CodeStatus.LISTED
    assert found[CodeScheme.UNLOCODE, "AZGAN"] == ("AZ-GAN", listed)
    assert (CodeScheme.UNLOCODE, "AZKVD") not in found
    assert found[CodeScheme.UNLOCODE, "TRIST"] == ("TR-IST", listed)
    assert found[CodeScheme.UNLOCODE, "KZALS"] == ("CN-ALA", listed)
    assert found[CodeScheme.UNLOCODE, "TRKSY"] == ("TR-KRS", listed)
    assert found[CodeScheme.UNLOCODE, "GESPS"] == ("GE-SUP", listed)
    assert found[CodeScheme.UNLOCODE, "CNSHA"] == ("CN-SHA", CodeStatus.ESTIMATE)
    assert found[CodeScheme.ESR, "663404"] == ("KZ-AKT", listed)
    assert (CodeScheme.UNLOCODE, "GEANA") not in found


def test_a_place_has_one_unlocode(corridor):
    places = [code.place for code in corridor.codes if code.scheme is CodeScheme.UNLOCODE]
    assert len(places) == len(set(places))


def test_codes_follow_their_standards(corridor):
    for code in corridor.codes:
        if code.scheme is CodeScheme.UNLOCODE:
            Unlocode.parse(code.code)
        elif code.scheme is CodeScheme.ESR:
            StationCode.parse(code.code)


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("Istanbul", "TR-IST"),
        ("Стамбул", "TR-IST"),
        ("Baku", "AZ-BAKU"),
        ("Khorgos", "KZ-KHORG"),
        ("Xian", "CN-XIA"),
        ("Aktau", "KZ-AKT"),
        ("Ақтау", "KZ-AKT"),
        ("Poti", "GE-POT"),
        ("Krasnovodsk", "TM-KRW"),
        ("Samsun", "TR-SSX"),
        ("Kars", "TR-KRS"),
        ("Halkalı", "TR-HAL"),
        ("Ambarlı", "TR-AMB"),
    ],
)
def test_places_are_found_by_the_names_people_type(corridor, typed, place):
    assert [code.place for code in corridor.codes if code.code == typed] == [place]


def test_istanbul_has_three_terminals_and_baku_is_not_alat(corridor):
    cities = {city.id: city.members for city in corridor.cities}
    assert cities["TR-IST"] == ("TR-HAL", "TR-AMB", "TR-HPS")
    assert "AZ-ALT" not in cities["AZ-BAKU"]


def test_zones_and_customs_are_those_of_the_country(corridor):
    by_id = {place.id: place for place in corridor.places}
    assert {p.time_zone for p in corridor.places if p.country == "KZ"} == {"Asia/Almaty"}
    assert by_id["RU-SAM"].time_zone == "Europe/Samara"
    assert by_id["KZ-AKT"].customs_territory == by_id["RU-MOW"].customs_territory == "EAEU"
    assert by_id["BG-VAR"].customs_territory == "EU"
    assert by_id["GE-POT"].customs_territory == "GE"


def test_facilities_follow_from_kind_gauges_and_links(corridor):
    by_id = {place.id: place for place in corridor.places}
    assert by_id["KZ-AKT"].facilities >= {Facility.SEAPORT, Facility.CONTAINER, Facility.FERRY}
    assert Facility.GAUGE_CHANGE in by_id["GE-AKH"].facilities
    assert by_id["RU-CPCMT"].facilities == {Facility.SEAPORT, Facility.OIL}
    for place in corridor.places:
        assert (Facility.GAUGE_CHANGE in place.facilities) == (len(place.gauges) > 1)


# --- reading -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "row", "column", "text", "code"),
    [
        ("places.csv", 7, "lat_deg", "nan", "not-finite"),
        ("places.csv", 8, "gauges", "1524", "unknown-gauge"),
        ("places.csv", 9, "facilities", "casino", "not-in-list"),
        ("places.csv", 10, "kind", "village", "not-in-list"),
        ("places.csv", 11, "country", "XX", "unknown-country"),
        ("places.csv", 12, "source", "hearsay", "unknown-source"),
        ("links.csv", 5, "length_km", "long", "not-a-number"),
        ("links.csv", 6, "status", "shut", "not-in-list"),
        ("links.csv", 9, "running_h", "0.01", "speed"),
        ("links.csv", 10, "valid_from", "2024-13-01", "not-a-date"),
        ("links.csv", 11, "reverse_of", "nowhere", "unknown-reverse"),
        ("cities.csv", 2, "members", "AZ-ALTT", "unknown-place"),
        ("place_codes.csv", 3, "place", "ZZ-ZZZ", "unknown-place"),
        ("link_capacities.csv", 4, "valid_to", "2000-01-01", "dates-reversed"),
        ("countries.csv", 3, "time_zone", "Mars/Base", "unknown-time-zone"),
    ],
)
def test_a_planted_fault_is_told_with_file_row_and_column(copied, name, row, column, text, code):
    spoil(copied, name, row, column, text)
    _, faults = read_corridor(copied)
    assert (name, row, column, code) in {(f.file, f.row, f.column, f.code) for f in faults}
    with pytest.raises(InvalidTables):
        load_corridor(copied)


def test_a_missing_table_is_told(copied):
    (copied / "cities.csv").unlink()
    _, faults = read_corridor(copied)
    assert ("cities.csv", "no-file") in {(fault.file, fault.code) for fault in faults}


def test_sources_that_cannot_be_read_are_told(tmp_path):
    with pytest.raises(InvalidTables):
        read_source_keys(tmp_path)
    (tmp_path / "sources.toml").write_text("[broken", encoding="utf-8")
    with pytest.raises(InvalidTables):
        read_source_keys(tmp_path)


def test_the_hash_ignores_order_and_spelling_but_no_figure(copied, corridor):
    assert corridor_hash() == corridor_hash(copied) == corridor.content_hash
    with (copied / "links.csv").open(newline="", encoding="utf-8") as handle:
        header, *rows = csv.reader(handle)
    columns = [header.index(name) for name in sorted(header)]
    length = header.index("length_km")
    for row in rows:
        row[length] = row[length] + ("0" if "." in row[length] else ".0")
    mixed = [[row[i] for i in columns] for row in [header, *reversed(rows)]]
    with (copied / "links.csv").open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle).writerows(mixed)
    assert corridor_hash(copied) == corridor.content_hash

    spoil(copied, "places.csv", 2, "lat_deg", "40.17")
    assert corridor_hash(copied) != corridor.content_hash


def test_entities_and_attribute_tables_name_the_same_columns():
    renamed = {"country": "countries"}
    for entity, kind in [
        ("place", Place),
        ("place_code", Code),
        ("city", City),
        ("country", KnownCountry),
        ("link", Link),
        ("link_capacity", LinkCapacity),
    ]:
        columns = {attribute.name for attribute in shipped_attributes(entity)}
        fields = set(kind.__dataclass_fields__)
        assert {renamed.get(c, c) if c not in fields else c for c in columns} == fields
