"""How the price of a way falls to those who are paid, and a joint price beside the national sum.

Each line is its carrier's. A joint line is divided in proportion to what each member would ask
by its own tariff for the same way; where a member has no rate of its own, by kilometres.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from karvan.domain.money import Money
from karvan.domain.tariff import JointTariff
from karvan.engines.pricing.apportionment import Method, apportion
from karvan.engines.pricing.charging import Charge
from karvan.engines.pricing.lines import Price, price
from karvan.network.rules import RegimeRule
from karvan.network.tariff_arrays import NATIONAL
from karvan.services.quoting.tariffs import Tariffs
from karvan.services.quoting.trace import Leg, charges_of


@dataclass(frozen=True, slots=True, kw_only=True)
class JointShare:
    """A joint line divided among its members, by `method`; `amounts` add up to the line."""

    joint: str
    from_place: str
    to_place: str
    method: Method
    amounts: Mapping[str, Money]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Who is paid what.

    Attributes
    ----------
    amounts
        By carrier, terminal or customs; they add up to the price.
    joint
        How each joint line was divided.
    national
        Price of the same way by the national tariffs alone; None where no joint tariff was
        used, or where one of the carriers has no rate of its own.
    """

    amounts: Mapping[str, Money]
    joint: tuple[JointShare, ...]
    national: Money | None


def share_out(
    made: Price, legs: Sequence[Leg], tariffs: Tariffs, rules: Mapping[str, RegimeRule]
) -> Sharing:
    """Say who is paid what of a price."""
    zero = Money.zero(made.total.currency)
    amounts: dict[str, Money] = {}
    shares: list[JointShare] = []
    joints = {joint.id: joint for joint in tariffs.systems if joint is not None}
    used = {line.charge.carrier for line in made.lines} & set(joints)
    alone, lacking = _national(legs, tariffs, rules) if used else ((), True)
    own = _weights(alone, [line.charge for line in made.lines])
    for line in made.lines:
        payee = line.charge.carrier
        parts: Mapping[str, Money] = {payee: line.quoted}
        if payee in joints:
            share = _divide(line.charge, line.quoted, joints[payee], own, legs, lacking=lacking)
            shares.append(share)
            parts = share.amounts
        for name, amount in parts.items():
            amounts[name] = amounts.get(name, zero) + amount
    national = None if lacking else price(alone, made.total.currency).total
    return Sharing(amounts=amounts, joint=tuple(shares), national=national)


def _national(
    legs: Sequence[Leg], tariffs: Tariffs, rules: Mapping[str, RegimeRule]
) -> tuple[tuple[Charge, ...], bool]:
    plain = [replace(leg, systems=(NATIONAL,) * len(leg.segments)) for leg in legs]
    charges, lacking, _ = charges_of(plain, tariffs, rules)
    return charges, bool(lacking) or any(each.on_request for each in charges)


def _weights(alone: Sequence[Charge], asked: Sequence[Charge]) -> Mapping[str, int]:
    """What each carrier asks by its own tariff beyond what it asks in the price anyway."""
    own: Counter[str] = Counter()
    for each in alone:
        own[each.carrier] += each.micro
    for each in asked:
        own[each.carrier] -= each.micro
    return own


def _divide(
    charge: Charge,
    amount: Money,
    joint: JointTariff,
    own: Mapping[str, int],
    legs: Sequence[Leg],
    *,
    lacking: bool,
) -> JointShare:
    km: dict[str, Fraction] = {}
    for leg in legs:
        for segment, system in zip(leg.segments, leg.systems, strict=True):
            for run in segment.runs:
                if system != NATIONAL and run.carrier in joint.members:
                    km[run.carrier] = km.get(run.carrier, Fraction(0)) + Fraction(run.distance_km)
    method, weights = Method.BY_TARIFF, {name: Fraction(max(0, own[name])) for name in km}
    if lacking or not any(weights.values()):
        method, weights = Method.BY_DISTANCE, km
    return JointShare(
        joint=joint.id,
        from_place=charge.from_place,
        to_place=charge.to_place,
        method=method,
        amounts=apportion(amount, weights),
    )
