"""What all tests share: the published tables, read once a worker, and the fixed clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import settings

settings.register_profile("gate", deadline=None, derandomize=True)
settings.load_profile("gate")


@pytest.fixture(scope="session")
def published():
    """The shipped tables."""
    from karvan.adapters.files.published import load_published

    return load_published()


@pytest.fixture(scope="session", autouse=True)
def _store_of_the_tests(tmp_path_factory):
    """No test keeps quotes where its user does."""
    with pytest.MonkeyPatch.context() as patched:
        folder = tmp_path_factory.mktemp("store")
        patched.setenv("KARVAN_STORE", str(folder / "quotes.sqlite"))
        yield


@pytest.fixture
def now():
    """The clock of every test."""
    return datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
