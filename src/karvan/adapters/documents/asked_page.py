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
from karvan.services.quoting import wording
from karvan.services.words import Labels, phrase, phrase_count, spoken, tell_message

#: Fields told by another line of the block, or with the versions.
_TOLD_ELSEWHERE: Final = (
    *("from", "to", "container", "wagon", "truck", "bulk", "oil", "count", "container_number"),
    *("container_owner", "wagon_owner", "pool", "gauge_mm", "length_m", "axles", "laden"),
    *("return_empty", "mass_kg", "hs", "un", "hazard_class", "packing_group", "temperature_c"),
    *("loaded_length_m", "loaded_width_m", "loaded_height_m", "train", "yearly_units"),
    *("customer", "ready", "latest_arrival", "currency", "avoid", "via", "no_transit"),
    *("rank_by", "weights", "payers", "samples", "seed"),
)
TRAINS: Final = Labels("train", {"block": "block train", "group": "group train"})
#: How weights of the balance are called, in the order they are told.
_WORTHS: Final = Labels(
    "worth",
    {
        "day_usd": "a day",
        "late_day_usd": "an uncertain day",
        "co2e_t_usd": "a tonne of CO2e",
    },
)


def asked(request: Object, goods: str, names: Names) -> list[Tree]:
    """Give names and values; what is new stands as it is, after what is known."""
    rows = {
        phrase("Unit"): _unit(request),
        phrase("Mass"): _mass(request),
        phrase("Goods"): _goods(request, goods),
        phrase("Needs"): "; ".join(_needs(request)),
        phrase("Ready"): _when(request, "ready"),
        phrase("Wanted by"): _when(request, "latest_arrival"),
        phrase("Wishes"): "; ".join(_wishes(request, names)),
        phrase("Ranked"): _ranked(request),
        phrase("Prices in"): text(request, "currency"),
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
        told.append(phrase("empty"))
    if request.get("container_owner") == "carrier":
        told.append(phrase("of the carrier"))
    if request.get("wagon_owner") == "shipper":
        told.append(phrase("wagons of the shipper"))
    if request.get("return_empty") is True:
        told.append(phrase("with the way back empty"))
    if text(request, "pool"):
        told.append(phrase("park {pool}", pool=text(request, "pool")))
    return ", ".join(told)


def _type(request: Object) -> str:
    box = text(request, "container")
    if box:
        try:
            return wording.container(box)
        except KarvanError:
            return box
    told = goods_in_words(text(request, "wagon") or text(request, "truck"))
    if told:
        length, axles = text(request, "length_m"), text(request, "axles")
        measures = [phrase("{length} m", length=length)] if length else []
        if axles.isdecimal():
            measures.append(phrase_count("{count} axle", "{count} axles", int(axles)))
        return ", ".join([told, *measures])
    if text(request, "oil"):
        return phrase("oil, {grade}", grade=goods_in_words(text(request, "oil")))
    bulk = text(request, "bulk")
    return phrase("{goods} in bulk", goods=goods_in_words(bulk)) if bulk else ""


def goods_in_words(code: str) -> str:
    """A code of goods or of a unit, as the tables call it where they have a name for it."""
    plain = code_in_words(code)
    named = tell_message(sentence(plain))
    return plain if named == sentence(plain) else named


def _mass(request: Object) -> str:
    kg = decimal(request, "mass_kg")
    if kg is None:
        return text(request, "mass_kg")
    if request.get("bulk") is not None or request.get("oil") is not None:
        return phrase("{mass} t", mass=grouped((kg / 1000).normalize()))
    mass = amount(request, "mass_kg")
    if text(request, "count") > "1":
        return phrase("{mass} kg each", mass=mass)
    return phrase("{mass} kg", mass=mass)


def _goods(request: Object, goods: str) -> str:
    if not text(request, "hs"):
        return goods
    return f"HS {text(request, 'hs')}{': ' if goods else ''}{goods}"


def _needs(request: Object) -> Iterator[str]:
    """What the cargo needs beyond a place: care, room, a train of its own."""
    un, class_, group = (text(request, key) for key in ("un", "hazard_class", "packing_group"))
    danger = [f"UN {un}"] if un else []
    if class_:
        danger.append(phrase("class {code}", code=class_))
    if group:
        danger.append(phrase("packing group {code}", code=group))
    if danger:
        yield ", ".join(danger)
    if text(request, "temperature_c"):
        yield f"{text(request, 'temperature_c')} °C"
    sizes = [text(request, f"loaded_{each}_m") for each in ("length", "width", "height")]
    if any(sizes):
        yield phrase("load of {sizes} m", sizes=" x ".join(size or "-" for size in sizes))
    if text(request, "train") not in ("", "single"):
        yield TRAINS.get(text(request, "train"), text(request, "train"))
    if text(request, "yearly_units") not in ("", "0"):
        yield phrase("{units} units a year", units=amount(request, "yearly_units"))
    if text(request, "customer"):
        yield phrase("contract {customer}", customer=text(request, "customer"))


def _when(request: Object, key: str) -> str:
    when = instant(request, key)
    return text(request, key) if when is None else moment(when)


def _wishes(request: Object, names: Names) -> Iterator[str]:
    avoid, via = (
        ", ".join(_target(each, names) for each in words(request, key)) for key in ("avoid", "via")
    )
    if avoid:
        yield phrase("keeps off {targets}", targets=avoid)
    if via:
        yield phrase("by {targets}", targets=via)
    if words(request, "no_transit"):
        countries = ", ".join(map(spoken().country, words(request, "no_transit")))
        yield phrase("not across {countries}", countries=countries)
    for carrier, payer in member(request, "payers").items():
        yield phrase("{payer} pays {carrier}", payer=plain(payer), carrier=names.carrier(carrier))


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
        known = wording.RANKED.get(by)
        return by if known is None else phrase("by {rule}", rule=known)
    worths = [
        f" + {text(weights, key)} USD {what}"
        for weights in [member(request, "weights")]
        for key, what in _WORTHS.items()
        if text(weights, key) not in ("", "0")
    ]
    return phrase("by {rule}", rule=wording.RANKED["cheapest"] + "".join(worths))
