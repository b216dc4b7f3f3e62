"""A language made on the fly, every letter accented: whatever stays plain was never told.

Honest exceptions are listed beside each test: ids, codes and figures, names as their owners write
them, descriptions of the Harmonized System, rules and sources of rates.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.main import get_command

from karvan.adapters.languages.shelf import shipped
from karvan.bootstrap import ShippedLanguages, wire
from karvan.interfaces.cli import app as cli
from karvan.interfaces.http.app import create_app
from karvan.interfaces.settings import Settings
from karvan.interfaces.wiring import Wiring
from wording.catalogue import Entry, read, written

ACCENTS = str.maketrans("aeiouyAEIOUYcnszCNSZ", "áéíóúýÁÉÍÓÚÝčňšžČŇŠŽ")
#: Greek: its months and numbers are not those of English either.
LANGUAGE = "el"

WORD = re.compile(r"[^\W\d_]{3,}")

#: Figures, ids, codes, file names and addresses are no words: whatever holds a digit, a capital
#: behind its first letter, an underscore, a stop or a slash.
CODE = re.compile(r"\S*[\d_./@#=]\S*|\S*[A-Za-z][A-Z]\S*|--[a-z-]+")


def plain_words(text):
    """Words without an accent that are no code."""
    return {word for word in WORD.findall(CODE.sub(" ", text)) if word.isascii()}


def accented(text):
    """The pseudo-translation: longer, bracketed, every value in braces as it was."""
    parts = re.split(r"(\{[^{}]*\}|\{\{|\}\})", text)
    told = "".join(p if p.startswith(("{", "}")) else p.translate(ACCENTS) for p in parts)
    begin = re.match(r"\s*", told).group()
    end = re.search(r"\s*$", told).group() if told.strip() else ""
    body = told[len(begin) : len(told) - len(end)]
    return f"{begin}«{body}»{end}"


@pytest.fixture(autouse=True)
def piped_width(monkeypatch):
    """As wide as a pipe: a narrow terminal breaks names of hosts and links in their middle."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture(scope="module")
def languages(tmp_path_factory):
    source = Path(str(shipped())) / "ru" / "LC_MESSAGES" / "karvan.po"
    catalogue, strings = read(source, "ru")
    entries, told = [], {}
    for each in catalogue:
        if each.id:
            one, many = each.id if isinstance(each.id, tuple) else (each.id, "")
            entry = Entry(one, of=each.context or "", many=many, codes=set(each.auto_comments))
            entries.append(entry)
            told[entry.key] = (accented(one), accented(many))[: 2 if many else 1]
    assert len(entries) == len(strings)
    folder = tmp_path_factory.mktemp("locale")
    path = folder / LANGUAGE / "LC_MESSAGES" / "karvan.po"
    path.parent.mkdir(parents=True)
    path.write_text(written(entries, told, LANGUAGE), encoding="utf-8")
    return ShippedLanguages(folder)


@pytest.fixture(scope="module")
def wiring(published, languages, tmp_path_factory):
    class Tables:
        def load(self, folder=None):
            return published

        def check(self, folder=None):
            return wire().tables.check(folder)

    return Wiring(
        tables=Tables(),
        clock=lambda: datetime(2026, 11, 21, 12, tzinfo=UTC),
        folder=tmp_path_factory.mktemp("pseudo"),
        languages=languages,
    )


QUOTE = ("quote", "KZ-ALM", "TR-IST", "--container", "40HC", "--mass-kg", "18000", "--hs", "850760")
WHEN = ("--ready", "2026-12-03", "--samples", "100", "--container-owner", "carrier")


@pytest.fixture(scope="module")
def names(published):
    """What keeps its own spelling: places, as this language has no names for them."""
    network = published.network
    every = [each.name for each in (*network.places.values(), *network.cities.values())]
    return {part for name in every for part in re.findall(r"[A-Za-z]{3,}", name)}


def words_of(text, names):
    return {word for word in plain_words(text) if word not in names}


@pytest.mark.parametrize("wish", [(), ("--latest-arrival", "2027-01-20")])
def test_a_quote_in_the_terminal_has_no_word_that_was_not_told(wiring, names, capsys, wish):
    goods = "Electric accumulators; lithium-ion, including separators"

    assert cli.run([*QUOTE, *WHEN, *wish, "--lang", LANGUAGE], wiring) == 0

    page = capsys.readouterr().out
    assert len(page.splitlines()) > 100
    assert words_of(page, names) <= set(WORD.findall(goods))


@pytest.mark.parametrize(
    "line",
    [
        "quote KZ-ALM XX --container 40XX --mass-kg -1 --hs 1 --ready 2020-01-01 --most 0",
        "quote KZ-ALM --container",
        "quote KZ-ALM TR-IST --weights x=1 --via mode:balloon --ready soon --oil cpc_blend",
        "network show NOWHERE",
        "nonsense",
        "goods 850761",
        "tariff show NOBODY",
    ],
)
def test_no_fault_of_the_command_line_is_left_out(wiring, names, capsys, line):
    assert cli.run([*line.split(), "--lang", LANGUAGE], wiring) == 2

    told = capsys.readouterr().err
    assert "«" in told
    facts = {"karvan", "given", "known", "near", "suggestions", "mode", "soon", "balloon"}
    assert words_of(told, names) <= facts | set(line.split())


def tree(command, *names):
    yield names
    for name, each in getattr(command, "commands", {}).items():
        yield from tree(each, *names, name)


