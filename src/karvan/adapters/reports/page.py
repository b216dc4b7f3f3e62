"""A report as one page: no host, no script, light and dark, on a screen and on paper."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from karvan.adapters.formats.writing import require_file, write_file
from karvan.adapters.reports.answer import differs, figures, top
from karvan.adapters.reports.bottleneck_chart import bottleneck_section
from karvan.adapters.reports.flow_map import map_section
from karvan.adapters.reports.freight_tables import corridors_section
from karvan.adapters.reports.list_page import list_body
from karvan.adapters.reports.markup import Markup, tag
from karvan.adapters.reports.months_chart import months_section
from karvan.adapters.reports.sankey import sankey_section
from karvan.adapters.reports.sections import (
    again_section,
    costs_section,
    emissions_section,
    failures_section,
    outlets_section,
    routes_section,
    sold_section,
)
from karvan.adapters.reports.tornado_chart import tornado_section
from karvan.adapters.reports.trade_page import trade_body
from karvan.services.planning.figures import Trade
from karvan.services.planning.reporting import ListReport, Report, TradeReport
from karvan.services.words import phrase, spoken, tell_message

#: Nothing is fetched and nothing runs, whatever a title says.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_HATCH = Markup(
    '<svg width="0" height="0" class="vh" aria-hidden="true"><defs><pattern id="hatched" width="5" '
    'height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" '
    'height="5" class="hatch-ground"/><path d="M0 0V5" class="hatch-line"/></pattern></defs></svg>'
)


class HtmlReports:
    """The `ReportWriter` port."""

    def write(self, report: Report | ListReport | TradeReport) -> str:
        """One self-contained page in HTML; the same report gives the same text."""
        if isinstance(report, TradeReport):
            title, body = report.paper.title, trade_body(report)
        else:
            title = f"{report.finding} - {tell_message(report.title)}"
            body = list_body(report) if isinstance(report, ListReport) else _body(report)
        head = tag(
            "head",
            tag("meta", charset="utf-8"),
            tag("meta", name="viewport", content="width=device-width,initial-scale=1"),
            tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
            tag("meta", name="color-scheme", content="light dark"),
            tag("title", title),
            tag("style", Markup(_style())),
        )
        page = tag("html", head, tag("body", _HATCH, body), lang=spoken().language)
        return f"<!doctype html>\n{page}\n"

    def require_target(self, target: Path) -> None:
        """Refuse a file that could not be written; raises `InvalidInput`."""
        require_file(target)

    def save(self, report: Report | ListReport | TradeReport, target: Path) -> None:
        """Write it to a file, whole or not at all; raises `InvalidInput`."""
        write_file(target, self.write(report).encode("utf-8"))


def _body(report: Report) -> Markup:
    views = report.views()
    goods = {
        Trade.OIL: phrase("Amounts of oil are of Kazakh oil."),
        Trade.FREIGHT: phrase("Amounts of freight are tonnes of goods, without empty boxes."),
    }
    notes = phrase(
        "Much of what goes in is an estimate; the scenario says which. Ground: Natural Earth, "
        "public domain; borders as it draws them."
    )
    return tag(
        "main",
        top(report),
        tag("div", figures(report), map_section(report), class_="grid first"),
        tag(
            "div",
            [months_section(each) for each in views],
            differs(report),
            failures_section(report),
            [(outlets_section(each), sold_section(each)) for each in views],
            corridors_section(report),
            again_section(report),
            class_="cols",
        ),
        bottleneck_section(report),
        tornado_section(report),
        [_by_trade(each) for each in views],
        tag("p", [f"{goods[trade]} " for trade in report.trades], notes, class_="foot sm mut"),
    )


def _by_trade(report: Report) -> list[Markup]:
    """What stands once for each trade, over the whole width."""
    return [
        sankey_section(report),
        tag("div", routes_section(report), emissions_section(report), class_="grid two-even"),
        costs_section(report),
    ]


def _style() -> str:
    return files("karvan.adapters.reports").joinpath("report.css").read_text(encoding="utf-8")
