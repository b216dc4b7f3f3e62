"""What lies beside the package asks it only for what it has."""

import ast
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BESIDE = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in ("benchmarks", "proofs", "tools")
    for path in (ROOT / folder).rglob("*.py")
)


def asked(source):
    """Each (module, name) of the package that a source imports, wherever it does so."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "karvan":
            yield from ((node.module, alias.name) for alias in node.names)


def missing(source):
    found = []
    for module, name in asked(source):
        if not hasattr(importlib.import_module(module), name):
            try:
                importlib.import_module(f"{module}.{name}")
            except ModuleNotFoundError:
                found.append(f"{module}.{name}")
    return found


@pytest.mark.parametrize("path", BESIDE)
def test_every_name_asked_of_the_package_is_there(path):
    assert missing((ROOT / path).read_text(encoding="utf-8")) == []


def test_a_name_that_is_not_there_is_found():
    source = "def f():\n    from karvan.services.journal import Head, Tail\n"
    assert missing(source) == ["karvan.services.journal.Tail"]