def test_no_help_page_is_left_out(wiring, capsys):
    lines = list(tree(get_command(cli.build())))
    kept = {part for line in lines for name in line for part in name.split("-")}
    kept |= {"karvan", "kind"}
    left = {}
    for line in lines:
        assert cli.run([*line, "--help", "--lang", LANGUAGE], wiring) == 0
        page = re.sub(accented("default:") + r"[^\]]*\]", " ", capsys.readouterr().out)
        # What a page shortens with three dots has lost the bracket at its end.
        untold = re.sub(r"«[^»]*?(»|\.\.\.)|<[^>]+>|\S+\|\S+", " ", page)
        left |= dict.fromkeys(plain_words(untold) - kept, line)
    assert len(lines) > 50
    assert not left


def test_a_group_without_a_command_tells_its_help_and_keeps_its_own_name(wiring, capsys):
    assert cli.run(["network", "--lang", LANGUAGE], wiring) == 2
    assert "karvan network [OPTIONS] COMMAND" in capsys.readouterr().err


def test_no_problem_over_http_is_left_out(wiring, names):
    bodies = [
        b"[]",
        b"{",
        b'{"from": "KZ-ALM", "to": 7, "container": "40XX", "mass_kg": "x", "ready": "soon"}',
        b'{"from": "KZ-ALM", "to": "KZ-ALM", "truck": "x", "oil": "y", "colour": "red"}',
    ]
    headers = {"content-type": "application/json", "accept-language": LANGUAGE}
    with TestClient(create_app(wiring, Settings(), warm_up=False)) as client:
        answers = [client.post("/v1/quotes", content=each, headers=headers) for each in bodies]
        answers += [client.get(p, headers=headers) for p in ("/x", "/v1/quotes/x", "/v1/places/x")]
    for answer in answers:
        problem = answer.json()
        told = [problem["title"]]
        told += [
            e[key] for e in problem.get("errors", ()) for key in ("message", "fix") if key in e
        ]
        for text in told:
            assert "«" in text, text


def test_the_texts_of_a_print_are_all_told(published, languages, names):
    from karvan.adapters.documents.quote_page import quote_page
    from karvan.services.exporting import document_of
    from karvan.services.quoting.quote import Quoting
    from karvan.services.quoting.rendering import quote_json
    from karvan.services.quoting.request import RequestReader
    from karvan.services.words import speaking

    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    body = {"from": "KZ-ALM", "to": "TR-IST", "container": "40HC", "mass_kg": "18000"}
    body |= {"hs": "850760", "ready": "2026-12-03", "samples": 100}
    request = RequestReader(published.network, published.book).read(body, now)
    answer = quote_json(Quoting(published).quote(request, now))
    with speaking(languages.words(LANGUAGE)):
        page = quote_page(document_of(answer, published.network))

    #: Of rules, sources, codes and versions: they say where to look.
    kept = {"rule", "source", "service", "id", "code", "language", "texts", "valid_from"}
    kept |= {"letter", "kind", "marks", "ends", "currency", "value"}

    def texts(tree, key=""):
        if isinstance(tree, dict):
            for name, value in tree.items():
                if name not in kept:
                    yield from texts(value, name)
        elif isinstance(tree, list):
            for value in tree:
                yield from texts(value, key)
        elif isinstance(tree, str):
            yield key, tree

    left = {(k, w) for k, text in texts(page) for w in words_of(text, names)}
    assert not left
    assert all("«" in told for told in page["texts"].values())


def test_a_planted_plain_word_is_found(names):
    assert words_of("«Ráíl» Aktau port forgotten 12 kg KZ-AKT", names) == {"forgotten"}


#: Firms and ships as they call themselves, and what stands in a command line.
OWN_NAMES = {
    *("karvan", "HiGHS", "simplex", "ipm", "KazTransOil", "Transneft", "Gomeltransneft"),
    *("MunaiTas", "Kazakhstan", "China", "Pipeline", "Lukoil", "Natural", "Earth"),
    *("scenario", "toml", "Untold"),
}
STUDIED = """
title = "Untold"
base = "oil-2024"
first_month = "2024-02"
months = 2

[[event]]
id = "X1"
asset = "CPC marine terminal"
first_day = 2024-03-01
last_day = 2024-03-31
share_lost = 0.5
cause = "storm"
source = "a test"
"""


@pytest.mark.parametrize(
    "words",
    [
        "plan scenario.toml --no-failures",
        "compare base-2024 scenario.toml --no-failures",
        "contingency scenario.toml --by-year --order 2",
        "resilience scenario.toml",
        "invest scenario.toml --until 2027 --budget-eur 40e6 --frontier",
        "trade KZ AZ",
    ],
)
def test_a_study_has_no_word_that_was_not_told(wiring, names, tmp_path, monkeypatch, capsys, words):
    real = wire()
    whole = replace(
        wiring,
        folder=tmp_path,
        scenarios=real.scenarios,
        projects=real.projects,
        results=real.results,
        reports=real.reports,
        executors=real.executors,
        trade=real.trade,
    )
    (tmp_path / "scenario.toml").write_text(STUDIED)
    monkeypatch.chdir(tmp_path)

    assert cli.run([*words.split(), "--report", "page.html", "--lang", LANGUAGE], whole) == 0

    page = (tmp_path / "page.html").read_text()
    page = unescape(re.sub(r"<style>.*?</style>|<[^>]*>", "\n", page, flags=re.DOTALL))
    # A name that is cut off on a chart stands whole in its table.
    page = re.sub(r"\w+(\N{HORIZONTAL ELLIPSIS}|\.\.\.)", " ", page)
    projects = {part for each in real.projects.read().projects for part in each.id.split("-")}
    kept = OWN_NAMES | projects | set(WORD.findall(words))
    assert words_of(capsys.readouterr().out, names) <= kept
    assert words_of(page, names) <= kept
