"""The printed quote: all figures are on it, whatever the texts are."""

import io
import re
import zlib
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
import segno
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from karvan.adapters.documents.glyphs import FAMILIES, Glyphs
from karvan.adapters.documents.quote_pdf import PdfQuotes
from karvan.adapters.documents.strips import axis_h, strip, ticks
from karvan.services.quoting.checking import check_code
from printed_cases import a_document, a_line, a_way, an_answer

HOSTILE = (
    '#read("/etc/passwd")',
    "$x^2$ *bold* _it_ `raw` @ref <label> \\ [ ] { } // /* #",
    '"] #panic("no") [',
    "a" * 900,
    "\u202eevil\u202c",
    "tab\tand\nline\x00\x07",
    "",
)
SCRIPTS = (
    "Ақтау Өскемен Ұлытау",
    "ფოთი",
    "İstanbul A\u011fr\u0131 Ş\u0131rnak",
    "Şəki Gəncə",
    "Ёлка",
)


@pytest.fixture(scope="module")
def quotes():
    return PdfQuotes()


def read(data):
    return PdfReader(io.BytesIO(data))


def png_rows(data, count):
    """The first rows of a PNG of four bytes a pixel (ISO/IEC 15948, 9.2)."""
    width, stream, at = int.from_bytes(data[16:20]), b"", 8
    assert data[24:26] == bytes((8, 6))
    while at < len(data):
        length = int.from_bytes(data[at : at + 4])
        if data[at + 4 : at + 8] == b"IDAT":
            stream += data[at + 8 : at + 8 + length]
        at += 12 + length
    raw, rows, size = zlib.decompress(stream), [], 4 * width
    above = bytes(size)
    for y in range(count):
        kind = raw[y * (size + 1)]
        row = bytearray(raw[y * (size + 1) + 1 : (y + 1) * (size + 1)])
        for i in range(size):
            a = row[i - 4] if i >= 4 else 0
            b, c = above[i], above[i - 4] if i >= 4 else 0
            if kind == 4:
                guess = min((a, b, c), key=lambda v, p=a + b - c: abs(p - v))
            else:
                guess = (0, a, b, (a + b) // 2)[kind]
            row[i] = (row[i] + guess) % 256
        rows.append(row)
        above = row
    return rows


def words(data):
    """The text of all pages, without line breaks, spaces and places to break."""
    text = "".join(page.extract_text() for page in read(data).pages)
    return re.sub(r"[\s\u200b\ufffe]", "", text)


def squeezed(text):
    return re.sub(r"\s", "", text)


def test_every_price_line_and_every_total_is_printed(quotes):
    data = quotes.write(a_document()).data
    text, apart = words(data), " ".join(page.extract_text() for page in read(data).pages)
    answer = an_answer()
    for line in answer["alternatives"][0]["price_lines"]:
        amount = f"{Decimal(line['amount_quoted']):,f}"
        assert re.search(rf"(?<![0-9,.]){re.escape(amount)}(?![0-9])", apart), amount
        assert squeezed(line["rule"]) in text
    for each in ("HaulAlmaty-Aktauport", "HandlingAktauport", "910,025KZT", "1,700.4AZN"):
        assert each in text, each
    for way in answer["alternatives"]:
        price = way["price"]
        for key in ("amount", "low", "high"):
            assert f"{Decimal(price[key]):,f}" in text
    assert text.count("3,000.10USD") >= 2
    for each in ("Almaty", "Aktauport", "KazakhstanRailways", "est", "old", "Askfirst"):
        assert each in text
    for each in (answer["network_hash"], answer["quote_id"], "ConsignmentnoteSMGS", "no-rate"):
        assert each in text


def test_every_way_is_in_the_list_of_all(quotes):
    prices = [a_way()["price"] | {"amount": f"{rank}11.22"} for rank in (1, 2, 3)]
    ways = [a_way(rank, price=price) for rank, price in enumerate(prices, start=1)]
    text = words(quotes.write(a_document(an_answer(alternatives=ways))).data)
    counts = [text.count(f"{price['amount']}USD") for price in prices]
    assert counts == [4, 1, 1]  # the first in the head, the sum, the list and the code
    assert "All3ways" in text


def test_the_code_is_printed_whole_and_as_a_qr_code(quotes):
    answer = an_answer()
    data = quotes.write(a_document()).data
    assert squeezed(check_code(answer)) in words(data)

    ppmm = 4
    first = quotes.pictures(a_document(), ppi=25.4 * ppmm)[0]
    rows = png_rows(first, 45 * ppmm)
    modules = [list(row) for row in segno.make_qr(check_code(answer), error="m").matrix]
    side, left, top = 27 * ppmm / len(modules), (210 - 14 - 27) * ppmm, 13 * ppmm
    seen = [
        [rows[int(top + (y + 0.5) * side)][4 * int(left + (x + 0.5) * side)] < 128 for x in at]
        for y, at in enumerate([range(len(modules))] * len(modules))
    ]
    assert seen == [[bool(module) for module in row] for row in modules]
    quiet = rows[int(top + 27 * ppmm + 3.5 * side)]
    assert min(quiet[4 * left : 4 * int(left + 27 * ppmm)]) > 250


def test_the_same_quote_gives_the_same_bytes_and_another_does_not(quotes):
    first = quotes.write(a_document()).data
    assert PdfQuotes().write(a_document()).data == first
    assert quotes.write(a_document(an_answer(scope="Gate to gate."))).data != first


def test_many_at_once_give_the_same_bytes():
    fresh = PdfQuotes()
    document = a_document(**{"KZ-ALM": "Алматы ფოთი 西"})
    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(lambda _: fresh.write(document).data, range(8)))
    assert len(made) == 1


