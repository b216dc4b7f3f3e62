"""What the pages show runs: every `karvan` command and every piece of Python.

A block tagged `console` holds commands after `$ ` and, below a command, what it prints; a line
`...` stands for any lines. In a block tagged `sh` the lines that begin with `karvan ` are run. A
comment before a block may say `<!-- exit status 2 -->`, or `<!-- not run: reason -->`.
"""

import os
import re
import shlex
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

import links
from karvan.bootstrap import ShippedTables, ShippedTableSets, wire
from karvan.interfaces.cli.app import run

#: The clock of every page; `--ready +12` is 3 December 2026.
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

BLOCK = re.compile(
    r"(?:^<!-- (?P<mark>[^>]*?) -->\n+)?^```(?P<tag>console|python|sh)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Command:
    arguments: tuple[str, ...]
    expected: tuple[str, ...]


def commands(tag, body):
    """Commands of a block with the lines shown below each."""
    found = []
    lines = iter(body.splitlines())
    for line in lines:
        text = line.removeprefix("$ ") if tag == "console" else line
        is_command = line.startswith("$ ") if tag == "console" else line.startswith("karvan ")
        while is_command and text.endswith("\\"):
            text = text[:-1] + next(lines).strip()
        if is_command:
            words = shlex.split(text, comments=True)
            assert tag == "sh" or words[0] == "karvan", f"not a command of ours: {text}"
            found.append((tuple(words[1:]), []))
        elif tag == "console" and found:
            found[-1][1].append(line)
    return [Command(arguments, tuple(shown)) for arguments, shown in found]


def blocks(tags):
    for page in links.pages():
        text = page.read_text(encoding="utf-8")
        for match in BLOCK.finditer(text):
            line = text.count("\n", 0, match.start("tag")) + 1
            mark = match["mark"] or ""
            if match["tag"] in tags and not mark.startswith("not run: "):
                name = f"{page.relative_to(links.ROOT).as_posix()}:{line}"
                yield pytest.param(match["tag"], match["body"], mark, id=name)


def shows(expected, printed):
    """Whether the printed lines are those shown, with `...` for any."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "..." else re.escape(line.rstrip()) + r"[ ]*\n"
        for line in expected
    )
    return re.fullmatch(pattern, printed if printed.endswith("\n") else printed + "\n") is not None


@pytest.fixture(scope="module")
def wiring(opened):
    """As it runs from a terminal, the shipped tables read once."""

    class Tables(ShippedTables):
        def load(self, folder=None):
            return opened.published if folder is None else super().load(folder)

    class Sets(ShippedTableSets):
        def open(self, folder=None):
            return opened if folder is None else super().open(folder)

    return replace(wire(), clock=lambda: NOW, tables=Tables(), table_sets=Sets())


@pytest.mark.parametrize(("tag", "body", "mark"), list(blocks({"console", "sh"})))
def test_commands_of_a_page_run(tag, body, mark, wiring, capsys, monkeypatch, tmp_path):
    for name in ("KARVAN_CONFIG", "KARVAN_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    status = int(mark.removeprefix("exit status ")) if mark else 0
    wiring = replace(wiring, environment=dict(os.environ), folder=tmp_path)
    for command in commands(tag, body):
        assert run(command.arguments, wiring) == status, capsys.readouterr().err
        printed = capsys.readouterr()
        if command.expected:
            assert shows(command.expected, printed.err if status else printed.out), printed


@pytest.fixture(scope="module")
def served(wiring, quoting, tmp_path_factory):
    """The server that pages name, without a socket."""
    from starlette.testclient import TestClient

    from karvan.interfaces.http.app import create_app
    from karvan.interfaces.settings import Settings
    from karvan.services.databases import Database

    where = Database.of_file(tmp_path_factory.mktemp("served") / "q.sqlite")
    app = create_app(wiring, Settings(database=where), warm_up=False)
    app.state.desk._quoting = quoting
    with TestClient(app) as client:
        yield client


@pytest.mark.parametrize(("tag", "body", "mark"), list(blocks({"python"})))
def test_python_of_a_page_runs(tag, body, mark, monkeypatch, tmp_path, request):
    monkeypatch.chdir(tmp_path)
    if "karvan.client" in body:
        import httpx2

        here = request.getfixturevalue("served")._transport
        real = httpx2.Client
        monkeypatch.setattr(httpx2, "Client", lambda **given: real(**given | {"transport": here}))
    exec(compile(body, "page", "exec"), {"__name__": "page"})


def test_the_pages_hold_commands_and_python():
    assert list(blocks({"console", "sh"}))
    assert list(blocks({"python"}))


def test_a_block_is_read_as_commands_with_what_they_print():
    body = "$ karvan quote A \\\n    B --json  # why\n{\n...\n}\n$ karvan version\n"
    assert commands("console", body) == [
        Command(("quote", "A", "B", "--json"), ("{", "...", "}")),
        Command(("version",), ()),
    ]


def test_what_is_shown_must_be_printed():
    assert shows(["{", "...", "}"], "{\n1\n2\n}\n")
    assert not shows(["{", "...", "}"], "{\n1\n2\n")
    assert not shows(["{"], "{\n1\n")
