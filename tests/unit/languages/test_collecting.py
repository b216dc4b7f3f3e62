"""The collector of texts, on planted modules."""

import pytest

from wording.catalogue import Entry
from wording.messages import Messages
from wording.sources import Sources
from words import differs

ERRORS = """
class KarvanError(Exception):
    code: str = "error"

class BadCall(KarvanError):
    code: str = "bad-call"
"""


def messages(text):
    found = Messages(Sources.of({"errors.py": ERRORS, "module.py": text}))
    found.collect()
    return {each.text: sorted(each.codes) for each in found.found.values()}, found.lost


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("raise BadCall('no link')", {"no link": ["bad-call"]}),
        ("raise BadCall(f'no link {row.name}')", {"no link {row}": ["bad-call"]}),
        (
            "raise BadCall('no ' + ('a' if x else 'b'))",
            {"no a": ["bad-call"], "no b": ["bad-call"]},
        ),
        (
            "for code, text in (('c', 'first'), ('d', 'second')):\n        Fault(code, text)",
            {"first": ["c", "d"], "second": ["c", "d"]},
        ),
        (
            "message = 'one'\n    if x:\n        message = f'two {x}'\n    Fault('c', message)",
            {"one": ["c"], "two {x}": ["c"]},
        ),
        ("add('c', 'through a function', x)", {"through a function": ["c"]}),
        ("Fault('c', TEXTS[x])", {"from a table": ["c"]}),
        ("Fault('c', advice(x))", {"given back": ["c"], "given {x} back": ["c"]}),
    ],
)
def test_a_text_is_found_wherever_it_comes_from(body, told):
    text = f"""
TEXTS = {{"k": "from a table"}}

def add(code, message, name):
    Fault(code, message, name)

def advice(x) -> str:
    return "given back" if x else f"given {{x}} back"

def here(x, row):
    {body}
"""
    found, lost = messages(text)

    assert {key: found.get(key) for key in told} == told
    assert not lost


def test_a_message_that_cannot_be_followed_is_told():
    _, lost = messages("def here(row):\n    raise BadCall(row.words())\n")

    assert lost == ["module.py:2: BadCall(... row.words())"]


@pytest.mark.parametrize(
    ("text", "told", "wrong"),
    [
        ("no link {name}", "нет участка {name}", []),
        ("no link {name}", "нет участка {nom}", ["other values in braces"]),
        ("no link {name}", "нет участка", ["other values in braces"]),
        ("no link {name}", "нет участка {name", ["other values in braces"]),
        (" (given: {given})", "(указано: {given})", ["another space at the begin"]),
    ],
)
def test_a_translation_has_the_values_of_its_text(text, told, wrong):
    assert list(differs(Entry(text), told)) == wrong
