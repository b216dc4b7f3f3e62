"""Names in several scripts are found, and what is wrong with a table of names is told."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from karvan.network.consistency import CorridorEntries
from karvan.network.entries import Entry, entries
from karvan.network.place_checks import PlaceEntries, find_place_errors
from karvan.network.place_names import LANGUAGES, LOCAL_LANGUAGES, PlaceName, names_of
from karvan.network.places import City, CityId, Place, PlaceId, PlaceKind
from karvan.services.quoting.gazetteer import Gazetteer, fold, latin


def place(name, english):
    return Place(
        id=PlaceId(name),
        name=english,
        country=name[:2],
        kind=PlaceKind.RAIL_TERMINAL,
        lat_deg=0.0,
        lon_deg=0.0,
        time_zone="UTC",
        customs_territory=name[:2],
    )


PLACES = [
    place("KZ-AYA", "Ayagoz"),
    place("AZ-GAN", "Ganja"),
    place("TR-IZM", "Izmir (Alsancak)"),
    place("GE-KHA", "Khashuri"),
    place("TM-SRH", "Sarahs"),
    place("IR-SAR", "Sarakhs"),
    place("UZ-KHO", "Khojadavlet"),
    place("CN-ALA", "Alashankou"),
]
CITIES = [City(id=CityId("TR-IST"), name="Istanbul", country="TR", members=("TR-IZM", "AZ-GAN"))]
TOLD = [
    ("KZ-AYA", "kk", "Аягөз"),
    ("KZ-AYA", "ru", "Аягоз"),
    ("AZ-GAN", "az", "Gəncə"),
    ("AZ-GAN", "ru", "Гянджа"),
    ("TR-IZM", "tr", "İzmir (Alsancak)"),
    ("TR-IST", "tr", "İstanbul"),
    ("GE-KHA", "ka", "ხაშური"),
    ("TM-SRH", "ru", "Серахс (Туркменистан)"),
    ("IR-SAR", "ru", "Серахс (Иран)"),
    ("IR-SAR", "fa", "سرخس"),
    ("UZ-KHO", "uz", "Xo\u02bbjadavlat"),
    ("CN-ALA", "zh", "阿拉山口"),
]
NAMES = tuple(PlaceName(place=PlaceId(i), language=code, name=n) for i, code, n in TOLD)


def gazetteer(names=NAMES):
    return Gazetteer(
        SimpleNamespace(
            places={each.id: each for each in PLACES},
            cities={each.id: each for each in CITIES},
            codes=(),
            names=names,
        )
    )


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Аягөз", "KZ-AYA"),
        ("АЯГОЗ", "KZ-AYA"),
        ("Gəncə", "AZ-GAN"),
        ("GƏNCƏ", "AZ-GAN"),
        ("gence", "AZ-GAN"),
        ("гянджа", "AZ-GAN"),
        ("İZMİR (ALSANCAK)", "TR-IZM"),
        ("izmir", "TR-IZM"),  # What stands in brackets may be left out.
        ("IZMIR", "TR-IZM"),
        ("İstanbul", "TR-IST"),
        ("\u0131stanbul", "TR-IST"),
        ("ხაშური", "GE-KHA"),
        ("хашури", "GE-KHA"),  # By transliteration: no name in this script is in the table.
        ("Xojadavlat", "UZ-KHO"),
        ("Xo'jadavlat", "UZ-KHO"),
        ("سرخس", "IR-SAR"),
        ("Серахс (Иран)", "IR-SAR"),
        ("阿拉山口", "CN-ALA"),
        ("Серахс", None),
        ("", None),
        ("Атлантида", None),
    ],
)
def test_a_name_is_found_in_any_script_and_spelling(typed, found):
    named = gazetteer().find(typed)
    assert (named and named.id) == found


def test_without_names_only_the_english_ones_are_known():
    assert gazetteer(()).find("Ganja").id == "AZ-GAN"
    assert gazetteer(()).find("Gəncə") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I\u0307", "i"),
        ("\u0131", "i"),
        ("\u0130", "i"),
        ("\u0259", "e"),
        ("\u018f", "e"),
        ("\u0451", "\u0435"),
        ("\u0493", "\u0433"),
        ("\u049a", "\u043a"),
        ("\u0406", "\u0438"),
        ("\u064a", "\u06cc"),
        ("\u0141", "l"),
    ],
)
def test_letters_fold_together(one, other):
    assert fold(one) == fold(other) == other


def test_folding_twice_changes_nothing():
    for _, _, name in TOLD:
        assert fold(fold(name)) == fold(name)
        assert latin(latin(fold(name))) == latin(fold(name))


def test_names_by_language():
    assert {code: each.name for code, each in names_of("AZ-GAN", NAMES).items()} == {
        "az": "Gəncə",
        "ru": "Гянджа",
    }


def test_there_are_183_languages_and_every_local_one_is_among_them():
    # By hand: ISO 639-1 has 183 codes without the withdrawn ones.
    assert len(LANGUAGES) == 183
    assert {"en", "ru", "kk", "zh", "ka", "az", "tr"} <= LANGUAGES
    assert {code for codes in LOCAL_LANGUAGES.values() for code in codes} <= LANGUAGES


def name(where, language, text="Name"):
    return PlaceName(place=PlaceId(where), language=language, name=text)


def faults(names):
    corridor = CorridorEntries(places=entries([PLACES[0]], "places.csv"), links=())
    rows = [Entry(each, "place_names.csv", row) for row, each in enumerate(names, start=2)]
    return [
        (fault.row, fault.column, fault.code)
        for fault in find_place_errors(PlaceEntries(corridor=corridor, names=rows))
    ]


GOOD = [name("KZ-AYA", code) for code in ("en", "kk", "ru")]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (GOOD, []),
        ([*GOOD, name("KZ-NIL", "en")], [(5, "place", "unknown-place")]),
        ([*GOOD, name("KZ-AYA", "xx")], [(5, "language", "unknown-language")]),
        ([*GOOD, name("KZ-AYA", "EN")], [(5, "language", "unknown-language")]),
        ([*GOOD, name("KZ-AYA", "kk", "Other")], [(5, "language", "duplicate-id")]),
        ([*GOOD, name("KZ-AYA", "de", " Name")], [(5, "name", "missing-value")]),
        (GOOD[:2], [(2, "language", "missing-name")]),
        ([GOOD[0], GOOD[2]], [(2, "language", "missing-name")]),
        ([], [(None, "language", "missing-name")] * 3),
    ],
)
def test_faults_of_names(names, expected):
    assert faults(names) == expected
