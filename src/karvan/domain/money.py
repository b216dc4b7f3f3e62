"""Money as whole minor units: no float ever holds an amount.

Amounts enter as decimal strings and leave as decimal strings; the only
rounding is `round_to_minor`, half to even, and `Money.split`, whose tie rule
stands in its docstring.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from functools import total_ordering

from karvan.domain.errors import CurrencyMismatch, InvalidInput

#: Decimal digits of the minor unit. Source: ISO 4217, list one. The yen has
#: none, the Kuwaiti dinar has three; the Iranian rial and the Uzbek sum have two
#: on paper, though nobody pays with them.
MINOR_DIGITS = {
    "AZN": 2,
    "CHF": 2,
    "CNY": 2,
    "EUR": 2,
    "GBP": 2,
    "GEL": 2,
    "IRR": 2,
    "JPY": 0,
    "KGS": 2,
    "KWD": 3,
    "KZT": 2,
    "PLN": 2,
    "RON": 2,
    "RUB": 2,
    "TMT": 2,
    "TRY": 2,
    "UAH": 2,
    "USD": 2,
    "UZS": 2,
}

# Eighteen digits hold any amount of this trade; a longer text is not an amount.
_AMOUNT = re.compile(r"(-?)([0-9]{1,18})(?:\.([0-9]{1,9}))?")
_WIDE = Context(prec=40, traps=[InvalidOperation])


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in one currency.

    >>> Money.of("19.90", "EUR") + Money.of("0.10", "EUR")
    Money(minor_units=2000, currency='EUR')
    >>> str(Money.of("1234.5", "KWD"))
    '1234.500 KWD'
    >>> Money.of("1", "EUR") < Money.of("2", "USD")
    Traceback (most recent call last):
        ...
    karvan.domain.errors.CurrencyMismatch: cannot compare
    """

    minor_units: int
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in MINOR_DIGITS:
            raise InvalidInput("unknown currency", currency=self.currency)
        if type(self.minor_units) is not int:
            raise InvalidInput("minor units must be a whole number", given=str(self.minor_units))

    @classmethod
    def of(cls, amount: str, currency: str) -> Money:
        """Read a decimal string; refuse digits the currency does not have."""
        digits = MINOR_DIGITS[cls.zero(currency).currency]
        match = _AMOUNT.fullmatch(amount)
        if match is None or len(match[3] or "") > digits:
            raise InvalidInput("not an amount", amount=amount, currency=currency)
        sign, whole, fraction = match[1], match[2], (match[3] or "").ljust(digits, "0")
        return cls(int(sign + whole + fraction), currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, in a currency; where a sum starts."""
        return cls(0, currency)

    def __add__(self, other: Money) -> Money:
        self._require_currency_of(other, "cannot add")
        return Money(self.minor_units + other.minor_units, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._require_currency_of(other, "cannot subtract")
        return Money(self.minor_units - other.minor_units, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor_units, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._require_currency_of(other, "cannot compare")
        return self.minor_units < other.minor_units

    def split(self, weights: Sequence[int]) -> list[Money]:
        """Divide among carriers in proportion to whole-number weights.

        The parts always add up to the whole. Minor units left over by the
        rounding go one each to the largest remainders; ties go to the earlier
        weight, so the result does not depend on anything but the arguments.

        >>> [part.amount for part in Money.of("100.00", "EUR").split([1, 1, 1])]
        ['33.34', '33.33', '33.33']
        """
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise InvalidInput("weights must be >= 0 and not all 0", weights=list(weights))
        floors = [self.minor_units * w // total for w in weights]
        remainders = [self.minor_units * w % total for w in weights]
        by_need = sorted(range(len(weights)), key=lambda i: (-remainders[i], i))
        for i in by_need[: self.minor_units - sum(floors)]:
            floors[i] += 1
        return [Money(part, self.currency) for part in floors]

    def to_decimal(self) -> Decimal:
        """Give the exact amount, for rates and coefficients; `round_to_minor` leads back."""
        return Decimal(self.amount)

    @property
    def amount(self) -> str:
        """The decimal string without the currency, as it crosses the wire.

        >>> Money(-5, "EUR").amount
        '-0.05'
        """
        digits = MINOR_DIGITS[self.currency]
        sign = "-" if self.minor_units < 0 else ""
        body = f"{abs(self.minor_units):0{digits + 1}d}"
        return sign + (f"{body[:-digits]}.{body[-digits:]}" if digits else body)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def _require_currency_of(self, other: Money, refusal: str) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(refusal, left=self.currency, right=other.currency)


def round_to_minor(amount: Decimal, currency: str) -> Money:
    """Round an exact amount to minor units, half to even (ROUND_HALF_EVEN).

    Half to even, so that many roundings of one tariff drift neither way. The
    decimal context of the caller has no influence.

    >>> [round_to_minor(Decimal(text), "EUR").amount for text in ("0.125", "0.135")]
    ['0.12', '0.14']
    """
    digits = MINOR_DIGITS[Money.zero(currency).currency]
    try:
        step = Decimal(1).scaleb(-digits, _WIDE)
        rounded = amount.quantize(step, rounding=ROUND_HALF_EVEN, context=_WIDE)
    except InvalidOperation:
        raise InvalidInput("not an amount", amount=str(amount), currency=currency) from None
    if not rounded.is_finite():
        raise InvalidInput("not an amount", amount=str(amount), currency=currency)
    return Money(int(rounded.scaleb(digits, _WIDE)), currency)
