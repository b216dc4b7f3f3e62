"""Text as HTML: whatever is not marked as markup is escaped, whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

#: Elements without an end.
_VOID: Final = {"meta", "input", "br", "line", "rect", "circle", "path", "use", "polygon", "col"}
_SHUT: Final = {"line", "rect", "circle", "path", "use", "polygon"}


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


Child = str | Iterable["Child"] | None
Value = str | float | bool | None


def tag(name: str, /, *children: Child, **attributes: Value) -> Markup:
    """Write an element.

    Text among the children is escaped, and so is every attribute; `class_` is `class`, and
    underscores in names are hyphens. `None` and `False` leave an attribute out.

    >>> tag("p", "1 < 2", class_="note", hidden=True)
    '<p class="note" hidden>1 &lt; 2</p>'
    >>> tag("td", tag("b", '<script>"'))
    '<td><b>&lt;script&gt;"</b></td>'
    """
    told = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{told}/>" if name in _SHUT else f"<{name}{told}>")
    return Markup(f"<{name}{told}>{joined(children)}</{name}>")


def joined(children: Iterable[Child]) -> Markup:
    """Write children one after the other."""
    parts: list[str] = []
    for child in children:
        if child is None:
            continue
        if isinstance(child, Markup):
            parts.append(child)
        elif isinstance(child, str):
            parts.append(escape(child, quote=False))
        else:
            parts.append(joined(child))
    return Markup("".join(parts))


def _attribute(key: str, value: Value) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    if value is True:
        return f" {name}"
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return f' {name}="{escape(text)}"'