def test_it_is_an_archival_pdf_dated_by_the_quote(quotes):
    document = read(quotes.write(a_document()).data)
    assert b"pdfaid:part" in document.xmp_metadata.stream.get_data()
    assert document.metadata.title == "Quote Q-3F3263BAEBD11E51"
    assert document.metadata.creation_date.isoformat() == "2026-11-22T02:28:13+00:00"


def test_two_ways_take_two_pages_and_twenty_take_few(quotes):
    many = [a_way(rank) for rank in range(1, 21)]
    assert len(read(quotes.write(a_document()).data).pages) == 2
    assert len(read(quotes.write(a_document(an_answer(alternatives=many))).data).pages) <= 5


def test_no_way_at_all_is_a_page_that_says_so(quotes):
    text = words(quotes.write(a_document(an_answer(alternatives=[]))).data)
    assert "Nowaywasfound" in text
    assert "Nobodypublishesaratehere" in text


def test_an_empty_object_is_a_page(quotes):
    assert len(read(quotes.write(a_document({})).data).pages) == 1


def test_factors_limits_and_what_is_on_request_are_told(quotes):
    way = a_way(
        lines=[
            a_line("HAUL", "KTZ", "KZ-ALM", "KZ-AKT", "1820.05"),
            a_line("CLASS7", "ferry", "KZ-AKT", "AZ-ALT", None, on_request="ask the line in Baku"),
            a_line(
                "WAGON", "KTZ", "KZ-ALM", "KZ-AKT", "10.00", limited_by="maximum",
                factors=[{"rule": "K3 own wagon", "value": "0.850", "source": "F12"}],
            ),
            a_line("FUEL", "KTZ", "KZ-ALM", "KZ-AKT", "9.10", basis="percent", rate="5.0"),
        ],
    )  # fmt: skip
    text = words(quotes.write(a_document(an_answer(alternatives=[way]))).data)
    for each in (
        "CLASS7Aktauport-Alatport", "askthelineinBaku", "onrequest:ferry", "limitedbymaximum",
        "1,491container-kmx0.55x0.85", "x0.85byK3ownwagon", "from3,000.10USD", "Total,from",
        "FuelsurchargeAlmaty", "5%of1,491",
    ):  # fmt: skip
        assert each in text, each


def test_the_joint_price_stands_beside_the_national_sum(quotes):
    shares = [
        {
            "joint": "TITR", "from": "KZ-ALM", "to": "AZ-ALT", "method": "by_tariff",
            "amounts": {"KTZ": "1842.92", "ferry": "651.08"},
        }
    ]  # fmt: skip
    joint = {"national_sum": "10533.00", "saves": "4349.05", "shares": shares}
    text = words(quotes.write(a_document(an_answer(alternatives=[a_way(joint=joint)]))).data)
    assert (
        "TITR,Almaty-Alatport:2,494.00USD.ItfallstoKazakhstanRailways1,842.92,ferry651.08." in text
    )
    assert "Thenationaltariffsaloneask10,533.00USDforthisway,4,349.05more." in text

    joint |= {"national_sum": None, "saves": None}
    text = words(quotes.write(a_document(an_answer(alternatives=[a_way(joint=joint)]))).data)
    assert "2,494.00USD" in text
    assert "nationaltariffs" not in text


