"""Trade of two countries: what is told, what is imported, what it loads."""

import csv
import io
import json
import re
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

import accounting
from karvan.adapters.files.trade_tables import read_trade
from karvan.adapters.formats.comtrade import ALPHA2, decoded, read_comtrade
from karvan.bootstrap import HtmlPages, Trades
from karvan.domain.errors import InvalidTables, NotFound
from karvan.interfaces.cli import app
from karvan.interfaces.wiring import Wiring
from karvan.network.trade import Flow
from karvan.services.trade.importing import laid_over
from karvan.services.trade.loads import loads_of
from karvan.services.trade.turnover import chapters_of, trade_of

COLUMNS = (
    *("refYear", "refMonth", "reporterISO", "flowCode", "partnerISO", "partner2ISO", "cmdCode"),
    *("customsCode", "motCode", "netWgt", "primaryValue", "cmdDesc"),
)


@pytest.fixture(scope="module")
def tables():
    return read_trade()


@pytest.fixture
def karvan(tmp_path, now, capsys):
    wiring = Wiring(tables=None, clock=lambda: now, folder=tmp_path, trade=Trades())

    def run(*arguments):
        status = app.run(list(arguments), wiring)
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    return run


def figure(code, value, *, reporter="KAZ", flow="X", partner="AZE", year=2024, mass="", **more):
    row = {"refYear": year, "refMonth": 52, "reporterISO": reporter, "flowCode": flow}
    row |= {"partnerISO": partner, "cmdCode": code, "primaryValue": value, "netWgt": mass}
    return row | more


def comtrade(rows, columns=COLUMNS, delimiter=","):
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, delimiter=delimiter, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.fixture
def imported(tmp_path):
    def read(rows, encoding="utf-8", **form):
        path = tmp_path / "comtrade.csv"
        path.write_bytes(comtrade(rows, **form).encode(encoding))
        return read_comtrade(path)

    return read


def test_a_figure_of_the_table_says_what_its_fact_says(tables):
    facts = {":".join(fact): row for fact, row in accounting.read_facts().items()}
    for row in tables.values:
        (fact,) = row.fact
        told = facts[fact]
        assert ";".join(row.source) == told["source"]
        assert str(row.year) in told["period"] or told["period"] == "medium term"
        if "stands in the note" in row.note:
            assert f"{row.value:g} {row.unit}" in told["note"]
        else:
            assert (row.value, row.unit) == (float(told["value"]), told["unit"])
            assert [row.low or "", row.high or ""] == [
                float(told[end]) if told[end] else "" for end in ("low", "high")
            ]


def test_2023_is_told_by_both_counts_and_against_2022_and_2020(tables):
    found = trade_of(tables, "kz", "AZ")
    by_count = {(each.year, each.reporter): each for each in found.years}

    last = by_count[2023, "KZ"]
    assert found.main == "KZ"
    assert (last.turnover, last.there, last.back) == pytest.approx((529.4e6, 456.3e6, 73.0e6))
    assert round(last.growth, 3) == 0.143
    assert (round(last.times, 1), last.times_of) == (4.9, 2020)
    assert by_count[2022, "KZ"].turnover == pytest.approx(463.3e6)
    assert by_count[2023, "AZ"].turnover == pytest.approx(598.47e6)
    assert by_count[2023, "AZ"].growth is None
    (mirror,) = (each for each in found.mirrors if each.year == 2023)
    assert round(mirror.apart, 3) == 0.130


def test_the_other_way_round_the_ways_change_places_and_nothing_else(tables):
    one, other = trade_of(tables, "KZ", "AZ"), trade_of(tables, "AZ", "KZ")

    assert (one.main, other.main) == ("KZ", "AZ")
    for mine, theirs in zip(one.years, other.years, strict=True):
        assert (mine.there, mine.back) == (theirs.back, theirs.there)
        assert (mine.turnover, mine.growth) == (theirs.turnover, theirs.growth)


