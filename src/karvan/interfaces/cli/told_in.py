"""The language of the terminal: `--lang` anywhere on the line, the setting, the environment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

import typer

from karvan.domain.errors import Fault, InvalidInput, InvalidRequest, KarvanError
from karvan.interfaces.languages import of_environment, parse
from karvan.interfaces.settings import load_settings
from karvan.interfaces.wiring import Wiring
from karvan.services.words import Words

OPTION: Final = "--lang"

Lang = Annotated[
    str | None,
    typer.Option(
        OPTION,
        metavar="LANGUAGE",
        help="Language of what people read, like en or ru; it may stand anywhere on the line. "
        "JSON is the same in every language.",
    ),
]


def told_in(arguments: Sequence[str], wiring: Wiring) -> tuple[list[str], Words]:
    """Give the line without `--lang`, and the language it asks for.

    Raises
    ------
    InvalidRequest
        A language is named that there is no catalogue for.
    """
    plain, named = _without(arguments)
    asked = _setting(wiring) if named is None else named
    languages = wiring.languages
    if not asked:
        environment = wiring.environment
        if not any(environment.get(each) for each in ("LC_ALL", "LC_MESSAGES", "LANG")):
            return plain, languages.words("en")
        return plain, languages.words(of_environment(environment, languages.offered()))
    try:
        return plain, languages.words(parse(asked, languages.offered()))
    except InvalidInput as error:
        fix = "one of " + ", ".join(languages.offered())
        raise InvalidRequest([Fault.of(error, "/lang", fix=fix)]) from None


def _without(arguments: Sequence[str]) -> tuple[list[str], str | None]:
    """Take `--lang X` or `--lang=X` out of a line, up to a `--`."""
    plain: list[str] = []
    named: str | None = None
    rest = list(arguments)
    while rest:
        each = rest.pop(0)
        if each == "--":
            return [*plain, each, *rest], named
        if each.startswith(OPTION + "="):
            named = each.partition("=")[2]
        elif each == OPTION and rest:
            named = rest.pop(0)
        else:
            plain.append(each)
    return plain, named


def _setting(wiring: Wiring) -> str:
    """The setting; faulty settings are told by the command that reads them."""
    try:
        return load_settings(wiring.environment, wiring.folder).settings.lang
    except KarvanError:
        return ""
