"""Recoveries as JSON and as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated

from karvan.services.planning.resilience import Recovery
from karvan.services.planning.result_tables import Table, table_of
from karvan.services.planning.results import About


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryRow:
    """How an event, or an asset out for some days, is survived; a row for each unit of amounts."""

    asset: Annotated[str, About("id of what is out; empty for the events of the scenario")]
    begins: Annotated[str, About("period in which it comes; empty: it takes nothing")]
    recovered: Annotated[str, About("period from which all is as usual; empty: not within them")]
    periods_to_recover: Annotated[
        float | None, About("from the one to the other; empty: not within the periods")
    ]
    worst_period: Annotated[str, About("in which most is missing, or most is paid")]
    extra_cost_kusd: Annotated[float, About("over all periods", "1000 USD")]
    unit: Annotated[str, About("unit of the amounts")]
    shut_in: Annotated[float, About("more than without the event", "`unit`")]
    unserved: Annotated[float, About("more than without the event", "`unit`")]
    delayed: Annotated[float, About("missing at the worst moment, and made up for", "`unit`")]
    worst_short: Annotated[float, About("missing in the worst period", "`unit`")]
    peak_stock: Annotated[float, About("the most that waits above the usual", "`unit`")]
    peak_place: Annotated[str, About("id of the place where most of it waits")]
    peak_period: Annotated[str, About("at whose end it waits")]


def recovery_table(found: Sequence[Recovery]) -> Table:
    """`recovery`, in the order given."""
    rows = [_row(each, number) for each in found for number in range(len(each.losses))]
    return table_of("recovery", RecoveryRow, rows)


def _row(each: Recovery, number: int) -> RecoveryRow:
    periods = each.periods_to_recover
    return RecoveryRow(
        asset=each.asset,
        begins=each.begins,
        recovered=each.recovered,
        periods_to_recover=None if periods is None else float(periods),
        worst_period=each.worst_period,
        extra_cost_kusd=round(each.extra_cost_kusd, 3) + 0.0,
        **asdict(each.losses[number]),
    )


def recoveries_json(
    found: Sequence[Recovery], scenario: str, title: str, tolerance: float
) -> Mapping[str, object]:
    """Everything that is told."""
    return {
        "scenario": scenario,
        "title": title,
        "tolerance": tolerance,
        "recoveries": [asdict(each) for each in found],
    }
