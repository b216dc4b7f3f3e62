"""A quote as a file for people: what is asked for, and the port through which it is made.

The files are made from the JSON object of the quote alone, with names of places and carriers
beside it: what is printed can be held against what a program reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from karvan.network.network import Network
from karvan.services.quoting.told_names import carrier_names, place_names
from karvan.services.words import tell_message


class QuoteFormat(StrEnum):
    """What a quote can be written as beside JSON."""

    PDF = "pdf"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteDocument:
    """A quote to be written.

    Attributes
    ----------
    answer
        The object that `quote_json` gives. What a newer version adds is shown where it is known
        and left out where it is not.
    place_names, carrier_names, corridor_names
        Names by id; an id without a name stands for itself.
    goods
        What the HS code says, '' when nobody knows.
    """

    answer: Mapping[str, object]
    place_names: Mapping[str, str] = field(default_factory=dict)
    carrier_names: Mapping[str, str] = field(default_factory=dict)
    corridor_names: Mapping[str, str] = field(default_factory=dict)
    goods: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteFile:
    """A written quote.

    Attributes
    ----------
    unprintable
        Characters for which no font has a shape, sorted; each stands as a square in the file.
    """

    data: bytes
    unprintable: tuple[str, ...] = ()


class QuoteWriter(Protocol):
    """Writes quotes; the same document gives the same bytes."""

    def write(self, what: QuoteFormat, document: QuoteDocument) -> QuoteFile:
        """Write a quote as a file."""


def document_of(answer: Mapping[str, object], network: Network) -> QuoteDocument:
    """Put the names of a network beside an answer made from it, as the reader calls them."""
    request = answer.get("request")
    code = request.get("hs") if isinstance(request, Mapping) else None
    return QuoteDocument(
        answer=answer,
        place_names=place_names(network),
        carrier_names=carrier_names(network),
        corridor_names={family.id: tell_message(family.name) for family in network.families},
        goods=network.rules.hs.get(str(code), ""),
    )
