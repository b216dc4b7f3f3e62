"""What the tests of the drawing share: one map of each area."""

from __future__ import annotations

from datetime import date

import pytest

from karvan.adapters.drawing.map_svg import SvgDrawer
from karvan.services.drawing import MapRequest, parse_area

DAY = date(2026, 11, 21)


@pytest.fixture(scope="session")
def network(published):
    return published.network


@pytest.fixture(scope="session")
def drawn(network):
    """Draws an area, each once."""
    known = {}

    def draw(area, **more):
        key = area, *sorted(more.items())
        if key not in known:
            request = MapRequest(day=DAY, area=parse_area(area), **more)
            known[key] = SvgDrawer().draw(network, request)
        return known[key]

    return draw
