"""The pages on command line and HTTP are what the program says of itself."""

import json
from pathlib import Path

import cli_reference
import openapi_reference

ROOT = Path(__file__).parents[2]


def test_the_help_page_is_up_to_date(capsys):
    assert cli_reference.main(["--check"]) == 0, capsys.readouterr().out


def test_the_help_page_does_not_depend_on_the_terminal(monkeypatch):
    before = cli_reference.page()
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert cli_reference.page() == before


def test_the_openapi_document_is_the_reviewed_one(capsys):
    assert openapi_reference.main(["--check"]) == 0, capsys.readouterr().out


def test_every_problem_code_of_http_is_explained():
    page = (ROOT / "docs" / "reference" / "http.md").read_text(encoding="utf-8")
    codes = ("malformed-json", "body-too-large", "unsupported-media-type", "busy", "internal")
    codes += ("not-acceptable",)
    for code in (*codes, "method-not-allowed", "invalid-parameter"):
        assert f"`{code}`" in page


def test_the_document_names_the_answers_of_a_quote():
    document = json.loads((ROOT / "docs" / "reference" / "openapi.json").read_text("utf-8"))
    answers = document["paths"]["/v1/quotes"]["post"]["responses"]
    assert set(answers) == {"200", "400", "404", "406", "409", "413", "415", "422", "429", "503"}
