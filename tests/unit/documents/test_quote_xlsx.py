"""The spreadsheet of a quote says what its JSON says."""

import io
import re
import zipfile
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.adapters.documents.quote_xlsx import LINES_SUM, XlsxQuotes
from karvan.adapters.formats.sheets import read_sheets
from printed_cases import a_document, a_line, a_way, an_answer

SHEETS = [
    "Summary", "Alternatives", "Price lines", "Legs", "Calls", "Documents", "Refused",
]  # fmt: skip
DANGEROUS = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "\r=1")


def written(document):
    return XlsxQuotes().write(document).data


def sheets(document):
    found, faults = read_sheets("quote.xlsx", written(document), stored_values=True)
    assert faults == ()
    return found


def records(rows):
    header, *rest = rows
    return [dict(zip(header, row, strict=True)) for row in rest]


def test_the_sheets_stand_in_order():
    found = list(sheets(a_document()))
    assert found[:7] == SHEETS
    assert found[-1] == "Versions"


def test_every_price_line_leg_and_call_is_there_with_its_figures():
    answer = an_answer()
    found = sheets(a_document())
    for key, name in (("price_lines", "Price lines"), ("legs", "Legs"), ("calls", "Calls")):
        wanted = [(way["rank"], row) for way in answer["alternatives"] for row in way[key]]
        got = records(found[name])
        assert len(got) == len(wanted)
        for row, (rank, given_row) in zip(got, wanted, strict=True):
            assert row["way"] == str(rank)
            for column, value in given_row.items():
                assert same(row.get(column, row.get(f"{column} (UTC)")), value), column


def same(cell, value):
    if isinstance(value, bool):
        return cell == str(value).upper()
    if isinstance(value, list):
        return cell == ", ".join(value)
    if isinstance(value, int | float):
        return float(cell) == value
    if value is None:
        return cell == ""
    if value[:4].isdigit() and value.endswith("Z"):
        return cell == value.replace("T", " ").removesuffix("Z")
    try:
        return Decimal(cell) == Decimal(value)
    except ArithmeticError:
        return cell == value


def test_sums_of_lines_are_formulas_that_agree_with_totals():
    for row in records(sheets(a_document())["Alternatives"]):
        assert Decimal(row[LINES_SUM]) == Decimal(row["price.amount"]) == Decimal("3000.10")
    _, faults = read_sheets("quote.xlsx", written(a_document()))
    assert {fault.code for fault in faults} == {"formula"}
    assert len(faults) == 3


FORMULA = re.compile(
    r"ROUND\(SUMIF\('Price lines'!\$(\w)\$2:\$\1\$(\d+),(\d+),"
    r"'Price lines'!\$(\w)\$2:\$\4\$\2\),2\)"
)


def test_the_formulas_add_up_the_quoted_amounts_of_their_way():
    header, *rows = sheets(a_document())["Price lines"]
    with zipfile.ZipFile(io.BytesIO(written(a_document()))) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
    formulas = re.findall("<f>(.*?)</f>", sheet)
    assert len(formulas) == 2
    for rank, formula in enumerate(formulas, start=1):
        ways, last, wanted, amounts = FORMULA.fullmatch(formula).groups()
        assert (int(last), int(wanted)) == (len(rows) + 1, rank)
        assert header[ord(ways) - ord("A")] == "way"
        assert header[ord(amounts) - ord("A")] == "amount_quoted"


def test_a_sum_that_differs_from_the_total_is_seen():
    price = a_way()["price"] | {"amount": "3000.11"}
    (row,) = records(
        sheets(a_document(an_answer(alternatives=[a_way(price=price)])))["Alternatives"]
    )
    assert (row["price.amount"], row[LINES_SUM]) == ("3000.11", "3000.1")


