"""Answers about the corridor and about cargo, as the OpenAPI document describes them."""

from __future__ import annotations

from pydantic import Field

from karvan.interfaces.http.schemas import Instant, Model


class Names(Model):
    """Names by id."""

    carriers: dict[str, str]
    corridors: dict[str, str]
    services: dict[str, str]


class ServiceShown(Model):
    """A scheduled service."""

    id: str
    name: str
    carrier: str
    mode: str
    status: str
    headway_h: float | None = Field(description="Hours between departures.")
    calls: list[str] = Field(description="Where cargo may board or alight.")
    source: list[str]
    estimate: bool


class ServicePage(Model):
    """Services, a page at a time."""

    items: list[ServiceShown]
    total: int
    next: str | None = Field(description="Address of the next page.")


class DepartureShown(Model):
    """A dated departure from a place."""

    departure_id: str
    service: str
    name: str
    carrier: str
    mode: str
    from_: str = Field(alias="from")
    next_call: str
    last_call: str
    departs_at: Instant
    departs_local: str
    nominal: bool = Field(description="Made from a headway, not from a published timetable.")


class DeparturePage(Model):
    """Departures, a page at a time."""

    items: list[DepartureShown]
    total: int
    next: str | None = Field(description="Address of the next page.")


class UnitType(Model):
    """A type that a request may name."""

    code: str
    name: str


class CargoTypes(Model):
    """What a request may name for each kind of unit."""

    container: list[UnitType]
    wagon: list[UnitType]
    truck: list[UnitType]
    bulk: list[UnitType]
    oil: list[UnitType]


class GoodsCode(Model):
    """A code of the Harmonized System."""

    code: str
    description: str


class GoodsPage(Model):
    """Goods that were found, a page at a time."""

    items: list[GoodsCode]
    total: int
    next: str | None = Field(description="Address of the next page.")
