"""A year's demand by the season of a good, by hand."""

from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from karvan.adapters.files.freight_tables import read_freight
from karvan.domain.errors import InvalidTables
from karvan.services.planning.freight_seasons import Season, shares_of
from karvan.services.planning.periods import Periods

GRAIN = Season(
    good="grain",
    origins=frozenset({"KZ-KOS"}),
    months=(0.8, 0.8, 0.9, 0.9, 0.7, 0.6, 0.5, 0.7, 1.3, 1.6, 1.7, 1.5),
)
MONTHS = Periods.months(date(2023, 1, 1), 12)


def test_a_period_has_the_weights_of_its_days_over_those_of_its_year():
    """November has 30 x 1.7 of the weights of 365 days, a week at its edge those of both months."""
    of_year = (
        sum(w * d for w, d in zip(GRAIN.months, (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31),
                                  strict=True))
    )  # fmt: skip
    months = shares_of((GRAIN,), "grain", "KZ-KOS", MONTHS)
    weeks = Periods.of_days(date(2023, 10, 29), 2, length=7)

    assert months[10] == pytest.approx(30 * 1.7 / of_year)
    assert sum(months) == pytest.approx(1.0)
    # Sunday to Tuesday are still October.
    assert shares_of((GRAIN,), "grain", "KZ-KOS", weeks)[0] == pytest.approx(
        (3 * 1.6 + 4 * 1.7) / of_year
    )


def test_other_goods_and_other_places_are_even():
    for good, origin in (("grain", "UZ-TAS"), ("metals", "KZ-KOS")):
        assert shares_of((GRAIN,), good, origin, MONTHS)[1] == pytest.approx(28 / 365)


@pytest.mark.parametrize("months", ["1 1 1", "0 0 0 0 0 0 0 0 0 0 0 0", "1 1 1 1 1 1 1 1 1 1 1 x"])
def test_a_season_of_other_than_twelve_weights_is_told_with_its_row(tmp_path, shipped, months):
    (tmp_path / "planning").mkdir()
    for path in (shipped / "planning").glob("freight_*.csv"):
        (tmp_path / "planning" / path.name).write_bytes(path.read_bytes())
    table = tmp_path / "planning" / "freight_seasons.csv"
    row = f"S-1,grain,,{months},,own-knowledge,yes,"
    table.write_text("id,good,origins,months,fact,source,estimate,note\n" + row + "\n")

    with pytest.raises(InvalidTables) as caught:
        read_freight(tmp_path)

    (fault,) = caught.value.faults
    assert (fault.file, fault.row, fault.column) == ("freight_seasons.csv", 2, "months")


@pytest.fixture
def shipped():
    return Path(str(files("karvan"))) / "data"
