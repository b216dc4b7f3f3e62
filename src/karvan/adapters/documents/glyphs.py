"""Characters that no font has a shape for: found before a page is set, replaced, and told.

The fonts are those inside typst, on every machine the same: Libertinus Serif and DejaVu Sans
Mono have Latin with its Azerbaijani and Turkish letters, Cyrillic with the Kazakh ones, Georgian,
Armenian, Greek, Arabic and Hebrew. What they lack, Chinese above all, must not become an empty
box that nobody notices, nor end the export: it becomes a square, and the page says which.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

#: Families of every text, in the order in which they are tried.
FAMILIES: Final = ("Libertinus Serif", "DejaVu Sans Mono")
#: What stands for a character that cannot be shown.
SQUARE: Final = "\N{WHITE SQUARE}"
#: A text longer than this is cut; a name of a place has at most 200 characters.
LONGEST: Final = 400
#: Letters and figures without a space among them from which a line may be broken anywhere.
LONGEST_RUN: Final = 24
#: Unusual characters that are tried; a text with more is no text of a person.
MOST_TRIED: Final = 2_000

#: Controls, halves of characters, private ones, line separators: never shown.
_NEVER: Final = frozenset(("Cc", "Cs", "Co", "Cn", "Zl", "Zp"))
#: Characters that turn the direction of what follows: a figure could be read backwards.
_TURNS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_MARKS: Final = ("Mn", "Mc", "Me")
_BREAK: Final = "\N{ZERO WIDTH SPACE}"

_TRIAL: Final = b"""#set text(font: json(bytes(sys.inputs.families)))
#for each in json(bytes(sys.inputs.text)) { par(each) }"""

Tree = Mapping[str, "Tree"] | list["Tree"] | str | float | bool | None


class Glyphs:
    """Knows which characters can be shown, by setting each once."""

    def __init__(self) -> None:
        self._shown: dict[str, bool] = {chr(code): True for code in range(0x20, 0x7F)}

    def clean(self, tree: Tree, *, marks: bool = True) -> tuple[Tree, tuple[str, ...]]:
        """Make all texts of a tree ready to be set.

        Parameters
        ----------
        marks
            Without them, every mark that stands on another letter becomes a square too.

        Returns
        -------
        The tree, and the characters replaced in it, sorted.
        """
        found: set[str] = set()
        missing: set[str] = set()
        prepared = _map(tree, lambda text: _gather(_composed(text), found))
        self._try(found)

        def replace(text: str) -> str:
            letters = [c if self._has(c, marks=marks) else SQUARE for c in text]
            missing.update(c for c in text if not self._has(c, marks=marks))
            return _breakable("".join(letters))

        return _map(prepared, replace), tuple(sorted(missing))

    def _has(self, character: str, *, marks: bool) -> bool:
        if not marks and unicodedata.category(character) in _MARKS:
            return False
        return self._shown.get(character, False)

    def _try(self, characters: Iterable[str]) -> None:
        new = sorted(set(characters) - self._shown.keys())
        fit = [c for c in new if unicodedata.category(c) not in _NEVER and c not in _TURNS]
        found = dict.fromkeys(new, False) | dict.fromkeys(_shown(fit[:MOST_TRIED]), True)
        self._shown.update(found)  # at once: other threads ask at the same time


def _shown(characters: list[str]) -> list[str]:
    """Give those that can be set, halving what fails."""
    if not characters or _sets(characters):
        return characters
    if len(characters) == 1:
        return []
    half = len(characters) // 2
    return _shown(characters[:half]) + _shown(characters[half:])


def _sets(texts: list[str]) -> bool:
    import json

    import typst

    inputs = {"families": json.dumps(FAMILIES), "text": json.dumps(texts)}
    try:
        typst.Compiler(ignore_system_fonts=True).compile(
            input=_TRIAL, format="pdf", sys_inputs=inputs, pdf_standards="a-2b", timestamp=0
        )
    except typst.TypstError:
        return False
    return True


def _map(tree: Tree, change: object) -> Tree:
    assert callable(change)
    if isinstance(tree, str):
        changed = change(tree)
        assert isinstance(changed, str)
        return changed
    if isinstance(tree, Mapping):
        return {key: _map(each, change) for key, each in tree.items()}
    if isinstance(tree, list):
        return [_map(each, change) for each in tree]
    return tree


def _composed(text: str) -> str:
    """A text on one line, cut where it is too long, letters and their marks in one."""
    line = " ".join(text[: LONGEST + 1].split())
    line = unicodedata.normalize("NFC", line)
    return line if len(line) <= LONGEST else line[: LONGEST - 3] + "..."


def _gather(text: str, found: set[str]) -> str:
    found.update(text)
    return text


def _breakable(text: str) -> str:
    """Let words that no column holds be broken, every so many characters."""
    return " ".join(
        _BREAK.join(word[i : i + LONGEST_RUN] for i in range(0, len(word), LONGEST_RUN))
        for word in text.split(" ")
    )
