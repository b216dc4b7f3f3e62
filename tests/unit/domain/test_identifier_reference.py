"""The page of identifiers tells the truth."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

from karvan.domain import errors, identifiers

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "identifiers.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ")
][1:]


def types_of(module):
    """The value types a module defines, those that read text."""
    found = importlib.import_module(f"{identifiers.__name__}.{module}")
    return [
        kind
        for kind in vars(found).values()
        if isinstance(kind, type) and kind.__module__ == found.__name__ and hasattr(kind, "parse")
    ]


def test_every_module_has_its_row():
    modules = {module.name for module in pkgutil.iter_modules(identifiers.__path__)}

    assert {row[5].strip("`") for row in ROWS} == modules - {"spelling"}


def is_read(kind, text):
    try:
        kind.parse(text)
    except errors.InvalidIdentifier:
        return False
    return True


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_example_is_read_and_its_error_named(row):
    kinds = types_of(row[5].strip("`"))

    for example in re.findall(r"`([^`]+)`", row[1]):
        assert any(is_read(kind, example) for kind in kinds), example
    for kind in kinds:
        with pytest.raises(errors.InvalidIdentifier) as caught:
            kind.parse("")
        assert caught.value.code == row[6].strip("`")
