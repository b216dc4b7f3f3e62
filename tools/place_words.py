"""Words and tables of the pages that tools/place_pages.py writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

MADE_BY = "Made from the shipped tables by `tools/place_pages.py`; do not edit."

#: English names of the countries in the tables; others are told by their code.
COUNTRIES = {
    "AM": "Armenia",
    "AT": "Austria",
    "AZ": "Azerbaijan",
    "BE": "Belgium",
    "BG": "Bulgaria",
    "BY": "Belarus",
    "CA": "Canada",
    "CN": "China",
    "CZ": "Czechia",
    "DE": "Germany",
    "EG": "Egypt",
    "FR": "France",
    "GE": "Georgia",
    "GR": "Greece",
    "HU": "Hungary",
    "IR": "Iran",
    "IT": "Italy",
    "KG": "Kyrgyzstan",
    "KZ": "Kazakhstan",
    "NL": "Netherlands",
    "PL": "Poland",
    "RO": "Romania",
    "RS": "Serbia",
    "RU": "Russia",
    "SG": "Singapore",
    "TJ": "Tajikistan",
    "TM": "Turkmenistan",
    "TR": "Turkey",
    "UA": "Ukraine",
    "US": "United States",
    "UZ": "Uzbekistan",
    "YE": "Yemen",
    "ZA": "South Africa",
}

#: English names of the languages in the tables; others are told by their code.
LANGUAGES = {
    "ar": "Arabic",
    "az": "Azerbaijani",
    "be": "Belarusian",
    "bg": "Bulgarian",
    "cs": "Czech",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "fa": "Persian",
    "fr": "French",
    "hu": "Hungarian",
    "hy": "Armenian",
    "it": "Italian",
    "ka": "Georgian",
    "kk": "Kazakh",
    "ky": "Kyrgyz",
    "nl": "Dutch",
    "pl": "Polish",
    "ro": "Romanian",
    "ru": "Russian",
    "sr": "Serbian",
    "tg": "Tajik",
    "tk": "Turkmen",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "uz": "Uzbek",
    "zh": "Chinese",
}


class Sourced(Protocol):
    """What has a source and may be an estimate."""

    @property
    def source(self) -> tuple[str, ...]: ...

    @property
    def estimate(self) -> bool: ...


def origin(row: Sourced) -> str:
    """Tell where figures come from, and whether they are an estimate."""
    return ", ".join(row.source) + estimated(row)


def estimated(row: Sourced) -> str:
    return ", estimate" if row.estimate else ""


def link_to(path: str, text: str) -> str:
    return f"[{text}]({path})"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; a bar in a cell would split it."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def unit(name: str | None) -> str:
    """Write a unit of the tables for people: `mt_per_y` is Mt/y."""
    words = (name or "").replace("_per_", "/").replace("_", " ")
    return "M" + words[1:] if words.startswith("mt/") else words
