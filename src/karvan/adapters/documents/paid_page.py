"""What a way costs and who gets it: price lines, the joint price, payees."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from karvan.adapters.documents.answers import Object, decimal, member, members, text
from karvan.adapters.documents.glyphs import Tree
from karvan.adapters.documents.names import Names
from karvan.adapters.documents.telling import NOTHING, ON_REQUEST, amount, code_in_words, grouped
from karvan.services.quoting import wording

Page = dict[str, Tree]

#: How payees that are no carriers are summed up, by what stands before the colon.
_SUMMED: Final = {
    "terminal": "Terminals and borders",
    "customs": "Customs declarations",
    "lessor": "Lessors of units",
}
#: Most decimals of an amount before exchange.
_DECIMALS: Final = 2


def total(way: Object) -> str:
    """The total with its currency; a line on request makes it a 'from'."""
    price = member(way, "price")
    value = amount(price, "amount")
    if value == NOTHING:
        return ON_REQUEST
    prefix = "from " if on_request(way) else ""
    return f"{prefix}{value} {text(price, 'currency')}"


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
        price = f"{grouped(sum(sums, Decimal(0)))} {currency}"
        how = ", by distance" if text(share, "method") == "by_distance" else ""
        told.append(f"{text(share, 'joint')}, {ends}: {price}. It falls to {parts}{how}.")
    national, saves = decimal(shared, "national_sum"), decimal(shared, "saves")
    if told and national is not None and saves is not None:
        more = f"{grouped(abs(saves))} {'more' if saves >= 0 else 'less'}"
        told.append(
            f"The national tariffs alone ask {grouped(national)} {currency} for this way, {more}."
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
            told = f"{told} + {ON_REQUEST}" if paid else ON_REQUEST
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
        per = f"{rate} % of {amount(line, 'quantity')}"
    per += "".join(f" x {_trimmed(each, 'value')}" for each in members(line, "factors"))
    return {
        "charge": wording.CHARGES.get(charge, charge),
        "ends": " - ".join(names.place(each) for each in ends),
        "carrier": names.carrier(text(line, "carrier")),
        "rule": text(line, "rule"),
        "source": _spaced(text(line, "source")),
        "valid_from": text(line, "valid_from"),
        "whom": text(line, "on_request"),
        "limited": text(line, "limited_by"),
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
        "quoted": ON_REQUEST if asked else amount(line, "amount_quoted"),
        "marks": list[Tree](_marks(line)),
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
