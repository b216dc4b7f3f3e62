"""Settings: defaults < file < `KARVAN_...` environment < option, each with its origin.

The file is `karvan.toml` in the working directory, or the one that `KARVAN_CONFIG` names. A
name nobody knows is refused, because a setting that is silently ignored is worse than none.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from karvan.domain.errors import Fault, InvalidInput, InvalidRequest
from karvan.services.databases import Database
from karvan.services.persons import parse_person_id

FILE_NAME: Final = "karvan.toml"
PREFIX: Final = "KARVAN_"

#: Variables that begin like settings and are none: where the file is, and what tests read.
NOT_SETTINGS: Final = ("KARVAN_CONFIG", "KARVAN_REQUIRE", "KARVAN_UPDATE_GOLDEN")

#: In place of a file of the store: nothing is kept.
NO_STORE: Final = "none"
STORE_NAME: Final = "quotes.sqlite"

LOG_LEVELS: Final = ("debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set.

    Attributes
    ----------
    data
        Folder of tables read in place of the shipped ones; None for those.
    store
        File in which quotes are kept; None keeps nothing there. Without a setting it is
        `default_store` of the environment.
    database
        Database in place of the file; None where the file counts.
    host, port
        Where `karvan serve` listens.
    trusted_proxies
        Addresses, with commas between, whose `X-Forwarded-For` is believed; of anybody else the
        address is that of the connection.
    body_limit_bytes
        Longest request body that is read.
    requests_per_minute
        Of one address, and of one key; 0 for no limit.
    request_limit_s
        Longest time until an answer begins; 0 for no limit.
    quotes_at_once
        Quotes answered at the same time; 0 for one a core.
    workers
        Processes beside the server that do jobs, while there are any; 0 for none.
    log_level
        Least important events that are logged.
    log_format
        Lines of the server: `json`, `text`, or `auto`, which is text at a terminal.
    access_log
        Whether the server writes a line for each request: `on` or `off`.
    vault_key
        File of the master key under which personal data is sealed; None where there is none.
    person
        Id of the person who works at the terminal, entered with what is done there; ''.
    lang
        Language people are told in on the command line; '' for the terminal's.
    """

    data: Path | None = None
    store: Path | None = None
    database: Database | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    trusted_proxies: str = "127.0.0.1,::1"
    body_limit_bytes: int = 64 * 1024
    requests_per_minute: int = 1_200
    request_limit_s: int = 60
    quotes_at_once: int = 0
    workers: int = 1
    log_level: str = "warning"
    log_format: str = "auto"
    access_log: str = "on"
    lang: str = ""
    vault_key: Path | None = None
    person: str = ""

    @property
    def keeps_in(self) -> Database | None:
        """The database in which things are kept, None where nothing is."""
        if self.database is not None or self.store is None:
            return self.database
        return Database.of_file(self.store)


