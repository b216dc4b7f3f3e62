"""A small answer to a quote, as the JSON has it, for tests of what is made from it."""

from __future__ import annotations

import copy

from karvan.services.exporting import QuoteDocument


def a_line(code, carrier, start, end, quoted, **more):
    return {
        "code": code,
        "carrier": carrier,
        "from": start,
        "to": end,
        "rule": "R001 container-km",
        "basis": "container_km",
        "quantity": "1491",
        "rate": "0.55",
        "amount": quoted,
        "currency": "USD",
        "amount_quoted": quoted,
        "source": "F370;report.az",
        "estimate": True,
        "carried_forward": False,
        "valid_from": "2025-01-01",
    } | more


def a_leg(mode, start, end, departs, arrives):
    return {
        "mode": mode,
        "from": start,
        "to": end,
        "via": ["KZ-BEY"],
        "carrier": "KTZ",
        "service": f"{start}-{end}",
        "departure_id": f"{start}-{end}@2026-12-05.1",
        "nominal": True,
        "departs_at": departs,
        "arrives_at": arrives,
        "distance_km": 1491.0,
        "co2e_kg": 751.5,
    }


def a_way(rank=1, lines=None, **more):
    lines = lines or [
        a_line("HAUL", "KTZ", "KZ-ALM", "KZ-AKT", "1820.05", amount="910025", currency="KZT"),
        a_line("HANDLING", "terminal:KZ-AKT", "KZ-AKT", "KZ-AKT", "180.10", amount="162.77"),
        a_line(
            "HAUL", "ferry", "KZ-AKT", "AZ-ALT", "999.95", amount="1700.4", currency="AZN",
            estimate=False, carried_forward=True,
        ),
    ]  # fmt: skip
    return {
        "rank": rank,
        "labels": ["best-balance", "least-co2e"],
        "corridor": "middle",
        "dominated_by": None,
        "departs_at": "2026-12-05T06:57:00Z",
        "arrives_at": "2026-12-17T08:23:00Z",
        "transit_time_h": {
            "p10": 194.5,
            "p50": 290.2,
            "p80": 363.6,
            "p90": 406.3,
            "p95": 440.2,
            "mean": 297.3,
            "samples": 100,
            "mode_days": 12,
            "quantiles": [200.0] * 50,
        },
        "hours": {"moving": 157.4, "handling": 25.2, "waiting": 107.6},
        "on_time": 0.317,
        "price": {
            "amount": "3000.10",
            "low": "2100.00",
            "high": "4200.00",
            "currency": "USD",
            "of_it_estimates": "2000.15",
        },
        "price_lines": lines,
        "co2e_kg": 2467.9,
        "co2e_handling_kg": 81.0,
        "legs": [
            a_leg("rail", "KZ-ALM", "KZ-AKT", "2026-12-05T06:57:00Z", "2026-12-09T06:57:00Z"),
            a_leg("rail_ferry", "KZ-AKT", "AZ-ALT", "2026-12-12T06:57:00Z", "2026-12-14T01:00:00Z"),
        ],
        "calls": [
            {"place": p, "activity": activity, "hours_p50": hours, "kind": kind}
            for p, activity, hours, kind in (
                ("KZ-ALM", "transfer", 12.4, "handling"),
                ("KZ-ALM", "wait-for-departure", 30.8, "waiting"),
                ("KZ-AKT", "run", 96.0, "moving"),
                ("KZ-AKT", "transfer", 12.0, "handling"),
                ("KZ-AKT", "wait-for-departure", 70.0, "waiting"),
                ("AZ-ALT", "run", 42.0, "moving"),
                ("AZ-ALT", "transfer", 10.0, "handling"),
            )
        ],
        "documents": [
            {
                "document": "Consignment note SMGS",
                "where": "KZ-ALM",
                "rule": "Rail east of the Caspian",
                "source": "documents-map",
            }
        ],
        "warnings": [
            {"code": "dual-use", "message": "Ask first", "rule": "list 1", "source": "customs-map"}
        ],
    } | more


def an_answer(**changes):
    return {
        "quote_id": "Q-3F3263BAEBD11E51",
        "created_at": "2026-11-22T02:28:13Z",
        "expires_at": "2026-11-29T02:28:13Z",
        "network_hash": "59" * 32,
        "tariff_version": "67b78d8d0f183494",
        "timetable_hash": "6c" * 32,
        "engine_version": "0.1.0",
        "request": {
            "from": "KZ-ALM",
            "to": "AZ-ALT",
            "container": "45G1",
            "container_number": None,
            "mass_kg": "18000",
            "hs": "851660",
            "ready": "2026-12-02T16:00:00Z",
            "latest_arrival": None,
            "currency": "USD",
            "changes": [],
            "samples": 100,
            "seed": 20261121,
        },
        "scope": "Terminal to terminal.",
        "excludes": ["duty and taxes", "insurance"],
        "bounded": False,
        "alternatives": [a_way(1), a_way(2, corridor="north", labels=[], dominated_by=1)],
        "refused": [
            {
                "rule": "no-rate",
                "message": "Nobody publishes a rate here",
                "corridor": "iran",
                "places": ["KZ-ALM", "IR-THR"],
                "equipment": "40",
            }
        ],
    } | changes


def a_document(answer=None, **names):
    return QuoteDocument(
        answer=copy.deepcopy(an_answer() if answer is None else answer),
        place_names={"KZ-ALM": "Almaty", "KZ-AKT": "Aktau port", "AZ-ALT": "Alat port"} | names,
        carrier_names={"KTZ": "Kazakhstan Railways"},
        corridor_names={"middle": "Middle Corridor by Aktau or Kuryk"},
        goods="Ovens and cookers",
    )
