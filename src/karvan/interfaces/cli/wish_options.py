"""Options that say what is wanted of the way and of the answer, named as fields of a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Final

import typer

from karvan.domain.errors import Fault, InvalidRequest


def _option(text: str, metavar: str) -> object:
    return typer.Option(help=text, metavar=metavar, rich_help_panel="Wishes")


Avoid = Annotated[
    list[str] | None,
    _option("Keep off a place, link, country, mode, carrier or service; may be repeated.", "WHAT"),
]
Via = Annotated[
    list[str] | None, _option("Take a place, country, mode, carrier ...; may be repeated.", "WHAT")
]
NoTransit = Annotated[
    list[str] | None, _option("Do not cross a country, as in RU; may be repeated.", "COUNTRY")
]
RankBy = Annotated[
    str | None,
    _option("What goes first; balance.", "balance|cheapest|fastest|surest|least_co2e"),
]
Weights = Annotated[
    list[str] | None,
    _option(
        "Worth in the balance: day_usd=100, late_day_usd=0, co2e_t_usd=0; may be repeated.",
        "NAME=USD",
    ),
]
Most = Annotated[str | None, _option("Alternatives wanted; all that are worth a look.", "N")]
Payers = Annotated[
    list[str] | None, _option("Who pays a carrier; may be repeated.", "CARRIER=PAYER")
]

#: Options that are lists of `name=value` and objects in a request.
PAIRS: Final = ("weights", "payers")


def paired(given: Mapping[str, object]) -> dict[str, object]:
    """The fields that lists of `name=value` make.

    Raises
    ------
    InvalidRequest
        A text is no `name=value`, or a name stands twice.
    """
    fields: dict[str, object] = {}
    faults: list[Fault] = []
    for name in PAIRS:
        texts = given.get(name)
        if not isinstance(texts, Sequence) or not texts:
            continue
        pairs: dict[str, str] = {}
        for text in texts:
            key, equals, value = str(text).partition("=")
            if not equals or not key or key in pairs:
                faults.append(Fault("wrong-type", "must be NAME=VALUE, each name once", f"/{name}"))
            pairs[key] = value
        fields[name] = pairs
    if faults:
        raise InvalidRequest(faults)
    return fields
