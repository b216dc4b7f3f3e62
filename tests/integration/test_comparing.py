"""Ready dates compared: each row is the quote of its date, and the advice follows from the rows."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest

from karvan.domain.errors import InvalidRequest, NoRoute
from karvan.domain.money import Money
from karvan.interfaces.cli import app as cli
from karvan.interfaces.wiring import Wiring
from karvan.services.quoting.comparing import advise, compare, comparison_json, weeks_from
from karvan.services.quoting.request import RequestReader

BODY = {
    "from": "KZ-ALM",
    "to": "GE-POT",
    "container": "40HC",
    "mass_kg": "18000",
    "hs": "851660",
    "samples": 50,
}


@pytest.fixture
def ask(published, quoting, now):
    reader = RequestReader(published.network, published.book)
    return lambda body: quoting.quote(reader.read(body, now), now)


def test_each_row_is_the_quote_of_its_date(ask):
    dates = weeks_from("2026-12-03", 10)
    told = comparison_json(compare(ask, BODY, dates))["rows"]

    assert [row["ready"] for row in told] == list(dates)
    for row in (told[0], told[3]):
        alone = ask({**BODY, "ready": row["ready"]})
        assert row["quote_id"] == alone.quote_id
        assert row["cheapest"] == alone.cheapest.amount
    assert told[-1]["quote_id"] is None
    assert "beyond the timetable" in told[-1]["error"]


def test_a_first_date_that_cannot_be_is_a_fault(ask):
    with pytest.raises(InvalidRequest):
        compare(ask, BODY, weeks_from("2025-12-03", 2))
    assert weeks_from("soon", 3) == ("soon",)
    assert weeks_from("9999-12-30", 3) == ("9999-12-30",)


def row(ready, price=None, days=0.0):
    """A row as `advise` reads it."""
    from datetime import UTC, datetime

    start = datetime(2026, 12, 1, tzinfo=UTC)
    return SimpleNamespace(
        ready=ready,
        cheapest=None if price is None else Money.of(price, "USD"),
        arrives=None if price is None else start + timedelta(days=days),
    )


@pytest.mark.parametrize(
    ("rows", "advice"),
    [
        ([row("a", "1000.00", 20), row("b", "1000.00", 27)], ""),
        (
            [row("a", "1000.00", 20), row("b", "900.00", 27), row("c", "700.00", 34)],
            "Ready on c instead of a saves 300.00 USD (30 %).",
        ),
        (
            [row("a", "1000.00", 20), row("b", "700.00", 27), row("c", "700.00", 34)],
            "Ready on b instead of a saves 300.00 USD (30 %).",
        ),
        (
            [row("a", "1000.00", 20), row("b", "1100.00", 20), row("c", "1000.00", 20.1)],
            "Ready on b instead of a loses no time.",
        ),
        ([row("a", "1000.00", 20), row("b")], ""),
        (
            [row("a", "1000.00", 20), row("b"), row("c", "999.99", 90)],
            "Ready on c instead of a saves 0.01 USD (0 %).",
        ),
    ],
)
def test_the_advice_follows_from_the_rows(rows, advice):
    assert advise(rows) == advice


def test_a_later_date_without_a_way_tells_why():
    def ask(body):
        if body["ready"] == "b":
            raise NoRoute("no chain of departures joins these places")
        return SimpleNamespace(
            cheapest=Money.of("1.00", "USD"),
            quote_id="Q",
            request=SimpleNamespace(ready=row("a", "1.00").arrives),
            alternatives=[
                SimpleNamespace(
                    labels=("fastest",),
                    price=SimpleNamespace(total=Money.of("2.00", "USD")),
                    times=SimpleNamespace(p50_h=24.0),
                )
            ],
        )

    told = compare(ask, {}, ("a", "b"))
    assert [each.error for each in told.rows] == ["", "no chain of departures joins these places"]
    assert told.rows[0].arrives == row("a", "1.00", 1).arrives


def test_the_command_shows_a_table(published, now, capsys, tmp_path):
    tables = SimpleNamespace(load=lambda folder=None: published)
    wiring = Wiring(tables=tables, clock=lambda: now, folder=tmp_path)
    cargo = ["--container", "40HC", "--mass-kg", "18000", "--hs", "851660", "--samples", "50"]
    command = ["quote", "KZ-ALM", "GE-POT", *cargo, "--compare-weeks", "1"]

    assert cli.run([*command, "--ready", "+12"], wiring) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:3] == ["ready", "cheapest", "fastest"]
    assert [line[:10] for line in lines[1:3]] == ["2026-12-03", "2026-12-10"]
    assert cli.run([*command, "--ready", "+12", "--json"], wiring) == 0
    assert len(json.loads(capsys.readouterr().out)["rows"]) == 2
    assert cli.run(command, wiring) == 2
    assert "--ready: is required" in capsys.readouterr().err
