"""Kept quotes from outside: command line and HTTP, stores that work and stores that do not."""

import json

import pytest
from starlette.testclient import TestClient

from karvan.bootstrap import Databases, ShippedTableSets
from karvan.interfaces.cli import app as cli
from karvan.interfaces.http.app import create_app
from karvan.interfaces.http.schemas import AgainAnswer, Health, ProblemDocument, QuoteAnswer
from karvan.interfaces.settings import load_settings
from karvan.interfaces.wiring import Wiring

NOW = "2026-11-21T12:00:00Z"
QUOTE = ("quote", "KZ-ALM", "GE-POT", "--container", "40HC", "--mass-kg", "18000")
QUOTE = (*QUOTE, "--hs", "851660", "--ready", "2026-12-03", "--samples", "50")
BODY = {
    "from": "KZ-ALM",
    "to": "GE-POT",
    "container": "40HC",
    "mass_kg": "18000",
    "hs": "851660",
    "ready": "2026-12-03",
    "samples": 50,
}
JSON = {"content-type": "application/json"}


@pytest.fixture
def wiring(opened, tmp_path, now):
    class Tables:
        def load(self, folder=None):
            return opened.published

    class Sets(ShippedTableSets):
        def open(self, folder=None):
            return opened

    return Wiring(
        tables=Tables(),
        clock=lambda: now,
        environment={"HOME": str(tmp_path / "home")},
        folder=tmp_path,
        stores=Databases(),
        table_sets=Sets(),
    )


@pytest.fixture
def karvan(wiring, capsys):
    def run(*arguments):
        status = cli.run(arguments, wiring)
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


@pytest.fixture
def serve(wiring):
    def made(**environment):
        settings = load_settings({**wiring.environment, **environment}, wiring.folder).settings
        app = create_app(wiring, settings, warm_up=False)
        return TestClient(app, raise_server_exceptions=False)

    return made


def ask(client, **changed):
    return client.post("/v1/quotes", content=json.dumps({**BODY, **changed}), headers=JSON)


def problem(response, status):
    assert response.status_code == status, response.text
    return ProblemDocument.model_validate_json(response.content)


def test_a_quote_is_kept_and_made_again_to_the_byte(karvan, tmp_path):
    status, text, err = karvan(*QUOTE, "--json")
    assert (status, err) == (0, "")
    assert (tmp_path / "home/.local/share/karvan/quotes.sqlite").is_file()
    quote_id = json.loads(text)["quote_id"]

    assert karvan("quotes", "show", quote_id.lower(), "--json") == (0, text, "")
    status, out, _ = karvan("quote", "--again", quote_id)
    assert status == 0
    assert "the same, to the byte" in out
    assert "The prices hold until 2026-11-28 12:00 UTC." in out
    late = karvan("quote", "--again", quote_id, "--now", "2026-12-24T12:00:00Z")[1]
    assert "The prices held until 2026-11-28 12:00 UTC; it is 2026-12-24 12:00 UTC now." in late

    told = AgainAnswer.model_validate_json(karvan("quote", "--again", quote_id, "--json")[1])
    assert (told.verdict, told.same_engine, told.same_tables) == ("same", True, True)
    assert told.stored == told.made_again == json.loads(text)
    listed = json.loads(karvan("quotes", "list", "--json")[1])["items"]
    assert [each["quote_id"] for each in listed] == [quote_id]
    assert quote_id in karvan("quotes", "list")[1]
    assert karvan("quotes", "check")[0] == 0


def test_a_quote_moves_to_another_store(karvan, tmp_path):
    text = karvan(*QUOTE, "--json")[1]
    quote_id = json.loads(text)["quote_id"]
    other = ("--store", str(tmp_path / "other.sqlite"))

    assert karvan("quotes", "export", quote_id, str(tmp_path / "q.zip"))[0] == 0
    assert karvan("quotes", "import", str(tmp_path / "q.zip"), *other)[0] == 0

    assert karvan("quotes", "show", quote_id, "--json", *other) == (0, text, "")
    told = json.loads(karvan("quote", "--again", quote_id, "--json", *other)[1])
    assert told["verdict"] == "same"