@dataclass(frozen=True, slots=True)
class Origin:
    """A setting's value as text and where it came from."""

    name: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings and the origin of each."""

    settings: Settings
    origins: tuple[Origin, ...]


def _folder(value: object) -> Path | None:
    if not isinstance(value, (str, Path)):
        raise InvalidInput("must be a folder")
    return Path(value).expanduser() if str(value) else None


def _store(value: object) -> Path | None:
    if not isinstance(value, (str, Path)) or not str(value):
        raise InvalidInput(f"must be a file, or {NO_STORE}")
    return None if str(value) == NO_STORE else Path(value).expanduser()


def _database(value: object) -> Database | None:
    if not isinstance(value, str):
        raise InvalidInput("must be the address of a database")
    return None if value in ("", NO_STORE) else Database.parse(value)


def default_store(environment: Mapping[str, str], folder: Path) -> Path:
    """Where quotes are kept when nobody says: the user's data, or else the working directory.

    Source: XDG Base Directory Specification 0.8; a relative `XDG_DATA_HOME` is none.
    """
    local, home = environment.get("XDG_DATA_HOME", ""), environment.get("HOME", "")
    windows = environment.get("LOCALAPPDATA", "")
    if Path(local).is_absolute():
        base = Path(local)
    elif windows:
        base = Path(windows)
    elif Path(home).is_absolute():
        base = Path(home) / ".local" / "share"
    else:
        return folder / ".karvan" / STORE_NAME
    return base / "karvan" / STORE_NAME


def _host(value: object) -> str:
    if not isinstance(value, str) or not value or any(c.isspace() for c in value):
        raise InvalidInput("must be a host name or address", given=str(value))
    return value


def _addresses(value: object) -> str:
    parts = [each.strip() for each in value.split(",")] if isinstance(value, str) else [""]
    if not value:
        return ""
    try:
        for each in parts:
            ipaddress.ip_network(each)
    except ValueError:
        raise InvalidInput(
            "must be addresses or networks, with commas between", given=str(value)
        ) from None
    return ",".join(parts)


def _whole(low: int, high: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        text = str(value)
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1
        if isinstance(value, bool) or not low <= number <= high:
            raise InvalidInput(f"must be a whole number from {low} to {high}", given=text)
        return number

    return read


def _one_of(words: tuple[str, ...]) -> Callable[[object], str]:
    def read(value: object) -> str:
        if value not in words:
            raise InvalidInput("must be one of " + ", ".join(words), given=str(value))
        return str(value)

    return read


def _language(value: object) -> str:
    text = str(value)
    if not re.fullmatch(r"([A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*)?", text):
        raise InvalidInput("must be the tag of a language, like ru", given=text)
    return text


def _person(value: object) -> str:
    return parse_person_id(str(value)) if value else ""


_READERS: Final[Mapping[str, Callable[[object], object]]] = {
    "data": _folder,
    "store": _store,
    "database": _database,
    "host": _host,
    "port": _whole(0, 65_535),
    "trusted_proxies": _addresses,
    "body_limit_bytes": _whole(1_024, 16 * 1024 * 1024),
    "requests_per_minute": _whole(0, 1_000_000),
    "request_limit_s": _whole(0, 3_600),
    "quotes_at_once": _whole(0, 64),
    "workers": _whole(0, 64),
    "log_level": _one_of(LOG_LEVELS),
    "log_format": _one_of(("auto", "json", "text")),
    "access_log": _one_of(("on", "off")),
    "lang": _language,
    "vault_key": _folder,
    "person": _person,
}


def load_settings(
    environment: Mapping[str, str],
    folder: Path,
    options: Mapping[str, object] | None = None,
) -> Loaded:
    """Gather the settings.

    Parameters
    ----------
    options
        Values given on the command line; None stands for an option that was not given.

    Raises
    ------
    InvalidRequest
        With every unknown name and every value that cannot be right.
    """
    faults: list[Fault] = []
    given = _from_file(environment, folder, faults)
    given |= _from_environment(environment, faults)
    given |= {
        name: (value, "option") for name, value in (options or {}).items() if value is not None
    }
    _settle(given, faults)
    values: dict[str, object] = {"store": default_store(environment, folder)}
    for name, (value, where) in given.items():
        try:
            values[name] = _READERS[name](value)
        except InvalidInput as error:
            facts = {**error.facts, "where": where}
            faults.append(Fault(error.code, error.message, f"/{name}", facts=facts))
    if faults:
        raise InvalidRequest(faults)
    # Each reader gives the type of its field, which a dictionary cannot tell the checker.
    settings = Settings(**values)  # type: ignore[arg-type]
    origins = tuple(
        Origin(
            name,
            _shown(getattr(settings, name)),
            given[name][1] if name in given else "default",
        )
        for name in _READERS
    )
    return Loaded(settings, origins)


Given = dict[str, tuple[object, str]]


def _shown(value: object) -> str:
    if isinstance(value, Database):
        return value.shown
    return "" if value is None else str(value)


def _settle(given: Given, faults: list[Fault]) -> None:
    """Let one of `store` and `database` count: the one that comes from nearer.

    Both from one place may mean either, and are refused.
    """
    if "store" not in given:
        if "database" in given:
            given["store"] = (NO_STORE, given["database"][1])
        return
    if "database" not in given:
        return
    ranks = {name: _nearness(given[name][1]) for name in ("store", "database")}
    if ranks["store"] == ranks["database"]:
        faults.append(
            Fault(
                "invalid-input",
                "store and database are two names for one thing; give one",
                "/database",
                facts={"where": given["database"][1]},
            )
        )
    elif ranks["store"] > ranks["database"]:
        del given["database"]
    else:
        given["store"] = (NO_STORE, given["database"][1])


def _nearness(origin: str) -> int:
    """How near to the command a setting was given: file, environment, option."""
    return 2 if origin == "option" else int(origin.startswith(PREFIX))


def _from_file(environment: Mapping[str, str], folder: Path, faults: list[Fault]) -> Given:
    named = environment.get("KARVAN_CONFIG")
    path = Path(named).expanduser() if named else folder / FILE_NAME
    if not named and not path.is_file():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidInput(
            "the settings file cannot be read", file=str(path), reason=str(error)
        ) from None
    unknown = [name for name in table if name not in _READERS]
    faults.extend(_unknown(name, list(_READERS), str(path)) for name in unknown)
    return {name: (value, str(path)) for name, value in table.items() if name in _READERS}


def _from_environment(environment: Mapping[str, str], faults: list[Fault]) -> Given:
    found: Given = {}
    known = {PREFIX + name.upper(): name for name in _READERS}
    for variable, value in sorted(environment.items()):
        if not variable.startswith(PREFIX) or variable in NOT_SETTINGS:
            continue
        if variable in known:
            found[known[variable]] = (value, variable)
        else:
            faults.append(_unknown(variable, [*known, "KARVAN_CONFIG"], "environment"))
    return found


def _unknown(name: str, known: list[str], where: str) -> Fault:
    near = difflib.get_close_matches(name, known, n=1)
    return Fault(
        "unknown-setting",
        "no such setting",
        f"/{name}",
        fix=f"did you mean {near[0]}?" if near else "one of " + ", ".join(known),
        facts={"where": where},
    )
