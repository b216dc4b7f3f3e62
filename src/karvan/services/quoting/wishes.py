"""What a customer wants of the way and of the answer.

Ways to keep off (`avoid`), to take (`via`), countries not to cross in transit, how alternatives
are weighed, how many are wanted, and who pays each carrier. Nothing here is a rule of the
corridor: what is avoided is not told as refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from karvan.domain.errors import InvalidInput, UnknownPlace
from karvan.network.links import Mode
from karvan.network.network import Network
from karvan.network.passages import Segment
from karvan.network.patterns import CarrierId, ServiceId
from karvan.services.quoting.corridor import Corridor
from karvan.services.quoting.fields import Faults, plain
from karvan.services.quoting.gazetteer import Gazetteer, Named

#: Fields of a request that are wishes.
WISH_FIELDS: Final = ("avoid", "via", "no_transit", "rank_by", "weights", "most", "payers")

MOST_TARGETS: Final = 20
MOST_VIA: Final = 6
MOST_ALTERNATIVES: Final = 50
MOST_PAYERS: Final = 50

#: Worth of a day for a 40 ft container of general goods, USD; an estimate (55 to 150).
#: Source: prior of the tariff study for general cargo, midpoint rounded; docs/reference/ranking.md.
DAY_USD: Final = Decimal(100)

#: Names of the weights and the largest value each can have.
_WEIGHTS: Final = {
    "day_usd": Decimal(100_000),
    "late_day_usd": Decimal(100_000),
    "co2e_t_usd": Decimal(100_000),
}


class RankBy(StrEnum):
    """What the best alternative is best in."""

    BALANCE = "balance"
    CHEAPEST = "cheapest"
    FASTEST = "fastest"
    SUREST = "surest"
    LEAST_CO2E = "least_co2e"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What price, days, uncertain days and CO2e are worth beside each other, in US dollars.

    Attributes
    ----------
    day_usd
        A day of the 80th percentile of the journey; None for what the cargo says.
    late_day_usd
        A day between the median and the 90th percentile.
    co2e_t_usd
        A tonne of CO2e.
    """

    day_usd: Decimal | None = None
    late_day_usd: Decimal = Decimal(0)
    co2e_t_usd: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Target:
    """A place (or the members of a city), link, country, mode, carrier or service."""

    kind: str
    ids: frozenset[str]

    def touches(self, segment: Segment) -> bool:
        """Say whether a segment uses it."""
        if self.kind in {"place", "link"}:
            return bool(self.ids & segment.passes)
        if self.kind == "country":
            return bool(self.ids & set(segment.countries))
        if self.kind == "mode":
            return segment.mode.value in self.ids
        if self.kind == "service":
            return str(segment.service) in self.ids
        return bool(self.ids & {str(run.carrier) for run in segment.runs})

    def __str__(self) -> str:
        return f"{self.kind}:{'|'.join(sorted(self.ids))}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """The wishes of one request; `as_given` is their canonical text."""

    avoid: tuple[Target, ...] = ()
    via: tuple[Target, ...] = ()
    no_transit: tuple[str, ...] = ()
    rank_by: RankBy = RankBy.BALANCE
    weights: Weights = field(default_factory=Weights)
    most: int | None = None
    payers: Mapping[str, str] = field(default_factory=dict)
    as_given: Mapping[str, object] = field(default_factory=dict)

    def with_day_usd(self, worth: Decimal) -> Wishes:
        """The same, with a worth of the day where none was given."""
        if self.weights.day_usd is not None:
            return self
        weights = replace(self.weights, day_usd=plain(worth))
        told = {"weights": {"day_usd": f"{plain(worth):f}", **_worths(self.weights)}}
        return replace(self, weights=weights, as_given={**self.as_given, **told})

    def closed(self, corridor: Corridor) -> NDArray[np.bool_]:
        """(S,) segments to keep off."""
        barred = (*self.avoid, *(Target("country", frozenset({c})) for c in self.no_transit))
        return np.array(
            [any(target.touches(segment) for target in barred) for segment in corridor.segments],
            dtype=np.bool_,
        )

    def via_bits(self, corridor: Corridor) -> NDArray[np.int64]:
        """(S,) bit i where a segment uses the i-th place or thing to be taken."""
        bits = np.zeros(len(corridor.segments), dtype=np.int64)
        for i, target in enumerate(self.via):
            for s, segment in enumerate(corridor.segments):
                if target.touches(segment):
                    bits[s] |= 1 << i
        return bits


def read_wishes(
    faults: Faults,
    network: Network,
    gazetteer: Gazetteer,
    origin: Named | None,
    destination: Named | None,
) -> Wishes:
    """Read the wishes of a body; what cannot be is told in `faults`."""
    reader = _Reader(faults, network, gazetteer)
    avoid = reader.targets("avoid", MOST_TARGETS)
    via = reader.targets("via", MOST_VIA)
    no_transit = reader.countries("no_transit")
    _check_ends(faults, avoid, no_transit, network, origin, destination)
    rank_by = faults.word("rank_by", [each.value for each in RankBy])
    weights = reader.weights()
    most = faults.whole("most", 0, 1, MOST_ALTERNATIVES) or None
    payers = reader.payers()
    return Wishes(
        avoid=avoid,
        via=via,
        no_transit=no_transit,
        rank_by=RankBy(rank_by) if rank_by else RankBy.BALANCE,
        weights=weights,
        most=most,
        payers=payers,
        as_given={
            "avoid": [str(target) for target in avoid],
            "via": [str(target) for target in via],
            "no_transit": list(no_transit),
            "rank_by": rank_by or RankBy.BALANCE.value,
            "weights": _worths(weights),
            "most": most,
            "payers": dict(payers),
        },
    )


def _worths(weights: Weights) -> Mapping[str, str]:
    worths = {name: getattr(weights, name) for name in _WEIGHTS}
    return {name: f"{plain(worth):f}" for name, worth in worths.items() if worth is not None}


def _check_ends(
    faults: Faults,
    avoid: Sequence[Target],
    no_transit: Sequence[str],
    network: Network,
    origin: Named | None,
    destination: Named | None,
) -> None:
    for name, end in (("from", origin), ("to", destination)):
        if end is None:
            continue
        countries = {network.places[member].country for member in end.members}
        for country in sorted(countries & set(no_transit)):
            faults.add(
                "no-way-wanted",
                "a country where the way begins or ends cannot be kept out of",
                "no_transit",
                fix=f"leave out {country}",
                end=name,
            )
        for target in avoid:
            places = target.kind == "place" and set(end.members) <= target.ids
            if places or (target.kind == "country" and countries <= target.ids):
                faults.add(
                    "no-way-wanted",
                    "an end of the way cannot be avoided",
                    "avoid",
                    fix=f"leave out {target}",
                    end=name,
                )


class _Reader:
    def __init__(self, faults: Faults, network: Network, gazetteer: Gazetteer) -> None:
        self._faults = faults
        self._network = network
        self._gazetteer = gazetteer

    def _texts(self, name: str, most: int) -> list[str]:
        value = self._faults.body.get(name)
        if value is None:
            return []
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            self._faults.add("wrong-type", "must be a list of texts", name)
            return []
        if len(texts) > most:
            self._faults.add("too-many", "too many of them", name, most=most)
            return []
        return texts

    def targets(self, name: str, most: int) -> tuple[Target, ...]:
        """Targets of a field, each once."""
        found = []
        for i, text in enumerate(self._texts(name, most)):
            target = self._faults.attempt(f"{name}/{i}", partial(self._target, text))
            if target is not None:
                found.append(target)
        return tuple(dict.fromkeys(found))

    def _target(self, text: str) -> Target:
        """Read `kind:name`, or a name alone: of a country, mode, carrier, service or place."""
        kind, colon, name = text.partition(":")
        kinds = {
            "place": self._place,
            "link": self._link,
            "country": self._country,
            "mode": self._mode,
            "carrier": self._carrier,
            "service": self._service,
        }
        if colon and kind in kinds:
            ids = kinds[kind](name.strip())
            if ids is None:
                raise InvalidInput(f"no such {kind}", given=text[:200])
            return Target(kind, ids)
        for known in ("link", "mode", "country", "carrier", "service"):
            ids = kinds[known](text.strip())
            if ids is not None:
                return Target(known, ids)
        return Target("place", frozenset(map(str, self._gazetteer.get(text).members)))

    def _place(self, name: str) -> frozenset[str] | None:
        parts = name.split("|")
        try:
            found = [self._gazetteer.get(part) for part in parts]
        except UnknownPlace as error:
            raise InvalidInput(error.message, **error.facts) from None
        return frozenset(str(member) for each in found for member in each.members)

    def _link(self, name: str) -> frozenset[str] | None:
        known = {str(link) for link in self._network.links}
        parts = set(name.split("|"))
        return frozenset(parts) if parts <= known else None

    def _country(self, name: str) -> frozenset[str] | None:
        known = {place.country for place in self._network.places.values()}
        return frozenset({name.upper()}) if name.upper() in known else None

    def _mode(self, name: str) -> frozenset[str] | None:
        folded = name.replace("-", "_").replace(" ", "_").lower()
        return frozenset({folded}) if folded in {mode.value for mode in Mode} else None

    def _carrier(self, name: str) -> frozenset[str] | None:
        return frozenset({name}) if CarrierId(name) in self._network.carriers else None

    def _service(self, name: str) -> frozenset[str] | None:
        return frozenset({name}) if ServiceId(name) in self._network.services else None

    def countries(self, name: str) -> tuple[str, ...]:
        """Two-letter countries of the network, each once, sorted."""
        found: set[str] = set()
        for i, text in enumerate(self._texts(name, MOST_TARGETS)):
            ids = self._country(text.strip())
            if ids is None:
                self._faults.add(
                    "unknown-country",
                    "no such country in the network",
                    f"{name}/{i}",
                    fix="two letters, as in KZ",
                    given=text[:200],
                )
            else:
                found |= ids
        return tuple(sorted(found))

    def weights(self) -> Weights:
        """Weights of a field; what is not named keeps its default."""
        value = self._faults.body.get("weights")
        if value is None:
            return Weights()
        if not isinstance(value, dict):
            self._faults.add("wrong-type", "must be an object of decimal strings", "weights")
            return Weights()
        given: dict[str, Decimal] = {}
        for name, text in value.items():
            if name not in _WEIGHTS:
                known = ", ".join(_WEIGHTS)
                shown = str(name)[:200].replace("~", "~0").replace("/", "~1")
                self._faults.add(
                    "unknown-field", "no such weight", f"weights/{shown}", fix=f"one of {known}"
                )
                continue
            number = _amount(text)
            if number is None or number > _WEIGHTS[name]:
                self._faults.add(
                    "out-of-range",
                    f"must be a number from 0 to {_WEIGHTS[name]}",
                    f"weights/{name}",
                )
            else:
                given[name] = number
        return Weights(**given)

    def payers(self) -> Mapping[str, str]:
        """Who pays each carrier, by carrier."""
        value = self._faults.body.get("payers")
        if value is None:
            return {}
        if not isinstance(value, dict) or len(value) > MOST_PAYERS:
            self._faults.add("wrong-type", "must be an object of payers by carrier", "payers")
            return {}
        found: dict[str, str] = {}
        for carrier, payer in value.items():
            shown = str(carrier)[:200].replace("~", "~0").replace("/", "~1")
            if CarrierId(str(carrier)) not in self._network.carriers:
                self._faults.add("unknown-carrier", "no such carrier", f"payers/{shown}")
            elif not isinstance(payer, str) or not 1 <= len(payer.strip()) <= 100:
                self._faults.add("wrong-type", "must be text of 1 to 100", f"payers/{shown}")
            else:
                found[str(carrier)] = payer.strip()
        return dict(sorted(found.items()))


def _amount(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    text = str(value)
    whole, _, fraction = text.partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 9):
        return None
    if fraction and not (fraction.isascii() and fraction.isdigit() and len(fraction) <= 6):
        return None
    return None if text.endswith(".") else Decimal(text)
