"""What is public has its place in the reference."""

import csv
import json
import re

import pytest

import attributes_reference
from karvan.domain.instants import minutes_since_epoch, parse_instant
from karvan.network.situation import NORMAL, DatedClosure, PublishedTimes, Reopening, Situation
from karvan.services.quoting.ranking import VALUE_OF_DAY_USD
from karvan.services.quoting.rendering import quote_json
from karvan.services.quoting.request import OPTIONAL, REQUIRED, RequestReader
from links import ROOT

REFERENCE = ROOT / "docs" / "reference"
NOW = parse_instant("2026-11-21T12:00:00Z")


def page(name):
    return (REFERENCE / name).read_text(encoding="utf-8")


def fields(name):
    """Fields with a row of their own in the tables of a page."""
    return set(re.findall(r"^\| `([^`]+)` \|", page(name), re.MULTILINE))


def paths(value, prefix=""):
    """Path of every key of a JSON value, `[]` for members of a list."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if prefix.endswith(".amounts"):
                return  # by carrier: the keys are names and no fields
            path = f"{prefix}.{key}" if prefix else key
            yield path
            yield from paths(inner, path)
    elif isinstance(value, list):
        for inner in value:
            yield from paths(inner, f"{prefix}[]")


@pytest.fixture(scope="module")
def answers(published, quoting):
    """Quotes that together show every part: closures, missing rates, warnings."""
    reader = RequestReader(published.network, published.book)
    body = {
        "from": "CN-XIA",
        "to": "TR-IST",
        "container": "40HC",
        "container_number": "CSQU3054383",
        "mass_kg": "18000",
        "hs": "850760",
        "ready": "2026-12-03",
        "samples": 50,
    }
    asked = [body, body | {"changes": ["close:GE-POT"]}]
    storm = DatedClosure(
        id="AZ-ALT@2026-11-20.1",
        target="AZ-ALT",
        cause="storm",
        from_min=minutes_since_epoch(NOW),
        reopening=Reopening(low_min=29_940_000, likely_min=29_942_000, high_min=29_950_000),
    )
    times = PublishedTimes(
        service="CASP-AKT-ALT-FERRY",
        from_min=29_940_000,
        to_min=29_943_000,
        runs=((29_941_000, None),),
    )
    situations = (NORMAL, Situation.of([storm], [times]))
    return [
        quote_json(quoting.quote(reader.read(one, NOW), NOW, situation))
        for one, situation in zip(asked, situations, strict=True)
    ]


def test_every_field_of_an_answer_is_documented(answers):
    seen = {path for answer in answers for path in paths(json.loads(json.dumps(answer)))}
    assert any(path.startswith("refused[].") for path in seen)
    assert any(path.startswith("alternatives[].warnings[].") for path in seen)
    assert seen - fields("quote.md") == set()


def test_no_field_is_documented_that_no_answer_has(answers):
    seen = {path for answer in answers for path in paths(json.loads(json.dumps(answer)))}
    # Which facts a refusal has depends on its rule; tonnes are answered in kilograms.
    optional = {path for path in fields("quote.md") if path.startswith("refused[].")}
    optional.add("request.mass_t")
    assert fields("quote.md") - optional - seen == set()


def test_every_field_of_a_request_is_documented():
    documented = {path.removeprefix("request.") for path in fields("quote.md")}
    assert {*REQUIRED, *OPTIONAL} <= documented


def test_the_page_on_attributes_is_what_the_tables_say():
    assert page("attributes.md") == attributes_reference.render()


def test_every_table_of_attributes_belongs_to_a_table_of_data_with_these_columns():
    entities = {path.stem for path in attributes_reference.ATTRIBUTES.glob("*.csv")}
    assert entities == set(attributes_reference.TABLES)
    for entity, table in attributes_reference.TABLES.items():
        with (attributes_reference.DATA / table).open(encoding="utf-8", newline="") as stream:
            columns = next(csv.reader(stream))
        rows = attributes_reference.ATTRIBUTES / f"{entity}.csv"
        with rows.open(encoding="utf-8", newline="") as stream:
            described = list(csv.DictReader(stream))
        names = [row["attribute"] for row in described]
        assert set(columns) <= set(names), table
        assert {row["attribute"] for row in described if row["required"] == "yes"} <= set(columns)


def test_every_table_of_data_has_attributes():
    tables = {
        path.relative_to(attributes_reference.DATA).as_posix()
        for path in attributes_reference.DATA.rglob("*.csv")
    }
    assert tables - set(attributes_reference.TABLES.values()) == {"rules/hs2022.csv"}


def test_the_page_on_ranking_has_the_worth_of_a_day_and_every_label(answers):
    text = page("ranking.md")
    assert f"**{VALUE_OF_DAY_USD} USD**" in text
    labels = {label for a in answers for way in a["alternatives"] for label in way["labels"]}
    assert labels <= set(re.findall(r"^\| `([a-z0-9-]+)` \|", text, re.MULTILINE))


def test_every_activity_of_a_call_is_documented(answers):
    row = next(line for line in page("quote.md").splitlines() if "calls[].activity" in line)
    seen = {call["activity"] for a in answers for way in a["alternatives"] for call in way["calls"]}
    assert seen <= set(re.findall(r"`([a-z-]+)`", row))


def test_words_of_the_model_are_in_the_glossary():
    headings = {
        heading.lower() for heading in re.findall(r"^### (.+)$", page("glossary.md"), re.MULTILINE)
    }
    words = {"place", "city", "link", "segment", "connection", "scheduled service", "departure"}
    words |= {"nominal departure", "headway", "regime", "charge", "rate", "front", "label"}
    assert words <= headings
