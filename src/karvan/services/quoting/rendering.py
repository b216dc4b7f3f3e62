"""A quote as JSON: one object, stable order of keys, money and masses as decimal strings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from karvan.domain.instants import from_minutes, render_instant
from karvan.engines.compliance.documents import RequiredDocument
from karvan.engines.pricing.charging import basis_of
from karvan.engines.pricing.lines import PriceLine
from karvan.engines.transit_time.breakdown import Cause, Part
from karvan.engines.transit_time.summary import TransitTimes
from karvan.network.activities import Activity, ClosureWait, Element, ReopeningWait, Wait
from karvan.services.fixed_json import FixedLists
from karvan.services.quoting.answer import Alternative, Quote, Refused
from karvan.services.quoting.scope import EXCLUDES, scope_of
from karvan.services.quoting.seen import situation_seen
from karvan.services.quoting.trace import Leg

Json = Mapping[str, object]

#: Price lines and documents of routes, which are the same whatever train is taken.
_FIXED: Final = FixedLists(1_024)


def quote_json(quote: Quote) -> Json:
    """The whole answer, as `karvan quote --json` and `POST /v1/quotes` give it."""
    return {
        "quote_id": quote.quote_id,
        "created_at": render_instant(quote.created_at),
        "expires_at": render_instant(quote.expires_at),
        "network_hash": quote.versions.network_hash,
        "tariff_version": quote.versions.tariff_version,
        "timetable_hash": quote.versions.timetable_hash,
        "engine_version": quote.versions.engine_version,
        **({} if quote.situation is None else {"situation": situation_seen(quote.situation)}),
        "request": dict(quote.request.as_given),
        "scope": scope_of(quote.request.cargo),
        "excludes": list(EXCLUDES),
        "bounded": quote.bounded,
        "late": quote.late,
        "alternatives": [
            _alternative(i, each, quote.request.wishes.payers)
            for i, each in enumerate(quote.alternatives)
        ],
        "refused": [_refused(each) for each in quote.refused],
    }


def _alternative(index: int, alternative: Alternative, payers: Mapping[str, str]) -> Json:
    times = alternative.times
    return {
        "rank": index + 1,
        "labels": list(alternative.labels),
        "corridor": alternative.family,
        "dominated_by": None if alternative.dominated_by is None else alternative.dominated_by + 1,
        "departs_at": _instant(alternative.departs_min),
        "arrives_at": _instant(alternative.arrives_min),
        **_times(times),
        "on_time": round(alternative.on_time, 3),
        **_price(alternative, payers),
        "co2e_kg": _kg(alternative.co2e_g),
        "co2e_handling_kg": _kg(alternative.hub_co2e_g),
        "legs": [
            _leg(leg, grams)
            for leg, grams in zip(alternative.legs, alternative.leg_co2e_g, strict=True)
        ],
        "calls": [
            _call(element, hours)
            for element, hours in zip(alternative.elements, times.element_p50_h, strict=True)
        ],
        "documents": _FIXED.of(
            alternative.documents, lambda: map(_document, alternative.documents)
        ),
        "warnings": [
            {
                "code": each.code,
                "message": each.message,
                "rule": each.rule,
                "source": ";".join(each.source),
            }
            for each in alternative.advice
        ],
    }


def _times(times: TransitTimes) -> Json:
    return {
        "transit_time_h": {
            "p10": times.p10_h,
            "p50": times.p50_h,
            "p80": times.p80_h,
            "p90": times.p90_h,
            "p95": times.p95_h,
            "mean": times.mean_h,
            "samples": times.samples,
            "mode_days": times.mode_days,
            "quantiles": list(times.quantiles_h),
        },
        "hours": {
            "moving": times.hours.moving,
            "handling": times.hours.handling,
            "waiting": times.hours.waiting,
        },
        "where_the_days_go": [_part(part) for part in times.parts if _counts(part)],
        "hours_by_cause": _by_cause(times.parts),
        "time_of_it_estimates": {
            "hours": times.estimates_h,
            "share": round(times.estimates_h / times.p50_h, 3) if times.p50_h else 0.0,
        },
    }


def _price(alternative: Alternative, payers: Mapping[str, str]) -> Json:
    price = alternative.price
    return {
        "price": {
            "amount": price.total.amount,
            "low": price.low.amount,
            "high": price.high.amount,
            "currency": price.total.currency,
            "of_it_estimates": price.estimated.amount,
            "on_request": alternative.on_request,
        },
        "price_lines": _FIXED.of(price, lambda: map(_line, price.lines)),
        "payees": [
            {"payee": payee, "amount": amount.amount, "payer": payers.get(payee)}
            for payee, amount in alternative.sharing.amounts.items()
        ],
        "joint": _joint(alternative),
    }


def _joint(alternative: Alternative) -> Json | None:
    """The joint price beside the national sum, and how each joint line is divided."""
    sharing = alternative.sharing
    if not sharing.joint:
        return None
    national = sharing.national
    return {
        "national_sum": None if national is None else national.amount,
        "saves": None if national is None else (national - alternative.price.total).amount,
        "shares": [
            {
                "joint": share.joint,
                "from": share.from_place,
                "to": share.to_place,
                "method": share.method.value,
                "amounts": {name: amount.amount for name, amount in share.amounts.items()},
            }
            for share in sharing.joint
        ],
    }


def _document(needed: RequiredDocument) -> Json:
    return {
        "document": needed.document,
        "where": needed.where,
        "rule": needed.rule,
        "source": ";".join(needed.source),
    }


def _line(line: PriceLine) -> Json:
    charge = line.charge
    row = charge.row
    return {
        "code": charge.code,
        "carrier": charge.carrier,
        "from": charge.from_place,
        "to": charge.to_place,
        "rule": f"{row.id} {row.rule}",
        "basis": basis_of(charge),
        "quantity": f"{charge.quantity.normalize():f}",
        "rate": f"{charge.each.normalize():f}",
        "factors": [
            {
                "rule": f"{factor.id} {factor.rule}",
                "group": factor.group,
                "value": f"{factor.value:f}",
                "source": ";".join((*factor.fact, *factor.source)),
                "estimate": factor.estimate,
            }
            for factor in charge.factors
        ],
        "limited_by": charge.limited or None,
        "amount": None if charge.on_request else f"{charge.amount:f}",
        "currency": charge.currency,
        "amount_quoted": None if charge.on_request else line.quoted.amount,
        "on_request": row.note if charge.on_request else None,
        "source": ";".join((*row.fact, *row.source)),
        "estimate": charge.estimate,
        "carried_forward": charge.carried_forward,
        "valid_from": row.valid_from.isoformat() if row.valid_from else None,
    }


def _leg(leg: Leg, grams: int) -> Json:
    return {
        "mode": leg.service.mode.value,
        "from": leg.from_place,
        "to": leg.to_place,
        "via": [segment.to_place for segment in leg.segments[:-1]],
        "carrier": leg.service.operator,
        "service": leg.service.id,
        "departure_id": leg.departure.id,
        "nominal": leg.departure.nominal,
        "departs_at": _instant(leg.departs_min),
        "arrives_at": _instant(leg.arrives_min),
        "distance_km": round(leg.distance_km, 1),
        "co2e_kg": _kg(grams),
    }


def _call(element: Element, hours: float) -> Json:
    if isinstance(element, Activity):
        activity, kind = element.name, element.kind.value
    elif isinstance(element, Wait):
        activity, kind = "wait-for-departure", "waiting"
    elif isinstance(element, ClosureWait):
        activity, kind = "weather", "waiting"
    elif isinstance(element, ReopeningWait):
        activity, kind = "closed", "waiting"
    else:
        activity, kind = f"closed-{element.office.replace('_', '-')}", "waiting"
    return {"place": element.place, "activity": activity, "hours_p50": hours, "kind": kind}


def _part(part: Part) -> Json:
    return {
        "leg": part.leg + 1,
        "place": part.place,
        "cause": part.cause.value,
        "mean_h": part.mean_h,
        "p50_h": part.p50_h,
        "p95_h": part.p95_h,
        "estimate": part.estimate,
    }


def _counts(part: Part) -> bool:
    return max(part.mean_h, part.p50_h, part.p95_h) > 0


def _by_cause(parts: Sequence[Part]) -> list[Json]:
    """Hours of each cause in mean, median and 95 % quantile; every cause, 0 included."""
    sums = {cause: [0.0, 0.0, 0.0] for cause in Cause}
    for part in parts:
        for i, hours in enumerate((part.mean_h, part.p50_h, part.p95_h)):
            sums[part.cause][i] += hours
    return [
        {
            "cause": cause.value,
            "mean_h": round(mean, 1),
            "p50_h": round(p50, 1),
            "p95_h": round(p95, 1),
        }
        for cause, (mean, p50, p95) in sums.items()
    ]


def _refused(refused: Refused) -> Json:
    return {
        "rule": refused.rule,
        "message": refused.message,
        "corridor": refused.corridor,
        "places": list(refused.places),
        **refused.facts,
    }


def _instant(minutes: int) -> str:
    return render_instant(from_minutes(minutes))


def _kg(grams: int) -> float:
    return round(grams / 1000, 1)
