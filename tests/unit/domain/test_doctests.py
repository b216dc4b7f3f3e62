"""Every example in a docstring of the domain runs."""

import doctest
import importlib
import pkgutil

import pytest

import karvan.domain

MODULES = [
    module.name for module in pkgutil.walk_packages(karvan.domain.__path__, "karvan.domain.")
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_every_standard_has_examples_good_and_bad():
    for name in MODULES:
        if name.startswith("karvan.domain.identifiers.") and not name.endswith(".spelling"):
            examples = importlib.import_module(name).__doc__
            assert ">>>" in examples, name
            assert "karvan.domain.errors.Invalid" in examples, name
