"""CO2e of a transport chain: its legs and its hubs, in whole grams.

Emissions of a leg are mass times distance times factor, of a hub mass times factor. Each is
computed exactly in decimals and rounded once, half to even, to the gram; a total is the sum
of the rounded parts, so parts always add up.

Mass is the goods with the packing the shipper gave them, without container or pallets of
the carrier. Distance is the shortest feasible one or the great circle, never the distance
actually driven: who has only that divides by the distance adjustment factor first.

References
----------
ISO 14083:2023, *Quantification and reporting of greenhouse gas emissions arising from
transport chain operations* (transport chain elements, transport activity, intensity).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from karvan.domain.errors import InvalidInput
from karvan.engines.emissions.factors import EmissionFactor, HubFactor

_KG_PER_T: Final = 1000
_G_PER_KG: Final = 1000
_INTENSITY_STEP: Final = Decimal("0.001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Co2e:
    """Grams of CO2e well to wheel, with the range its factors leave."""

    value_g: int
    low_g: int
    high_g: int

    def __add__(self, other: Co2e) -> Co2e:
        return Co2e(
            value_g=self.value_g + other.value_g,
            low_g=self.low_g + other.low_g,
            high_g=self.high_g + other.high_g,
        )

    @property
    def value_kg(self) -> Decimal:
        """The value in kilograms, exact.

        >>> Co2e(value_g=2151400, low_g=0, high_g=0).value_kg
        Decimal('2151.400')
        """
        return Decimal(self.value_g).scaleb(-3)


NOTHING: Final = Co2e(value_g=0, low_g=0, high_g=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A transport leg: its link, its distance (>= 0) and the factor of its mode."""

    leg: str
    distance_km: Decimal | float
    factor: EmissionFactor


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """A place where cargo changes vehicle, and the factor of the handling."""

    place: str
    factor: HubFactor


@dataclass(frozen=True, slots=True, kw_only=True)
class LegFootprint:
    """What one leg emits; `ttw_g` is the part of operation, None if its factor has none."""

    leg: Leg
    co2e: Co2e
    ttw_g: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HubFootprint:
    """What one hub emits."""

    hub: Hub
    co2e: Co2e


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """The footprint of a chain.

    Attributes
    ----------
    mass_kg
        Mass carried all the way.
    activity_tkm
        Transport activity of the legs in tonne-kilometres, exact.
    legs, hubs
        The parts, in the order given.
    """

    mass_kg: int
    activity_tkm: Decimal
    legs: tuple[LegFootprint, ...]
    hubs: tuple[HubFootprint, ...]

    @property
    def legs_co2e(self) -> Co2e:
        """Sum over the legs."""
        return _total(part.co2e for part in self.legs)

    @property
    def hubs_co2e(self) -> Co2e:
        """Sum over the hubs."""
        return _total(part.co2e for part in self.hubs)

    @property
    def co2e(self) -> Co2e:
        """Sum over legs and hubs."""
        return self.legs_co2e + self.hubs_co2e

    @property
    def legs_ttw_g(self) -> int | None:
        """Operation of all legs; None as soon as one factor does not say."""
        parts = [part.ttw_g for part in self.legs]
        known = [part for part in parts if part is not None]
        return sum(known) if len(known) == len(parts) else None

    @property
    def intensity_g_per_tkm(self) -> Decimal | None:
        """Intensity of the transport legs to 0.001 g/tkm; None where nothing moves."""
        return self._intensity(self.legs_co2e)

    @property
    def intensity_with_hubs_g_per_tkm(self) -> Decimal | None:
        """Intensity of the whole chain to 0.001 g/tkm; None where nothing moves."""
        return self._intensity(self.co2e)

    @property
    def bases(self) -> tuple[str, ...]:
        """Warming potentials the factors are built on; more than one is a mixed result."""
        legs = {part.leg.factor.basis for part in self.legs}
        return tuple(sorted(legs | {part.hub.factor.basis for part in self.hubs}))

    @property
    def estimate(self) -> bool:
        """Whether any factor is an estimate."""
        return any(part.leg.factor.estimate for part in self.legs) or any(
            part.hub.factor.estimate for part in self.hubs
        )

    def _intensity(self, co2e: Co2e) -> Decimal | None:
        if self.activity_tkm == 0:
            return None
        return (co2e.value_g / self.activity_tkm).quantize(_INTENSITY_STEP, ROUND_HALF_EVEN)


