"""The source tree as the collector of texts sees it: functions, constants and calls by name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: its module, and the functions around it, innermost last."""

    module: str
    functions: tuple[Function, ...] = ()
    owner: str = ""


@dataclass(slots=True)
class Sources:
    """Everything that is looked up by name.

    Attributes
    ----------
    calls
        Every call, by the last part of the name that is called.
    functions
        Every function with where its body stands, by its name.
    imports
        Module that a name of a module is imported from.
    constants
        What module-level names and class attributes are set to, by module and name.
    """

    trees: dict[str, ast.Module] = field(default_factory=dict)
    calls: dict[str, list[tuple[Scope, ast.Call]]] = field(default_factory=dict)
    functions: dict[str, list[tuple[Scope, Function]]] = field(default_factory=dict)
    constants: dict[tuple[str, str], ast.expr] = field(default_factory=dict)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    imports: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: dict[str, str]) -> Sources:
        """Read modules, by the path each is told by."""
        found = cls()
        for path, text in sorted(texts.items()):
            tree = ast.parse(text, path)
            found.trees[path] = tree
            found._walk(tree, Scope(path))
        return found

    @classmethod
    def of_folder(cls, folder: Path) -> Sources:
        """Read every module below a folder."""
        paths = sorted(folder.rglob("*.py"))
        return cls.of({p.relative_to(folder.parent).as_posix(): p.read_text() for p in paths})

    def _walk(self, node: ast.AST, scope: Scope) -> None:
        for child in ast.iter_child_nodes(node):
            inner = scope
            if isinstance(child, Function):
                inner = Scope(scope.module, (*scope.functions, child), scope.owner)
                self.functions.setdefault(child.name, []).append((inner, child))
            elif isinstance(child, ast.ClassDef):
                self.classes[child.name] = child
                inner = Scope(scope.module, scope.functions, child.name)
            elif isinstance(child, ast.ImportFrom) and child.module:
                for each in child.names:
                    home = child.module.replace(".", "/") + ".py"
                    self.imports[scope.module, each.asname or each.name] = home
            elif isinstance(child, ast.Call):
                self.calls.setdefault(called(child), []).append((scope, child))
            elif not scope.functions and not scope.owner:
                self._constant(child, scope)
            self._walk(child, inner)

    def _constant(self, node: ast.AST, scope: Scope) -> None:
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            targets: list[ast.expr] = [node.target]
            value = node.value
        elif isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        else:
            return
        for target in targets:
            if isinstance(target, ast.Name):
                self.constants[scope.module, target.id] = value

    def constant(self, module: str, name: str) -> tuple[str, ast.expr] | None:
        """What a name of a module is set to, there or where it is imported from."""
        if (module, name) in self.constants:
            return module, self.constants[module, name]
        homes = [each for each in self.constants if each[1] == name]
        return (homes[0][0], self.constants[homes[0]]) if len(homes) == 1 else None

    def named(self, name: str, scope: Scope) -> list[tuple[Scope, Function]]:
        """Functions of a name: of this module, or of the one it is imported from."""
        found = self.functions.get(name, [])
        here = [each for each in found if each[0].module == scope.module and not each[0].owner]
        if here or name.startswith("_"):
            return here or [each for each in found if each[0].module == scope.module]
        home = self.imports.get((scope.module, name), "")
        if home:
            return [each for each in found if each[0].module == home]
        return found

    def kinds_of(self, base: str) -> Iterator[ast.ClassDef]:
        """A class and all that derive from it."""
        for node in self.classes.values():
            if node.name == base:
                yield node
            elif any(isinstance(each, ast.Name) and each.id == base for each in node.bases):
                yield from self.kinds_of(node.name)


def called(call: ast.Call) -> str:
    """The last part of what is called, '' when it has no name."""
    what = call.func
    if isinstance(what, ast.Name):
        return what.id
    return what.attr if isinstance(what, ast.Attribute) else ""


def argument(call: ast.Call, position: int, keyword: str) -> ast.expr | None:
    """An argument of a call by its place or its name."""
    for each in call.keywords:
        if each.arg == keyword:
            return each.value
    plain = call.args[: position + 1]
    if len(plain) > position and not any(isinstance(each, ast.Starred) for each in plain):
        return plain[position]
    return None


def own(function: Function) -> Iterator[ast.AST]:
    """The nodes of a function without those of functions and classes inside it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop(0)
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            waiting.extend(ast.iter_child_nodes(node))
