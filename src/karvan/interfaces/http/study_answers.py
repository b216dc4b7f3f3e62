"""What comes out of studies, as the OpenAPI document describes it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from karvan.interfaces.http.schemas import Model
from karvan.interfaces.http.study_schemas import DayText

Amounts = Annotated[list[float], Field(description="Thousand tonnes, by month.")]


class StudyMonths(Model):
    """Kazakh oil by month: what leaves by which way, and what does not."""

    leaves_by: dict[str, Amounts]
    refined: Amounts
    sold_at: dict[str, Amounts]
    shut_in_at: dict[str, Amounts]
    in_tanks_at: dict[str, Amounts] = Field(description="All oil, Kazakh or not.")
    under_way_on: dict[str, Amounts] = Field(
        description="What has left by a way and not arrived at the end of the month."
    )
    lost: Amounts = Field(description="What is lost on the way.")
    filled_at: dict[str, Amounts] = Field(description="What fills a line before it delivers.")


class StudyLimit(Model):
    """What one more of a limit is worth."""

    limit: str
    of: str
    month: str
    worth_kusd: float
    for_a: str


class StudyChecked(Model):
    """How far the plans are from proven, and what a second reading found."""

    gap: float
    worst_residual: float


class StudyEvent(Model):
    """What a closure takes from an asset."""

    closure: str
    asset: str
    first_day: DayText
    last_day: DayText
    share_lost: float
    cause: str


class StudySituation(Model):
    """What was closed, as it was laid over the months."""

    hash: str
    events: list[StudyEvent]
    without_effect: list[str] = Field(
        description="Closures that touch no oil, or none of the months."
    )


class StudyPlan(Model):
    """A plan, from its first month, and how many months came of it before the next."""

    begins: Annotated[str, Field(alias="from")]
    periods: int


class FreightCarried(Model):
    """A good over a corridor or a crossing, over all periods."""

    where: str
    good: str
    unit: str
    amount: float
    kt: float
    co2e_kt: float | None = Field(default=None, description="There for a corridor.")


class FreightMoved(Model):
    """A good over a corridor, with the events or changes and without them."""

    where: str
    good: str
    unit: str
    told: float
    usual: float


class FreightLeft(Model):
    """What of a demand does not go."""

    good: str
    unit: str
    origin: str
    destination: str
    asked: float
    unserved: float
    waits: float = Field(description="In yards at the end, beside what is not served.")
    late: float = Field(description="Came in a later month than it was asked for.")


class FreightYard(Model):
    """A yard in which something waits, and how much at the end of each month."""

    yard: str
    unit: str
    room: float
    held: list[float]


class FreightBound(Model):
    """A limit that binds, and what one more of it is worth on average where it does."""

    limit: str
    of: str
    periods: int
    worth_kusd: float
    for_a: str


class StudyFreight(Model):
    """The freight of a study."""

    corridors: list[FreightCarried]
    moved: list[FreightMoved] = Field(description="What goes by another corridor than without.")
    crossings: list[FreightCarried]
    unserved: list[FreightLeft] = Field(description="Not served, waiting at the end, or late.")
    yards: list[FreightYard]
    bound: list[FreightBound]


class StudyTold(Model):
    """What came out of `plan`."""

    situation: StudySituation | None = Field(
        default=None, description="There where it was asked for."
    )

    scenario: str
    title: str
    base: str
    months: list[str]
    event_from: str = Field(description="First month with an effect; empty without one.")
    compared: str = Field(description="What `without_event` leaves out: events or changes.")
    partial: bool = Field(description="Whether the solver came to its limit on the way.")
    planned_until: str = Field(description="The first month that is not planned; empty if all are.")
    plans: list[StudyPlan]
    unit: str
    with_event: StudyMonths
    without_event: StudyMonths
    extra_cost_kusd: float
    limits: list[StudyLimit]
    checked: StudyChecked
    freight: StudyFreight | None = Field(default=None, description="There where it is planned.")
    sampled: dict[str, object] | None = Field(
        default=None, description="Intervals and what matters most, where runs were asked for."
    )


class OutageOut(Model):
    """What is out."""

    kind: str
    asset: str


class OutageTold(Model):
    """What an outage costs."""

    rank: int
    out: list[OutageOut]
    extra_cost: float
    left_behind: float
    left_is_sure: bool
    why: dict[str, object] | None = Field(
        default=None, description="What went through, where it goes, what holds the rest."
    )


class OutagesChecked(Model):
    """How the plans behind a list were checked."""

    solved: int
    solved_cold_too: int
    worst_gap: float


class ContingencyTold(Model):
    """What came out of `contingency`."""

    scenario: str
    title: str
    periods: list[str]
    currency: str
    cost: float
    left_behind: float
    outages: list[OutageTold]
    pairs: list[OutageTold]
    pairs_possible: int
    checked: OutagesChecked


class RecoveriesTold(Model):
    """What came out of `resilience`."""

    scenario: str
    title: str
    tolerance: float
    recoveries: list[dict[str, object]]


class InvestmentTold(Model):
    """What came out of `invest`; million euro."""

    scenario: str
    title: str
    unit: str
    terms: dict[str, object]
    proven: bool
    best: dict[str, object]
    saved_by_year: dict[str, float]
    in_lines_by_year: dict[str, float]
    outlay_by_year: dict[str, float]
    running_by_year: dict[str, float]
    alone: list[dict[str, object]]
    frontier: list[dict[str, object]]
    left_out: dict[str, str]
    checked: dict[str, float]


class ComparisonTold(Model):
    """What came out of `compare`."""

    a: dict[str, object]
    b: dict[str, object]
    differs: list[str]
    finding: str
    runs: int
    figures: list[dict[str, object]]
    ways_out: list[dict[str, object]]
    sold_at: list[dict[str, object]]
    left_behind: list[dict[str, object]]
