"""Everything that is to be translated: messages, phrases, labels, texts of tables."""

from __future__ import annotations

import ast
import csv
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from typer.main import get_command

from karvan.interfaces.cli.app import build
from karvan.interfaces.cli.told_help import texts_of
from karvan.services.planning.wording import CAUSES
from wording.catalogue import Entry
from wording.foreign import FOREIGN
from wording.messages import TERMINAL, Messages
from wording.sources import Scope, Sources, argument, called
from wording.texts import Reader, is_told, template

#: Columns of tables whose cells people read, by file.
COLUMNS = {
    "network/carriers.csv": ("name",),
    "network/corridor_families.csv": ("name",),
    "network/permissions.csv": ("note",),
    "rules/country_notices.csv": ("warning", "rule"),
    "rules/goods_classes.csv": ("commodity",),
    "rules/documents.csv": ("document", "rule"),
    "rules/oil_grades.csv": ("name",),
    "rules/truck_types.csv": ("name",),
    "rules/un_numbers.csv": ("name",),
    "rules/wagon_types.csv": ("name",),
    "rules/hs_warnings.csv": ("warning", "rule"),
    "planning/projects.csv": ("name",),
    "planning/oil_terminals.csv": ("name",),
    "planning/oil_fleets.csv": ("name",),
    "planning/oil_caps.csv": ("name",),
    "planning/oil_blends.csv": ("name",),
    "planning/freight_fleets.csv": ("name",),
    "planning/freight_wagons.csv": ("name",),
    "planning/disruptions.csv": ("title", "note"),
    "planning/oil_leasts.csv": ("name",),
    "trade/values.csv": ("scope", "note"),
    "trade/goods.csv": ("goods", "note"),
    "trade/factors.csv": ("unit", "note"),
}

#: Tables of texts in modules. Those of restrictions are told after an article is taken off.
TABLES = (
    ("karvan/services/quoting/restrictions.py", "_WHAT"),
    ("karvan/interfaces/http/problems.py", "HTTP_CODES"),
    ("karvan/services/quoting/scope.py", "EXCLUDES"),
)

#: Texts that stand in a template of typst.
TYPST = re.compile(r'\bt\(\s*"((?:[^"\\]|\\.)+)"')

#: Modules that tell the texts of a template, which are collected from it.
TEMPLATES = ("karvan/adapters/documents/quote_page.py", "karvan/services/words.py")

#: Functions that give sentences.
RETURNED = ("scope_of",)

#: Calls whose message comes from elsewhere and is collected there, each with the reason.
FOLLOWED = {
    "karvan/interfaces/http/problems.py": "statuses and titles stand in HTTP_CODES",
    "karvan/interfaces/cli/closure.py": "what is added there is a closure, no fault",
    "karvan/interfaces/cli/app.py": "click writes the faults of usage: foreign.py",
    "karvan/engines/compliance/goods.py": "warnings and notices stand in tables: COLUMNS",
    "karvan/services/quoting/goods.py": "the fix is a class of dangerous goods, a code",
}


