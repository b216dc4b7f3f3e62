"""Tables and files that are wrong in every way somebody thought of: all told, nothing half done."""

from __future__ import annotations

import csv
import errno
import io
import os
import resource
import tracemalloc
import zipfile
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
import xlsxwriter

from karvan.adapters.files.bounded import read_bounded
from karvan.adapters.files.published import FileTables
from karvan.adapters.formats import archives, sheets
from karvan.adapters.formats.exchange import FileExchange
from karvan.domain.errors import InvalidInput, InvalidTables
from karvan.services.exchange import Format, Period

PERIOD = Period(first_day=date(2026, 12, 1), days=3)
FERRY, BACK = "KZ-AKT--AZ-ALT:rail_ferry", "AZ-ALT--KZ-AKT:rail_ferry"
MIB = 1024 * 1024


@pytest.fixture
def put(tmp_path):
    """Puts a table into a folder of one's own."""
    folder = tmp_path / "own"

    def write(path, *lines):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if lines and isinstance(lines[0], bytes):
            file.write_bytes(lines[0])
        else:
            file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return folder

    return write


def codes(folder):
    """Faults of one's own tables as (table, row, column, code); with one nothing is published."""
    checked = FileTables().check(folder)
    assert checked.published is None
    return [(Path(f.file).name, f.row, f.column, f.code) for f in checked.faults]


#: Table, number of a shipped row, what is put into it, and the fault that must be told.
WRONG = [
    ("network/links.csv", 10, {"to_place": "XX-NIL"}, ("to_place", "unknown-place")),
    ("network/links.csv", 20, {"reverse_of": "X--Y:road"}, ("reverse_of", "unknown-reverse")),
    ("network/links.csv", 30, {"length_km": "4500000"}, ("length_km", "out-of-range")),
    ("network/links.csv", 40, {"length_km": "0.48"}, ("length_km", "too-short")),
    ("network/links.csv", 50, {"running_h": "0.01"}, ("running_h", "speed")),
    ("network/links.csv", 64, {"running_h": "9000"}, ("running_h", "speed")),
    ("network/links.csv", 70, {"running_h": "NaN"}, ("running_h", "not-finite")),
    ("network/links.csv", 80, {"running_h": "1e999"}, ("running_h", "not-finite")),
    ("network/links.csv", 90, {"running_h": "16,5"}, ("running_h", "not-a-number")),
    (
        "network/links.csv",
        100,
        {"valid_from": "2026-01-01", "valid_to": "2025-01-01"},
        ("valid_to", "dates-reversed"),
    ),
    (
        "network/link_capacities.csv",
        2,
        {"valid_to": "1999-01-01"},
        ("valid_to", "dates-reversed"),
    ),
    ("network/places.csv", 10, {"lat_deg": "4360"}, ("lat_deg", "out-of-range")),
    ("network/places.csv", 20, {"note": "a\x00b"}, ("note", "control-character")),
    ("network/places.csv", 30, {"source": "nobody"}, ("source", "unknown-source")),
    ("tariffs/rates.csv", 1, {"amount": "NaN"}, ("amount", "not-finite")),
    ("tariffs/rates.csv", 2, {"amount": "Infinity"}, ("amount", "not-finite")),
    ("tariffs/rates.csv", 3, {"valid_from": "2025-02-30"}, ("valid_from", "not-a-date")),
    ("tariffs/rates.csv", 4, {"valid_to": "1999-01-01"}, ("valid_to", "dates-reversed")),
    ("tariffs/exchange_rates.csv", 1, {"valid_to": "1999-01-01"}, ("valid_to", "dates-reversed")),
    (
        "network/services.csv",
        1,
        {"valid_from": "2026-01-01", "valid_to": "2025-01-01"},
        ("valid_to", "dates-reversed"),
    ),
    ("rules/regimes.csv", 1, {"valid_to": "1999-01-01"}, ("valid_to", "dates-reversed")),
]


@pytest.fixture(scope="module")
def all_at_once(tmp_path_factory):
    """Every wrong row in one folder: the faults found, and the row each case stands in."""
    folder = tmp_path_factory.mktemp("wrong")
    shipped = files("karvan") / "data"
    rows, places = {}, []
    for table, number, change, _ in WRONG:
        text = shipped.joinpath(*table.split("/")).read_text(encoding="utf-8")
        record = list(csv.DictReader(io.StringIO(text)))[number]
        rows.setdefault(table, []).append(record | change)
        places.append(len(rows[table]) + 1)
    for table, records in rows.items():
        file = folder / table
        file.parent.mkdir(exist_ok=True)
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(records[0]))
            writer.writeheader()
            writer.writerows(records)
    return codes(folder), places


