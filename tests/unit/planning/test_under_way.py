"""What a plan has sent when some of its periods have passed."""

import pytest

from karvan.engines.planner.plan import plan
from karvan.services.planning.under_way import sent_by
from planner_cases import coming, problem_of


def test_what_sails_what_was_under_way_and_what_waits_comes_to_the_next_plan():
    problem = problem_of(
        [
            ("ship", "a", "b", 9, 1, {"travel": 2.5, "at_end": -9}),
            ("way", "x", "b", 0, 1, {"travel": 9}),
        ],
        [("a", 4, 0)],
        [("b", [0, 0, 9, 9, 9], 50)],
        periods=5,
        days=1,
    )
    found = plan(coming(problem, (1, [6, 0, 0, 3, 0], 2, 0.1)))

    sent = sent_by(found, 2)

    # Four a day leave: half of the first day's comes on the third day, and so on.
    assert sent["ship", "oil"] == pytest.approx((2, 4, 2, 0))
    # Six wait aboard for the third day, three come on the fourth, two after the fifth.
    assert sent["way", "oil"] == pytest.approx((6, 3, 0, 2))
