"""What `karvan invest` shows at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from karvan.interfaces.cli.network_pages import table
from karvan.interfaces.cli.told_console import as_told
from karvan.services.planning.investment_telling import projects_told
from karvan.services.planning.sampled_amounts import Amount
from karvan.services.planning.sampled_investments import ALONE, BEST, BUILT, KEPT, OUTLAY, SAVING
from karvan.services.planning.sampled_words import about_runs
from karvan.services.planning.sampling import interval
from karvan.services.planning.wording import about
from karvan.services.words import phrase, spoken, tell_message

if TYPE_CHECKING:
    from rich.console import Console

    from karvan.services.planning.investment import Alone
    from karvan.services.planning.investment_telling import InvestmentStudy
    from karvan.services.planning.sampled_answers import Repeated

#: Columns of the terminal for the bars of the frontier.
BAR: Final = 30
_ENDS: Final = ("as told", "low", "median", "high")
#: Millions of euro that are shown as nothing.
NOTHING: Final = 0.005


def draw(console: Console, found: InvestmentStudy) -> None:
    """Terms, the choice, its years, each project alone, the frontier, and what is left out."""
    asked, terms = found.asked, found.asked.terms
    console.print(about(asked.scenario))
    rate, growth = (spoken().number(each * 100, 1) for each in (terms.rate, terms.growth))
    console.print(
        f"{terms.first_year} to {terms.last_year}; money of later years counts "
        f"{rate}% less a year; what there is to move grows {growth}% a year "
        f"from {asked.base_year}."
    )
    if asked.scenario.event:
        console.print(f"What happens in the scenario happens once in {terms.every:g} years.")
    _choice(console, found)
    if found.drawn is not None:
        _sure(console, found.drawn)
    _years(console, found)
    _alone(console, found)
    if found.points:
        _frontier(console, found)
    names = sorted(asked.left_out)
    for reason in sorted(set(asked.left_out.values())):
        those = ", ".join(name for name in names if asked.left_out[name] == reason)
        told = phrase("Not asked, {reason}: {those}.", reason=tell_message(reason), those=those)
        console.print(as_told(told), soft_wrap=True)
    console.print(
        "Costs and amounts are estimates for the most part; tariffs that pay for a line or a ship "
        "count beside its cost."
    )


def project_names(found: InvestmentStudy) -> dict[str, str]:
    """Names of the projects, in the language of the reader."""
    return {each.id: tell_message(each.name) for each in found.asked.offered}


def _choice(console: Console, found: InvestmentStudy) -> None:
    best, names = found.best, project_names(found)
    if not best.chosen:
        console.print("Nothing is worth building within the budget.")
    else:
        console.print("To build, in M EUR:")
        made = table("project", "units", "begins", "works from", "outlay", numbers=("outlay",))
        for each in best.chosen:
            outlay = _money(found, each.outlay)
            made.add_row(
                as_told(names[each.project]), str(each.units), each.begins, each.works_from, outlay
            )
        console.print(made)
    spent, saved = _money(found, best.spent), _money(found, best.operating_saving)
    worth = _money(found, best.npv)
    console.print(
        f"Outlay {spent} M EUR; saves {saved} discounted; net present value {worth} M EUR."
    )
    if best.filled_by_step.any():
        oil = _money(found, float(best.filled_by_step.sum()))
        back = _money(found, best.brought_back)
        console.print(
            f"Oil of {oil} M EUR goes into lines; at the end it brings {back}, discounted."
        )
    if not best.proven:
        most = _money(found, best.npv_bound)
        console.print(f"Not proven: another choice may be worth up to {most} M EUR.")


def _sure(console: Console, drawn: Repeated) -> None:
    """Ends of what the choice is worth, and in how many runs each project is chosen."""
    console.print(as_told(about_runs(drawn)))
    made = table("M EUR", *_ENDS, numbers=_ENDS)
    for what, name in (
        (KEPT, phrase("Worth of this choice, kept to")),
        (BEST, phrase("Worth of the best choice of each run")),
        (OUTLAY, phrase("Outlay of that")),
        (SAVING, phrase("What that saves, discounted")),
    ):
        of = Amount(what, "", "", "M EUR")
        median = float(interval(drawn.draws[of]).median)
        low, high = drawn.ends(of) or (0.0, 0.0)
        cells = (drawn.told[of], low, median, high)
        made.add_row(as_told(name), *(_shown(each) for each in cells))
    console.print(made)


def _years(console: Console, found: InvestmentStudy) -> None:
    best = found.best
    if not best.chosen:
        return
    columns = {
        phrase("saved"): best.saved_by_step,
        phrase("into lines"): best.filled_by_step,
        phrase("outlay"): best.spent_by_step,
        phrase("running"): best.running_by_step,
    }
    if not best.filled_by_step.any():
        del columns[phrase("into lines")]
    made = table("year", *columns, numbers=tuple(columns))
    for k, year in enumerate(found.asked.question.horizon.step_ids):
        made.add_row(year, *(_money(found, float(each[k])) for each in columns.values()))
    console.print("By year, in M EUR, not discounted:")
    console.print(made)


def _alone(console: Console, found: InvestmentStudy) -> None:
    first, last = found.asked.terms.first_year, found.asked.terms.last_year
    console.print("One of each alone, in M EUR:")
    heads = (
        phrase("saves in {year}", year=str(first)),
        phrase("in {year}", year=str(last)),
        phrase("worth"),
        phrase("at its costs"),
    )
    drawn = found.drawn
    sure = () if drawn is None else (phrase("low"), phrase("high"), phrase("chosen in"))
    made = table("project", *heads, *sure, "", numbers=(*heads, *sure))
    for each in sorted(found.alone, key=lambda one: -one.npv_kusd):
        made.add_row(
            as_told(tell_message(each.project.name)),
            _money(found, float(each.saved_kusd[0])),
            _money(found, float(each.saved_kusd[-1])),
            _money(found, each.npv_kusd),
            _span(found, each),
            *(() if drawn is None else _drawn_cells(drawn, each.project.id)),
            as_told(phrase("estimate")) if each.project.estimate else "",
        )
    console.print(made)
    filling = [
        f"{tell_message(each.project.name)} {_money(found, each.filling_kusd)}"
        for each in found.alone
        if abs(found.m_eur(each.filling_kusd)) >= NOTHING
    ]
    if filling:
        console.print(
            "What each is worth counts what filling its line costs, in M EUR: "
            f"{'; '.join(filling)}."
        )


def _drawn_cells(drawn: Repeated, project: str) -> tuple[str, str, str]:
    """Ends of what a project alone is worth, and the share of runs that choose it."""
    low, high = drawn.ends(Amount(ALONE, project, "", "M EUR")) or (0.0, 0.0)
    return _shown(low), _shown(high), f"{drawn.share(Amount(BUILT, project, '', '')):.0%}"


def _span(found: InvestmentStudy, each: Alone) -> str:
    low, high = _money(found, each.npv_low_kusd), _money(found, each.npv_high_kusd)
    return low if low == high else phrase("{low} to {high}", low=low, high=high)


def _frontier(console: Console, found: InvestmentStudy) -> None:
    most = max((each.npv for each in found.points), default=0.0)
    console.print("What each budget can buy, in M EUR:")
    made = table("outlay", "worth", "", "projects", numbers=("outlay", "worth"))
    for each in found.points:
        bar = "█" * round(BAR * each.npv / most) if most > 0 else ""
        told = projects_told(each) or phrase("nothing")
        told += "" if each.proven else phrase(" (not proven)")
        made.add_row(_money(found, each.spent), _money(found, each.npv), bar, as_told(told))
    console.print(made)


def _money(found: InvestmentStudy, kusd: float) -> str:
    return _shown(found.m_eur(kusd))


def _shown(value: float) -> str:
    decimals = 1 if abs(value) >= 1 else 2
    return "0" if abs(value) < NOTHING else spoken().number(value, decimals)
