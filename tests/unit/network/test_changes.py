"""Changes are read, applied to a copy, and told in the hash."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.domain.errors import InvalidInput, NotFound
from karvan.network.changes import Closure, HeadwayChange, apply, parse_change

FEEDER = "CASP-AKT-ALT-FEEDER"


def test_changes_are_read_and_printed_alike():
    for text in ("close:KZ-AKT", f"headway:{FEEDER}:2.0", "close:KZ-AKT--AZ-ALT:feeder"):
        assert str(parse_change(text)) == text


@given(st.text(max_size=60))
def test_any_text_is_a_change_or_our_refusal(text):
    with suppress(InvalidInput):
        assert str(parse_change(text))


@pytest.mark.parametrize("factor", ["0", "-1", "nan", "inf", "x", "1e9"])
def test_a_factor_that_makes_no_sense_is_refused(factor):
    with pytest.raises(InvalidInput):
        parse_change(f"headway:{FEEDER}:{factor}")


def test_a_change_gives_another_network_and_leaves_this_one(published):
    network = published.network
    before = network.hashes.network

    changed = apply(network, [Closure("KZ-AKT", "storm"), HeadwayChange(FEEDER, 2.0)])

    assert changed.closed == {"KZ-AKT": "storm"}
    assert changed.services[FEEDER].headway_h == 2 * network.services[FEEDER].headway_h
    assert network.closed == {}
    assert network.hashes.network == before != changed.hashes.network
    assert apply(network, []) is network


def test_a_change_of_nothing_is_refused(published):
    with pytest.raises(NotFound):
        apply(published.network, [Closure("KZ-NOWHERE")])
    with pytest.raises(NotFound):
        apply(published.network, [HeadwayChange("NOBODY", 2.0)])
