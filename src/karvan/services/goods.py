"""What is known of a goods code: description, class, hints, national and railway codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from karvan.domain.errors import NotFound
from karvan.domain.identifiers.hs_code import HsCode
from karvan.engines.compliance.goods import hints_for
from karvan.network.rules import DocumentRule, HsWarning, Rules
from karvan.network.unit_types import GoodsCode, UnEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsPage:
    """Everything the tables say of one subheading on a day.

    Attributes
    ----------
    hints
        What such goods usually bring with them.
    dangerous
        Entries of the UN numbers they usually have.
    documents
        Documents that rest on the hints, whatever the route.
    codes
        National nomenclatures, and the code of each as far as the Harmonized System goes.
    """

    code: HsCode
    description: str
    heading: str
    chapter: str
    commodity: str
    hints: tuple[HsWarning, ...]
    dangerous: tuple[UnEntry, ...]
    documents: tuple[DocumentRule, ...]
    codes: tuple[tuple[GoodsCode, str], ...]
    gng: str


def goods_page(rules: Rules, text: str, day: date) -> GoodsPage:
    """Look a code up.

    Raises
    ------
    InvalidGoodsCode
        Not six digits.
    NotFound
        No such subheading; `near` names some that begin so.
    """
    code = HsCode.parse(text)
    if code.digits not in rules.hs:
        near = sorted(c for c in rules.hs if len(c) == 6 and c[:4] == code.heading)
        raise NotFound("no such subheading in the Harmonized System of 2022", hs=text, near=near)
    hints = hints_for(rules.hs_warnings, code.digits, day)
    numbers = dict.fromkeys(un for row in hints for un in row.un)
    entries = (rules.units.find_un(un, day) for un in numbers)
    words = {row.code for row in hints}
    return GoodsPage(
        code=code,
        description=rules.hs[code.digits],
        heading=rules.hs.get(code.heading, ""),
        chapter=rules.hs.get(code.chapter, ""),
        commodity=rules.units.commodity_of(code.digits),
        hints=hints,
        dangerous=tuple(entry for entry in entries if entry is not None),
        documents=tuple(row for row in rules.documents if words & set(row.goods)),
        codes=tuple((row, _begin(code.digits, row)) for row in rules.units.goods_codes),
        gng=code.digits + "00",
    )


def _begin(digits: str, row: GoodsCode) -> str:
    """The code as far as it is shared, a dot for each digit a country gives itself."""
    return digits[: row.shared] + "." * (row.digits - row.shared)


def goods_json(page: GoodsPage) -> Mapping[str, object]:
    """The page as JSON."""
    return {
        "hs": page.code.digits,
        "description": page.description,
        "heading": {"code": page.code.heading, "description": page.heading},
        "chapter": {"code": page.code.chapter, "description": page.chapter},
        "commodity": page.commodity or None,
        "hints": [
            {
                "code": row.code,
                "message": row.warning,
                "territories": list(row.territories),
                "rule": row.rule,
                "source": ";".join(row.source),
            }
            for row in page.hints
        ],
        "dangerous": [
            {
                "un": row.un,
                "name": row.name,
                "class": row.hazard_class,
                "packing_groups": list(row.packing_groups),
                "source": ";".join(row.source),
            }
            for row in page.dangerous
        ],
        "documents": [
            {
                "document": row.document,
                "territories": list(row.territories),
                "rule": row.rule,
                "source": ";".join(row.source),
            }
            for row in page.documents
        ],
        "codes": [
            {
                "territory": row.territory,
                "nomenclature": row.name,
                "digits": row.digits,
                "begins": begin,
                "source": ";".join(row.source),
            }
            for row, begin in page.codes
        ],
        "gng": page.gng,
    }
