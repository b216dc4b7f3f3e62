"""The table reader: typed rows, or every fault with file, row and column; never a crash."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.adapters.files import tables
from karvan.adapters.files.tables import decode_table, read_attributes, read_table
from karvan.domain.errors import InvalidTables
from karvan.network.attributes import Attribute

ATTRIBUTES = (
    Attribute(name="id", type="id", required=True),
    Attribute(name="name", type="string", required=True),
    Attribute(name="tracks", type="int", default="1"),
    Attribute(name="length_km", type="float"),
    Attribute(name="tariff_usd_t", type="decimal"),
    Attribute(name="estimate", type="bool", default="yes"),
    Attribute(name="valid_from", type="date"),
    Attribute(name="source", type="list"),
    Attribute(name="mode", type="enum:rail|road", default="rail"),
)
HEADER = ",".join(attribute.name for attribute in ATTRIBUTES)


def read(*lines, header=HEADER):
    return read_table("t.csv", "\n".join([header, *lines]) + "\n", ATTRIBUTES)


def codes(faults):
    return [(fault.row, fault.column, fault.code) for fault in faults]


def test_a_full_row_is_typed():
    rows, faults = read('A-1,"Aktau, port",2,12.5,8.25,no,2025-09-30,a;b,road')
    assert faults == ()
    assert rows[0].row == 2
    assert rows[0].values == {
        "id": "A-1",
        "name": "Aktau, port",
        "tracks": 2,
        "length_km": 12.5,
        "tariff_usd_t": Decimal("8.25"),
        "estimate": False,
        "valid_from": date(2025, 9, 30),
        "source": ("a", "b"),
        "mode": "road",
    }


def test_empty_and_missing_optional_cells_take_the_default_or_nothing():
    whole, faults = read("A-1,Aktau,,,,,,,")
    short_header, more = read("A-1,Aktau", header="id,name")
    assert faults == more == ()
    assert whole[0].values == short_header[0].values
    assert whole[0].values["tracks"] == 1
    assert whole[0].values["mode"] == "rail"
    assert whole[0].values["estimate"] is True
    assert whole[0].values["length_km"] is None
    assert whole[0].values["source"] == ()


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("id", "", "missing-value"),
        ("id", "two words", "not-an-id"),
        ("name", " Aktau", "surrounding-space"),
        ("name", "Ak\x00tau", "control-character"),
        ("name", "x" * 20_001, "too-long"),
        ("tracks", "1.0", "not-an-integer"),
        ("tracks", "9" * 19, "not-an-integer"),
        ("tracks", "٣", "not-an-integer"),
        ("length_km", "nan", "not-finite"),
        ("length_km", "-Infinity", "not-finite"),
        ("length_km", "1e999", "not-finite"),
        ("length_km", "12,5", "long-row"),
        ("length_km", "twelve", "not-a-number"),
        ("length_km", "1_000", "not-a-number"),
        ("tariff_usd_t", "NaN", "not-finite"),
        ("tariff_usd_t", "1e3", "not-a-number"),
        ("estimate", "true", "not-yes-or-no"),
        ("valid_from", "2025-02-30", "not-a-date"),
        ("valid_from", "30.09.2025", "not-a-date"),
        ("valid_from", "20250930", "not-a-date"),
        ("source", "a;;b", "not-a-list"),
        ("source", "a; b", "not-a-list"),
        ("source", "a;a", "repeated-part"),
        ("mode", "Rail", "not-in-list"),
    ],
)
def test_a_wrong_cell_is_told_by_row_and_column(column, text, code):
    cells = {"id": "A-2", "name": "Baku"} | {column: text}
    line = ",".join(cells.get(attribute.name, "") for attribute in ATTRIBUTES)
    rows, faults = read("A-1,Aktau,,,,,,,", line)
    assert len(rows) == 1
    assert codes(faults) == [(3, "" if code == "long-row" else column, code)]


def test_all_faults_of_all_rows_are_told():
    rows, faults = read(",,x,,,,,,", "A-1,ok,,,,,,,", "A-2", "A-3,b,,,,,,,,,", "A-4,ok,,,,,,,maybe")
    assert [row.values["id"] for row in rows] == ["A-1"]
    assert codes(faults) == [
        (2, "id", "missing-value"),
        (2, "name", "missing-value"),
        (2, "tracks", "not-an-integer"),
        (4, "", "short-row"),
        (5, "", "long-row"),
        (6, "mode", "not-in-list"),
    ]


def test_the_header_is_checked_whole():
    rows, faults = read("1,2,3", header="id,colour,id")
    assert rows == ()
    assert codes(faults) == [
        (1, "colour", "unknown-column"),
        (1, "id", "duplicate-column"),
        (1, "name", "missing-column"),
    ]


@pytest.mark.parametrize("text", ["", "\ufeff"])
def test_a_table_without_a_header_is_told(text):
    assert codes(read_table("t.csv", text, ATTRIBUTES)[1]) == [(1, "", "no-header")]


def test_broken_quoting_is_told_with_its_row_and_no_row_is_trusted():
    rows, faults = read("A-1,Aktau,,,,,,,", 'A-2,"open')
    assert rows == ()
    assert codes(faults) == [(3, "", "not-csv")]


def test_a_quoted_line_break_is_no_new_row():
    rows, faults = read('A-1,"two\nlines",,,,,,,', "A-2,,,,,,,,")
    assert rows[0].values["name"] == "two\nlines"
    assert codes(faults) == [(3, "name", "missing-value")]


def test_a_byte_order_mark_and_dos_line_ends_are_tolerated():
    text, faults = decode_table("t.csv", b"\xef\xbb\xbfid,name\r\nA-1,Aktau\r\n")
    assert faults == ()
    rows, faults = read_table("t.csv", text, ATTRIBUTES)
    assert (len(rows), faults) == (1, ())
    assert read_table("t.csv", "\ufeffid,name\nA-1,Aktau\n", ATTRIBUTES)[1] == ()


def test_another_encoding_is_refused_with_its_row():
    text, faults = decode_table("t.csv", "id,name\nA-1,Актау\n".encode("cp1251"))
    assert text is None
    assert codes(faults) == [(2, "", "wrong-encoding")]


def test_a_file_beyond_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(tables, "MAX_TABLE_BYTES", 20)
    assert codes(decode_table("t.csv", b"x" * 21)[1]) == [(None, "", "too-large")]
    assert codes(read_table("t.csv", "й" * 11, ATTRIBUTES)[1]) == [(None, "", "too-large")]


@given(st.text(max_size=300))
def test_any_text_gives_rows_or_faults(text):
    rows, faults = read_table("t.csv", text, ATTRIBUTES)
    assert rows or faults or text.count("\n") <= 1


@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=10), max_size=6))
def test_any_cells_give_rows_or_faults(lines):
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in cells) for cells in lines]
    rows, faults = read(*quoted)
    told = {fault.row for fault in faults} | {row.row for row in rows}
    assert told == set(range(2, 2 + len(lines)))


@given(st.binary(max_size=200))
def test_any_bytes_give_text_or_a_fault(data):
    text, faults = decode_table("t.csv", data)
    assert (text is None) == bool(faults)


CELL = "attribute,type,unit,default,required,description\n"


def test_attributes_are_read_with_type_default_and_choices():
    text = CELL + "length_km,float,km,,yes,Length.\nstatus,enum:open|idle,,open,no,State.\n"
    length, status = read_attributes(text)
    assert (length.type, length.unit, length.required) == ("float", "km", True)
    assert (status.choices, status.default, length.choices) == (("open", "idle"), "open", ())


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ("a,complex,,,no,x", "type", "unknown-type"),
        ("a,enum:,,,no,x", "type", "unknown-type"),
        ("a,enum:b||c,,,no,x", "type", "unknown-type"),
        ("a,int,,many,no,x", "default", "not-an-integer"),
        ("a,enum:b|c,,d,no,x", "default", "not-in-list"),
        ("a,int,,,perhaps,x", "required", "not-yes-or-no"),
        ("a,int,,,no,", "description", "missing-value"),
    ],
)
def test_a_wrong_attribute_table_is_refused(line, column, code):
    with pytest.raises(InvalidTables) as caught:
        read_attributes(CELL + line + "\n")
    assert codes(caught.value.faults) == [(2, column, code)]


def test_an_attribute_stands_once():
    with pytest.raises(InvalidTables) as caught:
        read_attributes(CELL + "a,int,,,no,x\na,int,,,no,x\n")
    assert codes(caught.value.faults) == [(3, "attribute", "duplicate-id")]
