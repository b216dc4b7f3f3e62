"""Tables laid over the shipped ones: replaced, added, taken out; faults name the user's row."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from karvan.adapters.files import catalogue
from karvan.adapters.files.overlay import lay_over
from karvan.adapters.files.published import FileTables, check_overlay
from karvan.adapters.files.source_keys import parse_sources, render_sources
from karvan.adapters.files.templates import templates
from karvan.domain.errors import InvalidTables

DATA = files("karvan") / "data"


@pytest.fixture
def own(tmp_path):
    """A folder of one's own, and a way to put tables into it."""
    folder = tmp_path / "own"
    folder.mkdir()

    def put(path, *lines):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return folder

    return put


def told(folder):
    """Faults as (file below the folder, row, column, code)."""
    checked = FileTables().check(folder)
    assert checked.published is None or not checked.faults
    return {
        (str(f.file).removeprefix(f"{folder}/"), f.row, f.column, f.code) for f in checked.faults
    }


def shipped_rows(path):
    with DATA.joinpath(*path.split("/")).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_table_is_told_apart_by_its_key():
    for path in catalogue.TABLES:
        rows = shipped_rows(path)
        names = [tuple(row[column] for column in catalogue.key(path)) for row in rows]
        assert len(set(names)) == len(names), path
        known = {column.name for column in catalogue.columns(path)}
        assert set(rows[0]) <= known, path


def test_a_known_row_keeps_what_is_not_stated(own, published):
    folder = own("tariffs/rates.csv", "id,amount,high", "R001,0.61,0.9")

    book = FileTables().load(folder).book

    changed = {rate.id: rate for rate in book.rates}["R001"]
    before = {rate.id: rate for rate in published.book.rates}["R001"]
    assert (str(changed.amount), str(changed.high)) == ("0.61", "0.9")
    assert (changed.carrier, changed.low, changed.source) == (
        before.carrier,
        before.low,
        before.source,
    )
    assert len(book.rates) == len(published.book.rates)
    assert book.version != published.book.version


def test_what_is_the_same_gives_the_same_hashes(own, published):
    folder = own("tariffs/rates.csv", "id,amount", "R001,0.550")
    loaded = FileTables().load(folder)
    assert loaded.book.version == published.book.version
    assert loaded.network.hashes == published.network.hashes


def add_place(own, source="own-knowledge"):
    """A new place, with the names that every place has."""
    own(
        "network/place_names.csv",
        "place,language,name,source",
        *(f"KZ-OURS,{language},Our terminal,{source}" for language in ("en", "ru", "kk")),
    )
    return own(
        "network/places.csv",
        "id,name,country,kind,lat_deg,lon_deg,time_zone,customs_territory,source",
        f"KZ-OURS,Our terminal,KZ,rail_terminal,43.7,51.3,Asia/Almaty,EAEU,{source}",
    )


def test_rows_are_added_with_a_source_of_ones_own(own, published):
    own("sources.toml", '["our-survey"]', 'title = "Survey of the yard"')
    folder = add_place(own, "our-survey")

    network = FileTables().load(folder).network

    assert network.places["KZ-OURS"].source == ("our-survey",)
    assert len(network.places) == len(published.network.places) + 1
    assert network.hashes.places_and_links != published.network.hashes.places_and_links
    assert network.hashes.rules == published.network.hashes.rules


def test_a_new_place_without_a_link_is_warned_of_by_its_own_row(own):
    folder = add_place(own)
    ours = {str(warning) for warning in FileTables().check().warnings}
    (warning,) = [w for w in FileTables().check(folder).warnings if str(w) not in ours]
    assert (warning.file, warning.row, warning.code) == (
        str(folder / "network" / "places.csv"),
        2,
        "no-link",
    )


def test_rows_are_taken_out(own, published):
    rows = [r for r in shipped_rows("rules/hs_warnings.csv") if r["prefix"] == "850760"]
    line = ",".join([rows[0]["prefix"], rows[0]["code"], "yes"])
    folder = own("rules/hs_warnings.csv", "prefix,code,remove", line)

    rules = FileTables().load(folder).network.rules

    assert len(rules.hs_warnings) == len(published.network.rules.hs_warnings) - 1


def test_a_row_taken_out_that_others_need_is_a_fault_of_theirs(own):
    folder = own("network/places.csv", "id,remove", "KZ-AKT,yes")
    files_at_fault = {(file, code) for file, _, _, code in told(folder)}
    assert ("links.csv", "unknown-place") in files_at_fault


@pytest.mark.parametrize(
    ("table", "lines", "expected"),
    [
        ("network/links.csv", ["id,colour", "X,red"], (1, "colour", "unknown-column")),
        ("network/links.csv", ["length_km", "4"], (1, "id", "missing-column")),
        ("network/links.csv", ["id,id", "a,b"], (1, "id", "duplicate-column")),
        ("network/links.csv", ["id,length_km", "X"], (2, "", "short-row")),
        ("network/links.csv", ["id,length_km", "X,1"], (2, "mode", "missing-column")),
        ("network/places.csv", ["id,remove", "XX-NIL,yes"], (2, "id", "unknown-row")),
        ("network/places.csv", ["id,remove", "KZ-AKT,1"], (2, "remove", "not-yes-or-no")),
        (
            "network/places.csv",
            ["id,note", "KZ-AKT,", "KZ-AKT,"],
            (3, "id", "duplicate-id"),
        ),
        ("network/places.csv", ["id,lat_deg", "KZ-AKT,nan"], (2, "lat_deg", "not-finite")),
        (
            "network/links.csv",
            ["id,length_km", "KZ-AKT--AZ-ALT:rail_ferry,4500000"],
            (2, "length_km", "out-of-range"),
        ),
        ("tariffs/rates.csv", ["id,source", "R001,nobody"], (2, "source", "unknown-source")),
    ],
)
def test_a_fault_names_the_users_file_and_row(own, table, lines, expected):
    assert (table, *expected) in told(own(table, *lines))


