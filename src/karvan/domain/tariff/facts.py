"""Facts about a cargo that rows of the tariff book may ask for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from karvan.domain.cargo import Cargo
from karvan.domain.tariff.conditions import Facts


def facts_of(cargo: Cargo, day: date, *, laden: bool | None = None) -> Facts:
    """Give the facts of a cargo on a day of acceptance.

    Parameters
    ----------
    laden
        Whether the unit is loaded; as the cargo says when None. The empty unit on its way back
        carries no goods: nothing of them is a fact.
    """
    loaded = cargo.laden if laden is None else laden
    size = cargo.out_of_gauge
    facts: dict[str, str | Decimal] = {
        "laden": "loaded" if loaded else "empty",
        "owner": cargo.owner.value,
        "returns": "yes" if cargo.returns_empty else "no",
        "train": cargo.train.value,
        "temperature": "none",
        "hazard": "none",
        "gross_t": cargo.gross_t if loaded else cargo.gross_t - cargo.net_t,
        "net_t": cargo.net_t if loaded else Decimal(0),
        "count": Decimal(cargo.count),
        "yearly_units": Decimal(cargo.yearly_units),
        "month": Decimal(day.month),
    }
    optional: dict[str, str | Decimal] = {
        "pool": cargo.pool,
        "customer": cargo.customer,
        "group": cargo.group,
        "length_m": cargo.length_m,
        "axles": Decimal(cargo.axles),
        "axle_load_t": cargo.axle_load_t if loaded else Decimal(0),
    }
    facts.update({name: value for name, value in optional.items() if value})
    if not loaded:
        return facts
    if cargo.temperature_controlled:
        facts["temperature"] = "controlled"
    goods: dict[str, str] = {"hs": cargo.hs, "commodity": cargo.commodity}
    if cargo.kind.value == "oil":
        goods["grade"] = cargo.type_code
    facts.update({name: value for name, value in goods.items() if value})
    if cargo.hazard is not None:
        facts["hazard"] = cargo.hazard.main_class
        facts["un"] = cargo.hazard.un
    if size is not None:
        sizes = {"length_m": size.length_m, "width_m": size.width_m, "height_m": size.height_m}
        facts.update({name: value for name, value in sizes.items() if value is not None})
    return facts