@pytest.mark.parametrize("case", range(len(WRONG)))
def test_every_wrong_row_of_many_is_told_by_file_row_and_column(all_at_once, case):
    found, places = all_at_once
    table, _, _, (column, code) = WRONG[case]
    assert (Path(table).name, places[case], column, code) in found


def test_a_row_that_stands_twice_is_told(put):
    folder = put("network/links.csv", "id,note", f"{FERRY},a", f"{FERRY},b")
    assert ("links.csv", 3, "id", "duplicate-id") in codes(folder)


def test_a_service_that_calls_at_nothing_is_told(put):
    folder = put("network/services.csv", "id,calls", "CR-YIW-XIA,CN-YIW;XX-NIL")
    assert ("services.csv", 2, "calls", "unknown-place") in codes(folder)


def test_a_ring_of_reverses_is_told_of_each_of_its_links(put):
    ring = [FERRY, "KZ-KUR--AZ-ALT:rail_ferry", "TM-KRW--AZ-ALT:rail_ferry"]
    lines = [f"{one},{after}" for one, after in zip(ring, [*ring[1:], ring[0]], strict=True)]
    found = codes(put("network/links.csv", "id,reverse_of", *lines))
    assert {("links.csv", row, "reverse_of", "reverse-cycle") for row in (2, 3, 4)} <= set(found)


def test_faults_of_every_table_are_told_at_once(put):
    put("network/places.csv", "id,lat_deg", "KZ-AKT,north", "GE-POT,9")
    put("network/links.csv", "id,colour", "X,red")
    put("rules/documents.csv", b"\xff\xfe\x00")
    put("tariffs/rates.csv", 'id,amount\nR001,"0.5')
    folder = put("network/carriers.csv", "id,name", "KTZ,", "KTZ,again")
    assert {(name, code) for name, _, _, code in codes(folder)} >= {
        ("places.csv", "not-a-number"),
        ("links.csv", "unknown-column"),
        ("documents.csv", "wrong-encoding"),
        ("rates.csv", "not-csv"),
        ("carriers.csv", "duplicate-id"),
        ("carriers.csv", "missing-value"),
    }


def test_with_a_fault_nothing_is_loaded_and_all_are_told(put):
    put("network/places.csv", "id,lat_deg", "KZ-AKT,north")
    folder = put("tariffs/rates.csv", "id,amount", "R001,much")
    with pytest.raises(InvalidTables) as caught:
        FileTables().load(folder)
    assert caught.value.faults == FileTables().check(folder).faults


@pytest.mark.parametrize(
    "data",
    [
        "id,note\nKZ-AKT,Актау\n".encode("utf-16"),
        "id,note\nKZ-AKT,Aktäu\n".encode("latin-1"),
        "id,note\nKZ-AKT,Актау\n".encode("cp1251"),
    ],
    ids=["utf-16", "latin-1", "cp1251"],
)
def test_another_encoding_is_told_and_not_guessed(put, data):
    assert [code for *_, code in codes(put("network/places.csv", data))] == ["wrong-encoding"]


def test_a_byte_order_mark_is_no_fault(put):
    folder = put("network/places.csv", b"\xef\xbb\xbfid,note\r\nKZ-AKT,x\r\n")
    assert FileTables().load(folder).network.places["KZ-AKT"].note == "x"


def test_a_table_of_200_mb_is_refused_before_it_is_read(put):
    folder = put("network/links.csv", "id,note")
    file = folder / "network" / "links.csv"
    with file.open("r+b") as stream:
        stream.truncate(200 * MIB)
    tracemalloc.start()
    data, faults = read_bounded(file)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (data, [f.code for f in faults]) == (None, ["too-large"])
    assert peak < MIB
    assert [code for *_, code in codes(folder)] == ["too-large"]


def test_a_file_that_grows_while_it_is_read_is_cut_off(tmp_path, monkeypatch):
    file = tmp_path / "links.csv"
    file.write_bytes(b"x" * 100)
    small = os.stat_result((0o100644, 1, 1, 1, 0, 0, 10, 0, 0, 0))
    monkeypatch.setattr(Path, "stat", lambda *_, **__: small)
    data, faults = read_bounded(file, limit_bytes=50)
    assert (data, [f.code for f in faults]) == (None, ["too-large"])


def test_a_folder_or_a_pipe_in_place_of_a_table_is_told(put):
    folder = put("network/places.csv", "id,note", "KZ-AKT,x")
    (folder / "network" / "links.csv").mkdir()
    os.mkfifo(folder / "network" / "services.csv")
    (folder / "network" / "carriers.csv").symlink_to("nowhere")
    assert [(name, code) for name, _, _, code in codes(folder)] == [
        ("links.csv", "not-a-file"),
        ("carriers.csv", "no-file"),
        ("services.csv", "not-a-file"),
    ]


