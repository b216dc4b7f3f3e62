"""What a study is read from: the plans it was made of, and the months each of them decided.

The one seam between how a study is planned and what is told of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from karvan.engines.planner.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A plan, of whose periods the first `periods` came true before it was planned again."""

    plan: Plan
    periods: int

    @property
    def whole(self) -> bool:
        """Whether the plan was kept to its end."""
        return self.periods == self.plan.problem.periods
