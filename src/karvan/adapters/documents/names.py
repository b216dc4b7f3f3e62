"""Names beside the ids of an answer."""

from __future__ import annotations

from karvan.adapters.documents.telling import NOTHING, code_in_words, sentence
from karvan.services.exporting import QuoteDocument
from karvan.services.quoting import wording


class Names:
    """Names of places, carriers and corridors; what has none is called by its id."""

    def __init__(self, document: QuoteDocument) -> None:
        self._document = document

    def place(self, id_: str) -> str:
        """Give the name of a place or city."""
        return self._document.place_names.get(id_) or id_ or NOTHING

    def short(self, id_: str) -> str:
        """Give a place as a chain calls it, without what stands in brackets."""
        return wording.short_name(self.place(id_)) or id_

    def carrier(self, id_: str) -> str:
        """Give the name of a carrier; the terminal or customs of a place by its kind."""
        kind, colon, _ = id_.partition(":")
        if colon:
            return wording.PAYEES.get(kind, kind)
        return self._document.carrier_names.get(id_) or id_

    def corridor(self, id_: str) -> str:
        """Give the name of a corridor family."""
        return self._document.corridor_names.get(id_) or sentence(code_in_words(id_))
