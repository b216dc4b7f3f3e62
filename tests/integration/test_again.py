"""Every study is made again from its manifest: the same numbers, or what has changed since."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.bootstrap import LocalExecutors, ShippedProjects, ShippedScenarios, StudyFolders
from karvan.domain.errors import InvalidInput
from karvan.interfaces.cli import app
from karvan.interfaces.wiring import Wiring
from karvan.services.planning.manifest import Manifest

EVENT = {
    "id": "X1",
    "asset": "CPC marine terminal",
    "first_day": "2024-03-01",
    "last_day": "2024-03-31",
    "share_lost": 1.0,
    "cause": "war",
    "source": "a closure",
    "expected_until": None,
}

SHORT = """
title = "A month without the terminal"
base = "oil-2024"
first_month = "2024-02"
months = 2

[[event]]
id = "X1"
asset = "CPC marine terminal"
first_day = 2024-03-01
last_day = 2024-03-31
share_lost = 1
cause = "as in the file"
source = "a test"
"""
STUDIES = {
    "plan": ("short.toml", "--runs", "1", "--seed", "3", "--executor", "inline"),
    "contingency": ("short.toml", "--by-year", "--order", "2"),
    "resilience": ("short.toml", "--days", "5", "--tolerance", "0.02"),
    "invest": ("short.toml", "--from", "2026", "--until", "2027", "--budget-eur", "40e6"),
    "compare": ("calm.toml", "short.toml", "--runs", "1", "--executor", "inline"),
}


@pytest.fixture(scope="module")
def karvan(published, tmp_path_factory):
    folder = tmp_path_factory.mktemp("again")
    (folder / "short.toml").write_text(SHORT)
    (folder / "calm.toml").write_text(SHORT.split("[[event]]", maxsplit=1)[0])

    class Tables:
        def load(self, folder=None):
            return published

    wiring = Wiring(
        tables=Tables(),
        clock=lambda: datetime(2026, 11, 21, 12, tzinfo=UTC),
        folder=folder,
        scenarios=ShippedScenarios(),
        projects=ShippedProjects(),
        results=StudyFolders(),
        executors=LocalExecutors(),
    )

    def run(capsys, *arguments):
        given = [str(folder / each) if each.endswith(".toml") else each for each in arguments]
        status = app.run(given, replace(wiring))
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    run.folder = folder
    return run


@pytest.fixture
def short(karvan, monkeypatch):
    """Few assets and few estimates, so that each study is quick."""
    from karvan.services.planning import resilience, tornado

    given, used = tornado.estimates_of, resilience.used_assets
    monkeypatch.setattr(tornado, "estimates_of", lambda scenario: given(scenario)[:2])
    monkeypatch.setattr(resilience, "used_assets", lambda plan: used(plan)[:3])


@pytest.mark.parametrize("command", STUDIES)
def test_a_study_made_again_from_its_folder_has_the_same_numbers(karvan, short, capsys, command):
    folder = karvan.folder / command
    status, _, err = karvan(capsys, command, *STUDIES[command], "--out", str(folder))
    assert status == 0, err
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["command"] == command
    for name in manifest["tables"]:
        assert (folder / f"{name}.csv").is_file()
        assert (folder / f"{name}.parquet").is_file()
    drawn = {"sampled", "sampled_months", "drawn", "tornado"} if command == "plan" else {"drawn"}
    assert drawn & set(manifest["tables"]) == (drawn if "--runs" in STUDIES[command] else set())

    status, out, err = karvan(capsys, command, "--again", str(folder), "--json")

    told = json.loads(out)
    assert status == 0, err
    assert told["same"] is True
    assert told["changed"] == []
    assert {*told["equal"], *told["equal_but_for_last_digits"]} == set(manifest["tables"])
    assert told["rows"] == sum(each["rows"] for each in manifest["tables"].values()) > 0


@pytest.fixture(scope="module")
def kept(karvan, tmp_path_factory, request):
    folder = tmp_path_factory.mktemp("kept") / "outages"
    arguments = ["contingency", str(karvan.folder / "short.toml"), "--by-year", "--out"]

    class Quiet:
        def readouterr(self):
            return type("Shown", (), {"out": "", "err": ""})

    assert karvan(Quiet(), *arguments, str(folder))[0] == 0
    return folder


def changed(kept, tmp_path, change):
    target = tmp_path / "changed"
    target.mkdir()
    for each in kept.iterdir():
        (target / each.name).write_bytes(each.read_bytes())
    manifest = json.loads((kept / "manifest.json").read_text())
    change(manifest)
    (target / "manifest.json").write_text(json.dumps(manifest))
    return target


def test_what_has_changed_since_is_told_beside_the_same_numbers(karvan, kept, capsys, tmp_path):
    def older(manifest):
        manifest.update(version="0.0.1", network="0" * 64, inputs={"projects": "f" * 64})

    status, out, _ = karvan(capsys, "contingency", "--again", str(changed(kept, tmp_path, older)))

    assert status == 0
    told = " ".join(out.split())
    for words in ("version, 0.0.1 then", f"network, {'0' * 64} then", f"projects, {'f' * 64}"):
        assert f"Changed since: {words}" in told
    assert "The same numbers: 3 tables" in told


def test_other_numbers_are_told_with_what_has_changed(karvan, kept, capsys, tmp_path):
    def of_february(manifest):
        text = manifest["scenario"]["text"]
        manifest["scenario"]["text"] = text.replace("share_lost = 1", "share_lost = 0.5")

    folder = str(changed(kept, tmp_path, of_february))
    status, out, err = karvan(capsys, "contingency", "--again", folder)

    assert (status, out) == (2, "")
    assert "the numbers differ, and so does what they are made from" in err
    assert "scenario" in err


WRONG = {
    "of another command": lambda told: told.update(command="resilience"),
    "of no study": lambda told: told.update(command="quote"),
    "an option beyond its ends": lambda told: told["options"].update(order=3),
    "an option of another type": lambda told: told["options"].update(by_year="yes"),
    "a table that no study has": lambda told: told["tables"].update(
        passwords=told["tables"]["pairs"]
    ),
    "a table of other rows": lambda told: told["tables"]["pairs"].update(hash="0" * 64),
    "a scenario that is none": lambda told: told["scenario"].update(text="title = "),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_manifest_that_cannot_be_run_again_is_refused(karvan, kept, capsys, tmp_path, wrong):
    folder = str(changed(kept, tmp_path, WRONG[wrong]))

    status, out, err = karvan(capsys, "contingency", "--again", folder)

    assert (status, out) == (2, ""), err


#: What damage may leave where something stood.
DAMAGED = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=6),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=1),
)


def places(told, way=()):
    """Ways to every value of a manifest."""
    inner = told.items() if isinstance(told, dict) else enumerate(told)
    for key, each in inner:
        yield (*way, key)
        if isinstance(each, (dict, list)):
            yield from places(each, (*way, key))


@settings(max_examples=150)
@given(data=st.data())
def test_a_damaged_manifest_is_read_or_its_keys_are_told(kept, data):
    """Anything dropped, misspelt or of another type: never an error of Python's in words."""
    told = json.loads((kept / "manifest.json").read_text())
    told["laid"] = [dict(EVENT)]
    told["cases"] = [json.loads(json.dumps({**told, "format": None}))]
    del told["cases"][0]["format"]
    damaged = []
    for _ in range(data.draw(st.integers(1, 3))):
        way = data.draw(st.sampled_from(list(places(told))))
        at = told
        for key in way[:-1]:
            at = at[key]
        value = at.pop(way[-1])
        how = data.draw(st.sampled_from(["drop", "misspell", "value"]))
        if how == "value" and isinstance(at, dict):
            at[way[-1]] = data.draw(DAMAGED)
        elif how == "misspell" and isinstance(at, dict):
            at[f"{way[-1]}x"] = value
        damaged.append(way)

    try:
        found, error = Manifest.parse(json.dumps(told)), None
    except InvalidInput as caught:
        found, error = None, caught

    if error is None:
        assert Manifest.parse(found.to_text()) == found
        return
    faults = " ".join(error.facts.get("faults", ()))
    keys = [next(key for key in way if isinstance(key, str)) for way in damaged]
    if error.message == "the manifest is damaged":
        assert any(key in faults for key in keys)
    else:
        assert "format" in keys
    assert not any(word in faults for word in ("Error", "argument", "NoneType"))


def test_a_comparison_needs_both_of_its_cases(karvan, kept, capsys, tmp_path):
    def alone(manifest):
        manifest.update(command="compare", options={}, tables={})

    folder = str(changed(kept, tmp_path, alone))

    assert karvan(capsys, "compare", "--again", folder)[0] == 2


@pytest.mark.parametrize("command", STUDIES)
def test_a_folder_that_holds_something_is_refused_before_anything_is_planned(
    karvan, capsys, monkeypatch, tmp_path, command
):
    (tmp_path / "letter.txt").write_text("mine")
    monkeypatch.setattr("karvan.interfaces.cli.studying.desk_of", None)

    status, out, err = karvan(capsys, command, *STUDIES[command], "--out", str(tmp_path))

    assert (status, out) == (2, "")
    assert "new or empty" in err


@pytest.mark.parametrize("command", STUDIES)
def test_neither_a_scenario_nor_a_folder_is_refused(karvan, capsys, command):
    status, _, err = karvan(capsys, command)

    assert status == 2
    assert "--again" in err
