"""A report of a study for people: one page, and the port that writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from karvan.network.network import Network
from karvan.services.planning.cases import Case, Spread
from karvan.services.planning.comparing import Comparison, compare, finding
from karvan.services.planning.figures import Trade
from karvan.services.planning.freight_telling import FreightTold
from karvan.services.planning.manifest import Manifest
from karvan.services.planning.result_tables import Table
from karvan.services.planning.scenario import Scenario
from karvan.services.planning.tornado import Tornado
from karvan.services.trade.paper import TradePaper


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One more thing that fails: what it costs in each case, in million US dollars."""

    name: str
    a_musd: float
    b_musd: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the page tells.

    Attributes
    ----------
    finding
        The sentence on top.
    b
        The second case; None where there is one alone.
    comparison
        B against A, where there are two.
    told
        The case that is told by itself, in Sankey, bottlenecks and costs: B where there are two.
    command
        The line that makes the page again.
    failures, failures_merged
        What each outage would cost beside; whether all periods were planned as one for it.
    tornados
        What each estimate does to a figure of the case that is told, where runs were made.
    freight
        What the case that is told does with the freight, by corridor.
    part
        The trade that is told, where the page has several.
    """

    title: str
    finding: str
    network: Network
    a: Case
    b: Case | None
    comparison: Comparison | None
    command: str
    failures: tuple[Failure, ...] = ()
    failures_merged: bool = False
    tornados: tuple[Tornado, ...] = ()
    freight: FreightTold | None = None
    part: str = ""

    @property
    def told(self) -> Case:
        """The case that is told by itself."""
        return self.b or self.a

    @property
    def trades(self) -> tuple[Trade, ...]:
        """What is told: oil, freight, or both."""
        found = {trade for case in self.cases for trade in case.trades}
        return tuple(trade for trade in Trade if trade in found)

    def views(self) -> tuple[Report, ...]:
        """The same page once for each trade; of one alone it is the page itself."""
        if len(self.trades) == 1:
            return (self,)
        return tuple(
            replace(
                self,
                a=self.a.telling(trade),
                b=None if self.b is None else self.b.telling(trade),
                part=trade.value,
            )
            for trade in self.trades
        )

    def id(self, name: str) -> str:
        """The id of a section, of which a page of two trades has two."""
        return f"{name}-{self.part}" if self.part else name

    @property
    def cases(self) -> tuple[Case, ...]:
        """One case, or both."""
        return (self.a,) if self.b is None else (self.a, self.b)


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeReport:
    """A page of the trade of two countries, and the line that makes it again."""

    paper: TradePaper
    command: str


class ReportWriter(Protocol):
    """Writes reports."""

    def write(self, report: Report | ListReport | TradeReport) -> str:
        """One self-contained page in HTML; the same report gives the same text."""
        ...

    def require_target(self, target: Path) -> None:
        """Refuse a file that `save` could not write; raises `InvalidInput`."""
        ...

    def save(self, report: Report | ListReport | TradeReport, target: Path) -> None:
        """Write it to a file, whole or not at all; raises `InvalidInput`."""
        ...


def report_of_two(
    network: Network,
    found: Comparison,
    *,
    title: str,
    command: str,
    failures: Sequence[Failure] = (),
) -> Report:
    """The report of a comparison."""
    return Report(
        title=title,
        finding=finding(found),
        network=network,
        a=found.a,
        b=found.b,
        comparison=found,
        command=command,
        failures=tuple(failures),
    )


def report_of_event(
    network: Network,
    usual: Case,
    struck: Case,
    *,
    told: str,
    command: str,
    spread: Spread | None = None,
) -> Report:
    """The report of a plan whose events are told against the same months without them.

    `spread` is that of the differences, run by run.
    """
    return Report(
        title=struck.title,
        finding=told,
        network=network,
        a=usual,
        b=struck,
        comparison=compare(usual, struck, spread),
        command=command,
    )


def report_of_one(network: Network, case: Case, *, told: str, command: str) -> Report:
    """The report of a plan without any event."""
    return Report(
        title=case.title,
        finding=told,
        network=network,
        a=case,
        b=None,
        comparison=None,
        command=command,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars of a table: which, the columns of names and values, and what a value is told in.

    Attributes
    ----------
    group
        Column whose equal cells make one bar of several rows; empty for none.
    """

    title: str
    table: str
    name: str
    value: str
    unit: str
    factor: float = 1.0
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReport:
    """A page of tables, with the bars of one of them on top: outages, recoveries, projects.

    Attributes
    ----------
    facts
        Sentences under the finding.
    names
        Names of what has ids of its own, such as projects.
    """

    title: str
    finding: str
    network: Network
    chart: Chart
    tables: tuple[Table, ...]
    manifest: Manifest
    command: str
    facts: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    scenario: Scenario | None = None
