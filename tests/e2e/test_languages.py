"""Languages from outside: who asks in Russian is answered in Russian, codes stay."""

import json
import re
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from karvan.bootstrap import ShippedLanguages
from karvan.interfaces.cli import app as cli
from karvan.interfaces.http.app import create_app
from karvan.interfaces.settings import Settings
from karvan.interfaces.wiring import Wiring

WRONG = {"from": "KZ-ALM", "to": "XX-NOWHERE", "container": "40XX", "ready": "2026-12-03"}


@pytest.fixture(scope="module")
def wiring(published, tmp_path_factory):
    class Tables:
        def load(self, folder=None):
            return published

    return Wiring(
        tables=Tables(),
        clock=lambda: datetime(2026, 11, 21, 12, tzinfo=UTC),
        folder=tmp_path_factory.mktemp("languages"),
        languages=ShippedLanguages(),
    )


@pytest.fixture(scope="module")
def client(wiring):
    with TestClient(create_app(wiring, Settings(), warm_up=False)) as made:
        yield made


def ask(client, path="/v1/quotes", **headers):
    content = json.dumps(WRONG).encode()
    return client.post(
        path, content=content, headers={"content-type": "application/json"} | headers
    )


def codes(problem):
    faults = [
        {k: v for k, v in e.items() if k not in ("message", "fix")} for e in problem["errors"]
    ]
    return problem["type"], problem["code"], problem["status"], faults


def test_a_problem_is_told_in_the_language_asked_for_and_its_codes_in_none(client):
    english, russian = ask(client), ask(client, **{"accept-language": "de, ru-RU;q=0.8, en;q=0.5"})

    assert [each.headers["content-language"] for each in (english, russian)] == ["en", "ru"]
    assert "Accept-Language" in russian.headers["vary"]
    assert codes(english.json()) == codes(russian.json())
    assert russian.json()["title"] == "в запросе есть ошибки"
    told = {each["pointer"]: each["message"] for each in russian.json()["errors"]}
    assert told["/to"] == "нет пункта с таким именем или кодом"
    assert told["/container"] == "этот коридор не знает такого типа контейнера"


def test_the_address_may_name_the_language_and_one_nobody_has_falls_back(client):
    named = ask(client, "/v1/quotes?lang=ru", **{"accept-language": "en"})
    strange = ask(client, "/v1/quotes?lang=tlh", **{"accept-language": "ru"})
    nothing = ask(client, "/v1/quotes?lang=tlh", **{"accept-language": "tlh"})

    told = [each.headers["content-language"] for each in (named, strange, nothing)]
    assert told == ["ru", "ru", "en"]


def test_faults_of_parameters_and_of_addresses_are_told_too(client):
    headers = {"accept-language": "ru"}

    fault = client.get("/v1/places?limit=501", headers=headers).json()["errors"][0]
    nowhere = client.get("/nowhere", headers=headers)

    assert fault["message"] == "Значение должно быть не больше 500"
    assert nowhere.json()["title"] == "по этому адресу ничего нет"
    assert nowhere.headers["content-language"] == "ru"


def test_what_is_kept_by_browsers_is_kept_by_language(client):
    tags = {
        each: client.get("/v1/names", headers={"accept-language": each}).headers["etag"]
        for each in ("en", "ru", "tlh")
    }

    assert tags["en"] == tags["tlh"] != tags["ru"]


def test_a_kept_quote_is_the_same_bytes_and_told_in_the_language_of_who_reads(client):
    good = {**WRONG, "to": "GE-POT", "container": "40HC", "container_owner": "carrier"}
    content = json.dumps(good | {"mass_kg": "18000", "hs": "850760", "samples": 100}).encode()
    headers = {"content-type": "application/json"}

    english = client.post("/v1/quotes", content=content, headers=headers)
    russian = client.post("/v1/quotes?lang=ru", content=content, headers=headers)

    plain, told = english.json(), russian.json()
    assert [each.headers["content-language"] for each in (english, russian)] == ["en", "ru"]
    assert told["quote_id"] == plain["quote_id"]
    ways = [each["alternatives"][0] for each in (plain, told)]
    assert [each["code"] for each in ways[1]["warnings"]] == [
        each["code"] for each in ways[0]["warnings"]
    ]
    assert {k: v for k, v in ways[0].items() if k not in ("warnings", "documents")} == {
        k: v for k, v in ways[1].items() if k not in ("warnings", "documents")
    }
    texts = [told["scope"], *told["excludes"], *(each["message"] for each in ways[1]["warnings"])]
    texts += [each[key] for each in ways[1]["documents"] for key in ("document", "rule")]
    texts += [each["message"] for each in told["refused"]]
    assert len(texts) > 10
    assert not [each for each in texts if not re.search("[а-я]{3}", each)]


def test_labels_are_given_by_code(client):
    labels = client.get("/v1/labels?lang=ru").json()

    assert labels["language"] == "ru"
    assert labels["labels"]["mode"]["rail_ferry"] == "Ж/д паром"
    assert labels["labels"].keys() == client.get("/v1/labels").json()["labels"].keys()


def test_the_command_line_speaks_by_option_setting_and_terminal(wiring, capsys):
    def told(*arguments, **environment):
        here = Wiring(
            tables=wiring.tables,
            clock=wiring.clock,
            folder=wiring.folder,
            languages=wiring.languages,
            environment=environment,
        )
        assert cli.run(["quote", "KZ-ALM", *arguments], here) == 2
        return capsys.readouterr().err

    option = told("--lang", "ru", "--pdf")
    setting = told("--pdf", KARVAN_LANG="ru", LANG="C")
    terminal = told("--pdf", LANG="ru_RU.UTF-8")
    assert option == setting == terminal == "karvan: Параметру '--pdf' нужно значение.\n"
    assert told("--pdf", LANG="tlh") == "karvan: Option '--pdf' requires an argument.\n"
    assert json.loads(told("--json", "--lang=ru", "--pdf"))["title"].startswith("Option")
    assert "no such language (given: tlh)" in told("--lang", "tlh")
