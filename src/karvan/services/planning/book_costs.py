"""What the tariff book asks for a good on each link: prices of quoted routes, laid on their links.

A charge for a way is laid on the links of that way by their length. What is charged at a place
(handling, border, declaration) is laid on the leg by sea that begins or ends there, else on the
link that arrives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

from karvan.network.links import Link, LinkId, Mode
from karvan.network.network import Network
from karvan.services.planning.freight_base import LinkCost
from karvan.services.quoting.answer import Alternative

_BY_LAND = {Mode.RAIL, Mode.ROAD}


def links_of(network: Network, way: Alternative) -> tuple[Link, ...]:
    """Give the links of a quoted route, in order."""
    return tuple(
        network.links[LinkId(str(link))]
        for leg in way.legs
        for segment in leg.segments
        for run in segment.runs
        for link in run.links
    )


def laid_on_links(network: Network, way: Alternative) -> Mapping[str, float]:
    """Lay the price of a quoted route on its links; the sum is the price in US dollars."""
    links = links_of(network, way)
    found: dict[str, float] = defaultdict(float)
    for line in way.price.lines:
        charge = line.charge
        part = _between(links, charge.from_place, charge.to_place)
        length = sum(link.length_km for link in part)
        for link in part:
            found[str(link.id)] += charge.micro / 1e6 * link.length_km / length
    return found


def _between(links: Sequence[Link], begin: str, end: str) -> Sequence[Link]:
    """Links from one place to another, or the one that what is done at a place is laid on."""
    if begin == end:
        near = [link for link in links if begin in {str(link.from_place), str(link.to_place)}]
        by_sea = [link for link in near if link.mode not in _BY_LAND]
        return (by_sea or near or links)[:1]
    starts = [n for n, link in enumerate(links) if str(link.from_place) == begin]
    ends = [n for n, link in enumerate(links) if str(link.to_place) == end]
    if not starts or not ends or starts[0] > ends[-1]:
        return links
    return links[starts[0] : ends[-1] + 1]


def averaged(
    good: str, priced: Iterable[Mapping[str, float]], units: float, links: Iterable[Link]
) -> tuple[LinkCost, ...]:
    """Average a good's prices by link, and give links nobody quoted what their mode costs.

    Parameters
    ----------
    priced
        Prices laid on links, one mapping a route.
    units
        Units of the good in the quoted consignment.

    Notes
    -----
    A chartered ship is priced on request: there the planning mark of the link stands.
    """
    by_link: dict[str, list[float]] = defaultdict(list)
    for route in priced:
        for name, usd in route.items():
            by_link[name].append(usd / units)
    known = {str(link.id): link for link in links}
    per_km: dict[Mode, list[float]] = defaultdict(list)
    for name, amounts in by_link.items():
        if name in known:
            per_km[known[name].mode].append(fmean(amounts) / known[name].length_km)
    found = []
    for name, link in sorted(known.items()):
        amounts = by_link.get(name, [])
        if link.tariff_usd_t is not None:
            usd = low = high = float(link.tariff_usd_t)
        elif amounts:
            usd, low, high = fmean(amounts), min(amounts), max(amounts)
        elif per_km[link.mode]:
            rates = sorted(per_km[link.mode])
            usd = rates[len(rates) // 2] * link.length_km
            low, high = usd / 2, usd * 2
        else:
            continue
        row = LinkCost(
            link=name,
            good=good,
            usd=round(usd, 4),
            low=round(low, 4),
            high=round(high, 4),
            routes=len(amounts),
        )
        found.append(row)
    return tuple(found)
