"""The request of a quote in words: what was asked for and what matters, nothing that is off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from karvan.adapters.documents.answers import Object, decimal, instant, member, plain, text, words
from karvan.adapters.documents.glyphs import Tree
from karvan.adapters.documents.names import Names
from karvan.adapters.documents.telling import (
    amount,
    code_in_words,
    grouped,
    moment,
    sentence,
)
from karvan.domain.errors import KarvanError
from karvan.domain.identifiers.container_type import ContainerType
from karvan.services.quoting import wording

#: Fields told by another line of the block, or with the versions.
_TOLD_ELSEWHERE: Final = (
    *("from", "to", "container", "wagon", "truck", "bulk", "oil", "count", "container_number"),
    *("container_owner", "wagon_owner", "pool", "gauge_mm", "length_m", "axles", "laden"),
    *("return_empty", "mass_kg", "hs", "un", "hazard_class", "packing_group", "temperature_c"),
    *("loaded_length_m", "loaded_width_m", "loaded_height_m", "train", "yearly_units"),
    *("customer", "ready", "latest_arrival", "currency", "avoid", "via", "no_transit"),
    *("rank_by", "weights", "payers", "samples", "seed"),
)
_RANKED: Final = {
    "cheapest": "by price",
    "fastest": "by days, half of the time within",
    "surest": "by how sure the days are",
    "least_co2e": "by CO2e",
}
#: How weights of the balance are called, in the order they are told.
_WORTHS: Final = {
    "day_usd": "a day",
    "late_day_usd": "an uncertain day",
    "co2e_t_usd": "a tonne of CO2e",
}


def asked(request: Object, goods: str, names: Names) -> list[Tree]:
    """Give names and values; what is new stands as it is, after what is known."""
    rows = {
        "Unit": _unit(request),
        "Mass": _mass(request),
        "Goods": _goods(request, goods),
        "Needs": "; ".join(_needs(request)),
        "Ready": _when(request, "ready"),
        "Wanted by": _when(request, "latest_arrival"),
        "Wishes": "; ".join(_wishes(request, names)),
        "Ranked": _ranked(request),
        "Prices in": text(request, "currency"),
    }
    for key, value in request.items():
        if key not in _TOLD_ELSEWHERE and value not in (None, False, 0, "", [], {}):
            rows[sentence(code_in_words(key))] = plain(value)
    return [{"name": name, "value": told} for name, told in rows.items() if told]


def _unit(request: Object) -> str:
    what = _type(request)
    if not what:
        return ""
    count = text(request, "count")
    whole = request.get("bulk") is not None or request.get("oil") is not None
    told = [what if whole or not count else f"{count} x {what}"]
    if text(request, "container_number"):
        told.append(text(request, "container_number"))
    if request.get("laden") is False:
        told.append("empty")
    if request.get("container_owner") == "carrier":
        told.append("of the carrier")
    if request.get("wagon_owner") == "shipper":
        told.append("wagons of the shipper")
    if request.get("return_empty") is True:
        told.append("with the way back empty")
    if text(request, "pool"):
        told.append(f"park {text(request, 'pool')}")
    return ", ".join(told)


def _type(request: Object) -> str:
    box = text(request, "container")
    if box:
        try:
            kind = ContainerType.parse(box)
        except KarvanError:
            return box
        return f"{box} ({kind.length_ft}'{' high cube' if kind.is_high_cube else ''})"
    told = code_in_words(text(request, "wagon") or text(request, "truck"))
    if told:
        measures = ((text(request, "length_m"), " m"), (text(request, "axles"), " axles"))
        return ", ".join([told, *(value + unit for value, unit in measures if value)])
    if text(request, "oil"):
        return f"oil, {code_in_words(text(request, 'oil'))}"
    return f"{code_in_words(text(request, 'bulk'))} in bulk" if text(request, "bulk") else ""


def _mass(request: Object) -> str:
    kg = decimal(request, "mass_kg")
    if kg is None:
        return text(request, "mass_kg")
    if request.get("bulk") is not None or request.get("oil") is not None:
        return f"{grouped((kg / 1000).normalize())} t"
    return f"{amount(request, 'mass_kg')} kg{' each' if text(request, 'count') > '1' else ''}"


def _goods(request: Object, goods: str) -> str:
    if not text(request, "hs"):
        return goods
    return f"HS {text(request, 'hs')}{': ' if goods else ''}{goods}"


def _needs(request: Object) -> Iterator[str]:
    """What the cargo needs beyond a place: care, room, a train of its own."""
    kinds = (("un", "UN "), ("hazard_class", "class "), ("packing_group", "packing group "))
    danger = [word + text(request, key) for key, word in kinds if text(request, key)]
    if danger:
        yield ", ".join(danger)
    if text(request, "temperature_c"):
        yield f"{text(request, 'temperature_c')} °C"
    sizes = [text(request, f"loaded_{each}_m") for each in ("length", "width", "height")]
    if any(sizes):
        yield f"load of {' x '.join(size or '-' for size in sizes)} m"
    if text(request, "train") not in ("", "single"):
        yield f"{text(request, 'train')} train"
    if text(request, "yearly_units") not in ("", "0"):
        yield f"{amount(request, 'yearly_units')} units a year"
    if text(request, "customer"):
        yield f"contract {text(request, 'customer')}"


def _when(request: Object, key: str) -> str:
    when = instant(request, key)
    return text(request, key) if when is None else moment(when)


def _wishes(request: Object, names: Names) -> Iterator[str]:
    for key, verb in (("avoid", "keeps off"), ("via", "by")):
        if words(request, key):
            yield f"{verb} {', '.join(_target(each, names) for each in words(request, key))}"
    if words(request, "no_transit"):
        yield f"not across {', '.join(words(request, 'no_transit'))}"
    for carrier, payer in member(request, "payers").items():
        yield f"{plain(payer)} pays {names.carrier(carrier)}"


def _target(target: str, names: Names) -> str:
    """What a wish is about: `mode:deep_sea` as deep sea, `place:TR-HAL` as Halkali."""
    kind, colon, id_ = target.partition(":")
    tellers: Mapping[str, Callable[[str], str]] = {
        "place": names.place,
        "carrier": names.carrier,
        "mode": lambda word: wording.MODES.get(word, word).lower(),
    }
    return tellers[kind](id_) if colon and kind in tellers else id_ or target


def _ranked(request: Object) -> str:
    by = text(request, "rank_by")
    if by != "balance":
        return _RANKED.get(by, by)
    worths = [
        f" + {text(weights, key)} USD {what}"
        for weights in [member(request, "weights")]
        for key, what in _WORTHS.items()
        if text(weights, key) not in ("", "0")
    ]
    return f"by price{''.join(worths)}"
