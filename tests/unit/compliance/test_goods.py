"""What goods bring with them, on rows made by hand and on the shipped tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from karvan.domain.cargo import Cargo, Hazard, OutOfGauge, UnitKind
from karvan.domain.errors import InvalidGoodsCode, NotFound
from karvan.domain.quantities import Mass
from karvan.engines.compliance.documents import LegTrace, RouteTrace, required_documents
from karvan.engines.compliance.goods import hints_for, warnings_for, words_of
from karvan.engines.compliance.regimes import Opening
from karvan.network.rules import HsWarning
from karvan.services.goods import goods_json, goods_page

DAY = date(2026, 12, 3)
LITHIUM = Hazard(un="3480", hazard_class="9")
URANIUM = Hazard(un="2912", hazard_class="7")


def leg(mode, start, end, *territories):
    return LegTrace(
        mode=mode, from_place=start, to_place=end, territories=territories, countries=()
    )


#: Almaty - Aktau by rail, to Alat by feeder, to Poti by rail.
ROUTE = RouteTrace(
    origin="KZ-ALM",
    places=("KZ-ALM", "KZ-AKT", "AZ-ALT", "GE-GAR", "GE-POT"),
    legs=(
        leg("rail", "KZ-ALM", "KZ-AKT", "EAEU"),
        leg("feeder", "KZ-AKT", "AZ-ALT", "EAEU", "AZ"),
        leg("rail", "AZ-ALT", "GE-POT", "AZ", "GE"),
    ),
    openings=(
        Opening(place="AZ-ALT", territory="AZ", regime="AZ", procedure="", source=()),
        Opening(place="GE-GAR", territory="GE", regime="CTC", procedure="", source=()),
    ),
    sea_entries=(("AZ-ALT", "AZ"),),
    leaves_territory=True,
)


def cargo(**changes):
    box = Cargo(
        kind=UnitKind.CONTAINER,
        type_code="22G1",
        equipment="20",
        count=1,
        mass=Mass(16_000),
        tare=Mass(2_200),
        hs="851660",
    )
    return replace(box, **changes)


def hint(prefix, code, **more):
    return HsWarning(
        prefix=prefix,
        code=code,
        warning=f"{code} of {prefix}",
        rule=code,
        valid_from=date(2020, 1, 1),
        source=("assumed",),
        **more,
    )


def told(rules, hs, hazard=None, route=ROUTE):
    return {each.code: each.message for each in warnings_for(rules, hs, route, DAY, hazard)}


def documents(rules, hs, **changes):
    made = cargo(hs=hs, **changes)
    advice = warnings_for(rules, hs, ROUTE, DAY, made.hazard)
    found = required_documents(rules.documents, ROUTE, DAY, words_of(made, advice))
    return {(each.document, each.where) for each in found}


@pytest.fixture(scope="module")
def rules(published):
    return published.network.rules


def test_of_each_kind_the_longest_beginning_in_force_counts():
    rows = [hint("85", "a"), hint("8507", "a"), hint("85", "b", valid_to=date(2026, 1, 1))]
    assert [row.prefix for row in hints_for(rows, "850760", DAY)] == ["8507"]


def test_a_hint_about_territories_is_told_where_one_is_passed(rules):
    small = replace(rules, hs_warnings=(hint("85", "a", territories=("AZ", "TR")),))
    assert told(small, "850760")["a"].endswith("(AZ)")
    assert "a" not in told(
        replace(rules, hs_warnings=(hint("85", "a", territories=("TR",)),)), "850760"
    )


def test_a_number_that_fits_answers_the_question_for_one(rules):
    assert "usually-dangerous" in told(rules, "850760")
    assert "usually-dangerous" not in told(rules, "850760", LITHIUM)
    assert "un-unusual" not in told(rules, "850760", LITHIUM)


@pytest.mark.parametrize(
    ("hs", "words"), [("850760", "usually UN3480"), ("851660", "not usually dangerous")]
)
def test_a_number_that_does_not_fit_the_goods_is_told(rules, hs, words):
    assert words in told(rules, hs, Hazard(un="1203", hazard_class="3"))["un-unusual"]


def test_excise_goods_have_a_seal_in_the_union_since_its_day(rules):
    assert "EAEU" in told(rules, "220820")["excise"]
    early = warnings_for(rules, "220820", ROUTE, date(2026, 2, 10))
    assert "excise" not in {each.code for each in early}


def test_class_7_needs_the_permit_of_each_territory_where_it_is_entered(rules):
    found = documents(rules, "284410", hazard=URANIUM)

    assert ("Transit permit of Azerbaijan for class 7", "AZ-ALT") in found
    assert ("Transit permit of Georgia for class 7", "GE-GAR") in found
    assert ("Export licence for nuclear material", "KZ-ALM") in found
    assert ("Dangerous goods declaration (IMO form)", "KZ-AKT") in found
    assert ("Consent of the port to class 7", "AZ-ALT") in found


def test_ovens_need_none_of_it(rules):
    names = {name for name, _ in documents(rules, "851660")}
    assert not [name for name in names if "class 7" in name or "angerous" in name]
    assert "Commercial invoice and packing list" in names


@pytest.mark.parametrize(
    ("hs", "changes", "document", "where"),
    [
        ("100199", {}, "Phytosanitary certificate", "KZ-ALM"),
        ("020714", {"temperature_controlled": True}, "Temperature record", "KZ-ALM"),
        ("020714", {}, "Veterinary certificate", "KZ-ALM"),
        ("851660", {"returns_empty": True}, "Consignment note of the empty unit", "GE-POT"),
        (
            "843049",
            {"out_of_gauge": OutOfGauge(width_m=Decimal("3.4"))},
            "Drawing of the load and consent to its outline",
            "KZ-ALM",
        ),
    ],
)
def test_a_document_is_asked_for_by_what_the_cargo_is(rules, hs, changes, document, where):
    assert (document, where) in documents(rules, hs, **changes)
    assert document not in {name for name, _ in documents(rules, "851660")}


def test_every_word_a_document_asks_for_can_be_true_of_a_cargo(rules):
    known = {"*", "dangerous", "temperature", "returns-empty", "out-of-gauge"}
    known |= {f"class-{number}" for number in range(1, 10)}
    known |= {row.code for row in rules.hs_warnings}
    assert {word for row in rules.documents for word in row.goods} <= known


def test_every_number_a_hint_names_is_in_the_list(rules):
    named = {un for row in rules.hs_warnings for un in row.un}
    assert {un for un in named if rules.units.find_un(un, DAY) is None} == set()


def test_the_page_of_a_code_has_its_hints_numbers_and_national_codes(rules):
    page = goods_json(goods_page(rules, "8507.60", DAY))

    assert [each["un"] for each in page["dangerous"]] == ["3480", "3481"]
    assert page["gng"] == "85076000"
    begins = {each["territory"]: each["begins"] for each in page["codes"]}
    assert begins["TR"] == "850760......"
    assert {len(each["begins"]) - each["digits"] for each in page["codes"]} == {0}


def test_a_code_that_is_none_is_refused(rules):
    with pytest.raises(InvalidGoodsCode):
        goods_page(rules, "85", DAY)
    with pytest.raises(NotFound) as caught:
        goods_page(rules, "850799", DAY)
    assert "850760" in caught.value.facts["near"]
