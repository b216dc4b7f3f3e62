"""Cells of a spreadsheet: what is read, and that nothing a file says of itself is believed."""

import io
import random
import re
import tracemalloc
from datetime import date, datetime

import pytest
import xlsxwriter

from karvan.adapters.formats.archives import pack, unpack
from karvan.adapters.formats.sheets import number_text, read_sheets
from karvan.adapters.formats.xlsx import parse_xlsx


def book(write, **options):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, **options}) as made:
        write(made, made.add_worksheet("links"))
    return buffer.getvalue()


def read(data):
    sheets, faults = read_sheets("x.xlsx", data)
    assert faults == ()
    return sheets["links"]


def changed(data, member, old, new):
    members = dict(unpack("x", data)[0])
    assert old in members[member]
    members[member] = members[member].replace(old, new)
    return pack(members)


def test_numbers_texts_dates_and_truths_are_read_as_people_see_them():
    def write(made, sheet):
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        hour = made.add_format({"num_format": "dd.mm.yy hh:mm"})
        days = made.add_format({"num_format": '0 "days"'})
        sheet.write_row(0, 0, ["id", "a", "b", "c"])
        sheet.write_row(1, 0, [382.7, 40, -0.5, 123456789012345])
        sheet.write_datetime(2, 0, date(2026, 12, 3), day)
        sheet.write_datetime(2, 1, datetime.fromisoformat("2026-12-03T05:30"), hour)
        sheet.write_number(2, 2, 7, days)
        sheet.write_boolean(2, 3, True)
        sheet.write_string(3, 0, " Қызылорда\n1 ")
        sheet.write_rich_string(3, 1, "a", made.add_format({"bold": True}), "b", "c")

    assert read(book(write)) == [
        ["id", "a", "b", "c"],
        ["382.7", "40", "-0.5", "123456789012345"],
        ["2026-12-03", "2026-12-03 05:30:00", "7", "TRUE"],
        [" Қызылорда\n1 ", "abc", "", ""],
    ]


def test_a_workbook_that_counts_from_1904_is_read_by_its_own_days():
    def write(made, sheet):
        sheet.write_datetime(0, 0, date(2026, 12, 3), made.add_format({"num_format": "d/m/yy"}))

    assert read(book(write, date_1904=True)) == [["2026-12-03"]]


def test_texts_inside_the_cell_are_read():
    def write(_, sheet):
        sheet.write_string("A1", "id")

    assert read(book(write, constant_memory=True)) == [["id"]]


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("382.69999999999999", "382.7"),
        ("1E+2", "100"),
        ("0.1", "0.1"),
        ("-0", "0"),
        ("1e300", "1e+300"),
    ],
)
def test_a_number_is_told_as_short_as_it_can_be(stored, text):
    assert number_text(stored) == text


def test_rows_and_columns_are_counted_to_the_last_filled_cell():
    def write(made, sheet):
        sheet.write_row(0, 0, ["id", "", "note"])
        sheet.write_string(3, 0, "x")
        sheet.write_blank(9, 9, None, made.add_format({"bold": True}))

    assert read(book(write)) == [["id", "", "note"], ["", "", ""], ["", "", ""], ["x", "", ""]]


def test_no_room_is_made_for_what_a_file_only_announces():
    plain = book(lambda _, sheet: sheet.write_row(0, 0, ["id", "name"]))
    data = changed(plain, "xl/sharedStrings.xml", b'count="2"', b'count="99999999999"')
    data = changed(data, "xl/worksheets/sheet1.xml", b'ref="A1:B1"', b'ref="A1:XFD1048576"')
    tracemalloc.start()
    assert read(data) == [["id", "name"]]
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'r="A1"', b""),
        (b'r="A1"', b'r="1A"'),
        (b"<v>0</v>", b"<v>7</v>"),
        (b"<v>0</v>", b"<v>-1</v>"),
        (b"<v>0</v>", b"<v>x</v>"),
        (b"</row>", b""),
    ],
)
def test_a_broken_sheet_is_told(old, new):
    plain = book(lambda _, sheet: sheet.write_string(0, 0, "id"))
    data = changed(plain, "xl/worksheets/sheet1.xml", old, new)
    assert [f.code for f in read_sheets("x.xlsx", data)[1]] == ["not-a-spreadsheet"]


def test_whatever_happened_to_a_workbook_it_gives_tables_or_faults():
    def write(made, sheet):
        sheet.write_row(0, 0, ["id", "length_km"])
        sheet.write_row(1, 0, ["x", 3.5])
        sheet.write_datetime(2, 0, date(2026, 12, 3), made.add_format({"num_format": "d/m/yy"}))
        made.add_worksheet("sources").write_row(0, 0, ["key", "title"])

    members = dict(unpack("x", book(write))[0])
    draw = random.Random(7)
    for _ in range(400):
        broken = dict(members)
        name = draw.choice(list(members))
        data = bytearray(members[name])
        at = draw.randrange(len(data))
        numbers = list(re.finditer(rb"\d+", bytes(data)))
        match draw.randrange(4):
            case 0:
                data[at] = draw.randrange(256)
            case 1:
                del data[at : at + draw.randrange(1, 20)]
            case 2 if numbers:
                found = draw.choice(numbers)
                data[found.start() : found.end()] = draw.choice([b"-1", b"9" * 20, b"1e999"])
            case _:
                del broken[name]
        if name in broken:
            broken[name] = bytes(data)
        files, faults = parse_xlsx("x.xlsx", pack(broken))
        assert files or faults
