"""Catalogues as files: written in one order, whoever writes them, and read by Babel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

HEADER = """\
# Texts of Karvan. `python tools/words.py --renew` writes all but msgstr.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"
"""

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"})


@dataclass(slots=True)
class Entry:
    """One text to translate.

    Attributes
    ----------
    of
        Code of a label, '' for texts that are their own key.
    many
        The plural of a text that stands beside a number, else ''.
    codes
        Codes under which the text is told.
    where
        Modules and tables it comes from.
    """

    text: str
    of: str = ""
    many: str = ""
    codes: set[str] = field(default_factory=set)
    where: set[str] = field(default_factory=set)

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from others."""
        return self.of, self.text


Strings = dict[tuple[str, str], tuple[str, ...]]


def read(path: Path, language: str) -> tuple[Catalog, Strings]:
    """Read a catalogue: what Babel makes of it, and its texts by key."""
    catalogue = read_po(BytesIO(path.read_bytes()), locale=language.replace("-", "_"))
    found: Strings = {}
    for each in catalogue:
        if each.id:
            first = each.id[0] if isinstance(each.id, (tuple, list)) else each.id
            told = each.string if isinstance(each.string, (tuple, list)) else (each.string,)
            found[each.context or "", first] = tuple(str(one or "") for one in told)
    return catalogue, found


def written(entries: Iterable[Entry], strings: Strings, language: str) -> str:
    """Write a catalogue: every entry in order, with the text it has or an empty one."""
    empty = Catalog(locale=language.replace("-", "_"))
    plural = f"nplurals={empty.num_plurals}; plural={empty.plural_expr};"
    blocks = [HEADER.format(language=language, plural=plural)]
    for entry in sorted(entries, key=lambda each: (each.of, each.text.casefold(), each.text)):
        told = strings.get(entry.key, ("",))
        blocks.append("".join(_lines(entry, told, empty.num_plurals)))
    return "\n".join(blocks)


def _lines(entry: Entry, told: tuple[str, ...], forms: int) -> Iterable[str]:
    if entry.codes:
        yield f"#. {', '.join(sorted(entry.codes))}\n"
    for where in sorted(entry.where):
        yield f"#: {where}\n"
    if "{" in entry.text:
        yield "#, python-brace-format\n"
    if entry.of:
        yield f"msgctxt {_quoted(entry.of)}\n"
    yield f"msgid {_quoted(entry.text)}\n"
    if not entry.many:
        yield f"msgstr {_quoted(told[0])}\n"
        return
    yield f"msgid_plural {_quoted(entry.many)}\n"
    for i in range(forms):
        yield f"msgstr[{i}] {_quoted(told[i] if i < len(told) else '')}\n"


def _quoted(text: str) -> str:
    return f'"{text.translate(_ESCAPES)}"'
