"""Studies as the OpenAPI document describes them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from karvan.interfaces.http.job_schemas import Reason
from karvan.interfaces.http.schemas import Model
from karvan.services.jobs.plans import LONGEST_LIMIT_S, USUAL_LIMIT_S

Amounts = Annotated[list[float], Field(description="Thousand tonnes, by month.")]
DayText = Annotated[str, Field(description="A day like 2025-11-29.")]


class EventBody(Model):
    """A share of an asset's capacity that is lost, from a first to a last day, both included."""

    id: str
    asset: str = Field(description="Id of a link, place, terminal or fleet, or of a field.")
    first_day: DayText
    last_day: DayText
    share_lost: Annotated[float, Field(ge=0, le=1)]
    cause: str
    source: str
    commodity: str = Field(default="", description="The only one that loses it; all by default.")
    takes: str = Field(default="capacity", description="Capacity or output.")
    expected_until: DayText | None = None


class ScenarioBody(Model):
    """A scenario, with the keys of a scenario file."""

    title: str
    text: str = ""
    base: str | None = Field(default=None, description="A shipped oil year, such as oil-2024.")
    extends: str | None = Field(default=None, description="A shipped scenario it is laid on.")
    first_month: str | None = Field(default=None, description="A month like 2025-11.")
    months: Annotated[int, Field(ge=1, le=120)] | None = None
    period: str = Field(default="month", description="Month, week or day.")
    first_day: DayText | None = None
    periods: Annotated[int, Field(ge=1, le=400)] | None = None
    events: list[str] | str | None = Field(
        default=None, description="Ids of disruptions, or all that touch the periods."
    )
    event: Annotated[list[EventBody], Field(default_factory=list)]
    change: Annotated[
        list[dict[str, object]],
        Field(default_factory=list, description="As in a scenario file."),
    ]
    contract: Annotated[
        list[dict[str, object]],
        Field(default_factory=list, description="As in a scenario file."),
    ]
    parts: list[str] | None = Field(default=None, description="Of oil and freight; oil by itself.")
    freight: dict[str, object] | None = Field(default=None, description="As in a scenario file.")


class StudyBody(Model):
    """What is to be planned."""

    scenario: Annotated[str, Field(description="Name of a shipped scenario.")] | ScenarioBody
    time_limit_s: Annotated[
        float,
        Field(ge=0, le=LONGEST_LIMIT_S, description="Seconds the solver may take for one plan."),
    ] = USUAL_LIMIT_S
    situation: Annotated[
        bool, Field(description="Lay what is closed at this moment over the months.")
    ] = False
    reason: Reason = ""


class StudyMonths(Model):
    """Kazakh oil by month: what leaves by which way, and what does not."""

    leaves_by: dict[str, Amounts]
    refined: Amounts
    sold_at: dict[str, Amounts]
    shut_in_at: dict[str, Amounts]
    in_tanks_at: dict[str, Amounts] = Field(description="All oil, Kazakh or not.")


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


class FreightLeft(Model):
    """What of a demand does not go."""

    good: str
    unit: str
    origin: str
    destination: str
    asked: float
    unserved: float


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
    crossings: list[FreightCarried]
    unserved: list[FreightLeft]
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
