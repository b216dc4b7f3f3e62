"""Which texts an expression can be: literals followed through names, branches and returns.

A text is a template: literal parts, and `{name}` for what is known only when it runs.
"""

from __future__ import annotations

import ast
import itertools
import re
from dataclasses import dataclass

from wording.sources import Function, Scope, Sources, argument, called, own

#: Calls that are not followed: no text of theirs, or one that is told and collected already.
TOLD = ("str", "strip", "cast", "phrase", "phrase_count", "tell_message", "text")
#: Steps followed from one name to the next, and texts kept of one expression.
DEEP = 8
MOST = 60


@dataclass(frozen=True, slots=True)
class Hole:
    """What is known only when it runs, and what it is called."""

    name: str


Part = str | Hole
Text = tuple[Part, ...]


def template(text: Text) -> str:
    """A text as it stands in the catalogue; holes of one name are numbered.

    >>> template(("from ", Hole("low"), " to ", Hole("low")))
    'from {low} to {low2}'
    """
    used: dict[str, int] = {}
    out = []
    for part in text:
        if isinstance(part, str):
            out.append(part.replace("{", "{{").replace("}", "}}"))
            continue
        used[part.name] = used.get(part.name, 0) + 1
        count = used[part.name]
        out.append("{" + part.name + (str(count) if count > 1 else "") + "}")
    return "".join(out)


def is_told(text: Text) -> bool:
    """Whether a text has words of its own; beside a hole one letter is none."""
    alone = len(text) == 1
    least = r"[^\W\d_]" if alone else r"[^\W\d_]{2}"
    return any(isinstance(part, str) and re.search(least, part) for part in text)