def test_a_table_that_may_not_be_read_is_told(put, monkeypatch):
    folder = put("network/places.csv", "id,note", "KZ-AKT,x")
    opened = Path.open

    def refuse(path, *arguments, **options):
        if path.is_relative_to(folder):
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)
    checked = FileTables().check(folder)
    assert [(f.code, f.message) for f in checked.faults] == [
        ("unreadable", "the file cannot be read: Permission denied")
    ]


def test_deep_nesting_in_toml_is_told(put):
    put("sources.toml", "a = " + "[" * 100_000)
    folder = put("complete.toml", "tables = " + "[" * 100_000)
    assert {code for *_, code in codes(folder)} == {"not-toml"}


# --- spreadsheets and archives ---------------------------------------------------------------


def workbook(path, sheets_of, formulas=()):
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        for name, rows in sheets_of.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            for cell, formula in formulas:
                sheet.write_formula(cell, formula, None, 480)
    return path


def refused(source, tmp_path):
    """Faults of an import; nothing is left behind."""
    before = set(tmp_path.iterdir())
    with pytest.raises(InvalidTables) as caught:
        FileExchange().read(Format.XLSX, source, tmp_path / "out")
    assert set(tmp_path.iterdir()) == before
    return [
        (f.file.removeprefix(str(source)), f.row, f.column, f.code) for f in caught.value.faults
    ]


def test_a_formula_is_refused_with_sheet_row_and_column(tmp_path):
    rows = [["id", "length_km"], [FERRY, 480], [BACK, 480]]
    formulas = [("B2", "=480*1"), ("B3", "=B2")]
    source = workbook(tmp_path / "x.xlsx", {"links": rows}, formulas)
    assert refused(source, tmp_path) == [
        ("#links", 2, "B", "formula"),
        ("#links", 3, "B", "formula"),
    ]


def test_many_formulas_are_counted(tmp_path):
    formulas = [(f"A{row}", "=1") for row in range(1, 101)]
    source = workbook(tmp_path / "x.xlsx", {"links": [["id"]]}, formulas)
    found = refused(source, tmp_path)
    assert len(found) == sheets.MAX_TOLD + 1
    assert found[-1] == ("#links", None, "", "formula")


def test_a_sheet_of_another_name_or_shape_is_told(tmp_path):
    source = workbook(
        tmp_path / "x.xlsx",
        {
            "Sheet1": [["id"], ["x"]],
            "cities": [["id", "id"], ["a", "b"]],
            "places": [],
            "links": [["id", "colour"], ["x", "red"]],
        },
    )
    found = refused(source, tmp_path)
    assert ("#Sheet1", None, "", "unknown-sheet") in found
    assert ("#cities", 1, "id", "duplicate-column") in found
    assert ("#places", 1, "", "no-header") in found
    assert ("#links", 1, "colour", "unknown-column") in found


def test_a_wrong_cell_is_told_by_sheet_and_row(tmp_path):
    notices = [["country", "code", "warning", "rule", "source"], ["IR", "x", "y", "z", "nobody"]]
    source = workbook(tmp_path / "x.xlsx", {"country_notices": notices})
    assert refused(source, tmp_path) == [("#country_notices", 2, "source", "unknown-source")]


def test_a_cell_far_away_is_refused_before_room_is_made_for_it(tmp_path):
    source = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(source) as book:
        sheet = book.add_worksheet("links")
        sheet.write("A1", "id")
        sheet.write("XFD1048576", "x")
    assert refused(source, tmp_path) == [("#links", None, "", "too-large")]


