"""Studies as the OpenAPI document describes them."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import BaseModel, Field

from karvan.interfaces.http.job_schemas import Reason
from karvan.interfaces.http.schemas import Model
from karvan.services.jobs.questions import LONGEST_LIMIT_S

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


Given = Annotated[str, Field(description="Name of a shipped scenario.")] | ScenarioBody
Runs = Annotated[
    int, Field(ge=0, le=10_000, description="Plan so many times, every estimate drawn anew.")
]
Failures = Annotated[
    bool,
    Field(description="On the page, what each outage would cost beside; false leaves it out."),
]
Seed = Annotated[int, Field(ge=0, le=2**32 - 1, description="The same seed, the same runs.")]


class _Asked(Model):
    """What all studies are asked with."""

    time_limit_s: Annotated[
        float,
        Field(ge=0, le=LONGEST_LIMIT_S, description="Seconds the solver may take for one plan."),
    ] = 600.0
    situation: Annotated[
        bool, Field(description="Lay what is closed at this moment over the months.")
    ] = False
    reason: Reason = ""


class PlanBody(_Asked):
    """Where goods go under a scenario."""

    kind: Literal["plan"] = "plan"
    scenario: Given
    runs: Runs = 0
    seed: Seed = 1
    failures: Failures = True


class ContingencyBody(_Asked):
    """What each outage costs; with order 2 the worst pairs too."""

    kind: Literal["contingency"]
    scenario: Given
    order: Annotated[int, Field(ge=1, le=2)] = 1
    by_year: Annotated[bool, Field(description="All months as one period.")] = False


class ResilienceBody(_Asked):
    """How long it takes to recover, from the events of the scenario or from some days without."""

    kind: Literal["resilience"]
    scenario: Given
    days: Annotated[int, Field(ge=1, le=3660)] | None = Field(
        default=None, description="Each asset out so long, by itself."
    )
    first_day: DayText | None = Field(default=None, description="First day of that.")
    tolerance: Annotated[
        float, Field(ge=0, le=1, description="Share of the usual that counts as recovered.")
    ] = 0.01


class InvestBody(_Asked):
    """Which projects to build and when."""

    kind: Literal["invest"]
    scenario: Given
    first_year: Annotated[int, Field(ge=1990, le=2100)] = 2026
    last_year: Annotated[int, Field(ge=1990, le=2100)] = 2040
    rate_percent: Annotated[float, Field(gt=-50, lt=100, description="Discount, a year.")] = 8.0
    growth_percent: Annotated[float, Field(gt=-50, lt=50, description="Of trade, a year.")] = 1.0
    every: Annotated[float, Field(ge=1, description="Years between two such events.")] = 10.0
    budget_eur: Annotated[float, Field(ge=0)] | None = Field(
        default=None, description="Outlay at most; any where it is not told."
    )
    budget_by_year_eur: Annotated[float, Field(ge=0)] | None = None
    costs: Literal["low", "middle", "high"] = "middle"
    frontier: Annotated[bool, Field(description="Tell what each smaller budget buys.")] = False


class CompareBody(_Asked):
    """What B does that A does not; what is closed is laid over B."""

    kind: Literal["compare"]
    a: Given
    b: Given
    runs: Runs = 0
    seed: Seed = 1
    failures: Failures = True


#: Every body that `POST /v1/studies` takes.
BODIES: Final[tuple[type[BaseModel], ...]] = (
    PlanBody,
    ContingencyBody,
    ResilienceBody,
    InvestBody,
    CompareBody,
)