def test_loads_have_ends_and_a_weighed_one_is_what_was_weighed(tables, imported):
    there, _, basket = loads_of(tables, trade_of(tables, "KZ", "AZ"))
    assert there.tonnes.low < there.tonnes.value < there.tonnes.high
    assert there.teu.low < there.teu.value < there.teu.high
    assert there.tonnes.value == pytest.approx(456.3e6 / 648)
    assert basket.usd == 300e6
    assert "100 items" in basket.scope

    told = imported([figure("TOTAL", 5e8, mass=2e9), figure("TOTAL", 8e7, flow="M", mass=1e8)])
    weighed, back, _ = loads_of(tables, trade_of(laid_over(tables, told), "KZ", "AZ"))
    assert (weighed.year, weighed.weighed) == (2024, True)
    assert weighed.tonnes.low == weighed.tonnes.high == 2e6
    assert weighed.teu.value == pytest.approx(2e6 * 0.3 / 12)
    assert back.tonnes.value == 1e5


def test_an_imported_year_follows_the_shipped_ones_and_the_counts_stay_apart(tables, imported):
    told = imported(
        [
            figure("TOTAL", 500e6),
            figure("TOTAL", 60e6, flow="M"),
            figure("TOTAL", 520e6, reporter="AZE", flow="M", partner="KAZ"),
            figure("10", 200e6, mass=1e9),
            figure("72", 300e6),
        ]
    )
    laid = laid_over(tables, told)
    found = trade_of(laid, "KZ", "AZ", 2024)

    kazakh = next(each for each in found.years if each.reporter == "KZ")
    assert (kazakh.there, kazakh.back, kazakh.turnover) == (500e6, 60e6, 560e6)
    assert kazakh.growth == pytest.approx(560 / 529.4 - 1)
    azeri = next(each for each in found.years if each.reporter == "AZ")
    assert (azeri.there, azeri.turnover) == (520e6, None)
    shares = chapters_of(laid, "KZ", "AZ", 2024, "KZ")
    assert [(each.chapter, each.share) for each in shares] == [("72", 0.6), ("10", 0.4)]
    assert shares[1].title == "Cereals"
    assert (shares[0].net_kg, shares[1].net_kg) == (None, 1e9)


def test_an_import_stands_for_the_shipped_figure_of_the_same(tables, imported):
    told = imported([figure("TOTAL", 460e6, year=2023)])
    found = trade_of(laid_over(tables, told), "KZ", "AZ", 2023)
    kazakh = next(each for each in found.years if each.reporter == "KZ")

    assert (kazakh.there, kazakh.back) == (460e6, 73.0e6)
    assert kazakh.turnover == pytest.approx(533e6)
    assert [row.source for row in kazakh.rows if row.imported] == [("comtrade.csv",)]


leaves = st.dictionaries(
    st.sampled_from(["010121", "010129", "020110", "720810", "720825", "721041"]),
    st.integers(1, 10**9),
    min_size=1,
)


@given(leaves, st.randoms(use_true_random=False), st.sampled_from([(), ("TOTAL",)]))
def test_coarser_rows_repeat_finer_ones_and_never_add_to_them(tmp_path_factory, goods, order, top):
    rows = [figure(code, value, mass=value / 2) for code, value in goods.items()]
    coarse = [
        figure(head, sum(v for code, v in goods.items() if code.startswith(head)))
        for length in (2, 4)
        for head in {code[:length] for code in goods}
    ]
    coarse += [figure(code, sum(goods.values())) for code in top]
    shuffled = [*rows, *coarse, *rows[:2]]
    order.shuffle(shuffled)
    path = tmp_path_factory.getbasetemp() / "levels.csv"
    found = []
    for given_rows in (rows, shuffled):
        path.write_text(comtrade(given_rows))
        found.append(read_comtrade(path))

    (fine,), (both,) = (each.values for each in found)
    assert fine.value == both.value == sum(goods.values()) / 1e6
    assert fine.net_kg == pytest.approx(sum(goods.values()) / 2)
    amounts = [[(c.chapter, c.value_usd) for c in each.by_chapter] for each in found]
    assert amounts[0] == amounts[1]
    assert found[1].twice == len(rows[:2])


def test_months_add_up_to_a_year_and_a_year_that_is_told_counts_before_them(imported):
    months = [figure("TOTAL", 10, refMonth=month) for month in range(1, 13)]

    (year,) = imported(months).values
    (part,) = imported(months[3:9]).values
    (told,) = imported([*months, figure("TOTAL", 125)]).values

    assert (year.value * 1e6, year.whole_year) == (120, True)
    assert (part.value * 1e6, part.first_month, part.last_month) == (60, 4, 9)
    assert told.value * 1e6 == 125


