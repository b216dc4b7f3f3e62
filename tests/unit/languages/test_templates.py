"""Finished messages, their templates, and the languages people may ask for."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from karvan.adapters.languages.shelf import Catalogues
from karvan.adapters.languages.templates import Templates, holes
from karvan.interfaces.languages import accepted, find, of_environment
from karvan.services.words import ENGLISH

OFFERED = ("en", "kk", "ru", "zh-Hans")

#: What stands in messages: ids, numbers, days, words with spaces and brackets.
VALUES = st.text("AZ-ab 12:;()", min_size=1, max_size=12)


SHELF = Catalogues()


@pytest.fixture(scope="module")
def russian():
    return SHELF.words("ru")


def test_every_template_gives_its_values_back_or_one_that_says_more_takes_it(russian):
    plain = [template for _, template in russian._templates._ordered]
    assert len(plain) > 100
    templates = Templates(plain)
    for text in plain:
        values = {name: f"Q{i}7" for i, name in enumerate(holes(text))}
        found = templates.find(text.format(**values))
        assert found is not None
        assert sorted(found[1].values()) == sorted(values.values()), (text, found)


@given(VALUES, VALUES)
def test_values_survive_a_translation_whatever_they_are(first, second):
    words = SHELF.words("ru")
    assume(first.strip() and second.strip())

    told = words.message(f"{first} is closed: {second}")

    assert told.startswith(first)
    assert told.endswith(second)
    assert "закрыто" in told


def test_a_message_nobody_translated_stays_as_it_is(russian):
    assert russian.message("brand new words") == "brand new words"
    assert ENGLISH.message("no link A") == "no link A"


def test_a_sentence_of_a_page_is_no_template_of_a_message(russian):
    told = russian.message("Needs a sanctions check by a person before booking (IR)")

    assert told == "До бронирования человек должен проверить санкции (IR)"


def test_a_value_that_is_a_text_is_told_too(russian):
    told = russian.message("KZ-AKT: dangerous goods of class 7 only by agreement (refinery)")

    assert told == (
        "KZ-AKT: опасные грузы класса 7 — только по согласованию (нефтеперерабатывающий завод)"
    )


@pytest.mark.parametrize(
    ("count", "told"),
    [(1, "Найдена {count} ошибка"), (3, "Найдены {count} ошибки"), (11, "Найдено {count} ошибок")],
)
def test_russian_has_three_forms_beside_a_number(russian, count, told):
    one, many = "There is {count} problem", "There are {count} problems"

    assert russian.counted(one, many, count) == told
    assert russian.counted(one, many, count + 20 if count != 11 else 111) == told


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en-US;q=0.8", "ru"),
        ("de;q=0.9, kk;q=0.3, ru;q=0.31", "ru"),
        ("ru;q=0, *", "en"),
        ("en;q=0, *;q=0.5", "kk"),
        ("tlh", "en"),
        ("ru;q=2", "en"),
        ("ru;q=1.0000", "en"),
        ("zh-Hans-CN", "zh-Hans"),
        ("", "en"),
        (";;,=,ru", "ru"),
    ],
)
def test_the_best_liked_language_counts(header, language):
    assert accepted([header], OFFERED) == language


@given(st.lists(st.text(max_size=60), max_size=3))
def test_any_header_leads_to_a_language_there_is(headers):
    assert accepted(headers, OFFERED) in OFFERED


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LC_MESSAGES": "kk_KZ@cyrillic", "LANG": "ru"}, "kk"),
        ({"LANG": "tlh"}, "en"),
        ({}, "en"),
    ],
)
def test_the_terminal_says_its_language_as_posix_has_it(environment, language):
    assert of_environment(environment, OFFERED) == language


def test_a_tag_finds_itself_or_what_it_begins_with():
    assert [find(tag, OFFERED) for tag in ("RU", "ru_KZ", "zh", "r")] == ["ru", "ru", None, None]
