"""Every published vector passes or fails as it says."""

import json
from pathlib import Path

import pytest

from karvan.domain import errors
from karvan.domain.identifiers import (
    az_voen,
    container,
    customs_office,
    grn,
    gs1,
    kz_bin,
    lei,
    mrn,
    ship,
    station,
    tr_vkn,
    unlocode,
    wagon,
)

VECTORS = json.loads(
    (Path(__file__).parents[2] / "data" / "identifier_vectors.json").read_text(encoding="utf-8")
)["vectors"]

PARSERS = {
    "iso6346_container": container.ContainerNumber.parse,
    "wagon_1520": wagon.Wagon1520.parse,
    "uic_12": wagon.WagonUic.parse,
    "esr_station_6": station.StationCode.parse,
    "imo_ship": ship.ImoNumber.parse,
    "kz_bin": kz_bin.Bin.parse,
    "az_voen": az_voen.Voen.parse,
    "tr_vkn": tr_vkn.Vkn.parse,
    "gs1_gtin13_gln": gs1.Gtin13.parse,
    "gs1_sscc": gs1.Sscc.parse,
    "lei": lei.Lei.parse,
    "ncts_mrn": mrn.Mrn.parse,
    "ncts_grn": grn.Grn.parse,
    "format_grn": grn.Grn.parse,
    "format_unlocode": unlocode.Unlocode.parse,
    "format_customs_office": customs_office.CustomsOffice.parse,
}
WARNINGS = {"ncts_grn": grn.warnings}


def chosen(*, passes, severity):
    rows = [row for row in VECTORS if (row["passes"], row["severity"]) == (passes, severity)]
    return pytest.mark.parametrize(
        "row", rows, ids=[f"{row['algorithm']}-{row['value']}" for row in rows]
    )


def test_no_vector_is_left_out():
    assert {row["algorithm"] for row in VECTORS} == set(PARSERS)
    assert {row["algorithm"] for row in VECTORS if row["severity"] == "warning"} == set(WARNINGS)
    assert len(VECTORS) == 163


@chosen(passes=True, severity="error")
def test_what_follows_its_standard_is_read(row):
    value = PARSERS[row["algorithm"]](row["value"])

    assert str(value).replace(" ", "").replace("-", "") == row["value"]


@chosen(passes=False, severity="error")
def test_what_breaks_its_standard_is_refused(row):
    with pytest.raises(errors.InvalidIdentifier) as caught:
        PARSERS[row["algorithm"]](row["value"])

    assert caught.value.facts == {"given": row["value"]}
    if row["reason"] == "check digit":
        assert "should be " in caught.value.message


@chosen(passes=True, severity="warning")
def test_what_follows_a_doubtful_rule_has_no_warning(row):
    value = PARSERS[row["algorithm"]](row["value"])

    assert WARNINGS[row["algorithm"]](value) == ()


@chosen(passes=False, severity="warning")
def test_what_breaks_a_doubtful_rule_is_kept_and_told(row):
    value = PARSERS[row["algorithm"]](row["value"])

    assert str(value) == row["value"]
    assert len(WARNINGS[row["algorithm"]](value)) == 1


@pytest.mark.parametrize(
    ("algorithm", "parse"),
    [
        ("wagon_1520", wagon.parse_wagon),
        ("uic_12", wagon.parse_wagon),
        ("kz_bin", kz_bin.parse_kz_number),
        ("gs1_gtin13_gln", gs1.Gln.parse),
    ],
)
def test_the_other_reader_of_the_same_numbers_agrees(algorithm, parse):
    for row in VECTORS:
        if row["algorithm"] == algorithm and row["passes"]:
            assert str(parse(row["value"])) == str(PARSERS[algorithm](row["value"]))
        elif row["algorithm"] == algorithm:
            with pytest.raises(errors.InvalidIdentifier):
                parse(row["value"])