def test_carriers_are_paid_one_by_one_and_places_in_sum(quotes):
    way = a_way(
        payees=[
            {"payee": "terminal:KZ-ALM", "amount": "60.00", "payer": None},
            {"payee": "KTZ", "amount": "1820.05", "payer": "1234567"},
            {"payee": "terminal:KZ-AKT", "amount": "120.10", "payer": None},
            {"payee": "customs:AZ-ALT", "amount": "59.00", "payer": None},
            {"payee": "terminal:AZ-ALT", "amount": "7.00", "payer": "me"},
        ]
    )
    text = words(quotes.write(a_document(an_answer(alternatives=[way]))).data)
    for each in (
        "KazakhstanRailwayspaidby12345671,820.05", "Terminalsandborders(2)180.10",
        "Customsdeclarations(1)59.00", "Terminalsandborders(1)paidbyme7.00",
    ):  # fmt: skip
        assert each in text, each


def test_a_payee_whose_price_is_on_request_is_not_paid_nothing(quotes):
    way = a_way(
        lines=[
            a_line("HAUL", "KTZ", "KZ-ALM", "KZ-AKT", "10.00"),
            a_line("HAUL", "KTZ", "KZ-ALM", "KZ-AKT", None),
            a_line("HAUL", "ferry", "KZ-AKT", "AZ-ALT", None),
        ],
        payees=[{"payee": "KTZ", "amount": "10.00"}, {"payee": "ferry", "amount": "0.00"}],
    )
    text = words(quotes.write(a_document(an_answer(alternatives=[way]))).data)
    assert "KazakhstanRailways10.00+onrequest" in text
    assert "ferryonrequest" in text


def test_days_are_told_by_cause_and_by_the_longest_stays(quotes):
    hours = {"moving": 240.0, "departure": 60.0, "border": 36.0, "queue": 0.0}
    places = {"KZ-ALM": 60.0, "KZ-AKT": 12.0, "AZ-ALT": 36.0, "KZ-ZZZ": 1.0}
    way = a_way(
        hours_by_cause=[
            {"cause": cause, "p50_h": each, "p95_h": each * 2} for cause, each in hours.items()
        ],
        where_the_days_go=[
            {"place": place, "cause": "moving", "p50_h": 240.0} for place in ("KZ-ZZZ", "KZ-AKT")
        ]
        + [{"place": place, "cause": "border", "p50_h": each} for place, each in places.items()],
        time_of_it_estimates={"hours": 240.0, "share": 0.8},
    )
    text = words(quotes.write(a_document(an_answer(alternatives=[way]))).data)
    assert "daysmovingfordeparturesatbordershalfarethere10.02.51.519in20arethere20.05.03.0" in text
    assert "Almaty2.5(mostlyatborders),Alatport1.5(mostlyatborders),Aktauport0.5" in text
    assert "80%ofthetimerestsonestimates" in text
    assert "KZ-ZZZ" not in text
    assert "inqueues" not in text


def test_the_request_says_what_was_asked_and_nothing_that_is_off(quotes):
    request = an_answer()["request"] | {
        "count": 4, "laden": True, "return_empty": False, "container_owner": "shipper",
        "un": "2912", "hazard_class": "7", "packing_group": None, "train": "single",
        "yearly_units": 0, "avoid": ["mode:deep_sea"], "via": ["place:KZ-AKT"],
        "no_transit": ["RU"], "rank_by": "balance",
        "weights": {"day_usd": "100", "late_day_usd": "0", "co2e_t_usd": "0"},
        "payers": {"KTZ": "1234567"}, "most": None, "tracking": "hourly", "off": False,
        "none_of": [],
    }  # fmt: skip
    text = words(quotes.write(a_document(an_answer(request=request))).data)
    for each in (
        "4x45G1(40'highcube)", "18,000kgeach", "HS851660:Ovensandcookers", "UN2912,class7",
        "keepsoffdeepsea;byAktauport;notacrossRU;1234567paysKazakhstanRailways",
        "Rankedbyprice+100USDaday", "Trackinghourly", "Journeyssampled100", "Seed20261121",
    ):  # fmt: skip
        assert each in text, each
    for each in (
        "Laden",
        "Return",
        "Yearly",
        "single",
        "shipper",
        "uncertainday",
        "Most",
        "Off",
        "Noneof",
    ):
        assert each not in text, each
    assert text.index("Seed") > text.index("Howtocheckit")


@pytest.mark.parametrize(
    ("unit", "told"),
    [
        ({"wagon": "covered_wagon", "count": 10, "length_m": "14.73", "axles": 4},
         "10xcoveredwagon,14.73m,4axles"),
        ({"oil": "cpc_blend", "count": 1, "mass_kg": "10000000"}, "oil,cpcblendMass10,000t"),
        ({"bulk": "grain", "mass_kg": "1500"}, "graininbulkMass1.5t"),
        ({"container": "22G1", "count": 1, "laden": False, "container_owner": "carrier",
          "mass_kg": None}, "1x22G1(20'),empty,ofthecarrier"),
        ({"container": "what?"}, "Unitwhat?"),
        ({"truck": "16.5", "train": "block", "yearly_units": 1200, "temperature_c": "2..8"},
         "2..8°C;blocktrain;1,200unitsayear"),
    ],
)  # fmt: skip
def test_units_are_said_in_words(quotes, unit, told):
    request = an_answer()["request"] | {"container": None} | unit
    assert told in words(quotes.write(a_document(an_answer(request=request))).data)


