"""Single rules of the standards, and a second opinion on every check digit."""

import string

import pytest
import stdnum.az.voen
import stdnum.ean
import stdnum.imo
import stdnum.iso6346
import stdnum.lei
import stdnum.luhn
import stdnum.ru.inn
import stdnum.tr.vkn
from hypothesis import given
from hypothesis import strategies as st

from karvan.domain import errors
from karvan.domain.identifiers import (
    az_voen,
    container,
    etsng,
    grn,
    gs1,
    kz_bin,
    lei,
    mrn,
    ru_inn,
    ship,
    station,
    tr_vkn,
    wagon,
)
from karvan.domain.identifiers.container_type import COMMERCIAL_NAMES, ContainerGroup, ContainerType


def digits(length):
    return st.text(string.digits, min_size=length, max_size=length)


def accepts(parse, text):
    try:
        parse(text)
    except errors.InvalidIdentifier:
        return False
    return True


SECOND_OPINIONS = {
    "ship": (ship.ImoNumber.parse, stdnum.imo.is_valid, digits(7)),
    "VKN": (tr_vkn.Vkn.parse, stdnum.tr.vkn.is_valid, digits(10)),
    "INN": (ru_inn.Inn.parse, stdnum.ru.inn.is_valid, digits(10) | digits(12)),
    "VÖEN": (az_voen.Voen.parse, stdnum.az.voen.is_valid, digits(9).map(lambda d: d + "1")),
    "GTIN": (gs1.Gtin13.parse, stdnum.ean.is_valid, digits(13)),
    "LEI": (lei.Lei.parse, stdnum.lei.is_valid, digits(20)),
    "wagon": (wagon.Wagon1520.parse, stdnum.luhn.is_valid, digits(8)),
    "container": (
        container.ContainerNumber.parse,
        stdnum.iso6346.is_valid,
        st.from_regex(r"[A-Z]{3}[UJZ][0-9]{7}", fullmatch=True).filter(str.isascii),
    ),
}


@pytest.mark.parametrize("kind", SECOND_OPINIONS)
@given(data=st.data())
def test_python_stdnum_accepts_the_same_numbers(kind, data):
    parse, is_valid, numbers = SECOND_OPINIONS[kind]
    number = data.draw(numbers)

    # All ten last digits but that of a VÖEN, whose check digit is the one before.
    for digit in string.digits:
        candidate = number[:8] + digit + "1" if kind == "VÖEN" else number[:-1] + digit
        assert accepts(parse, candidate) == is_valid(candidate)


def weighed(text, weights):
    return sum(int(d) * w for d, w in zip(text, weights, strict=True))