def test_faults_of_all_tables_are_told_at_once(own):
    own("network/places.csv", "id,lat_deg", "KZ-AKT,north")
    own("tariffs/rates.csv", "id,colour", "R001,red")
    folder = own("sources.toml", "not toml at all")

    with pytest.raises(InvalidTables) as caught:
        FileTables().load(folder)

    assert {(f.file.rpartition("/")[2], f.code) for f in caught.value.faults} >= {
        ("places.csv", "not-a-number"),
        ("rates.csv", "unknown-column"),
        ("sources.toml", "not-toml"),
    }


def test_a_table_with_another_name_is_not_passed_over(own):
    own("links.csv", "id")
    folder = own("network/lnks.csv", "id")
    checked = FileTables().check(folder)
    assert [(f.code, f.message) for f in checked.faults] == [
        ("unknown-table", "there is no such table; network/links.csv?"),
        ("unknown-table", "there is no such table; network/links.csv?"),
    ]


def test_a_folder_without_tables_is_no_folder_of_tables(tmp_path):
    assert {f.code for f in FileTables().check(tmp_path).faults} == {"no-tables"}


@pytest.mark.parametrize("make", ["nothing", "file"])
def test_what_is_no_folder_is_refused(tmp_path, make):
    target = tmp_path / "x"
    if make == "file":
        target.write_text("x")
    with pytest.raises(InvalidTables) as caught:
        FileTables().load(target)
    assert [f.code for f in caught.value.faults] == ["no-folder"]


def test_a_table_may_stand_alone(own, published):
    own("complete.toml", 'tables = ["rules/country_notices.csv"]')
    folder = own(
        "rules/country_notices.csv",
        "country,code,warning,rule,source",
        "IR,sanctions-check,Ask the lawyers,own rule,own-knowledge",
    )
    network = FileTables().load(folder).network
    assert [notice.country for notice in network.rules.country_notices] == ["IR"]
    assert len(network.places) == len(published.network.places)


def test_a_table_that_stands_alone_keeps_its_row_numbers(own):
    own("complete.toml", 'tables = ["rules/country_notices.csv"]')
    folder = own(
        "rules/country_notices.csv",
        "country,code,warning,rule,source",
        "IR,sanctions-check,Ask,own rule,own-knowledge",
        "RU,sanctions-check,Ask,own rule,nobody",
    )
    assert ("rules/country_notices.csv", 3, "source", "unknown-source") in told(folder)


def test_when_all_stand_alone_each_must_be_there(own):
    folder = own("complete.toml", 'tables = ["*"]')
    codes = {code for _, _, _, code in told(folder)}
    assert "no-file" in codes


@pytest.mark.parametrize("line", ["tables = 3", 'tables = ["network/nil.csv"]', "tables = [", ""])
def test_a_wrong_list_of_complete_tables_is_a_fault(own, line):
    own("tariffs/rates.csv", "id,amount", "R001,0.55")
    folder = own("complete.toml", line)
    checked = FileTables().check(folder)
    assert {f.code for f in checked.faults} <= {"not-in-list", "not-toml"}
    assert checked.published is None


def test_sources_come_back_as_they_were():
    shipped, faults = parse_sources("sources.toml", (DATA / "sources.toml").read_bytes())
    assert faults == ()
    odd = {**shipped, 'a "b" \\ c': {"title": "é\u2028\x7f\t"}}
    assert parse_sources("s", render_sources(odd)) == (odd, ())


def test_templates_say_nothing_until_they_are_filled_in(tmp_path, published):
    for path, data in templates().items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    assert FileTables().load(tmp_path).network.hashes == published.network.hashes


def test_the_examples_of_the_templates_are_rows_of_ours(tmp_path, published):
    for path, data in templates().items():
        if path.startswith("examples/"):
            file = tmp_path / path.removeprefix("examples/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
    assert FileTables().load(tmp_path).network.hashes == published.network.hashes


def test_the_page_of_the_templates_names_every_column():
    page = templates()["README.md"].decode("utf-8")
    for path in catalogue.TABLES:
        assert f"## {path}\n" in page
        assert all(f"| `{column.name}` |" in page for column in catalogue.columns(path))


def test_nothing_is_layered_without_a_need(own):
    layered = lay_over(own("tariffs/rates.csv", "id,amount", "R001,0.56"))
    assert layered.faults == ()
    for path in catalogue.TABLES:
        same = (
            layered.folder.joinpath(*path.split("/")).read_bytes()
            == DATA.joinpath(*path.split("/")).read_bytes()
        )
        assert same == (path != "tariffs/rates.csv")


def test_an_unknown_column_does_not_hide_the_faults_of_the_others(tmp_path):
    (tmp_path / "network").mkdir()
    (tmp_path / "network" / "services.csv").write_text(
        "id,headway_h,colour\nCASP-AKT-ALT-FEEDER,nan,red\n", encoding="utf-8"
    )

    told = {(f.row, f.column, f.code) for f in check_overlay(tmp_path).faults}

    assert told == {(1, "colour", "unknown-column"), (2, "headway_h", "not-finite")}