class Reader:
    """Follows expressions to their texts."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def texts(self, node: ast.expr, scope: Scope, deep: int = DEEP) -> list[Text]:
        """Every text an expression can be; what cannot be followed is one hole."""
        found = list(dict.fromkeys(self._texts(node, scope, deep)))
        return found if len(found) <= MOST else [(Hole(_name(node)),)]

    def _texts(self, node: ast.expr, scope: Scope, deep: int) -> list[Text]:
        hole: list[Text] = [(Hole(_name(node)),)]
        if isinstance(node, ast.Constant):
            if node.value is None:
                return []
            return [(str(node.value),)] if isinstance(node.value, (str, int)) else hole
        if deep == 0:
            return hole
        if isinstance(node, ast.JoinedStr):
            return self._product([self._piece(each, scope, deep) for each in node.values])
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            sides = [self.texts(each, scope, deep - 1) for each in (node.left, node.right)]
            return self._product(sides)
        if isinstance(node, ast.IfExp):
            return [t for each in (node.body, node.orelse) for t in self.texts(each, scope, deep)]
        if isinstance(node, ast.BoolOp):
            return [t for each in node.values for t in self.texts(each, scope, deep)]
        if isinstance(node, ast.Name):
            return self._named(node, scope, deep) or hole
        if isinstance(node, ast.Subscript):
            return self._chosen(node, scope, deep) or hole
        if isinstance(node, ast.Call):
            return self._answers(node, scope, deep) or hole
        return hole

    def _piece(self, node: ast.expr, scope: Scope, deep: int) -> list[Text]:
        """One piece of an f-string; what has a format stays a hole."""
        if not isinstance(node, ast.FormattedValue):
            return self.texts(node, scope, deep)
        if node.format_spec is not None or node.conversion != -1:
            return [(Hole(_name(node.value)),)]
        return self.texts(node.value, scope, deep - 1)

    @staticmethod
    def _product(sides: list[list[Text]]) -> list[Text]:
        count = 1
        for side in sides:
            count *= len(side)
        if count > MOST:
            sides = [s if len(s) == 1 else [(Hole("what"),)] for s in sides]
        return [_joined(each) for each in itertools.product(*sides)]

    def _named(self, node: ast.Name, scope: Scope, deep: int) -> list[Text]:
        if node.id.startswith("__"):
            return []
        for function in reversed(scope.functions):
            if node.id in _parameters(function):
                return []
            values = list(_assigned(function, node.id))
            if values:
                texts = [t for v, at in values for t in self._taken(v, at, scope, deep - 1)]
                return texts if any(map(is_told, texts)) else []
        found = self._sources.constant(scope.module, node.id)
        if found is None:
            return []
        return self.texts(found[1], Scope(found[0]), deep - 1)

    def _taken(
        self, node: ast.expr, at: tuple[int | str, ...], scope: Scope, deep: int
    ) -> list[Text]:
        """What an assignment takes of its value: all of it, an element, each of its elements."""
        if not at:
            return self.texts(node, scope, deep)
        return [
            text
            for each, where in self._elements(node, at, scope, deep)
            for text in self.texts(each, where, deep)
        ]

    def _elements(
        self, node: ast.expr, at: tuple[int | str, ...], scope: Scope, deep: int
    ) -> list[tuple[ast.expr, Scope]]:
        if not at:
            return [(node, scope)]
        if deep <= 0:
            return []
        first, rest = at[0], at[1:]
        if isinstance(node, ast.Name):
            found = self._sources.constant(scope.module, node.id)
            for function in reversed(scope.functions):
                local = [v for v, where in _assigned(function, node.id) if not where]
                if local:
                    return [e for v in local for e in self._elements(v, at, scope, deep - 1)]
            return [] if found is None else self._elements(found[1], at, Scope(found[0]), deep - 1)
        if isinstance(node, ast.IfExp):
            both = (node.body, node.orelse)
            return [e for v in both for e in self._elements(v, at, scope, deep - 1)]
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            if first == "each":
                return [e for v in node.elts for e in self._elements(v, rest, scope, deep - 1)]
            if isinstance(first, int) and first < len(node.elts):
                return self._elements(node.elts[first], rest, scope, deep - 1)
        if isinstance(node, ast.Dict) and first == "each" and rest and isinstance(rest[0], int):
            side = node.keys if rest[0] == 0 else node.values
            return [e for v in side if v for e in self._elements(v, rest[1:], scope, deep - 1)]
        if isinstance(node, ast.Call):
            return self._of_call(node, at, scope, deep)
        return []

    def _of_call(
        self, node: ast.Call, at: tuple[int | str, ...], scope: Scope, deep: int
    ) -> list[tuple[ast.expr, Scope]]:
        name = called(node)
        if name == "items" and isinstance(node.func, ast.Attribute):
            return self._elements(node.func.value, at, scope, deep - 1)
        if name in ("sorted", "tuple", "list", "Labels") and node.args:
            return self._elements(node.args[-1], at, scope, deep - 1)
        found: list[tuple[ast.expr, Scope]] = []
        for inner, function in self._sources.named(name, scope):
            for value, yields in _given_back(function):
                rest = at[1:] if yields and at[0] == "each" else at
                found.extend(self._elements(value, rest, inner, deep - 1))
        return found

    def _first(self, node: ast.Call, made: ast.GeneratorExp, scope: Scope, deep: int) -> list[Text]:
        """The first of a generator, or what stands in its place."""
        found = [t for each in node.args[1:] for t in self.texts(each, scope, deep - 1)]
        if isinstance(made.elt, ast.Name):
            for value, at in _of_generator(made.elt.id, made):
                found.extend(self._taken(value, at, scope, deep - 1))
        return found

    def _chosen(self, node: ast.Subscript, scope: Scope, deep: int) -> list[Text]:
        """A value of a table of texts."""
        values = self._elements(node.value, ("each", 1), scope, deep - 1)
        values += self._elements(node.value, ("each",), scope, deep - 1)
        return [t for each, where in values for t in self.texts(each, where, deep - 1)]

    def _answers(self, node: ast.Call, scope: Scope, deep: int) -> list[Text]:
        name = called(node)
        if name in TOLD:
            return []
        if name == "join" and node.args and _parts_lines(node):
            found = self._elements(node.args[0], ("each",), scope, deep - 1)
            return [t for each, where in found for t in self.texts(each, where, deep - 1)]
        if name == "next" and node.args and isinstance(node.args[0], ast.GeneratorExp):
            return self._first(node, node.args[0], scope, deep)
        if name in ("get", "format") and isinstance(node.func, ast.Attribute):
            return []
        found: list[Text] = []
        for inner, function in self._sources.named(name, scope):
            if not _is_text(function):
                continue
            for value, _ in _given_back(function):
                found.extend(self.texts(value, inner, deep - 1))
        return found


def _parts_lines(node: ast.Call) -> bool:
    """Whether a call joins lines."""
    between = node.func.value if isinstance(node.func, ast.Attribute) else None
    return isinstance(between, ast.Constant) and between.value == "\n"


def _of_generator(
    name: str, made: ast.GeneratorExp
) -> list[tuple[ast.expr, tuple[int | str, ...]]]:
    return [
        (each.iter, ("each", *at)) for each in made.generators for at in _places(each.target, name)
    ]


def _is_text(function: Function) -> bool:
    return function.returns is not None and ast.unparse(function.returns).startswith("str")


def _joined(parts: tuple[Text, ...]) -> Text:
    out: list[Part] = []
    for part in itertools.chain.from_iterable(parts):
        if isinstance(part, str) and out and isinstance(out[-1], str):
            out[-1] += part
        elif part != "":
            out.append(part)
    return tuple(out)


def _parameters(function: Function) -> list[str]:
    given = function.args
    return [each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)]


def _assigned(function: Function, name: str) -> list[tuple[ast.expr, tuple[int | str, ...]]]:
    """What a name of a function is set to, and which part of it."""
    found: list[tuple[ast.expr, tuple[int | str, ...]]] = []
    for node in own(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                found.extend((node.value, at) for at in _places(target, name))
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
            found.extend((node.value, at) for at in _places(node.target, name))
        elif isinstance(node, (ast.For, ast.comprehension)):
            found.extend((node.iter, ("each", *at)) for at in _places(node.target, name))
    return found


def _places(target: ast.expr, name: str) -> list[tuple[int | str, ...]]:
    if isinstance(target, ast.Name):
        return [()] if target.id == name else []
    if isinstance(target, (ast.Tuple, ast.List)):
        return [(i, *at) for i, each in enumerate(target.elts) for at in _places(each, name)]
    return []


def _given_back(function: Function) -> list[tuple[ast.expr, bool]]:
    """What a function returns, or yields (then True)."""
    found: list[tuple[ast.expr, bool]] = []
    for node in own(function):
        if isinstance(node, ast.Return) and node.value is not None:
            found.append((node.value, False))
        elif isinstance(node, ast.Yield) and node.value is not None:
            found.append((node.value, True))
    return found


def _name(node: ast.expr) -> str:
    """What a hole is called: the last name in the expression that means something."""
    if isinstance(node, ast.Name):
        return node.id.strip("_").lower() or "what"
    if isinstance(node, ast.Attribute):
        inner = _name(node.value) if node.attr in ("value", "name", "id", "code") else node.attr
        return inner.strip("_").lower()
    if isinstance(node, ast.Call):
        if called(node).startswith("remove") and isinstance(node.func, ast.Attribute):
            return _name(node.func.value)
        if called(node) == "getattr":
            return "value"
        if called(node) in ("join", "str", "sorted", "map", "len", "repr", "normalize"):
            of = node.args[-1:] or (
                [node.func.value] if isinstance(node.func, ast.Attribute) else []
            )
            return _name(of[0]) if of else "what"
        return called(node).strip("_").lower() or "what"
    if isinstance(node, ast.Subscript):
        return _name(node.value)
    if isinstance(node, (ast.GeneratorExp, ast.ListComp)):
        return _name(node.generators[0].iter)
    return "what"


__all__ = ["Hole", "Reader", "Text", "argument", "is_told", "template"]
