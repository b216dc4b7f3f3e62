"""Empty boxes come from laden ones: what never arrived laden does not leave empty.

For the empties of an origin at a place, with the share r[k] of the boxes of each laden cargo k that
comes back, in each period::

    sum leaving, empty - sum coming, empty
        <=  sum over k  r[k] (sum coming, laden - sum leaving, laden)

A laden box that is left unserved is charged less by r times the price of leaving an empty one, for
that one is counted as left too and never was there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from karvan.services.planning.freight_base import FreightDemand
from karvan.services.planning.naming import BOXES
from karvan.services.planning.parts import Blend, Take, Way

if TYPE_CHECKING:
    from karvan.services.planning.freight import Cargo

#: How names of these limits begin; none of them can be had one more of.
LIMIT: Final = BOXES
UNIT: Final = "TEU"
Returns = Mapping[tuple[str, str], Mapping[str, float]]


def returns_of(cargoes: Mapping[str, Cargo], empties: str) -> Returns:
    """Give the share of the boxes of each laden cargo that comes back.

    Parameters
    ----------
    empties
        Name of the good that comes back.

    Returns
    -------
    mapping
        By cargo of empties and place where boxes are unloaded: laden cargo and share.
    """
    laden = [cargo for cargo in cargoes.values() if cargo.good.id != empties]
    found: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for back in cargoes.values():
        if back.good.id != empties:
            continue
        for cargo in laden:
            sent = (row.destination for row in cargo.rows if row in back.rows)
            for place in dict.fromkeys(sent):
                rows = [row for row in cargo.rows if row.destination == place]
                found[back.id, place][cargo.id] = _share(rows)
    return dict(found)


def _share(rows: Iterable[FreightDemand]) -> float:
    volume = {row.id: row.volume for row in rows}
    came = sum(row.volume * row.returns for row in rows)
    return came / sum(volume.values())


def boxes_at(key: tuple[str, str]) -> str:
    """Name of the limit of empties at a place."""
    back, place = key
    return f"{LIMIT}{back} at {place}"


def limits(returns: Returns) -> Iterator[Blend]:
    """One a cargo of empties and place."""
    for key in returns:
        yield Blend(id=boxes_at(key), unit=UNIT)


def takes(returns: Returns, ways: Iterable[Way]) -> Iterator[Take]:
    """What each way adds to the empties that leave a place, and takes off for what came laden."""
    of_place: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for key in returns:
        of_place[key[1]].append(key)
    for way in ways:
        carried = {each.commodity for each in way.carries}
        for place, sign in ((way.tail, 1.0), (way.head, -1.0)):
            for key in of_place.get(place, ()):
                counted = {key[0]: 1.0, **returns[key]}
                for commodity in sorted(carried & counted.keys()):
                    yield Take(
                        of=boxes_at(key),
                        way=way.id,
                        per_unit=sign * counted[commodity],
                        commodity=commodity,
                    )


def never_there(returns: Returns, place: str, back: str, missing: Mapping[str, float]) -> float:
    """Empties that are no more than laden boxes that did not come, by their cargo."""
    shares = returns.get((back, place), {})
    return sum(share * missing.get(cargo, 0.0) for cargo, share in shares.items())
