"""The top of a report: the finding, the cases with what differs, and the table of figures."""

from __future__ import annotations

from karvan.adapters.reports.markup import Child, Markup, tag
from karvan.adapters.reports.telling import (
    change,
    estimate,
    letter,
    number,
    section,
    span,
    spans_words,
    table,
)
from karvan.services.planning.cases import Case, told_event
from karvan.services.planning.comparing import FigureLine
from karvan.services.planning.figures import FIGURES, NAMES, UNITS, Figure
from karvan.services.planning.naming import Names
from karvan.services.planning.reporting import Report
from karvan.services.planning.wording import subject
from karvan.services.words import phrase, tell_message

#: Figures whose factors are estimates.
_ESTIMATES = {"co2e_per_t", "freight_co2e_per_t"}
_MOST_SENTENCES = 4


def top(report: Report) -> Markup:
    """The heading, and the band of the cases and the finding."""
    cases = [
        tag(
            "div",
            letter(name) if report.b else None,
            tag(
                "div",
                tag("b", tell_message(case.title)),
                tag("p", _months(case), class_="sm mut"),
            ),
            class_="case-of",
        )
        for name, case in zip("AB", report.cases, strict=False)
    ]
    verdict = tag(
        "div",
        tag("p", tag("b", report.finding), class_="finding"),
        tag("p", _beside(report), class_="sm mut"),
        class_="verdict",
    )
    return tag(
        "div",
        tag("p", phrase("Karvan, a study of the corridor"), class_="sm mut"),
        tag("h1", tell_message(report.title)),
        tag("div", cases, verdict, class_=f"ab of-{len(cases)}"),
        class_="top",
    )


def _months(case: Case) -> str:
    months = case.results.months
    span = months[0] if len(months) == 1 else f"{months[0]} - {months[-1]}"
    return phrase(
        "{span}. {base}. Network {hash}",
        span=span,
        base=subject(case.scenario),
        hash=case.manifest.network[:8],
    )


def _beside(report: Report) -> Child:
    """What stands under the finding: how sure it is, or what else changes most."""
    found = report.comparison
    if found is None:
        return phrase("As planned, with every estimate as told.")
    left = found.line("left_behind")
    if found.spread is not None and left.low is not None and left.high is not None:
        return phrase(
            "Difference {low} to {high} Mt in {share} of {runs}.",
            low=number(left.low),
            high=number(left.high),
            share=found.spread.share,
            runs=found.spread.runs,
        )
    lost, carriage = found.line("not_earned"), found.line("carriage_per_t")
    return phrase(
        "Money not earned {lost} M USD, carriage {carriage} USD a tonne. One plan, no interval.",
        lost=change(lost.difference, 0),
        carriage=change(carriage.difference, 1),
    )


def differs(report: Report) -> Markup | None:
    """What differs between the cases, or what happens in the one there is."""
    if report.comparison is not None:
        sentences, title = report.comparison.differs, phrase("What differs")
    else:
        sentences = tuple(told_event(event) for event in report.told.scenario.event)
        title = phrase("What happens")
    if not sentences:
        return None
    names = Names(report.network)
    items = [tag("li", names.told(sentence)) for sentence in sentences]
    shown: list[Child] = [tag("ul", items[:_MOST_SENTENCES], class_="plain")]
    if len(items) > _MOST_SENTENCES:
        rest = tag("ul", items[_MOST_SENTENCES:], class_="plain")
        more = phrase("{count} more", count=len(items) - _MOST_SENTENCES)
        shown.append(tag("details", tag("summary", more), rest))
    return section("differs", title, tag("div", shown, class_="pad"))


def figures(report: Report) -> Markup:
    """The table of figures: values, their ends below, and the difference."""
    caption = spans_words(report.cases)
    if report.comparison is None:
        rows = [(_heading(each.key, "in"), _value(each, report.a)) for each in report.a.figures]
        made = table(caption, [phrase("Figure"), phrase("Amount")], rows, numbers=(1,))
        return section("figures", caption, made)
    values = [{each.key: each for each in case.figures} for case in report.cases]
    both = [
        (
            _heading(line.key),
            *(
                _value(each[line.key], case)
                for each, case in zip(values, report.cases, strict=True)
            ),
            _difference(line),
        )
        for line in report.comparison.figures
    ]
    heads = [phrase("Figure"), "A", "B", "B \N{MINUS SIGN} A"]
    return section("figures", caption, table(caption, heads, both, numbers=(1, 2, 3)))


def _heading(key: str, style: str = "block") -> Child:
    chip = [" ", estimate()] if key in _ESTIMATES else []
    unit = UNITS[key].removesuffix(f", {phrase('estimate')}")
    return [tag("span", NAMES[key], chip), tag("span", unit, class_=f"xs dim {style}")]


def _value(figure: Figure, case: Case) -> Child:
    decimals = FIGURES[figure.key].decimals
    ends = (figure.low, figure.high)
    if case.spread and figure.key in case.spread.figures:
        ends = case.spread.figures[figure.key]
    told = [tag("b", number(figure.value, decimals), class_="fig")]
    if ends[0] is not None and ends[1] is not None:
        told.append(span((ends[0], ends[1]), decimals))
    return told


def _difference(line: FigureLine) -> Child:
    told = change(line.difference, line.decimals)
    if line.may_be_chance:
        return [
            tag("span", told, class_="dim"),
            tag("span", phrase("may be chance"), class_="xs dim block"),
        ]
    ends: Child = None
    if line.low is not None and line.high is not None:
        ends = span((line.low, line.high), line.decimals)
    # Below what the table shows a difference is none, and is not coloured as one.
    some = round(line.difference, line.decimals) != 0
    return [tag("b", told, class_="fig df") if some else tag("span", told, class_="dim"), ends]
