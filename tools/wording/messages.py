"""Messages of the program: what is given to errors, faults, rules and advice, and their codes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from wording.sources import Function, Scope, Sources, argument
from wording.texts import Reader, Text, is_told, template


@dataclass(frozen=True, slots=True)
class Sink:
    """A call whose argument people read.

    Attributes
    ----------
    code, code_keyword
        Where the code is given, -1 where the class itself has one.
    fixed
        The code where it is always the same.
    module
        Where a private function is called; '' anywhere.
    least
        Arguments that a call has at least, so that a set's `add` is not a fault's.
    loose
        What cannot be followed is no text: a figure, an id, a phrase told already.
    """

    name: str
    position: int
    keyword: str
    code: int = -1
    code_keyword: str = ""
    fixed: str = ""
    module: str = ""
    least: int = 0
    loose: bool = False


#: In place of a code that is handed on from what went wrong before.
HANDED = "as handed on"

#: In place of a code of what the command line prints.
TERMINAL = "terminal"
#: Functions that print or make what is printed.
PRINTED = ("print_text", "say", "tell_progress", "print", "Text")

#: What is not an error and has a message all the same.
SINKS = (
    Sink("Fault", 1, "message", 0, "code"),
    Sink("TableFault", 4, "message", 3, "code"),
    Sink("Fault", 4, "fix", 0, "code"),
    Sink("Refusal", 2, "title", 1, "code"),
    Sink("Problem", 99, "title", 99, "code"),
    Sink("Rule", 1, "message", 0, "code"),
    Sink("Advice", 1, "message", 0, "code"),
    Sink("Advice", 2, "rule", 0, "code", loose=True),
    Sink("of", 99, "fix", fixed=HANDED),
    *(Sink(name, 0, "text", fixed=TERMINAL, loose=True) for name in PRINTED),
    Sink("add_column", 0, "header", fixed=TERMINAL, loose=True),
    *(Sink("table", i, "", fixed=TERMINAL, loose=True) for i in range(9)),
)


@dataclass(slots=True)
class Message:
    """A text with the codes it is told under and where."""

    text: str
    codes: set[str] = field(default_factory=set)
    where: set[str] = field(default_factory=set)


class Messages:
    """Collects messages, and tells calls whose message cannot be followed."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._reader = Reader(sources)
        self.found: dict[str, Message] = {}
        self.lost: list[str] = []

    def collect(self) -> None:
        """Go through every call that takes a message, and those that hand one on."""
        waiting = [*SINKS, *self._errors()]
        seen: set[Sink] = set()
        while waiting:
            sink = waiting.pop()
            if sink in seen:
                continue
            seen.add(sink)
            for scope, call in self._sources.calls.get(sink.name, []):
                if sink.module not in ("", scope.module):
                    continue
                if len(call.args) + len(call.keywords) < sink.least:
                    continue
                waiting.extend(self._call(sink, scope, call))

    def _errors(self) -> Iterator[Sink]:
        for node in self._sources.kinds_of("KarvanError"):
            code = next(
                (
                    str(each.value.value)
                    for each in node.body
                    if isinstance(each, ast.AnnAssign | ast.Assign)
                    and isinstance(each.value, ast.Constant)
                    and "code" in ast.unparse(each).partition("=")[0]
                ),
                "",
            )
            if node.name not in ("InvalidRequest", "InvalidTables"):
                yield Sink(node.name, 0, "message", fixed=code)

    def _call(self, sink: Sink, scope: Scope, call: ast.Call) -> Iterator[Sink]:
        node = argument(call, sink.position, sink.keyword)
        if node is None:
            return
        codes = self._codes(sink, scope, call)
        where = f"{scope.module}:{call.lineno}"
        if sink.code_keyword and not codes and not scope.functions:
            self.lost.append(f"{where}: {sink.name} has no code")
        yield from self._handed(sink, scope, call, node)
        for text in self._reader.texts(node, scope):
            if is_told(text):
                self._keep(text, codes, scope.module)
            elif any(text) and not sink.loose and not self._known(node, scope):
                self.lost.append(f"{where}: {sink.name}(... {ast.unparse(node)[:60]})")

    def _keep(self, text: Text, codes: set[str], where: str) -> None:
        told = template(text)
        message = self.found.setdefault(told, Message(told))
        message.codes |= codes
        message.where.add(where)

    def _codes(self, sink: Sink, scope: Scope, call: ast.Call) -> set[str]:
        if sink.fixed:
            return {sink.fixed}
        node = argument(call, sink.code, sink.code_keyword) if sink.code_keyword else None
        if node is None:
            return set()
        told = {template(t) for t in self._reader.texts(node, scope)}
        return {HANDED if "{" in each else each for each in told if each}

    def _handed(self, sink: Sink, scope: Scope, call: ast.Call, node: ast.expr) -> Iterator[Sink]:
        """A function that hands its own parameter on takes messages itself."""
        for name in _whole_names(node):
            for function in reversed(scope.functions):
                at = place(function, name)
                if at is None:
                    continue
                code = argument(call, sink.code, sink.code_keyword) if sink.code_keyword else None
                code_at = place(function, code.id) if isinstance(code, ast.Name) else None
                called = scope.owner if function.name == "__init__" else function.name
                yield Sink(
                    called,
                    at,
                    name,
                    -1 if code_at is None else code_at,
                    code.id if isinstance(code, ast.Name) and code_at is not None else "",
                    sink.fixed or self._constant(code, scope),
                    scope.module if called.startswith("_") or sink.loose else "",
                    _needed(function),
                    sink.loose,
                )
                break

    def _constant(self, node: ast.expr | None, scope: Scope) -> str:
        told = [] if node is None else self._reader.texts(node, scope)
        return template(told[0]) if len(told) == 1 and is_told(told[0]) else ""

    @staticmethod
    def _known(node: ast.expr, scope: Scope) -> bool:
        """Whether the text comes from an error that was told already, or from a caller."""
        names = {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}
        if names & {"message", "title"}:
            return True
        return any(
            place(function, name) is not None
            for function in scope.functions
            for name in _whole_names(node)
        )


def _needed(function: Function) -> int:
    given = function.args
    plain = len(given.posonlyargs) + len(given.args) - len(given.defaults)
    named = [each.arg for each in (*given.posonlyargs, *given.args)]
    return plain - (named[:1] in (["self"], ["cls"]))


#: Parameters that are a message wherever they stand in an f-string.
MESSAGES = ("message", "title", "words")


def _whole_names(node: ast.expr) -> Iterator[str]:
    """Names whose value is the text, or one of the parts that are put together."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.IfExp):
        yield from _whole_names(node.body)
        yield from _whole_names(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for each in node.values:
            yield from _whole_names(each)
    elif isinstance(node, ast.BinOp):
        yield from _whole_names(node.left)
        yield from _whole_names(node.right)
    elif isinstance(node, ast.JoinedStr):
        for each in node.values:
            value = each.value if isinstance(each, ast.FormattedValue) else None
            if isinstance(value, ast.Name) and value.id in MESSAGES:
                yield value.id


def place(function: Function, name: str) -> int | None:
    """Which argument of a call a parameter is; 99 where it has only a name."""
    given = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    if given[:1] in (["self"], ["cls"]):
        given = given[1:]
    if name in given:
        return given.index(name)
    return 99 if name in [each.arg for each in function.args.kwonlyargs] else None
