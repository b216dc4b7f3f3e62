"""The whole quote against its own plain-Python oracle: the same bytes.

The oracle searches by the reference, without bounds, and samples element by element; over the
hundred days of a real quote that takes minutes a lane (`make bench`), over a fortnight seconds.
"""

import pytest
from benchmarks._plain_quote import plain_text, plainly

from karvan.interfaces.json_text import render_json
from karvan.services.quoting import searching
from karvan.services.quoting.quote import Quoting
from karvan.services.quoting.rendering import quote_json
from karvan.services.quoting.request import RequestReader

LANES = {
    "a box along the railways of three countries": {
        "from": "KZ-AKT",
        "to": "GE-POT",
        "container": "40HC",
        "mass_kg": "18000",
        "hs": "851660",
    },
    "grain in bulk": {
        "from": "KZ-AKT",
        "to": "AZ-BAK",
        "bulk": "grain",
        "mass_t": "1500",
        "hs": "100199",
    },
    "a reefer that keeps away from a port": {
        "from": "KZ-ALM",
        "to": "KZ-AKT",
        "container": "45R1",
        "mass_kg": "15000",
        "hs": "080810",
        "temperature_c": "2..4",
        "avoid": ["KZ-KUR"],
    },
}


@pytest.mark.parametrize("lane", LANES)
def test_the_plain_program_gives_the_same_bytes(lane, published, now, monkeypatch):
    monkeypatch.setattr(searching, "SEARCH_MIN", 14 * 24 * 60)
    body = {**LANES[lane], "samples": 50, "ready": "2026-12-02T16:00:00Z"}
    request = RequestReader(published.network, published.book).read(body, now)
    ours, plain = Quoting(published), Quoting(published)

    quick = quote_json(ours.quote(request, now))
    plain.quote(request, now)  # What both programs are given: the corridor and the tariffs.
    with plainly(plain):
        slow = quote_json(plain.quote(request, now))

    assert quick["alternatives"]
    assert render_json(quick) == plain_text(slow)
