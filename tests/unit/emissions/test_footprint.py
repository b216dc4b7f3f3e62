"""CO2e of a chain: parts add up, and the worked example comes out to the digit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.domain.errors import InvalidInput
from karvan.engines.emissions import (
    Co2e,
    EmissionFactor,
    Hub,
    HubFactor,
    Leg,
    chain,
    hub_co2e_g,
    leg_co2e_g,
)


def factor(wtw, *, low=None, high=None, ttw=None, mode="rail", basis="AR5", estimate=False):
    return EmissionFactor(
        key=f"{mode}-{wtw}",
        mode=mode,
        wtw_g_per_tkm=Decimal(wtw),
        low_g_per_tkm=None if low is None else Decimal(low),
        high_g_per_tkm=None if high is None else Decimal(high),
        ttw_g_per_tkm=None if ttw is None else Decimal(ttw),
        basis=basis,
        source="own-knowledge",
        estimate=estimate,
    )


def handling(wtw, *, low=None, high=None, basis="AR6"):
    return HubFactor(
        key="hub",
        wtw_kg_per_t=Decimal(wtw),
        low_kg_per_t=None if low is None else Decimal(low),
        high_kg_per_t=None if high is None else Decimal(high),
        basis=basis,
        source="own-knowledge",
        estimate=True,
    )


#: UK Government GHG conversion factors 2025, freight train and ro-ro ferry 2,000+ lane m.
UK_RAIL = factor("34.70", ttw="27.79")
UK_RORO = factor("61.48", ttw="50.12", mode="ferry")


def test_the_worked_example_comes_out_to_the_digit():
    """20 t by rail 3,100 km, ferry 430 km, rail 870 km, two hubs at 1.2 kg/t.

    Source: factors of the UK table of 2025; the sums are those of ISO 14083, by hand:
    20*3100*0.03470 = 2151.4, 20*430*0.06148 = 528.728, 20*870*0.03470 = 603.78, 2*20*1.2 = 48.
    """
    legs = [
        Leg(leg="rail-kz", distance_km=3100, factor=UK_RAIL),
        Leg(leg="ferry", distance_km=430, factor=UK_RORO),
        Leg(leg="rail-az", distance_km=870, factor=UK_RAIL),
    ]
    hubs = [Hub(place=place, factor=handling("1.2")) for place in ("KZ-AKT", "AZ-ALT")]

    footprint = chain(20_000, legs, hubs)

    assert [part.co2e.value_g for part in footprint.legs] == [2_151_400, 528_728, 603_780]
    assert [part.co2e.value_g for part in footprint.hubs] == [24_000, 24_000]
    assert str(footprint.co2e.value_kg) == "3331.908"
    assert str(footprint.legs_co2e.value_kg) == "3283.908"
    assert footprint.activity_tkm == 88_000
    assert str(footprint.intensity_g_per_tkm) == "37.317"
    assert str(footprint.intensity_with_hubs_g_per_tkm) == "37.863"
    assert footprint.legs[0].ttw_g == 1_722_980
    assert footprint.legs[0].co2e.value_g - footprint.legs[0].ttw_g == 428_420
    # 1722.980 + 20*430*0.05012 + 20*870*0.02779 = 1722.980 + 431.032 + 483.546 kg.
    assert footprint.legs_ttw_g == 2_637_558
    assert footprint.bases == ("AR5", "AR6")


def test_the_worked_tanker_comes_out_to_the_digit():
    """10,000 t by a tanker of 12,000 dwt over 400 km: 10000*400*0.01130 = 45,200 kg."""
    assert leg_co2e_g(10_000_000, 400, factor("11.30", mode="tanker")) == 45_200_000


def test_low_and_high_go_through_the_chain():
    """10 t over 100 km at 28 (18 to 35) g/tkm and one hub at 1.5 (0.8 to 2.5) kg/t."""
    legs = [Leg(leg="rail", distance_km=100, factor=factor("28", low="18", high="35"))]
    hubs = [Hub(place="KZ-AKT", factor=handling("1.5", low="0.8", high="2.5"))]

    footprint = chain(10_000, legs, hubs)

    assert footprint.legs_co2e == Co2e(value_g=28_000, low_g=18_000, high_g=35_000)
    assert footprint.hubs_co2e == Co2e(value_g=15_000, low_g=8_000, high_g=25_000)
    assert footprint.co2e == Co2e(value_g=43_000, low_g=26_000, high_g=60_000)


def test_a_factor_without_range_stands_for_both_ends():
    footprint = chain(1_000, [Leg(leg="rail", distance_km=1, factor=factor("28"))], [])

    assert footprint.co2e == Co2e(value_g=28, low_g=28, high_g=28)


def test_operation_is_not_told_when_one_leg_does_not_know_it():
    legs = [
        Leg(leg=name, distance_km=1, factor=f)
        for name, f in [("known", UK_RAIL), ("unknown", factor("28"))]
    ]

    assert chain(1_000, legs, []).legs_ttw_g is None


def test_an_estimate_anywhere_makes_the_result_an_estimate():
    sure = Leg(leg="a", distance_km=1, factor=UK_RAIL)
    recalled = Leg(leg="b", distance_km=1, factor=factor("28", estimate=True))

    assert not chain(1_000, [sure], []).estimate
    assert chain(1_000, [sure, recalled], []).estimate
    assert chain(1_000, [sure], [Hub(place="KZ-AKT", factor=handling("1.5"))]).estimate


def test_a_chain_that_goes_nowhere_has_no_intensity():
    footprint = chain(20_000, [], [Hub(place="KZ-AKT", factor=handling("1.2"))])

    assert footprint.intensity_g_per_tkm is None
    assert footprint.intensity_with_hubs_g_per_tkm is None


def test_a_float_distance_is_the_decimal_it_prints_as():
    """0.1 t over 1100.1 km at 50 g/tkm is 5500.5 g exactly, and half goes to even."""
    assert leg_co2e_g(100, 1100.1, factor("50")) == 5_500
    assert leg_co2e_g(100, Decimal("1100.1"), factor("50")) == 5_500


masses_kg = st.integers(0, 50_000_000)
distances_km = st.one_of(st.floats(0, 20_000), st.decimals(0, 20_000, places=1, allow_nan=False))
figures = st.decimals(0, 500, places=2, allow_nan=False)
factors = st.tuples(figures, figures, figures).map(
    lambda three: factor(sorted(three)[1], low=min(three), high=max(three))
)
hub_factors = st.tuples(figures, figures, figures).map(
    lambda three: handling(sorted(three)[1], low=min(three), high=max(three))
)
legs_of = st.lists(st.builds(Leg, leg=st.just("leg"), distance_km=distances_km, factor=factors))
hubs_of = st.lists(st.builds(Hub, place=st.just("KZ-AKT"), factor=hub_factors))


@given(masses_kg, legs_of, hubs_of)
def test_the_parts_add_up_to_the_whole(mass_kg, legs, hubs):
    footprint = chain(mass_kg, legs, hubs)

    parts = [leg_co2e_g(mass_kg, leg.distance_km, leg.factor) for leg in legs]
    parts += [hub_co2e_g(mass_kg, hub.factor) for hub in hubs]
    assert footprint.co2e.value_g == sum(parts)
    assert footprint.co2e.low_g <= footprint.co2e.value_g <= footprint.co2e.high_g


@given(masses_kg, legs_of, hubs_of, st.integers(0, 5))
def test_a_chain_is_the_sum_of_its_two_ends(mass_kg, legs, hubs, cut):
    left = chain(mass_kg, legs[:cut], hubs)
    right = chain(mass_kg, legs[cut:], [])

    assert chain(mass_kg, legs, hubs).co2e == left.co2e + right.co2e


@given(masses_kg, legs_of, hubs_of)
def test_twice_the_mass_is_twice_the_emissions_to_the_gram(mass_kg, legs, hubs):
    once, twice = chain(mass_kg, legs, hubs), chain(2 * mass_kg, legs, hubs)

    for one, two in zip(once.legs + once.hubs, twice.legs + twice.hubs, strict=True):
        assert abs(two.co2e.value_g - 2 * one.co2e.value_g) <= 1


@given(masses_kg, legs_of, hubs_of)
def test_no_distance_leaves_only_the_hubs(mass_kg, legs, hubs):
    still = [Leg(leg=leg.leg, distance_km=0, factor=leg.factor) for leg in legs]

    footprint = chain(mass_kg, still, hubs)

    assert footprint.co2e == footprint.hubs_co2e
    assert footprint.activity_tkm == 0


@pytest.mark.parametrize(("mass_kg", "distance_km"), [(-1, 1.0), (1, -0.1), (1, float("nan"))])
def test_a_negative_mass_or_distance_is_refused(mass_kg, distance_km):
    with pytest.raises(InvalidInput):
        leg_co2e_g(mass_kg, distance_km, UK_RAIL)


@pytest.mark.parametrize(
    "figures",
    [
        {"wtw": "-1"},
        {"wtw": "NaN"},
        {"wtw": "28", "low": "29"},
        {"wtw": "28", "high": "27"},
        {"wtw": "28", "ttw": "29"},
    ],
)
def test_a_factor_that_makes_no_sense_is_refused(figures):
    with pytest.raises(InvalidInput):
        factor(**figures)
