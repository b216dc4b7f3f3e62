"""Names of places and carriers in the language of the reader."""

from __future__ import annotations

from collections.abc import Mapping

from karvan.network.network import Network
from karvan.services.words import SOURCE, spoken, tell_message


def place_names(network: Network) -> Mapping[str, str]:
    """Names of places and cities by id."""
    english = {
        **{str(city.id): city.name for city in network.cities.values()},
        **{str(place.id): place.name for place in network.places.values()},
    }
    words = spoken()
    if words.language == SOURCE:
        return english
    known: dict[str, dict[str, str]] = {}
    for each in network.names:
        known.setdefault(str(each.place), {})[each.language] = each.name
    return {id_: words.place(known.get(id_, {}), name) for id_, name in english.items()}


def carrier_names(network: Network) -> Mapping[str, str]:
    """Names of carriers by id."""
    return {str(each.id): tell_message(each.name) for each in network.carriers.values()}
