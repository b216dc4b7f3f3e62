"""Whatever is not ours is escaped: texts, attributes, texts in texts."""

from html.parser import HTMLParser
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from karvan.adapters.reports.map_lines import scale_of
from karvan.adapters.reports.markup import Markup, joined, tag

#: What HTML cannot carry at all: surrogates, and line ends that a parser makes one.
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)


class Reading(HTMLParser):
    """The elements of a page, and the text between them."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.attributes, self.texts = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, element, attributes):
        self.elements.append(element)
        self.attributes.append(dict(attributes))

    def handle_data(self, data):
        self.texts.append(data)


@given(TEXTS, TEXTS)
def test_a_text_comes_back_as_it_was_and_opens_nothing(text, value):
    read = Reading(tag("p", "a", [tag("b", text, title=value)], "z"))

    assert read.elements == ["p", "b"]
    assert read.attributes[1] == {"title": value}
    assert "".join(read.texts) == f"a{text}z"


def test_only_what_is_marked_is_markup():
    hostile = '</p><script>alert("1")</script>'

    assert "<script" not in tag("p", hostile, title=hostile)
    assert tag("p", Markup("<i>x</i>")) == "<p><i>x</i></p>"
    assert joined([None, "a&b", [Markup("<br>")]]) == "a&amp;b<br>"
    assert tag("input", checked=True, disabled=False, value=None) == "<input checked>"


@given(st.floats(1e-3, 1e4))
def test_limits_of_widths_rise_and_are_round(largest):
    limits = scale_of([largest]).limits

    assert all(a < b for a, b in pairwise(limits))
    assert all(f"{limit:.0e}"[0] in "125" for limit in limits)
    assert scale_of([largest]).width_px(largest) == 13.0
