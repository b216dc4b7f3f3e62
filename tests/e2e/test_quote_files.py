"""A quote as PDF and spreadsheet from outside: what is written and refused, by command and HTTP."""

import io
import json
import os
import resource
import stat
from contextlib import contextmanager
from decimal import Decimal

import pytest
from pypdf import PdfReader
from starlette.testclient import TestClient

from karvan.adapters.formats.sheets import read_sheets
from karvan.bootstrap import QuoteFiles
from karvan.domain.errors import InvalidInput
from karvan.interfaces.cli import app
from karvan.interfaces.cli.quote_files import write_all
from karvan.interfaces.http.app import create_app
from karvan.interfaces.http.problems import Refusal
from karvan.interfaces.http.quote_files import MEDIA_TYPES, negotiate
from karvan.interfaces.settings import Settings
from karvan.interfaces.wiring import Wiring
from karvan.services.exporting import QuoteFormat

CARGO = ("--container", "40HC", "--mass-kg", "18000", "--hs", "851660", "--ready", "2026-12-03")
SHORT = ("quote", "KZ-ALM", "GE-POT", *CARGO, "--samples", "100", "--now", "2026-11-21T12:00:00Z")
BODY = {
    "from": "KZ-ALM",
    "to": "GE-POT",
    "container": "40HC",
    "mass_kg": "18000",
    "hs": "851660",
    "ready": "2026-12-03",
    "samples": 100,
}
PDF = MEDIA_TYPES[QuoteFormat.PDF]
XLSX = MEDIA_TYPES[QuoteFormat.XLSX]


@pytest.fixture
def wiring(published, tmp_path, now):
    class Tables:
        def load(self, folder=None):
            return published

    return Wiring(tables=Tables(), clock=lambda: now, folder=tmp_path, quote_writer=QuoteFiles())


@pytest.fixture
def karvan(wiring, capsys):
    def run(*arguments):
        status = app.run(arguments, wiring)
        return status, *capsys.readouterr()

    return run


@pytest.fixture
def post(wiring):
    client = TestClient(create_app(wiring, Settings(), warm_up=False))

    def ask(accept, body=None):
        headers = {"content-type": "application/json", "accept": accept}
        return client.post("/v1/quotes", json=BODY if body is None else body, headers=headers)

    return ask


def text_of(data):
    pages = PdfReader(io.BytesIO(data)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def test_the_files_say_what_the_json_says(karvan, tmp_path):
    pdf, xlsx = tmp_path / "q.pdf", tmp_path / "q.xlsx"

    status, out, err = karvan(*SHORT, "--pdf", str(pdf), "--xlsx", str(xlsx), "--json")

    assert status == 0
    assert err == f"Wrote {pdf}\nWrote {xlsx}\n"
    answer = json.loads(out)
    text = text_of(pdf.read_bytes())
    for line in answer["alternatives"][0]["price_lines"]:
        assert f"{Decimal(line['amount_quoted']):,f}" in text
        assert "".join(line["rule"].split()) in text
    for way in answer["alternatives"]:
        assert f"{Decimal(way['price']['amount']):,f}" in text
    assert answer["quote_id"] in text
    sheets, faults = read_sheets("q.xlsx", xlsx.read_bytes(), stored_values=True)
    assert faults == ()
    header, *rows = sheets["Price lines"]
    lines = [line for way in answer["alternatives"] for line in way["price_lines"]]
    at = header.index("amount_quoted")
    assert [Decimal(row[at]) for row in rows] == [Decimal(each["amount_quoted"]) for each in lines]
    header, *rows = sheets["Alternatives"]
    total, summed = header.index("price.amount"), header.index("sum of lines")
    assert [row[total] for row in rows] == [row[summed] for row in rows]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["q.pdf", "q.xlsx"]
    assert stat.S_IMODE(pdf.stat().st_mode) & stat.S_IRUSR


def test_the_code_of_the_print_fits_the_json_and_not_a_changed_one(karvan, tmp_path):
    pdf, saved = tmp_path / "q.pdf", tmp_path / "q.json"
    _, out, _ = karvan(*SHORT, "--pdf", str(pdf), "--json")
    saved.write_text(out, "utf-8")
    status, code, _ = karvan("check-quote", str(saved))
    assert status == 0
    assert "".join(code.split()) in text_of(pdf.read_bytes())

    status, told, _ = karvan("check-quote", str(saved), code)
    assert (status, "one quote, unchanged" in told) == (0, True)

    saved.write_text(out.replace('"18000"', '"18001"'), "utf-8")
    status, told, complaints = karvan("check-quote", str(saved), code)
    assert (status, told) == (2, "")
    assert "was changed" in complaints
    assert "content" in complaints


@pytest.mark.parametrize(
    "content", [None, b"", b"[]", b"{", b"\xff", b"{" * 9, b'{"a": NaN}', b'{"a": "\\ud800"}']
)
def test_a_file_that_is_no_quote_is_refused(karvan, tmp_path, content):
    path = tmp_path / "q.json"
    if content is not None:
        path.write_bytes(content)
    status, out, err = karvan("check-quote", str(path), "KARVAN1 Q-1 1 USD SHA256:" + "0" * 64)
    assert (status, out) == (2, "")
    assert err.startswith("karvan: ")


@pytest.mark.parametrize(
    ("pdf", "told"),
    [
        ("q.txt", "must end with .pdf"),
        ("no/where/q.pdf", "no such folder"),
        ("folder.pdf", "a folder of this name"),
        ("there.pdf", "--force replaces it"),
        ("pipe.pdf", "no plain file"),
    ],
)
def test_a_path_that_cannot_be_written_is_told_before_the_work(karvan, tmp_path, pdf, told):
    (tmp_path / "folder.pdf").mkdir()
    (tmp_path / "there.pdf").write_bytes(b"old")
    os.mkfifo(tmp_path / "pipe.pdf")
    before = sorted(tmp_path.iterdir())

    status, out, err = karvan(*SHORT, "--pdf", str(tmp_path / pdf), "--xlsx", str(tmp_path))

    assert (status, out) == (2, "")
    assert told in err
    assert "must end with .xlsx" in err  # all faults at once
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "there.pdf").read_bytes() == b"old"