def archive(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return path


def test_a_zip_bomb_is_refused_by_its_list_of_contents(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 8 * MIB)
    source = archive(tmp_path / "x.xlsx", {"xl/workbook.xml": bytes(9 * MIB)})
    assert source.stat().st_size < 20_000
    assert refused(source, tmp_path) == [("", None, "", "too-large")]


def test_a_zip_bomb_that_lies_about_its_size_stops_at_what_it_says(tmp_path):
    source = archive(tmp_path / "x.xlsx", {"xl/workbook.xml": bytes(9 * MIB)})
    size = (9 * MIB).to_bytes(4, "little")
    data = source.read_bytes()
    assert data.count(size) == 2
    source.write_bytes(data.replace(size, (100).to_bytes(4, "little")))
    tracemalloc.start()
    found = refused(source, tmp_path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == [("", None, "", "not-a-zip")]
    assert peak < 5 * MIB


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a\\..\\..\\b", "C:\\x"])
def test_a_name_that_leads_out_of_the_archive_is_refused(tmp_path, name):
    source = archive(tmp_path / "x.xlsx", {name: b"x"})
    assert ("", None, "", "bad-name") in refused(source, tmp_path)


def test_an_archive_of_very_many_files_is_refused(tmp_path):
    members = {f"f{i}": b"" for i in range(archives.MAX_MEMBERS + 1)}
    assert refused(archive(tmp_path / "x.xlsx", members), tmp_path) == [("", None, "", "too-large")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not-a-zip"),
        (b"id,name\n", "not-a-zip"),
        (b"PK\x03\x04" + bytes(60), "not-a-zip"),
        (archives.pack({"a.txt": b"x"}), "not-a-spreadsheet"),
        (
            archives.pack({"xl/workbook.xml": b"<a", "xl/_rels/workbook.xml.rels": b"<a"}),
            "not-a-spreadsheet",
        ),
    ],
    ids=["empty", "csv", "cut-off", "other-zip", "broken-xml"],
)
def test_what_is_no_spreadsheet_is_told(tmp_path, data, code):
    source = tmp_path / "x.xlsx"
    source.write_bytes(data)
    assert refused(source, tmp_path) == [("", None, "", code)]


def test_entities_in_a_spreadsheet_are_refused(tmp_path):
    laughs = b'<!DOCTYPE a [<!ENTITY x "ha">]><Relationships>&x;</Relationships>'
    members = {"xl/_rels/workbook.xml.rels": laughs, "xl/workbook.xml": b"<workbook/>"}
    source = archive(tmp_path / "x.xlsx", members)
    assert refused(source, tmp_path) == [("", None, "", "not-a-spreadsheet")]


@pytest.mark.parametrize("what", [Format.XLSX, Format.GMNS])
def test_an_import_of_nothing_is_told(tmp_path, what):
    with pytest.raises(InvalidTables) as caught:
        FileExchange().read(what, tmp_path / "nothing", tmp_path / "out")
    assert {f.code for f in caught.value.faults} == {"no-file"}
    assert not (tmp_path / "out").exists()


# --- what is written -------------------------------------------------------------------------


@pytest.fixture
def full_disk():
    """Lets no file grow beyond 4 KiB, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("what", list(Format))
def test_a_full_disk_leaves_nothing_behind_and_the_old_file_whole(tmp_path, what, full_disk):
    target = tmp_path / "target"
    if what is not Format.GMNS:
        target.write_bytes(b"what was here")
    with pytest.raises(InvalidInput) as caught:
        FileExchange().export(what, target, PERIOD)
    assert caught.value.facts["reason"]
    assert [each.name for each in tmp_path.iterdir()] == ([] if what is Format.GMNS else ["target"])
    assert what is Format.GMNS or target.read_bytes() == b"what was here"


def test_a_device_is_never_replaced_by_a_file(tmp_path):
    before = Path("/dev/full").stat()
    with pytest.raises(InvalidInput):
        FileExchange().export(Format.GEOJSON, Path("/dev/full"), PERIOD)
    assert Path("/dev/full").stat().st_rdev == before.st_rdev


def test_a_folder_is_never_replaced_by_a_file(tmp_path):
    with pytest.raises(InvalidInput):
        FileExchange().export(Format.GEOJSON, tmp_path, PERIOD)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_not_written_into(tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(InvalidInput):
        FileExchange().export(Format.GMNS, tmp_path, PERIOD)
    with pytest.raises(InvalidInput):
        FileExchange().write_templates(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]


def test_a_target_in_a_folder_that_is_not_there_is_told(tmp_path):
    for what in (Format.GMNS, Format.GEOJSON):
        with pytest.raises(InvalidInput):
            FileExchange().export(what, tmp_path / "no" / "such" / "folder", PERIOD)
    assert list(tmp_path.iterdir()) == []


def test_an_older_file_is_replaced_and_keeps_its_place_behind_a_link(tmp_path):
    real = tmp_path / "real.geojson"
    real.write_text("old")
    (tmp_path / "link.geojson").symlink_to(real)
    FileExchange().export(Format.GEOJSON, tmp_path / "link.geojson", PERIOD)
    assert (tmp_path / "link.geojson").is_symlink()
    assert real.read_bytes().startswith(b'{"type":"FeatureCollection"')
    mask = os.umask(0o022)
    os.umask(mask)
    assert real.stat().st_mode & 0o777 == 0o666 & ~mask


def test_tables_with_faults_are_not_exported(put, tmp_path):
    folder = put("network/links.csv", "id,running_h", f"{FERRY},NaN")
    with pytest.raises(InvalidTables):
        FileExchange().export(Format.XLSX, tmp_path / "out", PERIOD, folder)
    assert not (tmp_path / "out").exists()


def test_the_shipped_tables_are_untouched_by_all_this():
    text = (files("karvan") / "data" / "network" / "links.csv").read_bytes()
    assert io.BytesIO(text).readline().startswith(b"id,")
    assert FileTables().check().faults == ()
