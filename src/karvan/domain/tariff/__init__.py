"""The tariff book: dated rates and what changes them, exchange rates, and which row applies."""

from karvan.domain.tariff.adjustments import (
    Cap,
    Coefficient,
    JointTariff,
    Surcharge,
    SurchargeKind,
    TariffDistance,
)
from karvan.domain.tariff.base_tables import Axis, BaseTable, Reading, TableEntry, tables_of
from karvan.domain.tariff.book import Sheet, TariffBook, check_overlaps
from karvan.domain.tariff.conditions import (
    Condition,
    Facts,
    parse_conditions,
    render_conditions,
)
from karvan.domain.tariff.facts import facts_of
from karvan.domain.tariff.rows import (
    ANY,
    BY_DISTANCE,
    OLD_AFTER_MONTHS,
    Basis,
    BookRow,
    ExchangeRate,
    Rate,
    Scope,
)

__all__ = [
    "ANY",
    "BY_DISTANCE",
    "OLD_AFTER_MONTHS",
    "Axis",
    "BaseTable",
    "Basis",
    "BookRow",
    "Cap",
    "Coefficient",
    "Condition",
    "ExchangeRate",
    "Facts",
    "JointTariff",
    "Rate",
    "Reading",
    "Scope",
    "Sheet",
    "Surcharge",
    "SurchargeKind",
    "TableEntry",
    "TariffBook",
    "TariffDistance",
    "check_overlaps",
    "facts_of",
    "parse_conditions",
    "render_conditions",
    "tables_of",
]
