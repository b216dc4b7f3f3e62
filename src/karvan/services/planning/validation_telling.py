"""A validation as rows of text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from karvan.services.planning.outage_checks import CheckedOutage
from karvan.services.planning.validation import Compared, Validation
from karvan.services.words import Labels

OUTAGE_HEADS: Final = ("outage", "what was told", "told", "planned", "unit", "")
#: Kinds of rows, and the plans that answer them.
PLANS: Final[Mapping[str, tuple[str, ...]]] = {
    "oil": ("oil",),
    "freight": ("cargo", "boxes", "gross", "wagons", "trucks"),
}
#: Of what is not in kt.
UNITS: Final[Mapping[str, str]] = {"boxes": "TEU", "wagons": "wagons", "trucks": "trucks"}
#: What stands over columns, and the verdict.
WORDS: Final = Labels(
    "validation",
    {
        "period": "period",
        "row": "row",
        "what": "what",
        "observed": "observed",
        "planned": "planned",
        "error": "error",
        "outage": "outage",
        "what was told": "what was told",
        "told": "told",
        "unit": "unit",
        "near": "near",
        "misses": "misses",
    },
)
ROW_HEADS: Final = ("period", "row", "what", "observed", "planned", "error", "")


def row_of(row: Compared) -> tuple[str, ...]:
    """Cells of a compared row in the order of `ROW_HEADS`, in Mt or in thousands."""
    return (
        _months(row.observation.period),
        _name(row),
        what(row),
        _amount(row.observed_kt),
        _amount(row.planned_kt),
        f"{row.error:+.1%}",
        WORDS["near"] if row.is_near else f"{WORDS['misses']} {row.aim:.0%}",
    )


def why_missed(found: Validation) -> Iterator[str]:
    """A line for each row that misses: what the plan lacks."""
    for row in found.compared:
        if not row.is_near:
            told = f"{_name(row)} {what(row)} ({row.error:+.0%})"
            yield f"  {told}: {row.comparison.reason or 'not known'}."


def _name(row: Compared) -> str:
    return str(row.observation.id).removeprefix("OBS-")


def _months(period: str) -> str:
    """A period in short.

    >>> _months("2019-01..2019-09"), _months("2022")
    ('2019-01..09', '2022')
    """
    first, _, last = period.partition("..")
    return f"{first}..{last[5:]}" if last and last[:4] == first[:4] else period


def what(row: Compared) -> str:
    """Say what was observed, and what is taken off it."""
    seen, less = row.observation, ", ".join(row.comparison.less)
    return f"{seen.subject}: {seen.quantity}{f', less {less}' if less else ''}"


def summary(found: Validation) -> Iterator[str]:
    """How many rows count, and how many come near enough, of oil and of freight."""
    yield f"{len(found.compared)} rows count, {len(found.left)} rows of goods do not."
    oil, freight = found.of(*PLANS["oil"]), found.of(*PLANS["freight"])
    middle, of_freight = f"{oil.median_error:.1%}", f"{freight.median_error:.1%}"
    large, of_large = oil.hits(large=True)
    small, of_small = oil.hits(large=False)
    yield f"Oil: {large} of {of_large} rows above 1 Mt a year come within 10 %."
    yield f"Oil: {small} of {of_small} smaller rows come within 25 %; the middle error is {middle}."
    large, of_large = freight.hits(large=True)
    small, of_small = freight.hits(large=False)
    yield f"Freight: {large} of {of_large} rows above 1 Mt a year come within 10 %."
    yield (
        f"Freight: {small} of {of_small} smaller rows come within 25 %;"
        f" the middle error is {of_freight}."
    )


def outage_json(checks: Iterable[CheckedOutage]) -> Sequence[Mapping[str, object]]:
    """What was told of outages beside the plan."""
    return [
        {
            "id": each.check.id,
            "disruption": each.check.disruption,
            "what": each.check.note,
            "fact": list(each.check.fact),
            "told": each.check.told,
            "low": each.check.low,
            "high": each.check.high,
            "planned": round(each.planned, 4),
            "unit": each.check.unit,
            "near": each.is_near,
        }
        for each in checks
    ]


def outage_row(each: CheckedOutage) -> tuple[str, ...]:
    """Cells of a checked outage in the order of `OUTAGE_HEADS`."""
    check = each.check
    ends = (check.low, check.high)
    told = f"{check.told:g}" if None in ends else f"{check.told:g} ({ends[0]:g} to {ends[1]:g})"
    near = WORDS["near" if each.is_near else "misses"]
    return (check.disruption, check.note, told, f"{each.planned:.4g}", check.unit, near)


def validation_json(
    found: Validation, checks: Iterable[CheckedOutage] = ()
) -> Mapping[str, object]:
    """Everything that is compared, and everything that is not, with why."""
    return {
        "outages": outage_json(checks),
        "rows": [
            {
                "observation": str(row.observation.id),
                "fact": list(row.observation.fact),
                "subject": row.observation.subject,
                "quantity": row.observation.quantity,
                "period": row.observation.period,
                "plan": row.comparison.plan,
                "links": list(row.comparison.plus),
                "less_links": list(row.comparison.minus),
                "less_observations": list(row.comparison.less),
                "commodity": row.comparison.commodity,
                "unit": UNITS.get(row.comparison.plan, "kt"),
                "observed": round(row.observed_kt, 3),
                "planned": round(row.planned_kt, 3),
                "error": round(row.error, 4),
                "aim": row.aim,
                "near": row.is_near,
                "what_the_plan_lacks": "" if row.is_near else row.comparison.reason,
            }
            for row in found.compared
        ],
        **{
            name: {
                "large": _hits(found.of(*plans), large=True),
                "small": _hits(found.of(*plans), large=False),
                "median_error": round(found.of(*plans).median_error, 4),
            }
            for name, plans in PLANS.items()
        },
        "not_counted": [
            {"observation": str(left.observation.id), "reason": left.reason} for left in found.left
        ],
    }


def _hits(found: Validation, *, large: bool) -> Mapping[str, int]:
    near, rows = found.hits(large=large)
    return {"near": near, "rows": rows}


def _amount(kt: float) -> str:
    return f"{kt / 1000:,.3f}"
