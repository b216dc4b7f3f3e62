"""Links lead somewhere, and nothing in the repository names a machine or a registry."""

import re

import pytest

import links

#: What is tracked but not ours to write: locked versions and hashes, the licence.
BINARY = {".png", ".svg", ".ico", ".woff2"}

#: Written in parts, so that this file does not hold what it looks for.
FORBIDDEN = {
    "a folder of one machine": re.compile(r"(?<![\w.])/" + r"work/|/ro" + r"ot/|/ho" + r"me/\w"),
    "a folder outside the repository": re.compile(r"\.\./" + r"shared"),
    "the address of a package registry": re.compile(
        r"py"
        r"pi\.org|python"
        r"hosted\.org|registry\.npm"
        r"js\.org|--index-"
        r"url\s+http"
        r"|--extra-index-" + r"url\s+http",
        re.IGNORECASE,
    ),
}


def texts():
    for path in links.files():
        if path.suffix not in BINARY:
            yield path, path.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", links.pages(), ids=lambda p: p.relative_to(links.ROOT).as_posix())
def test_every_link_of_a_page_leads_somewhere(page):
    assert list(links.broken(page)) == []


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_tracked_text_names(what):
    found = [
        f"{path.relative_to(links.ROOT)}: {match[0]}"
        for path, text in texts()
        if (match := FORBIDDEN[what].search(text))
    ]
    assert found == []


def test_a_broken_link_is_found(tmp_path):
    (tmp_path / "there.md").write_text("# One thing: two\n")
    page = tmp_path / "page.md"
    page.write_text(
        "[a](there.md) [b](there.md#one-thing-two) ![c](gone.svg) [d](there.md#three)\n"
        "[e](https://example.org) `[f](code.md)`\n\n```text\n[g](fenced.md)\n```\n"
    )

    assert list(links.broken(page, tmp_path)) == [
        "page.md: gone.svg leads nowhere",
        "page.md: there.md#three has no such heading",
    ]


def test_a_page_of_the_documentation_links_to_nothing_outside_it(tmp_path):
    """The site holds the documentation alone."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text("[a](docs/page.md)\n")
    page = tmp_path / "docs" / "page.md"
    page.write_text("[a](../README.md)\n")

    assert list(links.broken(tmp_path / "README.md", tmp_path)) == []
    assert list(links.broken(page, tmp_path)) == [
        "docs/page.md: ../README.md leads out of the documentation; name the file instead"
    ]


def test_every_page_of_the_documentation_can_be_reached_from_its_index():
    docs = links.ROOT / "docs"
    seen, ahead = set(), [docs / "index.md"]
    while ahead:
        page = ahead.pop()
        if page in seen or page.suffix != ".md" or not page.is_file():
            continue
        seen.add(page)
        ahead.extend(
            (page.parent / target.partition("#")[0]).resolve()
            for target in links.targets(page.read_text(encoding="utf-8"))
        )
    assert {page for page in links.pages() if page.is_relative_to(docs)} <= seen