def test_money_is_a_number_with_its_currency_and_no_cent_is_lost():
    amounts = ["0.01", "1234567890123.45", "0.10", "0.20", "99999999999999.99"]
    lines = [a_line("HAUL", "KTZ", "A", "B", amount) for amount in amounts]
    document = a_document(an_answer(alternatives=[a_way(lines=lines)]))
    got = [row["amount_quoted"] for row in records(sheets(document)["Price lines"])]
    assert [Decimal(each) for each in got] == [Decimal(each) for each in amounts]
    with zipfile.ZipFile(io.BytesIO(written(document))) as archive:
        styles = archive.read("xl/styles.xml").decode()
        sheet = archive.read("xl/worksheets/sheet3.xml").decode()
    assert "#,##0.00 [$USD]" in styles
    assert "<v>1234567890123.45</v>" in sheet


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula(text):
    line = a_line(text, text, text, text, "1.00", rule=text)
    document = a_document(an_answer(alternatives=[a_way(lines=[line])], scope=text))
    _, faults = read_sheets("quote.xlsx", written(document))
    assert len(faults) == 2  # our own two: of the way, and in the summary
    with zipfile.ZipFile(io.BytesIO(written(document))) as archive:
        assert "http://x" not in "".join(
            archive.read(name).decode() for name in archive.namelist() if name.endswith(".rels")
        )
    (row,) = records(sheets(document)["Price lines"])
    assert row["rule"] == text.replace("\r", "_x000D_") or row["rule"] == text


def test_the_same_quote_gives_the_same_bytes():
    assert written(a_document()) == written(a_document())


def test_headers_are_frozen_and_instants_name_their_zone():
    with zipfile.ZipFile(io.BytesIO(written(a_document()))) as archive:
        for number in range(1, 8):
            assert 'state="frozen"' in archive.read(f"xl/worksheets/sheet{number}.xml").decode()
    assert "departs_at (UTC)" in sheets(a_document())["Legs"][0]
    assert "created_at (UTC)" in [row[0] for row in sheets(a_document())["Summary"]]


def test_a_list_that_is_new_has_a_sheet_of_its_own():
    way = a_way(payers=[{"carrier": "KTZ", "amount": "1820.05"}])
    (row,) = records(sheets(a_document(an_answer(alternatives=[way])))["Payers"])
    assert row == {
        "way": "1", "carrier": "KTZ", "carrier name": "Kazakhstan Railways", "amount": "1820.05",
    }  # fmt: skip


def test_what_a_line_holds_in_lists_is_in_its_cell():
    factors = [{"rule": "K3", "value": "0.85"}, {"rule": "K4", "value": "1.1"}]
    way = a_way(lines=[a_line("HAUL", "KTZ", "A", "B", "1.00", factors=factors)])
    (row,) = records(sheets(a_document(an_answer(alternatives=[way])))["Price lines"])
    assert row["factors"] == "rule: K3, value: 0.85; rule: K4, value: 1.1"


@pytest.mark.parametrize("answer", [{}, an_answer(alternatives=[], refused=[])])
def test_what_is_empty_has_empty_sheets(answer):
    found = sheets(a_document(answer))
    assert set(SHEETS) <= set(found)
    assert found["Price lines"] == []


TEXT = st.one_of(st.sampled_from(DANGEROUS), st.text(max_size=40))


@settings(max_examples=25)
@given(texts=st.lists(TEXT, min_size=4, max_size=4))
def test_any_texts_can_be_written_and_read(texts):
    name, rule, key, label = (text.encode("utf-8", "replace").decode() for text in texts)
    line = a_line(name, rule, name, label, "12.34", rule=rule)
    way = a_way(lines=[line], labels=[label], **{key or "new": [{label: rule}]})
    document = a_document(
        an_answer(alternatives=[way], scope=rule, quote_id=name), **{"KZ-ALM": name}
    )
    assert set(SHEETS) <= set(sheets(document))
    with zipfile.ZipFile(io.BytesIO(written(document))) as archive:
        ET.fromstring(archive.read("docProps/core.xml"))
