"""The texts of the page: every language that is offered has every text, with the same values."""

import re
from pathlib import Path

import pytest

import web

CODES = re.compile(r"""\bt\(\s*["'`]([a-z_]+\.[a-z0-9_.]+)["'`]""")
OFFERED = sorted(
    set(re.findall(r'code: "([a-z]{2})"', (web.WEB / "src/lib/say.svelte.ts").read_text()))
)


def forms(text):
    return [text] if isinstance(text, str) else list(text.values())


def values(text):
    return {frozenset(re.findall(r"\{(\w+)\}", form)) for form in forms(text)}


def test_english_and_russian_are_offered():
    assert OFFERED == ["en", "ru"]


@pytest.mark.parametrize("language", OFFERED)
def test_a_language_has_every_code_with_the_same_values(language):
    english = web.words_of(web.LOCALES / "en.po")
    other = web.words_of(web.LOCALES / f"{language}.po")

    assert english.keys() == other.keys()
    for code, text in english.items():
        told = set().union(*values(text))
        assert set().union(*values(other[code])) == told, code
        if isinstance(other[code], dict):
            assert list(other[code]) == web.categories(language), code


def test_the_page_uses_every_text_and_no_other():
    english = web.words_of(web.LOCALES / "en.po")
    sources = [
        path.read_text(encoding="utf-8")
        for path in Path(web.WEB / "src").rglob("*")
        if path.suffix in (".svelte", ".ts")
    ]
    used = {code for text in sources for code in CODES.findall(text)}
    assert used <= english.keys()
    everything = "\n".join(sources)
    made = set(re.findall(r"`([a-z_]+\.)\$\{", everything))
    unused = [
        code
        for code in english
        if f'"{code}"' not in everything and not code.startswith(tuple(made))
    ]
    assert unused == []


def test_a_text_without_its_plural_forms_is_left_out(tmp_path):
    frame = (web.LOCALES / "ru.po").read_text(encoding="utf-8").split("\n\n")[0]
    entry = '\n\nmsgid "a"\nmsgid_plural "a"\nmsgstr[0] "x"\nmsgstr[1] "y"\nmsgstr[2] "{}"\n'
    path = tmp_path / "ru.po"
    path.write_text(frame + entry.format("z"), encoding="utf-8")
    assert web.words_of(path) == {"a": {"one": "x", "few": "y", "many": "z"}}
    path.write_text(frame + entry.format(""), encoding="utf-8")
    assert web.words_of(path) == {}


@pytest.mark.parametrize("language", ["kk", "az", "ka", "tr", "zh"])
def test_the_frame_of_another_language_is_read(language):
    assert web.words_of(web.LOCALES / f"{language}.po") == {}
