"""What a way costs and who gets it: price lines, the joint price, payees."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from karvan.adapters.documents.answers import Object, decimal, member, members, text
from karvan.adapters.documents.glyphs import Tree
from karvan.adapters.documents.names import Names
from karvan.adapters.documents.telling import NOTHING, amount, code_in_words, grouped
from karvan.adapters.documents.telling import on_request as asked_for
from karvan.services.quoting import wording
from karvan.services.words import Labels, phrase

Page = dict[str, Tree]

#: How payees that are no carriers are summed up, by what stands before the colon.
_SUMMED: Final = Labels(
    "payees",
    {
        "terminal": "Terminals and borders",
        "customs": "Customs declarations",
        "lessor": "Lessors of units",
    },
)
#: Marks of a line, by their code.
MARKS: Final = Labels("mark", {"est": "est", "old": "old", "ask": "ask"})
#: Most decimals of an amount before exchange.
_DECIMALS: Final = 2


def total(way: Object) -> str:
    """The total with its currency; a line on request makes it a 'from'."""
    price = member(way, "price")
    value = amount(price, "amount")
    if value == NOTHING:
        return asked_for()
    told = f"{value} {text(price, 'currency')}"
    return phrase("from {price}", price=told) if on_request(way) else told


def on_request(way: Object) -> bool:
    """Whether somebody's price is on request: the total is a 'from'."""
    told = member(way, "price").get("on_request") is True
    return told or any(map(_asked, members(way, "price_lines")))


def on_request_from(way: Object, names: Names) -> str:
    """Whose price is on request, each once."""
    lines = filter(_asked, members(way, "price_lines"))
    return ", ".join(dict.fromkeys(names.carrier(text(line, "carrier")) for line in lines))


def price_lines(way: Object, names: Names) -> list[Tree]:
    """Give the lines in the order of the way."""
    code = text(member(way, "price"), "currency")
    return [_line(line, code, names) for line in members(way, "price_lines")]


def marks_of(way: Object) -> list[Tree]:
    """Give the marks that any line has, sorted."""
    return list[Tree](
        sorted({mark for line in members(way, "price_lines") for mark in _marks(line)})
    )


def joint(way: Object, names: Names) -> list[Tree]:
    """Give the joint price in sentences: whom it falls to, what national tariffs ask."""
    shared, currency = member(way, "joint"), text(member(way, "price"), "currency")
    told: list[Tree] = []
    for share in members(shared, "shares"):
        amounts = member(share, "amounts")
        sums = [value for name in amounts if (value := decimal(amounts, name)) is not None]
        parts = ", ".join(f"{names.carrier(name)} {amount(amounts, name)}" for name in amounts)
        ends = " - ".join(names.place(text(share, key)) for key in ("from", "to"))
        shown = {
            "joint": text(share, "joint"),
            "ends": ends,
            "price": f"{grouped(sum(sums, Decimal(0)))} {currency}",
            "parts": parts,
        }
        if text(share, "method") == "by_distance":
            told.append(
                phrase("{joint}, {ends}: {price}. It falls to {parts}, by distance.", **shown)
            )
        else:
            told.append(phrase("{joint}, {ends}: {price}. It falls to {parts}.", **shown))
    national, saves = decimal(shared, "national_sum"), decimal(shared, "saves")
    if told and national is not None and saves is not None:
        apart = {
            "national": grouped(national),
            "currency": currency,
            "more": grouped(abs(saves)),
        }
        told.append(
            phrase(
                "The national tariffs alone ask {national} {currency} for this way, {more} more.",
                **apart,
            )
            if saves >= 0
            else phrase(
                "The national tariffs alone ask {national} {currency} for this way, {more} less.",
                **apart,
            )
        )
    return told


def payees(way: Object, names: Names) -> list[Tree]:
    """Give who is paid what by whom: carriers one by one, the others summed up by kind."""
    waiting = {text(each, "carrier") for each in members(way, "price_lines") if _asked(each)}
    carriers: list[Tree] = []
    sums: dict[tuple[str, str], list[Decimal]] = {}
    for each in members(way, "payees"):
        payee, payer = text(each, "payee"), text(each, "payer")
        kind, colon, _ = payee.partition(":")
        paid = decimal(each, "amount")
        if colon and paid is not None and payee not in waiting:
            sums.setdefault((kind, payer), []).append(paid)
            continue
        told = amount(each, "amount")
        if payee in waiting:
            told = f"{told} + {asked_for()}" if paid else asked_for()
        carriers.append({"payee": names.carrier(payee), "amount": told, "payer": payer})
    return carriers + [
        {
            "payee": f"{_SUMMED.get(kind, kind)} ({len(parts)})",
            "amount": grouped(sum(parts, Decimal(0))),
            "payer": payer,
        }
        for (kind, payer), parts in sums.items()
    ]


def _line(line: Object, code: str, names: Names) -> Page:
    asked, charge = _asked(line), text(line, "code")
    ends = dict.fromkeys(text(line, key) for key in ("from", "to") if text(line, key))
    basis, rate = text(line, "basis"), _trimmed(line, "rate")
    counted = wording.BASES.get(basis, code_in_words(basis))
    per = f"{_trimmed(line, 'quantity')} {counted} x {rate}"
    if basis == "percent":
        per = phrase("{rate} % of {sum}", rate=rate, sum=amount(line, "quantity"))
    per += "".join(f" x {_trimmed(each, 'value')}" for each in members(line, "factors"))
    return {
        "charge": wording.CHARGES.get(charge, charge),
        "ends": " - ".join(names.place(each) for each in ends),
        "carrier": names.carrier(text(line, "carrier")),
        "rule": text(line, "rule"),
        "source": _spaced(text(line, "source")),
        "valid_from": text(line, "valid_from"),
        "whom": text(line, "on_request"),
        "limited": wording.LIMITS.get(text(line, "limited_by"), text(line, "limited_by")),
        "factors": [
            {
                "value": _trimmed(each, "value"),
                "rule": text(each, "rule"),
                "source": _spaced(text(each, "source")),
            }
            for each in members(line, "factors")
        ],
        "per": "" if asked else per,
        "amount": "" if asked or text(line, "currency") == code else _foreign(line),
        "quoted": asked_for() if asked else amount(line, "amount_quoted"),
        "marks": [_told_mark(mark) for mark in _marks(line)],
    }


def _asked(line: Object) -> bool:
    """Whether a line has no amount, because its price is on request."""
    return decimal(line, "amount") is None and decimal(line, "amount_quoted") is None


def _marks(line: Object) -> list[str]:
    marks = {
        "est": line.get("estimate") is True,
        "old": line.get("carried_forward") is True,
        "ask": _asked(line),
    }
    return [mark for mark, holds in marks.items() if holds]


def _told_mark(mark: str) -> str:
    return MARKS[mark]


def _spaced(sources: str) -> str:
    """Sources that a line may be broken between."""
    return sources.replace(";", "; ")


def _trimmed(of: Object, key: str) -> str:
    """A figure without zeros behind its last decimal."""
    value = decimal(of, key)
    return amount(of, key) if value is None else grouped(value.normalize())


def _foreign(line: Object) -> str:
    """The amount before exchange, to a hundredth where it has more decimals."""
    value = decimal(line, "amount")
    if value is None:
        return amount(line, "amount")
    short = round(value, _DECIMALS)
    return f"{grouped(value if short == value else short)} {text(line, 'currency')}"
