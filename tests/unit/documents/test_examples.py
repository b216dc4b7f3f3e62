"""Every example in a docstring of what makes files of quotes holds."""

import doctest
import importlib
import pkgutil

import pytest

import karvan.adapters.documents as package

MODULES = [
    "karvan.services.quoting.checking",
    *(module.name for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")),
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
