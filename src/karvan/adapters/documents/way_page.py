"""One way of a quote as a page shows it: figures, legs, price lines, documents, warnings."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from karvan.adapters.documents.answers import (
    Object,
    instant,
    member,
    members,
    number,
    plain,
    text,
)
from karvan.adapters.documents.glyphs import Tree
from karvan.adapters.documents.names import Names
from karvan.adapters.documents.paid_page import (
    Page,
    joint,
    marks_of,
    on_request,
    on_request_from,
    payees,
    price_lines,
    total,
)
from karvan.adapters.documents.telling import (
    amount,
    chance,
    code_in_words,
    day,
    days,
    kilometres,
    moment,
    range_of_days,
    sentence,
    tonnes,
)
from karvan.services.quoting import wording
from karvan.services.words import Labels, phrase, tell_message

#: Quantiles that are shown, with what they say.
QUANTILES: Final = Labels(
    "quantile",
    {
        "p10": "1 in 10 is faster",
        "p50": "half are there",
        "p80": "8 in 10 are there",
        "p95": "19 in 20 are there",
    },
)
#: What the hours of a median journey are spent on.
_HOURS: Final = Labels("hours", {"moving": "moving", "handling": "handling", "waiting": "waiting"})
#: Places told by name where the days go.
_LONGEST: Final = 3
#: Hours below which a cause is not told: less than a tenth of a day.
_SHOWN_H: Final = 1.2


def figures(way: Object, names: Names, request: Object) -> Page:
    """What stands of a way in the list of all: names, price, days, CO2e, chance."""
    times, price = member(way, "transit_time_h"), member(way, "price")
    low, high = amount(price, "low"), amount(price, "high")
    dominated = text(way, "dominated_by")
    return {
        "rank": text(way, "rank"),
        "name": names.corridor(text(way, "corridor")),
        "labels": sentence(", ".join(_label(each) for each in _labels(way))),
        "dominated": _dominated(dominated),
        "chain": " - ".join(names.short(text(leg, "to")) for leg in members(way, "legs")),
        "price": total(way),
        "on_request": on_request(way),
        "range": phrase("{low} to {high}", low=low, high=high) if low != high else "",
        "days": range_of_days(times),
        "quantiles": " / ".join(days(number(times, key)) for key in ("p50", "p80", "p95")),
        "co2e": tonnes(number(way, "co2e_kg")),
        "low": low,
        "high": high,
        "chance": _chance(way, request),
    }


def _dominated(rank: str) -> str:
    return phrase("way {rank} is no later and no dearer", rank=rank) if rank else ""


def _chance(way: Object, request: Object) -> str:
    """The chance by the wished date, else the day by which 8 in 10 are there."""
    if request.get("latest_arrival") is not None:
        return phrase("{chance} in time", chance=chance(number(way, "on_time")))
    ready, hours = instant(request, "ready"), number(member(way, "transit_time_h"), "p80")
    if ready is None or hours is None or not 0 <= hours < 24 * 3650:
        return ""
    return phrase("8 in 10 by {day}", day=day(ready + timedelta(hours=hours)))


def detail(way: Object, names: Names, request: Object) -> Page:
    """Everything about a way."""
    price = member(way, "price")
    return {
        **figures(way, names, request),
        "currency": text(price, "currency"),
        "total": amount(price, "amount"),
        "estimates": amount(price, "of_it_estimates"),
        "departs": moment(instant(way, "departs_at")),
        "arrives": moment(instant(way, "arrives_at")),
        "times": [
            {"name": key.upper(), "says": says, "days": days(number(times, key))}
            for times in [member(way, "transit_time_h")]
            for key, says in QUANTILES.items()
        ],
        "hours": [
            {"name": name, "days": days(number(member(way, "hours"), key))}
            for key, name in _HOURS.items()
            if number(member(way, "hours"), key) is not None
        ],
        "handling_co2e": tonnes(number(way, "co2e_handling_kg")),
        "legs": [_leg(i, leg, names) for i, leg in enumerate(members(way, "legs"), start=1)],
        "nominal": any(leg.get("nominal") is True for leg in members(way, "legs")),
        "whom": on_request_from(way, names),
        "lines": price_lines(way, names),
        "marks": marks_of(way),
        "payees": payees(way, names),
        "causes": _causes(way),
        "longest": _longest(way, names),
        "estimated": _estimated(way),
        "joint": joint(way, names),
        "documents": _documents(way, names),
        "warnings": [
            {
                "code": text(each, "code"),
                "message": tell_message(text(each, "message")),
                "rule": tell_message(text(each, "rule")),
            }
            for each in members(way, "warnings")
        ],
    }


def _causes(way: Object) -> list[Tree]:
    """Days by cause, in the middle and in a bad case; a cause of no time is left out."""
    found: list[Tree] = []
    for each in members(way, "hours_by_cause"):
        middle, bad = number(each, "p50_h"), number(each, "p95_h")
        if max(middle or 0.0, bad or 0.0) >= _SHOWN_H:
            cause = text(each, "cause")
            name = wording.CAUSES.get(cause, code_in_words(cause))
            found.append({"name": name, "p50": days(middle), "p95": days(bad)})
    return found


def _longest(way: Object, names: Names) -> str:
    """The places where most of a median journey stands still."""
    at: dict[str, dict[str, float]] = {}
    for part in members(way, "where_the_days_go"):
        hours, cause = number(part, "p50_h"), text(part, "cause")
        if cause != "moving" and hours is not None and hours > 0:
            causes = at.setdefault(text(part, "place"), {})
            causes[cause] = causes.get(cause, 0.0) + hours
    first = sorted(at.items(), key=lambda each: (-sum(each[1].values()), each[0]))[:_LONGEST]
    return ", ".join(
        f"{names.place(place)} {days(sum(causes.values()))} "
        f"({_standing(max(causes, key=lambda cause: causes[cause]))})"
        for place, causes in first
    )


def _standing(cause: str) -> str:
    return phrase("mostly {cause}", cause=wording.CAUSES.get(cause, code_in_words(cause)))


def _estimated(way: Object) -> str:
    share = number(member(way, "time_of_it_estimates"), "share")
    told = share is not None and 0 <= share <= 1
    if not share or not told:
        return ""
    return phrase("{share} % of the time rests on estimates", share=f"{100 * share:.0f}")


def _documents(way: Object, names: Names) -> list[Tree]:
    """Documents by place, in the order of the way."""
    calls = [text(each, "place") for each in members(way, "calls")]
    found: dict[str, list[Tree]] = {}
    for each in members(way, "documents"):
        told: Page = {key: tell_message(text(each, key)) for key in ("document", "rule")}
        told["source"] = text(each, "source")
        found.setdefault(text(each, "where"), []).append(told)
    places = sorted(found, key=lambda at: calls.index(at) if at in calls else len(calls))
    return [{"where": names.place(place), "needed": found[place]} for place in places]


def _label(label: object) -> str:
    return wording.LABELS.get(plain(label), code_in_words(plain(label)))


def _labels(way: Object) -> list[object]:
    found = way.get("labels")
    return found if isinstance(found, list) else []


def _leg(number_: int, leg: Object, names: Names) -> Page:
    about = "~" if leg.get("nominal") is True else ""
    via = leg.get("via")
    return {
        "number": str(number_),
        "mode": wording.MODES.get(text(leg, "mode"), sentence(code_in_words(text(leg, "mode")))),
        "from": names.place(text(leg, "from")),
        "to": names.place(text(leg, "to")),
        "via": ", ".join(names.short(plain(each)) for each in via) if isinstance(via, list) else "",
        "carrier": names.carrier(text(leg, "carrier")),
        "service": text(leg, "service"),
        "departs": about + day(instant(leg, "departs_at")),
        "arrives": about + day(instant(leg, "arrives_at")),
        "km": kilometres(number(leg, "distance_km")),
        "co2e": tonnes(number(leg, "co2e_kg")),
    }
