"""Answers to be stored, as short as they can be and still be answers of ours."""

from __future__ import annotations

import json

from karvan.services.quoting.store import StoredQuote, TableSet

TABLES = TableSet.of({"network/links.csv": b"id\nA\n", "rules/hs2022.csv": b"code\n"})


def answer(number, *, day=21, note="", **fields):
    """The text of an answer with an id made of a number."""
    body = {
        "quote_id": f"Q-{number:016X}",
        "created_at": f"2026-11-{day:02}T12:00:00Z",
        "expires_at": "2026-11-28T12:00:00Z",
        "network_hash": "a" * 64,
        "tariff_version": "b" * 16,
        "timetable_hash": "c" * 64,
        "engine_version": "0.1.0",
        "request": {"from": "KZ-ALM", "to": "GE-POT", "seed": 7},
        "note": note,
    }
    return json.dumps({**body, **fields}, ensure_ascii=False, indent=2) + "\n"


def stored(number, *, tables=TABLES, **fields):
    return StoredQuote.of(answer(number, **fields), tables.content_hash)