def doubled(body):
    """The sum of the 1520 wagon rule, as the lecture notes write it."""
    products = [int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(body)]
    return sum(p // 10 + p % 10 for p in products)


def vkn_digit(body):
    total = 0
    for i, digit in enumerate(body):
        x = (int(digit) + 9 - i) % 10
        total += 0 if x == 0 else (x * 2 ** (9 - i) % 9 or 9)
    return (10 - total % 10) % 10


BY_HAND = {
    "ship": (ship.ImoNumber.parse, 6, lambda b: weighed(b, (7, 6, 5, 4, 3, 2)) % 10),
    "wagon of 8": (wagon.Wagon1520.parse, 7, lambda b: (10 - doubled(b) % 10) % 10),
    "wagon of 12": (wagon.WagonUic.parse, 11, lambda b: (10 - doubled(b) % 10) % 10),
    "VKN": (tr_vkn.Vkn.parse, 9, vkn_digit),
    "INN": (ru_inn.Inn.parse, 9, lambda b: weighed(b, (2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10),
    "GTIN": (gs1.Gtin13.parse, 12, lambda b: -weighed(b, (1, 3) * 6) % 10),
    "SSCC": (gs1.Sscc.parse, 17, lambda b: -weighed(b, (3, *(1, 3) * 8)) % 10),
}


@pytest.mark.parametrize("kind", BY_HAND)
@given(data=st.data())
def test_the_rule_written_out_gives_the_same_digit(kind, data):
    parse, length, rule = BY_HAND[kind]
    body = data.draw(digits(length))

    assert accepts(parse, f"{body}{rule(body)}")


@given(digits(10))
def test_both_check_digits_of_a_personal_inn_follow_their_weights(body):
    first = weighed(body, (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10
    second = weighed(f"{body}{first}", (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10

    assert accepts(ru_inn.Inn.parse, f"{body}{first}{second}")


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        (" msku\u00a0123456\u20115 ", "MSKU 123456 5"),
        ("MSKU/123456/5", "MSKU 123456 5"),
        ("MSKU1234565\n", "MSKU 123456 5"),
    ],
)
def test_usual_spellings_of_a_container_are_read(text, spelled):
    number = container.ContainerNumber.parse(text)

    assert str(number) == spelled
    assert number.compact == spelled.replace(" ", "")


@pytest.mark.parametrize("text", ["m\u017fku1234565", "MSKU12345\u096c5", "MSKU123456\uff15"])
def test_letters_and_digits_outside_ascii_are_not_bent_into_shape(text):
    with pytest.raises(errors.InvalidContainerNumber):
        container.ContainerNumber.parse(text)


def test_the_length_of_a_wagon_number_tells_its_kind():
    assert wagon.parse_wagon("9523 6196") == wagon.Wagon1520("95236196")
    assert wagon.parse_wagon("27 51 508 1 472-9").find_country() == "PL"
    assert wagon.WagonUic("310099999999").find_country() is None
    assert wagon.Wagon1520("77991230").kind == "tank"
    with pytest.raises(errors.InvalidWagonNumber, match="8 or 12"):
        wagon.parse_wagon("952361")


@pytest.mark.parametrize(
    "text", ["161170", "214043", "303069", "291035", "421034", "161043", "316073", "324031"]
)
def test_goods_codes_of_real_waybills_have_no_warning(text):
    assert etsng.warnings(etsng.EtsngCode.parse(text)) == ()


def test_the_station_rule_tries_a_second_weighting():
    assert station.esr_check_digit("66340") == 4  # 1*6+2*6+3*3+4*4+5*0 = 43, 43 % 11 = 10


@pytest.mark.parametrize("text", ["900230300017", "900101000017", "901301300017"])
def test_an_iin_needs_a_day_and_a_century(text):
    with pytest.raises(errors.InvalidPartyNumber, match="should be"):
        kz_bin.Iin.parse(text)


@pytest.mark.parametrize(
    ("text", "security"),
    [
        ("26GE310000000001J0", "0"),
        ("26TR060100A00042K5", "2"),
        ("27BG001008AB12CDL8", "1"),
        ("25RO700000X1Y2Z3M8", "3"),
        ("24FR00001234567J83", None),
    ],
)
def test_the_seventeenth_character_tells_the_security_data(text, security):
    assert mrn.Mrn.parse(text).find_security() == security


def test_published_reference_numbers_pass():
    for text in ("51GBLFUWH7WOI085M4", "24GBQ4OPL9LU18CNZ7", "01YH1DI5N73MAQI1Y8"):
        assert str(mrn.Mrn.parse(text)) == text


def test_a_voucher_is_not_in_the_sum():
    with_voucher = grn.Grn.parse("24RO7000000000M23B000123")

    assert with_voucher.is_voucher
    assert grn.warnings(with_voucher) == grn.warnings(grn.Grn.parse("24RO7000000000M23")) == ()


def test_doubtful_numbers_are_kept_and_told():
    assert container.warnings(container.ContainerNumber.parse("CSQU3054383")) == ()
    assert len(container.warnings(container.ContainerNumber.parse("KTZU0000060"))) == 1
    assert len(az_voen.warnings(az_voen.Voen.parse("1525855852"))) == 1
    assert az_voen.warnings(az_voen.Voen.parse("1401555071")) == ()


@pytest.mark.parametrize(
    ("name", "code", "length_ft", "height_mm", "group", "teu"),
    [
        ("20DC", "22G1", 20, 2591, ContainerGroup.GENERAL, 1.0),
        ("20GP", "22G1", 20, 2591, ContainerGroup.GENERAL, 1.0),
        ("40DC", "42G1", 40, 2591, ContainerGroup.GENERAL, 2.0),
        ("40HC", "45G1", 40, 2896, ContainerGroup.GENERAL, 2.0),
        ("40 ft hq", "45G1", 40, 2896, ContainerGroup.GENERAL, 2.0),
        ("45HC", "L5G1", 45, 2896, ContainerGroup.GENERAL, 2.25),
        ("20RF", "22R1", 20, 2591, ContainerGroup.REEFER, 1.0),
        ("40RF", "45R1", 40, 2896, ContainerGroup.REEFER, 2.0),
        ("20OT", "22U1", 20, 2591, ContainerGroup.OPEN_TOP, 1.0),
        ("40OT", "42U1", 40, 2591, ContainerGroup.OPEN_TOP, 2.0),
        ("20FR", "22P1", 20, 2591, ContainerGroup.FLAT_RACK, 1.0),
        ("40FR", "42P3", 40, 2591, ContainerGroup.FLAT_RACK, 2.0),
        ("20TK", "22T6", 20, 2591, ContainerGroup.TANK, 1.0),
        ("2200", "22G1", 20, 2591, ContainerGroup.GENERAL, 1.0),
        ("2010", "20G1", 20, 2438, ContainerGroup.GENERAL, 1.0),
        ("4300", "42G1", 40, 2591, ContainerGroup.GENERAL, 2.0),
        ("4532", "45R1", 40, 2896, ContainerGroup.REEFER, 2.0),
        ("2276", "22T6", 20, 2591, ContainerGroup.TANK, 1.0),
        ("22VH", "22VH", 20, 2591, ContainerGroup.VENTILATED, 1.0),
        ("M5G1", "M5G1", 48, 2896, ContainerGroup.GENERAL, 2.4),
    ],
)
def test_a_container_type_says_what_it_is(name, code, length_ft, height_mm, group, teu):
    kind = ContainerType.parse(name)

    assert str(kind) == code
    assert (kind.length_ft, kind.height_mm, kind.group, kind.teu) == (
        length_ft,
        height_mm,
        group,
        teu,
    )


def test_every_name_of_the_trade_leads_to_a_known_code():
    for name, code in COMMERCIAL_NAMES.items():
        assert ContainerType.parse(name) == ContainerType.parse(code) == ContainerType(code)


def test_height_and_width_of_a_container_are_told_apart():
    assert ContainerType.parse("LEG1").is_high_cube
    assert ContainerType.parse("LEG1").is_wide
    assert not ContainerType.parse("42G1").is_wide
    assert not ContainerType.parse("42G1").is_high_cube