class Collected:
    """The entries, and what could not be followed."""

    def __init__(self, source: Path) -> None:
        self.entries: dict[tuple[str, str], Entry] = {}
        self.lost: list[str] = []
        sources = Sources.of_folder(source)
        self._reader = Reader(sources)
        self._messages(sources)
        self._calls(sources)
        for module, name in TABLES:
            self._table(sources, module, name)
        for found in sorted(source.rglob("*.typ")):
            for text in TYPST.findall(found.read_text(encoding="utf-8")):
                self._add(Entry(text, where={found.relative_to(source.parent).as_posix()}))
        for code, texts in FOREIGN.items():
            for text in texts:
                self._add(Entry(text, codes={code}, where={"tools/wording/foreign.py"}))
        for text, where in self._cells(source / "data"):
            self._add(Entry(text, where={where}))
        for text in texts_of(get_command(build())):
            self._add(Entry(text, where={"karvan/interfaces/cli/told_help.py"}))

    def _calls(self, sources: Sources) -> None:
        """What the interfaces say: phrases, counts, labels, sentences that functions give."""
        for scope, call in sources.calls.get("phrase", []):
            self._phrase(scope, call)
        for scope, call in sources.calls.get("phrase_count", []):
            self._phrase_count(scope, call)
        for scope, call in sources.calls.get("Labels", []):
            self._labels(scope, call)
        tables = [*sources.calls.get("table", []), *sources.calls.get("Table", [])]
        for scope, call in tables:
            for node in (n for each in call.args for n in ast.walk(each)):
                heading = node.value if isinstance(node, ast.Constant) else None
                if isinstance(heading, str) and is_told((heading,)) and "/cli/" in scope.module:
                    self._add(Entry(heading, codes={TERMINAL}, where={scope.module}))
        for scope, call in sources.calls.get("tell_message", []):
            if isinstance(call.args[0], ast.Call) and called(call.args[0]) in RETURNED:
                for text in filter(is_told, self._reader.texts(call.args[0], scope)):
                    self._add(Entry(template(text), where={scope.module}))

    def _add(self, entry: Entry) -> None:
        known = self.entries.setdefault(entry.key, entry)
        known.codes |= entry.codes
        known.where |= entry.where
        if known.many != entry.many:
            self.lost.append(f"one text with and without a plural: {entry.text!r}")

    def _messages(self, sources: Sources) -> None:
        messages = Messages(sources)
        messages.collect()
        shapes: dict[str, str] = {}
        for message in sorted(messages.found.values(), key=lambda each: each.text):
            if not message.codes:
                self.lost.append(f"a message without a code: {message.text!r}")
            first = shapes.setdefault(_shape(message.text), message.text)
            self._add(Entry(first, codes=set(message.codes), where=set(message.where)))
        self.lost += [
            f"a message that cannot be followed: {each}"
            for each in messages.lost
            if each.partition(":")[0] not in FOLLOWED
        ]

    def _phrase(self, scope: Scope, call: ast.Call) -> None:
        node = argument(call, 0, "text")
        texts = [] if node is None else self._reader.texts(node, scope)
        if not any(map(is_told, texts)) and scope.module not in TEMPLATES:
            self.lost.append(f"no text in a call of phrase: {scope.module}:{call.lineno}")
        for text in filter(is_told, texts):
            holes = [each for each in text if not isinstance(each, str)]
            told = "".join(each for each in text if isinstance(each, str))
            if holes:
                self.lost.append(f"a phrase is no f-string: {scope.module}:{call.lineno}")
            self._add(Entry(told, where={scope.module}))

    def _phrase_count(self, scope: Scope, call: ast.Call) -> None:
        both = [argument(call, i, "") for i in (0, 1)]
        told = [e.value for e in both if isinstance(e, ast.Constant) and isinstance(e.value, str)]
        if len(told) == 2:
            self._add(Entry(told[0], many=told[1], where={scope.module}))
        else:
            self.lost.append(f"phrase_count wants two texts: {scope.module}:{call.lineno}")

    def _labels(self, scope: Scope, call: ast.Call) -> None:
        area, texts = argument(call, 0, "area"), argument(call, 1, "texts")
        if not isinstance(area, ast.Constant) or not isinstance(texts, ast.Dict):
            self.lost.append(f"labels want a name and a table: {scope.module}:{call.lineno}")
            return
        for key, value in zip(texts.keys, texts.values, strict=True):
            for code in self._reader.texts(key, scope) if key is not None else []:
                for text in self._reader.texts(value, scope):
                    of = f"{area.value}.{template(code)}"
                    self._add(Entry(template(text), of=of, where={scope.module}))

    def _table(self, sources: Sources, module: str, name: str) -> None:
        node = sources.constants[module, name]
        assert isinstance(node, ast.Dict | ast.Tuple)
        for value in node.values if isinstance(node, ast.Dict) else node.elts:
            if isinstance(value, ast.Tuple):
                code, told = map(ast.literal_eval, value.elts)
                self._add(Entry(told, codes={code}))
                continue
            text = str(ast.literal_eval(value))
            if is_told((text.partition("{value}")[0],)):
                for told in dict.fromkeys((text, text.removeprefix("a ").removeprefix("an "))):
                    self._add(Entry(told, codes={"restriction"}, where={module}))

    @staticmethod
    def _cells(data: Path) -> Iterator[tuple[str, str]]:
        for name, columns in COLUMNS.items():
            with (data / name).open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    for column in columns:
                        if row[column]:
                            told = row[column].replace("_", " ")
                            told = told.capitalize() if column == "commodity" else told
                            yield _plain(told), f"karvan/data/{name}"
        for file in sorted(data.glob("scenarios/*.toml")):
            head = tomllib.loads(file.read_text(encoding="utf-8"))
            events, changes = head.get("event", []), head.get("change", [])
            told = [*(head.get(key) for key in ("title", "text"))]
            told += [each.get("cause") for each in events if each.get("cause") not in CAUSES]
            told += [each.get("text") for each in (*events, *changes)]
            for text in filter(None, told):
                yield _plain(text), f"karvan/data/scenarios/{file.name}"


def _plain(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _shape(text: str) -> str:
    """A template without the names of what it leaves open."""
    out, inside = [], False
    for character in text:
        if not inside or character == "}":
            out.append(character)
        inside = character == "{" or (inside and character != "}")
    return "".join(out)