def chain(mass_kg: int, legs: Sequence[Leg], hubs: Sequence[Hub]) -> Footprint:
    """Add up a chain that carries `mass_kg` over all legs and through all hubs.

    Parameters
    ----------
    mass_kg
        Mass in kilograms, >= 0.
    legs, hubs
        In the order of the journey; either may be empty.

    Returns
    -------
    Footprint
        Parts and totals in grams.

    Raises
    ------
    InvalidInput
        The mass is negative, or a distance negative or not finite.
    """
    return Footprint(
        mass_kg=mass_kg,
        activity_tkm=sum((_activity_tkm(mass_kg, leg.distance_km) for leg in legs), Decimal(0)),
        legs=tuple(_leg_footprint(mass_kg, leg) for leg in legs),
        hubs=tuple(_hub_footprint(mass_kg, hub) for hub in hubs),
    )


def leg_co2e_g(mass_kg: int, distance_km: Decimal | float, factor: EmissionFactor) -> int:
    """Give the grams of CO2e, well to wheel, of carrying `mass_kg` over `distance_km`.

    A float distance counts as the decimal number it prints as.
    """
    return _grams(_activity_tkm(mass_kg, distance_km) * factor.wtw_g_per_tkm)


def hub_co2e_g(mass_kg: int, factor: HubFactor) -> int:
    """Give the grams of CO2e of handling `mass_kg` once."""
    return _grams(_tonnes(mass_kg) * factor.wtw_kg_per_t * _G_PER_KG)


def _leg_footprint(mass_kg: int, leg: Leg) -> LegFootprint:
    activity, factor = _activity_tkm(mass_kg, leg.distance_km), leg.factor
    co2e = _co2e(activity, factor.low_g_per_tkm, factor.wtw_g_per_tkm, factor.high_g_per_tkm)
    ttw = factor.ttw_g_per_tkm
    return LegFootprint(leg=leg, co2e=co2e, ttw_g=None if ttw is None else _grams(activity * ttw))


def _hub_footprint(mass_kg: int, hub: Hub) -> HubFootprint:
    factor = hub.factor
    scale = _tonnes(mass_kg) * _G_PER_KG
    co2e = _co2e(scale, factor.low_kg_per_t, factor.wtw_kg_per_t, factor.high_kg_per_t)
    return HubFootprint(hub=hub, co2e=co2e)


def _co2e(scale: Decimal, low: Decimal | None, value: Decimal, high: Decimal | None) -> Co2e:
    return Co2e(
        value_g=_grams(scale * value),
        low_g=_grams(scale * (value if low is None else low)),
        high_g=_grams(scale * (value if high is None else high)),
    )


def _tonnes(mass_kg: int) -> Decimal:
    if mass_kg < 0:
        raise InvalidInput("mass cannot be negative", mass_kg=mass_kg)
    return Decimal(mass_kg) / _KG_PER_T


def _activity_tkm(mass_kg: int, distance_km: Decimal | float) -> Decimal:
    distance = Decimal(str(distance_km))
    if not (distance.is_finite() and distance >= 0):
        raise InvalidInput("distance must be finite and >= 0", distance_km=str(distance_km))
    return _tonnes(mass_kg) * distance


def _grams(exact: Decimal) -> int:
    return int(exact.to_integral_value(ROUND_HALF_EVEN))


def _total(parts: Iterable[Co2e]) -> Co2e:
    return sum(parts, NOTHING)
