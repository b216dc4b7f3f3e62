"""How the shipped corridor survives events, and `karvan resilience` from outside."""

import json

import pytest

from karvan.adapters.executors.opening import LocalExecutors
from karvan.adapters.files.scenarios import FileScenarios
from karvan.bootstrap import ShippedScenarios, StudyFolders
from karvan.interfaces.cli import app
from karvan.interfaces.wiring import Wiring
from karvan.services.planning import resilience
from karvan.services.planning.resilience import recovery_of
from karvan.services.planning.resilience_telling import RecoveryRow
from karvan.services.planning.result_tables import parse_csv
from karvan.services.planning.study import study


@pytest.fixture(scope="module")
def moorings(published):
    return study(published.network, FileScenarios().read("cpc-moorings-2025"))


@pytest.fixture
def karvan(published, capsys, tmp_path, now):
    class Tables:
        def load(self, folder=None):
            return published

    def run(*arguments):
        wiring = Wiring(
            tables=Tables(),
            clock=lambda: now,
            folder=tmp_path,
            scenarios=ShippedScenarios(),
            results=StudyFolders(),
            executors=LocalExecutors(),
        )
        status = app.run(list(arguments), wiring)
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    return run


def test_the_terminal_that_lost_its_moorings_recovers_when_its_tanks_are_empty(moorings):
    """It works fully again from 24 January; what is shut in is what the study says is shut in."""
    found = recovery_of(moorings)

    (loss,) = found.losses
    more = [
        float((plan.shut_in[:, :months]).sum())
        for plan, months in ((each.plan, each.periods) for each in moorings.stages)
    ]
    usual = float(moorings.usual.plan.shut_in.sum())
    assert loss.shut_in == pytest.approx(sum(more) - usual, abs=1e-5)
    assert found.begins == "2025-11"
    assert "2026-01" < found.recovered <= "2026-04"
    assert found.worst_period in {"2025-12", "2026-01"}
    assert 0 < loss.peak_stock <= 358
    assert loss.peak_place == "RU-CPCMT"
    assert found.extra_cost_kusd == moorings.extra_cost_kusd


def test_who_accepts_more_is_back_no_later(moorings):
    periods = [recovery_of(moorings, tolerance=share).periods_to_recover for share in (0.01, 0.3)]

    assert None not in periods
    assert periods == sorted(periods, reverse=True)


def test_what_is_printed_is_what_is_written(karvan, tmp_path):
    folder = tmp_path / "out"

    status, out, _ = karvan("resilience", "cpc-moorings-2025", "--json", "--out", str(folder))

    (told,) = json.loads(out)["recoveries"]
    table = parse_csv("recovery", RecoveryRow, (folder / "recovery.csv").read_text())
    (row,) = [dict(zip((c.name for c in table.columns), r, strict=True)) for r in table.rows]
    assert status == 0
    assert row["shut_in"] == told["losses"][0]["shut_in"] > 0
    assert row["recovered"] == told["recovered"]


def test_each_asset_out_for_some_days_the_most_lost_first(karvan, monkeypatch):
    """All but three assets are passed over, to be quick."""
    few = ("KZ-AKT", "CPC marine terminal", "Caspian tankers")
    monkeypatch.setattr(resilience, "used_assets", lambda plan: few)

    status, out, _ = karvan(
        "resilience", "cpc-moorings-2025", "--days", "10", "--from", "2026-03-10", "--json"
    )

    told = json.loads(out)["recoveries"]
    lost = [
        sum(loss[what] for loss in each["losses"] for what in ("shut_in", "unserved", "delayed"))
        for each in told
    ]
    assert status == 0
    assert {each["asset"] for each in told} == set(few)
    assert told[0]["asset"] == "CPC marine terminal"
    assert lost == sorted(lost, reverse=True)
    assert {each["begins"] for each in told} == {"2026-03"}


def test_the_page_says_when_all_is_as_usual_again(karvan):
    status, out, _ = karvan("resilience", "cpc-moorings-2025")

    assert status == 0
    assert "recovered from 2026-" in out
    assert "thousand t shut in" in out


@pytest.mark.parametrize("day", ["2025-08-31", "2026-05-25"])
def test_days_outside_the_scenario_are_refused(karvan, day):
    status, _, err = karvan("resilience", "cpc-moorings-2025", "--days", "30", "--from", day)

    assert status == 2
    assert "the days do not lie within the scenario" in err