@pytest.mark.parametrize("as_json", [False, True])
def test_where_nothing_can_be_stored_the_quote_is_given_with_a_warning(karvan, tmp_path, as_json):
    (tmp_path / "file").write_text("")
    options = ["--json"] if as_json else []
    plain = karvan(*QUOTE, *options, "--store", "none")

    told = karvan(*QUOTE, *options, "--store", str(tmp_path / "file" / "q.sqlite"))

    assert told[:2] == plain[:2]
    assert plain[2] == ""
    if as_json:
        warning = json.loads(told[2])
        assert (warning["stored"], warning["code"]) == (False, "store-unavailable")
    else:
        assert "warning: the quote was not stored" in told[2]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("quote", "--again", "Q-0000000000000000"), "unknown-quote"),
        (("quotes", "show", "Q-0000000000000000"), "unknown-quote"),
        (("quote", "--again", "x"), "invalid-request"),
        (("quote", "KZ-ALM", "--again", "Q-0000000000000000"), "invalid-request"),
        (("quotes", "import", "none.zip"), "invalid-tables"),
        (("quotes", "list", "--store", "none"), "store-unavailable"),
        (("quotes", "list", "--store", "nowhere/q.sqlite"), "store-unavailable"),
    ],
)
def test_what_cannot_be_is_refused_with_status_2(karvan, arguments, code):
    karvan(*QUOTE, "--json")
    status, out, err = karvan(*arguments, "--json")
    assert (status, out, json.loads(err)["code"]) == (2, "", code)


def test_an_id_that_is_nearly_right_is_suggested_at_the_terminal(karvan):
    quote_id = json.loads(karvan(*QUOTE, "--json")[1])["quote_id"]
    wrong = quote_id[:-1] + ("0" if quote_id[-1] != "0" else "1")

    status, _, err = karvan("quote", "--again", wrong)

    assert status == 2
    assert f"suggestions = {quote_id}" in err


def test_a_damaged_store_is_told(karvan, tmp_path):
    file = tmp_path / "q.sqlite"
    file.write_bytes(b"not a database at all " * 100)
    status, _, err = karvan("quotes", "list", "--store", str(file), "--json")
    assert (status, json.loads(err)["code"]) == (1, "store-damaged")


def test_http_gives_a_quote_again_as_it_gave_it(serve, karvan):
    with serve() as client:
        given = ask(client)
        assert given.status_code == 200
        quote_id = given.json()["quote_id"]
        again = client.get(f"/v1/quotes/{quote_id}")
        made = client.get(f"/v1/quotes/{quote_id}/again")
        health = Health.model_validate_json(client.get("/v1/health").content)

    assert again.content == given.content
    assert QuoteAnswer.model_validate_json(again.content)
    told = AgainAnswer.model_validate_json(made.content)
    assert (told.verdict, told.price.holds) == ("same", True)
    assert health.store == "ready"
    # The command line reads the same store.
    assert karvan("quotes", "show", quote_id, "--json")[1].encode() == given.content


def test_http_tells_no_stranger_which_quotes_there_are(serve):
    with serve() as client:
        quote_id = ask(client).json()["quote_id"]
        wrong = quote_id[:-1] + ("0" if quote_id[-1] != "0" else "1")
        unknown = client.get(f"/v1/quotes/{wrong}")
        senseless = client.get("/v1/quotes/x")

    assert problem(unknown, 404).code == "unknown-quote"
    assert quote_id not in unknown.text
    assert problem(senseless, 422).code == "invalid-input"


def test_http_sends_no_answer_that_is_not_stored(serve, tmp_path):
    (tmp_path / "file").write_text("")
    with serve(KARVAN_STORE=str(tmp_path / "file" / "q.sqlite")) as client:
        refused = ask(client)
        health = client.get("/v1/health").json()
        (tmp_path / "file").unlink()
        later = ask(client)

    told = problem(refused, 503)
    assert told.code == "store-unavailable"
    assert str(tmp_path) not in refused.text
    assert refused.headers["retry-after"]
    assert health["store"] == "unavailable"
    assert later.status_code == 200


def test_http_on_a_damaged_store_sends_no_answer(serve, tmp_path):
    (tmp_path / "q.sqlite").write_bytes(b"not a database at all " * 100)
    with serve(KARVAN_STORE=str(tmp_path / "q.sqlite")) as client:
        assert problem(ask(client), 503).code == "store-damaged"


def test_http_without_a_store_answers_and_says_so(serve):
    with serve(KARVAN_STORE="none") as client:
        given = ask(client)
        assert given.status_code == 200
        assert client.get("/v1/health").json()["store"] == "none"
        quote_id = given.json()["quote_id"]
        assert problem(client.get(f"/v1/quotes/{quote_id}"), 404).code == "unknown-quote"
        assert problem(client.get(f"/v1/quotes/{quote_id}/again"), 404).code == "unknown-quote"


def test_http_refuses_another_answer_under_the_same_id(serve, monkeypatch):
    with serve() as client:
        given = ask(client).json()
        desk = client.app.state.desk
        monkeypatch.setattr(desk, "quote", lambda *_: {**given, "scope": "another"})
        assert problem(ask(client), 409).code == "quote-conflict"
