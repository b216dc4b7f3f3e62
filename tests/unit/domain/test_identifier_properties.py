"""What holds for every identifier, whatever is typed."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from karvan.domain import errors
from karvan.domain.identifiers import (
    az_voen,
    container,
    container_type,
    country,
    customs_office,
    eori,
    etsng,
    ge_id,
    gng,
    grn,
    gs1,
    hs_code,
    kz_bin,
    lei,
    lrn,
    mrn,
    ru_inn,
    ship,
    station,
    tr_vkn,
    un_number,
    unlocode,
    wagon,
)

# Kind -> its reader, and the pattern of all but the last digit where that is a check digit.
CHECKED = {
    "container": (container.ContainerNumber.parse, r"[A-Z]{3}[UJZ][0-9]{6}"),
    "wagon of 8": (wagon.Wagon1520.parse, r"[0-9]{7}"),
    "wagon of 12": (wagon.WagonUic.parse, r"[0-9]{11}"),
    "station": (station.StationCode.parse, r"[0-9]{5}"),
    "ship": (ship.ImoNumber.parse, r"[0-9]{6}"),
    "BIN": (kz_bin.Bin.parse, r"[0-9]{2}(0[1-9]|1[0-2])[456][0-3][0-9]{5}"),
    "IIN": (kz_bin.Iin.parse, r"[0-9]{2}(0[1-9]|1[0-2])([01][1-9]|2[0-8])[1-6][0-9]{4}"),
    "VKN": (tr_vkn.Vkn.parse, r"[0-9]{9}"),
    "INN of 10": (ru_inn.Inn.parse, r"[0-9]{9}"),
    "GTIN": (gs1.Gtin13.parse, r"[0-9]{12}"),
    "GLN": (gs1.Gln.parse, r"[0-9]{12}"),
    "SSCC": (gs1.Sscc.parse, r"[0-9]{17}"),
    "MRN": (mrn.Mrn.parse, r"(2[5-9]|[3-9][0-9])[A-Z]{2}[A-Z0-9]{12}[J-M]"),
}
# Kind -> its reader and the pattern of the whole, where no last digit is checked.
FORMATS = {
    "container type": (container_type.ContainerType.parse, r"[24LM][025CE][GVRUPTKBH][0-9]"),
    "ETSNG": (etsng.EtsngCode.parse, r"[0-9]{6}"),
    "Georgian": (ge_id.GeorgianId.parse, r"[0-9]{9}([0-9]{2})?"),
    "EORI": (eori.Eori.parse, r"[A-Z]{2}[!-~]{1,15}"),
    "GRN": (grn.Grn.parse, r"[0-9]{2}[A-Z]{2}[A-Z0-9]{12}[0-9]([A-Z][0-9]{6})?"),
    "LRN": (lrn.Lrn.parse, r"[!-~]([ -~]{0,20}[!-~])?"),
    "customs office": (customs_office.CustomsOffice.parse, r"[A-Z]{2}[A-Z0-9]{6}"),
    "UN/LOCODE": (unlocode.Unlocode.parse, r"[A-Z]{2}[A-Z2-9]{3}"),
    "country": (country.Country.parse, r"[A-Z]{2}"),
    "HS": (hs_code.HsCode.parse, r"[1-6][0-9]{5}"),
    "GNG": (gng.GngCode.parse, r"([1-6][0-9]|98|99)[0-9]{6}"),
    "UN number": (un_number.UnNumber.parse, r"[1-9][0-9]{3}"),
    "VÖEN": (az_voen.Voen.parse, r"[0-9]{9}2"),
}
PARSERS = {
    **{kind: parse for kind, (parse, _) in {**CHECKED, **FORMATS}.items()},
    "wagon": wagon.parse_wagon,
    "Kazakh": kz_bin.parse_kz_number,
    "LEI": lei.Lei.parse,
}
every_kind = pytest.mark.parametrize("kind", PARSERS)
every_checked_kind = pytest.mark.parametrize("kind", CHECKED)

# Near misses find more than noise does: foreign digits, dotless letters, odd spaces.
NEARLY = (
    string.ascii_letters
    + string.digits
    + " -/.()\t\n\u00a0\u2013\u0663\u0969\uff13\u2167\u0131\u017f\u00df\u0130\u0410"
)
# Thirteen Arabic-Indic digits, a full-width and a mixed ship number, superscripts.
FOREIGN = (
    "\u0663" * 13,
    "9319466".translate({digit: digit + 0xFEE0 for digit in range(0x30, 0x3A)}),
    "931946\u096c",
    "\u00b2" * 4,
    "\uff11",
)
anything = st.text() | st.text(NEARLY, max_size=26) | st.from_regex(r"\A\w{1,24}\Z")


def accepted(parse, text):
    try:
        return parse(text)
    except errors.InvalidIdentifier:
        return None


def with_check_digit(parse, body):
    """The one number of ten that is accepted; some bodies have none."""
    found = [value for digit in string.digits if (value := accepted(parse, body + digit))]
    assert len(found) <= 1
    assume(found)
    return found[0]


def plain(value):
    return str(value).replace(" ", "").replace("-", "")


@every_kind
@given(text=anything)
def test_any_text_is_a_value_or_our_error(kind, text):
    value = accepted(PARSERS[kind], text)

    if value is not None:
        assert str(value).isascii()
        assert PARSERS[kind](str(value)) == value


@every_checked_kind
@given(data=st.data())
def test_only_one_last_digit_is_accepted_and_the_refusal_names_it(kind, data):
    parse, pattern = CHECKED[kind]
    body = data.draw(st.from_regex(pattern, fullmatch=True).filter(str.isascii))
    value = with_check_digit(parse, body)

    assert parse(str(value)) == value
    right = plain(value)[-1]
    for wrong in set(string.digits) - {right}:
        with pytest.raises(errors.InvalidIdentifier, match=f"should be {right}$"):
            parse(body + wrong)


@pytest.mark.parametrize("kind", FORMATS)
@given(data=st.data())
def test_what_is_printed_is_read_back(kind, data):
    parse, pattern = FORMATS[kind]
    text = data.draw(st.from_regex(pattern, fullmatch=True).filter(str.isascii))

    value = parse(text)

    assert parse(str(value)) == value
    assert hash(parse(text)) == hash(value)


@pytest.mark.parametrize(
    "kind", ["wagon of 8", "wagon of 12", "VKN", "GTIN", "GLN", "SSCC", "container", "MRN"]
)
@given(data=st.data())
def test_one_wrong_digit_is_caught(kind, data):
    """ISO 6346 writes two remainders as 0, so there only the other nine are guaranteed."""
    parse, pattern = CHECKED[kind]
    body = data.draw(st.from_regex(pattern, fullmatch=True).filter(str.isascii))
    digits = plain(with_check_digit(parse, body))
    assume(kind not in {"container", "MRN"} or digits[-1] != "0")
    places = [i for i, char in enumerate(digits) if char.isdigit()]
    place = data.draw(st.sampled_from(places))
    wrong = data.draw(st.sampled_from(sorted(set(string.digits) - {digits[place]})))

    with pytest.raises(errors.InvalidIdentifier):
        parse(digits[:place] + wrong + digits[place + 1 :])


@given(st.integers(0, 99_999_999), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_of_a_legal_persons_voen_is_caught(serial, place, shift):
    body = f"{serial:08d}"
    found = [t for d in string.digits if accepted(az_voen.Voen.parse, t := f"{body}{d}1")]
    assume(found)
    wrong = str((int(found[0][place]) + shift) % 10)

    with pytest.raises(errors.InvalidPartyNumber):
        az_voen.Voen.parse(found[0][:place] + wrong + found[0][place + 1 :])


@given(st.from_regex(r"[A-Z0-9]{18}", fullmatch=True).filter(str.isascii), st.data())
def test_one_wrong_digit_of_a_lei_is_caught(body, data):
    number = "".join(str(int(char, 36)) for char in body)
    value = body + f"{98 - int(number + '00') % 97:02d}"
    assert str(lei.Lei.parse(value)) == value
    place = data.draw(st.sampled_from([i for i, char in enumerate(value) if char.isdigit()]))
    wrong = data.draw(st.sampled_from(sorted(set(string.digits) - {value[place]})))

    with pytest.raises(errors.InvalidPartyNumber):
        lei.Lei.parse(value[:place] + wrong + value[place + 1 :])


@every_kind
def test_foreign_digits_are_refused(kind):
    for text in FOREIGN:
        with pytest.raises(errors.InvalidIdentifier):
            PARSERS[kind](text)
