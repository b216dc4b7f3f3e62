"""Names where ids stood, in the language of the reader, and what a scenario is about."""

from dataclasses import replace

import pytest

from karvan.bootstrap import ShippedLanguages, ShippedScenarios
from karvan.services.planning.naming import Names
from karvan.services.planning.wording import amount, subject, title
from karvan.services.words import speaking


@pytest.mark.parametrize(
    ("told", "english", "russian"),
    [
        (
            "AZ-SAN--GE-SUP:pipeline loses 100%",
            "Sangachal terminal - Supsa terminal, pipeline loses 100%",
            "Сангачальский терминал - Терминал Супса, трубопровод loses 100%",
        ),
        ("KZ-AKT, grain, rail_ferry", "Aktau port, grain, rail ferry", None),
        (
            "KZ-AKT, all cargo, bulk and feeder and rail_ferry",
            "Aktau port, all cargo, bulk ship, feeder and rail ferry",
            None,
        ),
        (
            "KZ-DOS, containers and empties, CN-ALA--KZ-DOS:rail",
            "Dostyk, containers and empty containers, Alashankou - Dostyk, rail",
            "Достык, контейнеры и порожние контейнеры, Алашанькоу - Достык, железная дорога",
        ),
        ("Ferries of Kuryk and Aktau, westbound", None, "Паромы Курыка и Актау, на запад"),
        # Nothing of the network, and half of it: left as they are.
        ("XX-YYY--KZ-AKT:rail, ab_cd", "XX-YYY--KZ-AKT:rail, ab_cd", None),
        ("ABKZ-AKT and KZ-AKT", "ABKZ-AKT and Aktau port", None),
    ],
)
def test_ids_in_a_sentence_become_names(published, told, english, russian):
    assert Names(published.network).way(told) == (english or told)
    if russian:
        with speaking(ShippedLanguages().words("ru")):
            assert Names(published.network).way(told) == russian


def test_a_limit_is_named_by_its_kind_and_what_it_limits(published):
    names = Names(published.network)

    assert names.limit("ramp KZ-AKT--AZ-DUB:tanker") == ("speed of change, Aktau - Dubendi, tanker")
    assert names.limit("CPC marine terminal") == "CPC marine terminal"


def test_a_scenario_is_about_its_oil_its_freight_or_both():
    scenarios = ShippedScenarios()

    assert subject(scenarios.read("base-2023")) == "The oil of 2023"
    assert subject(scenarios.read("freight-2024")) == "The freight of 2024"
    both = scenarios.read("oil-and-freight-2024")
    assert subject(both) == "The oil of 2024, and the freight of 2024"
    with speaking(ShippedLanguages().words("ru")):
        assert title(both) == "Нефть и грузы 2024 года на одних путях"
        assert subject(both) == "Нефть 2024 года и грузы 2024 года"
        assert title(replace(both, title="Mine")) == "Mine"
        assert amount(5832.0, "kt") == "5,83 Мт"
