"""What all tests share: the published tables, read once a worker, and the fixed clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import settings

settings.register_profile("gate", deadline=None, derandomize=True)
settings.load_profile("gate")


@pytest.fixture(scope="session")
def opened():
    """The shipped tables and the set of files they are."""
    from karvan.bootstrap import ShippedTableSets

    return ShippedTableSets().open()


@pytest.fixture(scope="session")
def published(opened):
    """The shipped tables."""
    return opened.published


@pytest.fixture(scope="session")
def quoting(published):
    """Quotes from the shipped tables, what is compiled kept from one test to the next."""
    from karvan.services.quoting.quote import Quoting

    return Quoting(published)


@pytest.fixture(scope="session", autouse=True)
def _store_of_the_tests(tmp_path_factory):
    """No test keeps quotes where its user does."""
    with pytest.MonkeyPatch.context() as patched:
        folder = tmp_path_factory.mktemp("store")
        patched.setenv("KARVAN_STORE", str(folder / "quotes.sqlite"))
        yield


@pytest.fixture(scope="session")
def postgres():
    """A server of PostgreSQL, one a worker."""
    import postgres as own

    with own.running() as server:
        yield server


@pytest.fixture
def now():
    """The clock of every test."""
    return datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
