"""What a cargo form offers: types of unit, grades and goods codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from karvan.interfaces.http.corridor_schemas import CargoTypes, GoodsPage
from karvan.interfaces.http.reading import SAME, DeskOf, Limit, Offset, kept, page, problems
from karvan.services.words import Labels, tell_message

#: Size of a container in words, by the first two letters of its ISO 6346 code, and its type by
#: the third.
SIZES: Final = Labels(
    "size", {"22": "20'", "42": "40'", "45": "40' high cube", "L5": "45' high cube"}
)
TYPES: Final = Labels(
    "box", {"G": "dry", "R": "refrigerated", "U": "open top", "P": "flat rack", "T": "tank"}
)

router = APIRouter()


@router.get("/v1/cargo", tags=["cargo"], response_model=CargoTypes, responses=SAME)
def show_cargo(desk: DeskOf, request: Request) -> Response:
    """List the types of unit a request may name."""
    rules = desk.published.network.rules
    units = rules.units
    classes = sorted({each.commodity for each in units.goods_classes})
    return kept(
        request,
        {
            "container": [{"code": c, "name": container_name(c)} for c in rules.containers],
            "wagon": [_named(t.code, t.name) for t in units.wagons.values()],
            "truck": [_named(t.code, t.name) for t in units.trucks.values()],
            "bulk": [_named(c, c.replace("_", " ").capitalize()) for c in classes],
            "oil": [_named(g.code, g.name) for g in units.grades.values()],
        },
    )


def _named(code: str, name: str) -> Mapping[str, str]:
    return {"code": code, "name": tell_message(name)}


def container_name(code: str) -> str:
    """A container type as the trade says it: `45G1` is `40' high cube dry`."""
    return f"{SIZES.get(code[:2], code[:2])} {TYPES.get(code[2:3], code[2:])}"


@router.get(
    "/v1/goods",
    tags=["cargo"],
    response_model=GoodsPage,
    responses=SAME | problems(e422="A parameter cannot be right."),
)
def list_goods(
    desk: DeskOf,
    request: Request,
    query: Annotated[
        str, Query(max_length=100, description="Begin of a code, or words of the description.")
    ] = "",
    limit: Limit = 20,
    offset: Offset = 0,
) -> Response:
    """Find six-digit codes of the Harmonized System by code or by words."""
    codes = desk.published.network.rules.hs
    words = query.casefold().split()
    digits = "".join(c for c in query if c.isdecimal())
    ranked = sorted(
        (rank, code)
        for code in codes
        if len(code) == 6 and (rank := _rank(codes, code, digits, words)) is not None
    )
    found = [{"code": code, "description": codes[code]} for _, code in ranked]
    return kept(request, page(found, "/v1/goods", {"query": query}, limit, offset))


def _rank(codes: Mapping[str, str], code: str, digits: str, words: list[str]) -> int | None:
    """How well a code fits, 0 best; None where it does not."""
    if digits and code.startswith(digits):
        return 0
    own = codes[code].casefold()
    if words and own.startswith(words[0]) and all(word in own for word in words):
        return 1
    if all(word in own for word in words):
        return 2
    heading = codes.get(code[:4], "").casefold()
    return 3 if all(word in f"{heading} {own}" for word in words) else None
