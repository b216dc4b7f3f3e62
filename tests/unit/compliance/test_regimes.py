"""The regime automaton against the rules it is made from, and documents of a route."""

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from karvan.engines.compliance.documents import (
    LegTrace,
    RouteTrace,
    required_documents,
)
from karvan.engines.compliance.goods import warnings_for
from karvan.engines.compliance.regimes import ORIGIN, compile_automaton, openings, rules_on
from karvan.network.links import Mode
from karvan.network.passages import Tracks, compile_segments
from karvan.network.rules import CountryNotice, DocumentRule, HsWarning, RegimeRule, Rules
from miniature import CARRIER_OF, links, places, service

DAY = date(2026, 12, 3)


def rule(territory, regime, begin=date(2000, 1, 1), end=None):
    return RegimeRule(
        territory=territory,
        regime=regime,
        procedure=f"opens {regime}",
        valid_from=begin,
        valid_to=end,
        source=("assumed",),
    )


RULES = (
    rule("EAEU", "EAEU"),
    rule("AZ", "AZ"),
    rule("GE", "GE", end=date(2025, 1, 31)),
    rule("GE", "CTC", begin=date(2025, 2, 1)),
    rule("TR", "CTC"),
)


def made_segments():
    tracks = Tracks(links())
    services = [
        service("rail", "CN-WST KZ-PRT RU-FAR"),
        service("ship", "KZ-PRT AZ-PRT", mode=Mode.FEEDER),
        service("west", "AZ-PRT GE-END"),
    ]
    return [s for each in services for s in compile_segments(each, tracks, places(), CARRIER_OF)]


def test_the_rule_of_the_day_counts():
    assert rules_on(RULES, date(2025, 1, 31))["GE"].regime == "GE"
    assert rules_on(RULES, date(2025, 2, 1))["GE"].regime == "CTC"


def test_a_regime_is_opened_once_and_kept_inside_its_union():
    rail, on, ship, west = made_segments()
    rules = rules_on(RULES, DAY)

    state, opened = openings(ORIGIN, rail, places(), rules)
    assert (state, [o.place for o in opened]) == ("EAEU", ["KZ-BRD"])
    state, opened = openings(state, on, places(), rules)
    assert (state, opened) == ("EAEU", ())
    state, opened = openings("EAEU", ship, places(), rules)
    assert (state, [o.place for o in opened]) == ("AZ", ["AZ-PRT"])
    state, opened = openings(state, west, places(), rules)
    assert (state, [o.procedure for o in opened]) == ("CTC", ["opens CTC"])


def test_goods_transhipped_in_a_free_port_keep_their_regime():
    rules = {"EAEU": rule("EAEU", "")}
    state, opened = openings("CN", made_segments()[0], places(), rules)
    assert (state, opened) == ("CN", ())


@given(st.permutations(range(4)), st.integers(0, 4))
def test_the_automaton_walks_as_the_rules_do(order, length):
    segments = made_segments()
    rules = rules_on(RULES, DAY)
    automaton = compile_automaton(
        segments, len(places()), places(), rules, lambda _: 60, [0] * len(segments)
    )

    state, paid, q, price = ORIGIN, 0, 0, 0
    for s in order[:length]:
        state, opened = openings(state, segments[s], places(), rules)
        paid += 60 * len(opened)
        price += int(automaton.price[s, q])
        q = int(automaton.step[s, q])

    assert automaton.states[q] == state
    assert price == paid
    assert automaton.step.dtype == np.int32


def document(name, applies, *, modes=("*",), territories=("*",), end=None):
    return DocumentRule(
        document=name,
        applies=applies,
        modes=modes,
        territories=territories,
        where_made="entry",
        rule="because",
        valid_from=date(2000, 1, 1),
        valid_to=end,
        source=("assumed",),
    )


def route():
    rules = rules_on(RULES, DAY)
    opened = [
        o
        for s in made_segments()
        for _, found in [openings("x", s, places(), rules)]
        for o in found
    ]
    return RouteTrace(
        origin="CN-WST",
        places=("CN-WST", "KZ-BRD", "KZ-PRT", "AZ-PRT", "GE-END"),
        legs=(
            LegTrace(
                mode="rail",
                from_place="CN-WST",
                to_place="KZ-PRT",
                territories=("CN", "EAEU"),
                countries=("CN", "KZ"),
            ),
            LegTrace(
                mode="feeder",
                from_place="KZ-PRT",
                to_place="AZ-PRT",
                territories=("EAEU", "AZ"),
                countries=("KZ", "AZ"),
            ),
            LegTrace(
                mode="rail",
                from_place="AZ-PRT",
                to_place="GE-END",
                territories=("AZ", "GE"),
                countries=("AZ", "GE"),
            ),
        ),
        openings=tuple(opened),
        sea_entries=(("AZ-PRT", "AZ"),),
        leaves_territory=True,
    )


def test_documents_are_listed_where_they_are_made():
    table = [
        document("invoice", "always"),
        document("rail note", "rail", modes=("rail",), territories=("EAEU", "GE")),
        document("bill", "leg", modes=("feeder",)),
        document("ens", "enters_by_sea", territories=("EU",)),
        document("az transit", "opens", territories=("AZ",)),
        document("old", "always", end=date(2020, 1, 1)),
    ]

    made = [(d.document, d.where) for d in required_documents(table, route(), DAY)]

    assert made == [
        ("invoice", "CN-WST"),
        ("rail note", "CN-WST"),
        ("bill", "KZ-PRT"),
        ("rail note", "AZ-PRT"),
        ("az transit", "AZ-PRT"),
    ]


def test_the_longest_prefix_of_a_kind_warns_and_countries_are_told():
    def warning(prefix, code):
        return HsWarning(
            prefix=prefix,
            code=code,
            warning=f"{code} {prefix}",
            rule="",
            valid_from=date(2000, 1, 1),
            source=(),
        )

    rules = Rules(
        regimes=(),
        documents=(),
        hs_warnings=(
            warning("2844", "class-7"),
            warning("284410", "class-7"),
            warning("28", "dual-use"),
            warning("99", "other"),
        ),
        country_notices=(
            CountryNotice(country="KZ", code="check", warning="look", rule="", source=()),
            CountryNotice(country="IR", code="check", warning="look", rule="", source=()),
        ),
        containers={},
        hs={},
    )

    told = [advice.message for advice in warnings_for(rules, "284410", route(), DAY)]

    assert told == ["class-7 284410", "dual-use 28", "look (KZ)"]
