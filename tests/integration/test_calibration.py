"""The calibration compares with what the facts say, and says honestly when it misses."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

import accounting
import calibration_page
from calibration_page import Ours, read_lanes, without

FACTS = {row: told for (_, row), told in accounting.read_facts().items()}
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("lane", read_lanes(), ids=lambda lane: lane["fact"])
def test_a_lane_has_the_figures_and_the_year_of_its_fact(lane):
    fact = FACTS[lane["fact"]]

    assert Decimal(lane["amount"]) == Decimal(fact.get("amount") or fact["value"])
    for end in ("low", "high"):
        assert lane[end] == fact[end]
    told = fact.get("valid_from") or fact.get("period") or ""
    assert lane["day"][:4] == told[:4] or "taken for 2025" in lane["scope"], told
    assert lane["why"]


def test_every_through_rate_of_the_facts_has_a_lane():
    lanes = {lane["fact"] for lane in read_lanes()}
    with (ROOT / "facts" / "tariffs.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["scope"] == "through_rate"]
    #: T230 is an increment, T234 misprinted.
    assert {row["id"] for row in rows} - lanes == {"T230", "T234"}


@pytest.mark.parametrize(
    ("ours", "verdict"),
    [
        (Ours(100, 90, 110), "in range"),
        (Ours(150, 115, 180), "in range"),
        (Ours(124, 121, 130), "near"),
        (Ours(126, 121, 130), "miss"),
        (Ours(74, 70, 79), "miss"),
        (Ours(None), "no price"),
    ],
)
def test_a_hit_is_a_touching_range_or_a_quarter_off(ours, verdict):
    assert ours.hits({"amount": "100", "low": "80", "high": "120"}) == verdict


def test_without_a_fact_the_book_lacks_every_rate_made_from_it(published):
    book = published.book
    less = without(book, "T222")

    assert {r.id for r in book.rates} - {r.id for r in less.rates} == {
        r.id for r in book.rates if "T222" in r.fact
    }
    assert without(book, "T227") is None


def test_the_page_is_of_this_book(capsys):
    assert calibration_page.main(["--check"]) == 0, capsys.readouterr().out


def test_a_page_of_another_book_is_told(capsys, monkeypatch, tmp_path):
    other = tmp_path / "calibration.md"
    other.write_text("Made by hand from tariff book 0;", encoding="utf-8")
    monkeypatch.setattr(calibration_page, "PAGE", other)

    assert calibration_page.main(["--check"]) == 1
    assert "run python tools/calibration_page.py" in capsys.readouterr().out