def test_the_title_has_names_and_ids_where_there_are_none(quotes):
    request = an_answer()["request"] | {"from": "CN-XIA", "to": "TR-IST"}
    document = a_document(an_answer(request=request), **{"CN-XIA": "Xi'an", "TR-IST": "Istanbul"})
    assert "Xi'an\N{EN DASH}IstanbulCN-XIA-TR-IST" in words(quotes.write(document).data)
    text = words(quotes.write(a_document(an_answer(request=request))).data)
    assert text.count("TR-IST") == 1


def test_labels_are_said_as_on_the_screen(quotes):
    way = a_way(labels=["best-balance", "avoids-ru", "avoids-ir", "newest_one"])
    text = words(quotes.write(a_document(an_answer(alternatives=[way]))).data)
    assert "Bestbalance,notthroughRussia,notthroughIran,newestone" in text


@pytest.mark.parametrize("name", SCRIPTS)
def test_names_of_the_corridor_print_in_their_own_script(quotes, name):
    made = quotes.write(a_document(**{"KZ-ALM": name}))
    assert made.unprintable == ()
    assert squeezed(name) in words(made.data)


def test_a_letter_that_no_font_has_becomes_a_square_and_is_told(quotes):
    made = quotes.write(a_document(**{"KZ-ALM": "西安 Xi'an"}))
    text = words(made.data)
    assert made.unprintable == ("安", "西")
    assert "□□Xi'an" in text
    assert "U+5B89,U+897F" in text


def test_text_is_never_markup(quotes):
    for name in HOSTILE:
        text = words(quotes.write(a_document(**{"KZ-ALM": name})).data)
        printable = "".join(c for c in name[:300] if c.isascii() and c.isprintable())
        assert squeezed(printable)[:60] in text


def test_a_direction_that_is_turned_is_not_obeyed(quotes):
    made = quotes.write(a_document(**{"KZ-ALM": "\u202e50.00\u202c"}))
    assert made.unprintable == ("\u202c", "\u202e")
    assert "□50.00□" in words(made.data)


TEXT = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXT, min_size=6, max_size=6), ways=st.integers(0, 3))
def test_any_texts_can_be_printed(quotes, texts, ways):
    name, rule, message, goods, label, key = (
        text.encode("utf-8", "replace").decode() for text in texts
    )
    line = a_line(name, rule, name, message, "12.34", rule=rule, source=goods, basis=label)
    way = a_way(
        lines=[line],
        labels=[label],
        payees=[{"payee": key, "amount": message}],
        corridor=goods,
        joint={"shares": [{"joint": name, "amounts": {key: rule}}]},
        hours_by_cause=[{"cause": label, "p50_h": 30.0}],
        where_the_days_go=[{"place": rule, "cause": message, "p50_h": 30.0}],
    )
    answer = an_answer(
        alternatives=[way] * ways, scope=message, excludes=[rule], quote_id=goods, note=name
    )
    made = quotes.write(a_document(answer, **{"KZ-ALM": name, "AZ-ALT": message}))
    assert read(made.data).pages


def test_marks_on_letters_of_another_font_do_not_end_the_export(quotes):
    made = quotes.write(a_document(**{"KZ-ALM": "ა\u0483\u20e3 ש\u0308\u0301 q\u0489"}))
    assert read(made.data).pages


def test_letters_of_all_names_of_the_corridor_have_shapes(published):
    names = [name.name for name in published.network.names]
    _, missing = Glyphs().clean(names)
    chinese = {c for c in missing if "\u2e80" <= c <= "\u9fff" or c in "\uff08\uff09"}
    assert set(missing) == chinese
    assert FAMILIES[0] == "Libertinus Serif"


def test_a_strip_fills_the_median_and_nothing_beyond():
    way = a_way()
    drawn = strip(way, axis_h([way]))
    last = drawn["pieces"][-1]
    assert last["at"] + last["length"] == pytest.approx(drawn["p50"])
    assert drawn["p50"] < drawn["p90"] < drawn["p95"] <= 1
    assert [piece["letter"] for piece in drawn["pieces"] if piece["letter"]] == ["R", "F"]
    assert [piece["leg"] for piece in drawn["pieces"] if piece["letter"]] == [1, 2]
    assert ticks(24 * 40.0)[1] == {"at": 0.125, "label": "5"}
