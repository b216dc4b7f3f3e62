"""What people are told a study costs: never less than nothing by rounding, never too coarse."""

from types import SimpleNamespace

import pytest

from karvan.services.planning.telling import cost_words


@pytest.mark.parametrize(
    ("compared", "kusd", "told"),
    [
        ("events", 569_437.0, "what happens costs 569.4 M USD"),
        ("events", 0.2, "what happens costs nothing"),
        ("events", -0.2, "what happens costs nothing"),
        ("changes", -24_612.0, "the change saves 24.6 M USD"),
        ("changes", -16.4, "the change saves 16 thousand USD"),
        ("changes", 11_650.0, "the change costs 11.7 M USD"),
        ("changes", -0.3, "the change neither costs nor saves anything"),
        ("", 0.0, ""),
    ],
)
def test_what_it_costs_is_told_in_the_unit_that_shows_it(compared, kusd, told):
    assert cost_words(SimpleNamespace(compared=compared, extra_cost_kusd=kusd)) == told
