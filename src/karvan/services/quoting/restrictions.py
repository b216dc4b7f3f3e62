"""What closes segments to a cargo, and what has to be agreed first: class, gauge, axle load.

Every restriction is a row of permissions.csv, but for one of physics: a wagon stays on its
gauge. Containers and goods in bulk change wagons where the gauge changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from karvan.domain.cargo import Cargo, Owner, TrainType, UnitKind
from karvan.domain.identifiers.container_type import ContainerType
from karvan.engines.compliance.documents import Advice
from karvan.engines.compliance.permissions import Finding, PermissionBook, Properties
from karvan.network.link_attributes import PermissionKind, PermissionRule
from karvan.network.links import LinkId, Mode
from karvan.network.network import Network
from karvan.network.passages import Run, Segment
from karvan.services.quoting.carriage import forms_of
from karvan.services.quoting.corridor import Corridor
from karvan.services.quoting.refused import Rule

_ON_RAIL: Final = frozenset({Mode.RAIL, Mode.RAIL_FERRY})

#: Classes of goods of the tariff book under the names that permissions have for them.
_PERMITTED_AS: Final = {"fuel_oil": "oil_products", "lpg": "oil_products"}

_WHAT: Final[Mapping[PermissionKind, str]] = {
    PermissionKind.HAZARD_CLASS: "dangerous goods of class {value}",
    PermissionKind.EQUIPMENT: "{value}",
    PermissionKind.LENGTH: "a train of {value} m",
    PermissionKind.AXLE_LOAD: "an axle load of {value} t",
    PermissionKind.GAUGE: "wagons of {value} mm",
    PermissionKind.COMMODITY: "{value}",
    PermissionKind.GRADE: "{value}",
    PermissionKind.LOADING_GAUGE: "{value}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Restrictions:
    """Restrictions of one cargo on one day, by index of the segment.

    Attributes
    ----------
    denied
        The rule that closes a segment.
    asked
        Rows that keep it open and want an agreement first.
    """

    denied: Mapping[int, Rule]
    asked: Mapping[int, tuple[Finding, ...]]


def restrict(corridor: Corridor, cargo: Cargo, day: date) -> Restrictions:
    """Hold every segment against the permissions in force on a day."""
    network = corridor.network
    book = PermissionBook(network.link_attributes.permissions, day)
    by_mode: dict[Mode, Properties] = {}
    denied: dict[int, Rule] = {}
    asked: dict[int, tuple[Finding, ...]] = {}
    for s, segment in enumerate(corridor.segments):
        if segment.mode not in by_mode:
            by_mode[segment.mode] = properties_of(cargo, segment.mode)
        found = book.findings(subjects_of(segment), by_mode[segment.mode])
        wrong_gauge = _off_gauge(network, cargo, segment)
        first = next((each for each in found if each.rule is PermissionRule.DENY), None)
        if first is not None:
            denied[s] = _rule(first, day)
        elif wrong_gauge is not None:
            denied[s] = wrong_gauge
        elif found:
            asked[s] = found
    return Restrictions(denied=denied, asked=asked)


def subjects_of(segment: Segment) -> tuple[str, ...]:
    """What a segment passes, in order: mode, service and countries, then places and links."""
    ids = [segment.mode.value, str(segment.service), *segment.countries, str(segment.from_place)]
    for element in segment.elements:
        if not isinstance(element, Run):
            ids.append(element.place)
            continue
        for link in element.links:
            start, _, end = link.partition(":")[0].partition("--")
            ids.extend((start, link, end))
    return tuple(dict.fromkeys((*ids, str(segment.to_place))))


def properties_of(cargo: Cargo, mode: Mode) -> Properties:
    """What permissions look at, for what the cargo travels as on a mode."""
    form = forms_of(cargo, mode)[-1]
    words: dict[PermissionKind, tuple[str, ...]] = {
        PermissionKind.EQUIPMENT: _equipment(cargo, form),
        PermissionKind.COMMODITY: _commodities(cargo),
    }
    if cargo.hazard is not None:
        classes = (cargo.hazard.hazard_class, cargo.hazard.main_class)
        words[PermissionKind.HAZARD_CLASS] = tuple(dict.fromkeys(classes))
    if cargo.kind is UnitKind.OIL:
        words[PermissionKind.GRADE] = (cargo.type_code,)
    if form.gauge_mm and mode in _ON_RAIL:
        words[PermissionKind.GAUGE] = (str(form.gauge_mm),)
    outer = _outer(cargo)
    if outer:
        words[PermissionKind.LOADING_GAUGE] = outer
    amounts: dict[PermissionKind, float] = {}
    if mode in _ON_RAIL and form.kind is UnitKind.WAGON:
        amounts[PermissionKind.AXLE_LOAD] = float(form.axle_load_t)
        if cargo.train is TrainType.BLOCK:
            amounts[PermissionKind.LENGTH] = float(form.length_m * form.count)
    foreign = cargo.owner is Owner.SHIPPER and form.kind is UnitKind.WAGON
    return Properties(words=words, amounts=amounts, park=cargo.pool if foreign else "")


def _equipment(cargo: Cargo, form: Cargo) -> tuple[str, ...]:
    if form.kind is UnitKind.WAGON:
        return (form.equipment, "wagon")
    if form.kind is UnitKind.TRUCK and cargo.kind is UnitKind.CONTAINER:
        return ("container", "truck")
    return (form.kind.value,)


def _commodities(cargo: Cargo) -> tuple[str, ...]:
    boxed = ("containers",) if cargo.kind is UnitKind.CONTAINER else ()
    named = _PERMITTED_AS.get(cargo.commodity, cargo.commodity)
    return (*((named,) if named else ()), *boxed) or ("general_cargo",)


def _outer(cargo: Cargo) -> tuple[str, ...]:
    words = ["out_of_gauge"] if cargo.out_of_gauge else []
    if cargo.kind is UnitKind.CONTAINER:
        box = ContainerType.parse(cargo.type_code)
        words += ["high_cube"] * box.is_high_cube + ["wide"] * box.is_wide
    return tuple(words)


def _off_gauge(network: Network, cargo: Cargo, segment: Segment) -> Rule | None:
    """The first line whose track the wagon does not stand on."""
    if cargo.kind is not UnitKind.WAGON or not cargo.gauge_mm:
        return None
    for run in segment.runs:
        for link in run.links if run.mode is Mode.RAIL else ():
            gauges = network.links[LinkId(link)].gauges
            if gauges and cargo.gauge_mm not in gauges:
                at = link.partition("--")[0]
                return Rule(
                    code="gauge",
                    message=f"a wagon of {cargo.gauge_mm} mm ends at {at}: the line goes on "
                    f"at {'/'.join(map(str, gauges))} mm",
                    facts={"at": at, "link": link, "value": str(cargo.gauge_mm)},
                )
    return None


def _rule(found: Finding, day: date) -> Rule:
    row = found.permission
    return Rule(
        code=found.code,
        message=f"{found.at} takes no {_told(found).removeprefix('a ').removeprefix('an ')}"
        + (f": {row.note}" if row.note else ""),
        facts={
            "at": found.at,
            "permission": row.id,
            "value": found.value,
            "date": day.isoformat(),
            "source": ";".join((*row.fact, *row.source)),
        },
    )


def _told(found: Finding) -> str:
    return _WHAT[found.permission.kind].format(value=found.value.replace("_", " "))


def agreements(restrictions: Restrictions, used: Iterable[int]) -> tuple[Advice, ...]:
    """What has to be agreed before a way that uses these segments can be booked."""
    out: dict[tuple[str, str], tuple[list[str], Finding]] = {}
    for s in used:
        for found in restrictions.asked.get(s, ()):
            key = (_told(found), found.permission.note)
            places, _ = out.setdefault(key, ([], found))
            if found.at not in places:
                places.append(found.at)
    return tuple(
        _advice(told, note, places, found) for (told, note), (places, found) in out.items()
    )


def _advice(told: str, note: str, places: Sequence[str], found: Finding) -> Advice:
    row = found.permission
    return Advice(
        code="agree-first",
        message=f"{', '.join(places)}: {told} only by agreement" + (f" ({note})" if note else ""),
        rule=f"{row.id} {found.code}",
        source=(*row.fact, *row.source),
    )