def test_parts_of_a_row_and_re_exports_are_not_added_to_it(imported):
    whole = figure("TOTAL", 100, customsCode="C00", motCode="0", partner2ISO="W00")
    parts = [
        whole | {"customsCode": "C04", "primaryValue": 40},
        whole | {"motCode": "2100", "primaryValue": 60},
        whole | {"partner2ISO": "GEO", "primaryValue": 5},
        whole | {"flowCode": "RX", "primaryValue": 30},
        figure("TOTAL", 900, partner="USA") | {"partnerISO": "JPN"},
    ]

    found = imported([whole, *parts])

    assert [row.value * 1e6 for row in found.values] == [100]
    assert (found.rows, found.elsewhere) == (6, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_of_spreadsheets_are_read(imported, encoding, delimiter):
    rows = [figure("TOTAL", 100, cmdDesc="Café"), figure("10", 40)]

    found = imported(rows, encoding, delimiter=delimiter)

    assert [row.value * 1e6 for row in found.values] == [100]
    assert "Café" in decoded("Café".encode(encoding))


def test_the_columns_of_older_files_are_read(imported):
    names = {
        "refYear": "Year",
        "reporterISO": "Reporter ISO",
        "flowCode": "Trade Flow",
        "partnerISO": "Partner ISO",
        "cmdCode": "Commodity Code",
        "primaryValue": "Trade Value (US$)",
        "netWgt": "Netweight (kg)",
    }
    row = {new: figure("TOTAL", 70, mass=9)[old] for old, new in names.items()}

    (found,) = imported([row | {"Trade Flow": "Export"}], columns=tuple(names.values())).values

    assert (found.flow, found.origin, found.value * 1e6, found.net_kg) == (Flow.GOODS, "KZ", 70, 9)


def test_every_fault_of_a_file_is_told_by_row_and_column(imported):
    rows = [
        figure("TOTAL", 100),
        figure("TOTAL", 101),
        figure("TOTAL", "many", year=2023),
        figure("1O", -4, year="twenty"),
        figure("10", 4, reporter="KZ", flow=""),
        figure("10", "1e999", mass="x", refMonth=13),
        figure("11", "1e16"),
    ]

    with pytest.raises(InvalidTables) as caught:
        imported(rows)

    told = {(fault.row, fault.column) for fault in caught.value.faults}
    assert told == {
        (3, "primaryValue"),
        (4, "primaryValue"),
        *((5, column) for column in ("refYear", "cmdCode", "primaryValue")),
        *((6, column) for column in ("reporterISO", "flowCode")),
        *((7, column) for column in ("refMonth", "primaryValue", "netWgt")),
        (8, "primaryValue"),
    }
    with pytest.raises(InvalidTables) as caught:
        imported([], columns=("refYear", "refYear", "cmdCode"))
    assert {fault.column for fault in caught.value.faults} == {
        *("refYear", "reporteriso", "partneriso", "flowcode", "primaryvalue")
    }


@given(st.binary(max_size=400))
def test_whatever_a_file_holds_it_is_read_or_its_faults_are_told(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    head = ",".join(COLUMNS).encode() + b"\n"
    for content in (data, head + data):
        path.write_bytes(content)
        with pytest.raises(InvalidTables):
            read_comtrade(path)


@pytest.mark.parametrize(
    ("name", "fault"),
    [(".", "not a plain file"), ("/dev/zero", "not a plain file"), ("long.csv", "not CSV")],
)
def test_what_is_no_table_is_refused_without_reading_it_all(tmp_path, name, fault):
    (tmp_path / "long.csv").write_text(",".join(COLUMNS) + "\n2023,KAZ," + "x" * 200_000)

    with pytest.raises(InvalidTables) as caught:
        read_comtrade(tmp_path / name)

    assert fault in str(caught.value.faults[0])


def test_thousands_of_rows_are_read(imported):
    rows = [
        figure(f"{code:06d}", code, year=year, mass=1)
        for year in range(2010, 2020)
        for code in range(10_000, 11_500)
    ]

    found = imported(rows)

    assert (found.rows, len(found.values)) == (15_000, 10)
    assert {row.value * 1e6 for row in found.values} == {sum(range(10_000, 11_500))}


def test_every_country_of_the_tables_has_its_code(tables):
    territories = {"EAEU"}

    assert set(ALPHA2.values()) == tables.countries - territories
    assert all(len(code) == 3 and code.isupper() for code in ALPHA2)


def test_the_command_tells_the_same_on_paper_and_as_json(karvan, tmp_path):
    (tmp_path / "un.csv").write_text(comtrade([figure("TOTAL", 500e6), figure("72", 500e6)]))

    status, out, _ = karvan("trade", "KZ", "AZ")
    out = " ".join(out.split())
    more, text, err = karvan("trade", "KZ", "AZ", "--json", "--import", str(tmp_path / "un.csv"))

    told = json.loads(text)
    assert (status, more) == (0, 0)
    for words in (
        "529.4 M USD in 2023",
        "+14.3% on the 463.3 of 2022",
        "4.9 times the 109.0 of 2020",
        "AZ counts 598.5 M USD in 2023, 13.0% more than KZ",
        "New goods, KZ > AZ, told for 2024: non-raw goods ready to export, 100 items, 300 M USD.",
        "KZ > AZ 2022 Ferrous scrap 72 (7204)",
        "704 (304 - 1,141) 17,604 (1,521 - 85,556)",
    ):
        assert words in out
    assert "un.csv: 2 rows" in err
    assert "529.4 M USD in 2023, 11.5% less than AZ" in karvan("trade", "AZ", "KZ")[1]
    last = next(y for y in told["years"] if (y["year"], y["counted_by"]) == (2024, "KZ"))
    assert last["there"] == 500e6
    assert last["chapters"][0]["title"] == "Iron and steel"
    assert {row["goods"] for row in told["goods"]} >= {"Rails and track material", "Pipes"}
    assert all(row["source"] for row in (*told["goods"], *told["other_figures"]))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("KZ", "XX"), "KZ"),
        (("KZ", "KZ"), "KZ AZ"),
        (("AM", "FR"), "KZ AZ"),
        (("KZ", "AZ", "--year", "1999"), "2023"),
        (("KZ", "AZ", "--import", "nowhere.csv"), "nowhere.csv"),
    ],
)
def test_what_is_not_known_is_told_with_what_is(karvan, arguments, words):
    status, out, err = karvan("trade", *arguments)

    assert (status, out) == (2, "")
    assert words in err


