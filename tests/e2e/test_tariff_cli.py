"""`karvan tariff` from outside: check, show, compare, export and import, with every fault."""

import csv
import json
from datetime import UTC, datetime

import pytest

from karvan.bootstrap import wire
from karvan.interfaces.cli import app
from karvan.interfaces.wiring import Wiring

HEAD = "id,carrier,scope,from_places,to_places,both_ways,unit,equipment,basis,amount,currency,"
HEAD += "valid_from,rule,source,estimate"
NEW = "N1,KTZ,haul,KZ-ALT,KZ-AKT,no,container,40,container,2500,USD,2026-12-01,offer,asco.az,no"


@pytest.fixture
def karvan(capsys, tmp_path):
    """Runs a command in this process with a fixed clock; gives status, output and errors."""

    def run(*arguments):
        real = wire()
        wiring = Wiring(
            tables=real.tables,
            rate_sheets=real.rate_sheets,
            clock=lambda: datetime(2026, 11, 21, 12, tzinfo=UTC),
            folder=tmp_path,
        )
        status = app.run([str(each) for each in arguments], wiring)
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def as_json(result, status=0):
    assert result[0] == status, result
    return json.loads(result[1] or result[2])


def sheet(folder, *lines):
    folder.mkdir()
    (folder / "rates.csv").write_text("\n".join((HEAD, *lines, "")), encoding="utf-8")
    return folder


def test_check_counts_what_is_in_use_estimated_old_and_carried_forward(karvan):
    told = as_json(karvan("tariff", "check", "--on", "2026-12-03", "--json"))

    rates = told["rows"]["rate"]
    assert rates["in_use"] == (rates["in_force"] + rates["carried_forward"] + rates["on_request"])
    assert rates["rows"] == rates["in_use"] + rates["replaced"] + rates["later"]
    assert 0 < rates["estimates"] < rates["in_use"]
    assert told["faults"] == []
    assert {warning["code"] for warning in told["warnings"]} == {"no-base"}
    assert "MTT-40" in told["base_tables"]


def test_show_gives_the_rows_of_a_carrier_on_a_day(karvan):
    status, page, _ = karvan("tariff", "show", "KTZ", "--cargo", "40", "--on", "2026-12-03")

    assert status == 0
    assert "~1.05 USD / container_km (0.24 to 1.77)" in page
    assert "the ETT base, which is not public" in page
    told = as_json(karvan("tariff", "show", "TITR", "--on", "2018-06-01", "--json"))
    figures = {(r["figure"], r["state"], r["fact"][0]) for r in told["rows"]}
    assert figures == {("2301", "in force", "T221"), ("3474", "in force", "T222")}


def test_show_of_a_place_names_its_charges_and_says_what_it_does_not_know(karvan):
    told = as_json(karvan("tariff", "show", "places", "--place", "GE-POT", "--json"))

    assert {(r["scope"], r["equipment"][0]) for r in told["rows"]} == {
        ("handling", "20"),
        ("handling", "40"),
    }
    assert as_json(karvan("tariff", "show", "NOBODY", "--json"), 2)["code"] == "not-found"
    assert as_json(karvan("tariff", "show", "KTZ", "--on", "soon", "--json"), 2)["errors"]


def test_two_years_are_compared_in_percent(karvan):
    told = as_json(karvan("tariff", "diff", "--on", "2021-06-01", "--and", "2022-06-01", "--json"))

    changed = {r["new"]["id"]: r["percent"] for r in told["rows"] if r["change"] == "changed"}
    assert changed["R141"] == "-24.7"
    assert changed["R144"] == "-3.6"


def test_a_book_goes_out_as_a_workbook_and_comes_back_the_same(karvan, tmp_path):
    book, folder = tmp_path / "book.xlsx", tmp_path / "tables"

    out = as_json(karvan("tariff", "export", book, "--json"))
    back = as_json(karvan("tariff", "import", book, "--into", folder, "--json"))

    assert out["tariff_version"] == back["tariff_version"]
    assert as_json(karvan("tariff", "diff", "shipped", folder, "--json"))["differ"] is False
    with (folder / "tariffs" / "rates.csv").open(newline="", encoding="utf-8") as stream:
        assert len(list(csv.DictReader(stream))) == out["rows"]["tariffs/rates.csv"]


def test_a_rate_sheet_is_laid_over_and_shows_as_what_appeared(karvan, tmp_path):
    sheet(tmp_path / "offer", NEW)

    done = as_json(
        karvan("tariff", "import", tmp_path / "offer", "--into", tmp_path / "t", "--add", "--json")
    )
    told = as_json(
        karvan("tariff", "diff", "shipped", tmp_path / "t", "--on", "2026-12-03", "--json")
    )

    assert done["rows"] == {"tariffs/rates.csv": 1}
    assert [(r["change"], r["new"]["id"]) for r in told["rows"]] == [("appeared", "N1")]


@pytest.mark.parametrize(
    ("old", "new", "column", "code"),
    [
        ("KZ-ALT,KZ-AKT", "KZ-ALT,KZ-ACTAU", "to_places", "unknown-place"),
        (",2500,", ",2 500,", "amount", "not-a-number"),
        (",asco.az,", ",,", "source", "missing-value"),
        (",USD,", ",USDT,", "currency", "unknown-currency"),
        (",container,40,container,", ",container,40,box,", "basis", "not-in-list"),
    ],
)
def test_a_wrong_row_is_found_with_file_and_row_and_nothing_is_written(
    karvan, tmp_path, old, new, column, code
):
    assert old in NEW
    folder = sheet(tmp_path / "offer", NEW, NEW.replace("N1", "N2").replace(old, new))

    status, _, err = karvan("tariff", "import", folder, "--into", tmp_path / "t", "--add", "--json")

    told = json.loads(err)["errors"]
    assert status == 2
    assert any(f["column"] == column and f["code"] == code and f["row"] == 3 for f in told), told
    assert all(f["file"] == str(folder / "rates.csv") for f in told)
    assert not (tmp_path / "t").exists()


def test_a_wrong_cell_of_a_workbook_is_told_by_its_sheet(karvan, tmp_path):
    xlsxwriter = pytest.importorskip("xlsxwriter")
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("rates")
        for number, line in enumerate((HEAD, NEW.replace("2500", "-2500"))):
            page.write_row(number, 0, line.split(","))

    status, _, err = karvan("tariff", "import", path, "--into", tmp_path / "t", "--add", "--json")

    (fault,) = json.loads(err)["errors"]
    assert status == 2
    assert (fault["file"], fault["row"]) == (f"{path}#rates", 2)


def test_a_folder_without_a_table_of_the_book_is_refused(karvan, tmp_path):
    (tmp_path / "empty").mkdir()

    status, _, err = karvan("tariff", "check", tmp_path / "empty", "--json")

    assert status == 2
    assert json.loads(err)["errors"][0]["code"] == "no-tables"