def test_force_replaces_a_file(karvan, tmp_path):
    pdf = tmp_path / "q.pdf"
    pdf.write_bytes(b"old")
    to_a_city = ("quote", "KZ-ALM", "TR-IST", *SHORT[3:])
    status, _, _ = karvan(*to_a_city, "--pdf", str(pdf), "--force")
    assert status == 0
    assert pdf.read_bytes().startswith(b"%PDF-1.7")
    assert "Almaty-1\N{EN DASH}Istanbul" in text_of(pdf.read_bytes())


@contextmanager
def disk_of(size):
    """As on a full disk, no file grows beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_no_file_and_keeps_the_old_one(tmp_path):
    small, large = tmp_path / "a.pdf", tmp_path / "b.xlsx"
    large.write_bytes(b"old")
    with disk_of(10_000), pytest.raises(InvalidInput, match="could not be written") as caught:
        write_all({small: b"x" * 5_000, large: b"x" * 50_000})
    assert caught.value.facts["path"] == str(large)
    assert [path.name for path in tmp_path.iterdir()] == ["b.xlsx"]
    assert large.read_bytes() == b"old"


def test_http_gives_the_file_that_is_accepted(post):
    pdf, xlsx, plain = post(PDF), post(XLSX), post("*/*")

    assert [each.status_code for each in (pdf, xlsx, plain)] == [200, 200, 200]
    assert pdf.headers["content-type"] == PDF
    assert xlsx.headers["content-type"] == XLSX
    assert plain.headers["content-type"] == "application/json"
    answer = plain.json()
    name = answer["quote_id"]
    assert pdf.headers["content-disposition"] == f'attachment; filename="{name}.pdf"'
    assert {each.headers["vary"] for each in (pdf, xlsx, plain)} == {"Accept, Accept-Language"}
    assert f"{Decimal(answer['alternatives'][0]['price']['amount']):,f}" in text_of(pdf.content)
    assert read_sheets("q", xlsx.content, stored_values=True)[1] == ()


def test_http_refuses_what_it_cannot_give(post):
    refused = post("text/html")
    assert refused.status_code == 406
    told = refused.json()
    assert told["code"] == "not-acceptable"
    assert told["offered"] == ["application/json", PDF, XLSX]


def test_a_refused_request_is_a_problem_whatever_is_accepted(post):
    refused = post(PDF, BODY | {"to": "NO-WHERE"})
    assert refused.status_code in (404, 422)
    assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ([], None),
        ([""], None),
        (["*/*"], None),
        (["application/*"], None),
        (["application/json, application/pdf"], None),
        (["application/pdf, application/json;q=0.9"], QuoteFormat.PDF),
        (["application/json;q=0.1", f"{XLSX};q=0.5, */*;q=0.2"], QuoteFormat.XLSX),
        (["application/json;q=0, */*"], QuoteFormat.PDF),
        (["APPLICATION/PDF ; charset=x ; Q=1.000"], QuoteFormat.PDF),
    ],
)
def test_the_most_wanted_type_is_chosen(accept, wanted):
    assert negotiate(accept) is wanted


@pytest.mark.parametrize(
    "accept", ["text/*", "application/pdf;q=0", "application/pdf;q=2", ";", "x"]
)
def test_what_wants_nothing_of_ours_is_refused(accept):
    with pytest.raises(Refusal):
        negotiate([accept])
