"""Requests and answers as the OpenAPI document describes them.

Requests are read by `RequestReader`, which names every fault at once; the models here say
the same to a reader of the document, and tests hold the answers against them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Decimal = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$")]
Instant = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Cause = Literal["moving", "handling", "departure", "border", "weather", "closed", "queue"]
Text = Annotated[str, Field(max_length=200)]
Owner = Literal["shipper", "carrier"]


class Model(BaseModel):
    """Strict: no coercion, no field that is not named."""

    model_config = ConfigDict(strict=True, extra="forbid", populate_by_name=True)


class QuoteBody(Model):
    """What goes where, when, in what."""

    from_: Text = Field(alias="from", description="Place or city: id, UN/LOCODE, station or name.")
    to: Text = Field(description="The same, for the other end.")
    ready: Text = Field(description="Day at the origin, or instant, from which goods are ready.")
    container: Text | None = Field(
        default=None,
        description="Box, by ISO 6346 code or a name of the trade. One unit is required.",
    )
    wagon: Text | None = Field(default=None, description="Type of wagon: `hopper` ...")
    truck: Text | int | None = Field(default=None, description="Type of truck, or its metres.")
    bulk: Text | None = Field(default=None, description="Class of goods in bulk: `grain` ...")
    oil: Text | None = Field(default=None, description="Grade of oil: `cpc_blend` ...")
    count: int | None = Field(default=None, ge=1, le=10_000, description="How many units; 1.")
    container_number: Text | None = Field(default=None, description="Checked by ISO 6346.")
    container_owner: Owner | None = Field(default=None, description="Whose it is; shipper.")
    wagon_owner: Owner | None = Field(default=None, description="Whose it is; carrier.")
    pool: Text | None = Field(default=None, description="Park the wagon belongs to: `GE` ...")
    gauge_mm: int | None = Field(default=None, description="1435 or 1520; that of the origin.")
    length_m: Text | int | None = Field(default=None, description="Of the wagon or truck.")
    axles: int | None = Field(default=None, ge=2, le=32, description="Of the wagon or truck.")
    laden: bool | None = Field(default=None, description="Whether it holds goods; true.")
    return_empty: bool | None = Field(
        default=None, description="Whether the price holds the way back of the empty unit; false."
    )
    mass_kg: Text | int | None = Field(
        default=None,
        description="Goods in each unit, of bulk and oil the whole: kilograms, a decimal string.",
    )
    mass_t: Text | int | None = Field(default=None, description="The same in tonnes.")
    hs: Text | None = Field(
        default=None,
        description="Six digits of the Harmonized System of 2022; required but for oil.",
    )
    un: Text | None = Field(default=None, description="UN number of dangerous goods.")
    hazard_class: Text | None = Field(default=None, description="That of the UN number.")
    packing_group: Text | None = Field(default=None, description="`I`, `II` or `III`.")
    temperature_c: Text | int | None = Field(
        default=None, description="To be kept, degrees Celsius: `-18`, `2..8`."
    )
    loaded_length_m: Text | int | None = Field(
        default=None, description="Size of a load that stands out of its unit."
    )
    loaded_width_m: Text | int | None = Field(default=None, description="Its width.")
    loaded_height_m: Text | int | None = Field(default=None, description="Its height.")
    train: Literal["single", "group", "block"] | None = Field(
        default=None, description="How it travels by rail; single."
    )
    yearly_units: int | None = Field(
        default=None, ge=0, le=1_000_000, description="Units promised a year; 0."
    )
    customer: Text | None = Field(default=None, description="Key of a contract.")
    latest_arrival: Text | None = Field(
        default=None, description="Day at the destination, or instant, by which it is wanted."
    )
    avoid: list[Text] | None = Field(
        default=None,
        max_length=20,
        description="Places, links, countries, modes, carriers or services to keep off.",
    )
    via: list[Text] | None = Field(
        default=None, max_length=6, description="The same, each to be taken by every way."
    )
    no_transit: list[Text] | None = Field(
        default=None, max_length=20, description="Countries not to cross."
    )
    rank_by: Literal["balance", "cheapest", "fastest", "surest", "least_co2e"] | None = Field(
        default=None, description="What goes first; balance."
    )
    weights: dict[Text, Text | int] | None = Field(
        default=None,
        description="Worth in the balance, USD: `day_usd` 100, `late_day_usd` 0, `co2e_t_usd` 0.",
    )
    most: int | None = Field(default=None, ge=1, le=50, description="Alternatives wanted; all.")
    payers: dict[Text, Text] | None = Field(default=None, description="Who pays, by carrier.")
    currency: Text | None = Field(default=None, description="Of the prices; USD.")
    changes: list[Text] | None = Field(
        default=None, max_length=50, description="`close:ID` or `headway:SERVICE:FACTOR`."
    )
    samples: int | None = Field(default=None, ge=50, le=20_000, description="Journeys drawn; 1000.")
    seed: int | None = Field(default=None, ge=0, le=2**63 - 1, description="Seed of the draws.")


class ComparisonBody(QuoteBody):
    """A request, and how many weeks after its ready date are compared with it."""

    weeks: int | None = Field(default=None, ge=1, le=10, description="Later dates; 2.")


class ComparedDate(Model):
    """One ready date; without an answer it tells its error."""

    ready: str
    quote_id: str | None
    cheapest: Decimal | None
    fastest: Decimal | None
    currency: str | None
    arrives_p50: Instant | None = Field(description="Median arrival of the fastest way.")
    error: str | None


class ComparisonAnswer(Model):
    """Ready dates a week apart, and what follows from them."""

    rows: list[ComparedDate]
    advice: str | None = Field(description="One sentence; null where waiting changes nothing.")


class QuoteRequestGiven(Model):
    """The request in canonical text."""

    from_: str = Field(alias="from")
    to: str
    container: str | None
    wagon: str | None
    truck: str | None
    bulk: str | None
    oil: str | None
    count: int | None
    container_number: str | None
    container_owner: Owner | None
    wagon_owner: Owner | None
    pool: str | None
    gauge_mm: int | None
    length_m: Decimal | None
    axles: int | None
    laden: bool | None
    return_empty: bool | None
    mass_kg: Decimal
    hs: str | None
    un: str | None
    hazard_class: str | None
    packing_group: str | None
    temperature_c: str | None
    loaded_length_m: Decimal | None
    loaded_width_m: Decimal | None
    loaded_height_m: Decimal | None
    train: Literal["single", "group", "block"]
    yearly_units: int
    customer: str | None
    ready: Instant
    latest_arrival: Instant | None
    currency: str
    changes: list[str]
    avoid: list[str]
    via: list[str]
    no_transit: list[str]
    rank_by: str
    weights: dict[str, Decimal]
    most: int | None
    payers: dict[str, str]
    samples: int
    seed: int


class TransitTime(Model):
    """Hours from ready to arrival, as quantiles of the sampled journeys."""

    p10: float
    p50: float
    p80: float
    p90: float
    p95: float
    mean: float
    samples: int
    mode_days: int = Field(description="The fullest whole day.")
    quantiles: list[float] = Field(min_length=50, max_length=50)


class Hours(Model):
    """What the median is made of."""

    moving: float
    handling: float
    waiting: float


class DaysPart(Model):
    """Hours of one cause at one place on one leg; all parts add up to the mean and quantiles."""

    leg: int = Field(description="Number of the leg, from 1.")
    place: str = Field(description="Where; of a run, where it ends.")
    cause: Cause
    mean_h: float
    p50_h: float = Field(description="Share in the median.")
    p95_h: float = Field(description="Share in the 95 % quantile.")
    estimate: bool = Field(description="Whether the time is an estimate.")


class CauseHours(Model):
    """Hours of one cause in the mean, the median and the 95 % quantile."""

    cause: Cause
    mean_h: float
    p50_h: float
    p95_h: float


class TimeEstimates(Model):
    """How much of the median rests on estimates."""

    hours: float
    share: float = Field(description="Of the median, 0 to 1.")


class Price(Model):
    """The total, its range, and how much of it rests on estimates."""

    amount: Decimal
    low: Decimal
    high: Decimal
    currency: str
    of_it_estimates: Decimal
    on_request: bool = Field(description="Somebody's price is on request: it is a from.")


class FactorShown(Model):
    """A coefficient that a line was multiplied by."""

    rule: str
    group: str
    value: Decimal
    source: str
    estimate: bool


class PriceLineShown(Model):
    """One line; the `amount_quoted` of all lines add up to `price.amount`."""

    code: str
    carrier: str
    from_: str = Field(alias="from")
    to: str
    rule: str
    basis: str
    quantity: Decimal
    rate: Decimal
    factors: list[FactorShown]
    limited_by: str | None = Field(description="Minimum, maximum or cap that decided.")
    amount: Decimal | None = Field(description="Null on request.")
    currency: str
    amount_quoted: Decimal | None
    on_request: str | None = Field(description="Whom to ask, where no amount is published.")
    source: str
    estimate: bool
    carried_forward: bool
    valid_from: str | None


class LegShown(Model):
    """What one departure carries the goods over."""

    mode: str
    from_: str = Field(alias="from")
    to: str
    via: list[str]
    carrier: str
    service: str
    departure_id: str
    nominal: bool
    departs_at: Instant
    arrives_at: Instant
    distance_km: float
    co2e_kg: float


class CallShown(Model):
    """What happens at a place, with its median hours."""

    place: str
    activity: str
    hours_p50: float
    kind: Literal["moving", "handling", "waiting"]


class DocumentShown(Model):
    """A document the way needs."""

    document: str
    where: str
    rule: str
    source: str


class WarningShown(Model):
    """Something to know before booking."""

    code: str
    message: str
    rule: str
    source: str


class PayeeShown(Model):
    """Who is paid how much of the price, and by whom; the amounts add up to it."""

    payee: str
    amount: Decimal
    payer: str | None = Field(description="As the request names it; null where it does not.")


class JointShareShown(Model):
    """One joint line divided among its members."""

    joint: str
    from_: str = Field(alias="from")
    to: str
    method: Literal["by_tariff", "by_distance"]
    amounts: dict[str, Decimal]


class JointShown(Model):
    """The joint price beside the sum of the national tariffs."""

    national_sum: Decimal | None = Field(description="Null where a member has no rate of its own.")
    saves: Decimal | None
    shares: list[JointShareShown]


class AlternativeShown(Model):
    """One way."""

    rank: int
    labels: list[str]
    corridor: str
    dominated_by: int | None
    departs_at: Instant
    arrives_at: Instant
    transit_time_h: TransitTime
    hours: Hours
    where_the_days_go: list[DaysPart]
    hours_by_cause: list[CauseHours]
    time_of_it_estimates: TimeEstimates
    on_time: float = Field(ge=0, le=1)
    price: Price
    price_lines: list[PriceLineShown]
    payees: list[PayeeShown]
    joint: JointShown | None
    co2e_kg: float
    co2e_handling_kg: float
    legs: list[LegShown]
    calls: list[CallShown]
    documents: list[DocumentShown]
    warnings: list[WarningShown]


class RefusedShown(BaseModel):
    """A way not offered and the rule that stops it; facts of the rule come beside."""

    model_config = ConfigDict(strict=True, extra="allow")

    rule: str
    message: str
    corridor: str
    places: list[str]


class ClosureSeen(Model):
    """Something that was closed or restricted when an answer was made."""

    id: str
    target: str
    state: str = Field(description="closed or restricted.")
    cause: str
    since: Instant
    reopen: dict[str, Instant] | None = Field(
        description="low, likely and high; null until further notice."
    )
    share_lost: float
    note: str


class DepartureSeen(Model):
    """A departure that a carrier published; null where it says no arrival."""

    departs_at: Instant
    arrives_at: Instant | None


class TimesSeen(Model):
    """What leaves of a service in a window of time: these departures and no other."""

    service: str
    from_: Instant = Field(alias="from")
    to: Instant
    departures: list[DepartureSeen]


class SituationSeen(Model):
    """What was closed when an answer was made, whole enough to make it again."""

    hash: str = Field(description="Empty where nothing was.")
    closures: list[ClosureSeen]
    timetable: list[TimesSeen]


class QuoteAnswer(Model):
    """A through quote."""

    quote_id: str
    created_at: Instant
    expires_at: Instant
    network_hash: str
    tariff_version: str
    timetable_hash: str
    engine_version: str
    situation: SituationSeen | None = Field(
        default=None, description="Absent from answers of those who did not know."
    )
    request: QuoteRequestGiven
    scope: str
    excludes: list[str]
    bounded: bool
    late: int = Field(description="Ways left out that are planned to arrive too late.")
    alternatives: list[AlternativeShown]
    refused: list[RefusedShown]


class PriceLock(Model):
    """Whether the prices of a quote still hold."""

    holds: bool
    at: Instant
    expires_at: Instant


class DifferenceShown(Model):
    """One field in which a quote that was made again differs."""

    where: list[str] = Field(description="The part of the answer, from the outside in.")
    field: str = Field(description="Empty where the whole part is on one side only.")
    was: Any
    now: Any
    tolerated: bool = Field(description="A time within a tenth of an hour.")


class RefusalShown(Model):
    """Why a quote could not be made again."""

    code: str
    title: str


class AgainAnswer(Model):
    """A stored quote, the same request answered again, and the difference."""

    quote_id: str
    verdict: Literal["same", "close", "different", "not-made"]
    same_engine: bool
    same_tables: bool = Field(description="Whether today's tables are those it was made from.")
    engine_version: str = Field(description="Of the program that made it again.")
    price: PriceLock
    differences: list[DifferenceShown]
    refusal: RefusalShown | None
    stored: dict[str, Any] = Field(description="The answer as it was given.")
    made_again: dict[str, Any] | None


class FaultShown(BaseModel):
    """One thing wrong with a request; facts come beside."""

    model_config = ConfigDict(extra="allow")

    pointer: str = Field(description="JSON pointer of the field, or name of the parameter.")
    code: str
    message: str
    fix: str | None = Field(default=None, description="What would be right.")


class ProblemDocument(BaseModel):
    """A problem (RFC 9457); facts come beside."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    code: str
    instance: str
    request_id: str
    errors: list[FaultShown] | None = None


class PlaceSummary(Model):
    """A place or city."""

    id: str
    name: str
    kind: str
    country: str
    members: list[str] = Field(description="Places of a city.")
    names: dict[str, str] = Field(description="By language, ISO 639-1.")


class PlacePage(Model):
    """Places that were found, a page at a time."""

    items: list[PlaceSummary]
    total: int
    next: str | None = Field(description="Address of the next page.")


class Health(Model):
    """Whether quotes are answered at once, and from what."""

    status: Literal["warming-up", "ready", "failed"]
    store: Literal["ready", "unavailable", "none"] = Field(
        description="Whether answers can be kept; none where they are not."
    )
    engine_version: str
    network_hash: str
    tariff_version: str


class Live(Model):
    """The process answers."""

    status: Literal["live"]


class Ready(Model):
    """The server should get requests."""

    status: Literal["ready"]
    quotes: Literal["ready"] = Field(description="Tables are loaded and kernels compiled.")
    store: Literal["ready", "none"] = Field(
        description="Its database is reached and of its version; none where nothing is kept."
    )