def test_a_pair_without_dollars_has_no_load(tables):
    found = trade_of(tables, "EU", "CN")

    assert found.years[-1].currency == "EUR"
    assert loads_of(tables, found) == ()
    with pytest.raises(NotFound):
        trade_of(replace(tables, values=()), "EU", "CN")


def test_a_year_alone_has_no_basket_of_another_and_says_of_which_years_there_are(karvan, tables):
    """Neither among the figures nor among the loads."""
    of_2023, of_2024 = (trade_of(tables, "KZ", "AZ", year) for year in (2023, 2024))

    assert (of_2023.baskets, of_2023.basket_years) == ((), (2024,))
    assert (len(of_2024.baskets), of_2024.basket_years) == (1, ())
    assert {load.year for load in loads_of(tables, of_2023)} == {2023}
    told = karvan("trade", "KZ", "AZ", "--year", "2023")[1]
    assert "New goods that are ready to be sold are told for other years: 2024." in told
    assert "100 items" not in told


def test_the_page_of_a_pair_tells_what_the_terminal_tells(now, tmp_path, capsys):
    wiring = Wiring(
        tables=None, clock=lambda: now, folder=tmp_path, trade=Trades(), reports=HtmlPages()
    )
    page = tmp_path / "trade.html"

    assert app.run(["trade", "KZ", "AZ", "--report", str(page)], wiring) == 0

    shown = capsys.readouterr().out
    told = unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page.read_text(), flags=re.DOTALL))
    word = re.compile(r"[A-Za-z0-9]+(?:[.,][0-9]+)*%?")
    assert len(word.findall(shown)) > 300
    assert set(word.findall(shown.lower())) <= set(word.findall(told.lower()))
    assert "karvan trade KZ AZ --report trade.html" in told
    assert app.run(["trade", "KZ", "AZ", "--report", str(tmp_path / "no" / "x.html")], wiring) == 2
