"""Labels by code, for whoever shows a quote and has no words of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request, Response
from pydantic import Field

from karvan.interfaces.http.reading import kept
from karvan.interfaces.http.schemas import Model
from karvan.services.quoting import wording
from karvan.services.words import spoken

#: Areas of codes in the answer to a quote.
AREAS: Final[Mapping[str, Mapping[str, str]]] = {
    "activity": wording.ACTIVITIES,
    "basis": wording.BASES,
    "cause": wording.CAUSES,
    "charge": wording.CHARGES,
    "currency": wording.CURRENCIES,
    "label": wording.LABELS,
    "limited_by": wording.LIMITS,
    "mode": wording.MODES,
    "office": wording.OFFICES,
    "payee": wording.PAYEES,
    "place_kind": wording.PLACE_KINDS,
    "rank_by": wording.RANKED,
    "status": wording.STATUSES,
}

router = APIRouter()


class LabelPage(Model):
    """Texts by code, in one language."""

    language: str = Field(description="Of the texts, as Content-Language says it.")
    labels: dict[str, dict[str, str]] = Field(description="By area, then by code.")


@router.get("/v1/labels", tags=["quotes"], response_model=LabelPage)
def show_labels(request: Request) -> Response:
    """Give the texts of the codes in a quote, in the language asked for."""
    labels = {area: dict(texts.items()) for area, texts in AREAS.items()}
    return kept(request, {"language": spoken().language, "labels": labels})
