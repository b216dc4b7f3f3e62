"""Rules from CSV: regimes, documents, warnings, container ratings, goods codes, emissions."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from importlib.resources.abc import Traversable
from typing import TypeVar

from karvan.adapters.files.cargo_tables import CARGO_TABLES, read_unit_types
from karvan.adapters.files.cells import Cells, values
from karvan.adapters.files.corridor_tables import (
    read_entities,
    read_file,
    shipped_attributes,
)
from karvan.adapters.files.tables import decode_table
from karvan.domain.errors import TableFault
from karvan.engines.emissions.factors import EmissionFactor, HubFactor
from karvan.network.entries import Entry
from karvan.network.rules import (
    ClosureCause,
    ContainerRating,
    CountryNotice,
    DocumentRule,
    HsWarning,
    RegimeRule,
    Rules,
)

T = TypeVar("T")
Faults = tuple[TableFault, ...]

RULE_TABLES = {
    "regimes.csv": "regime",
    "documents.csv": "document",
    "hs_warnings.csv": "hs_warning",
    "country_notices.csv": "country_notice",
    "container_types.csv": "container_type",
    "emission_factors.csv": "emission_factor",
    "closure_causes.csv": "closure_cause",
    **CARGO_TABLES,
}
HUB = "hub"


def read_rules(directory: Traversable) -> tuple[Rules, Faults]:
    """Read every rule table; what could be read, and all faults."""
    regimes, regime_faults = _read(directory, "regimes.csv", _regime)
    documents, document_faults = _read(directory, "documents.csv", _document)
    warnings, warning_faults = _read(directory, "hs_warnings.csv", _hs_warning)
    notices, notice_faults = _read(directory, "country_notices.csv", _notice)
    containers, container_faults = _read(directory, "container_types.csv", _container)
    goods, goods_faults = read_goods(directory)
    units, unit_faults = read_unit_types(directory)
    causes, cause_faults = _read(directory, "closure_causes.csv", _cause)
    rules = Rules(
        regimes=values(regimes),
        documents=values(documents),
        hs_warnings=values(warnings),
        country_notices=values(notices),
        containers={rating.code: rating for rating in values(containers)},
        hs=goods,
        units=units,
        causes={row.cause: row for row in values(causes)},
    )
    faults = (*regime_faults, *document_faults, *warning_faults, *notice_faults)
    return rules, (*faults, *container_faults, *goods_faults, *unit_faults, *cause_faults)


def read_goods(directory: Traversable) -> tuple[Mapping[str, str], Faults]:
    """Read hs2022.csv: code and description. Kept apart from the checked reader for its size."""
    name = "hs2022.csv"
    try:
        data = (directory / name).read_bytes()
    except OSError:
        return {}, (TableFault(name, None, "", "no-file", "the file cannot be read"),)
    text, faults = decode_table(name, data)
    rows = list(csv.reader((text or "").splitlines()))
    if not rows or rows[0] != ["code", "description"]:
        return {}, (*faults, TableFault(name, 1, "", "bad-header", "must be code,description"))
    bad = tuple(
        TableFault(name, i, "code", "bad-code", "must be 2, 4 or 6 digits and a description")
        for i, row in enumerate(rows[1:], start=2)
        if len(row) != 2 or not row[0].isdecimal() or len(row[0]) not in (2, 4, 6)
    )
    return {row[0]: row[1] for row in rows[1:] if len(row) == 2}, (*faults, *bad)


def read_emissions(
    directory: Traversable,
) -> tuple[Mapping[str, EmissionFactor], HubFactor | None, Faults]:
    """Read emission_factors.csv: the factor in use for each link mode, and that of a hub."""
    name = "emission_factors.csv"
    rows, faults = read_file(directory, name, shipped_attributes("emission_factor"))
    by_mode: dict[str, EmissionFactor] = {}
    hub: HubFactor | None = None
    more: list[TableFault] = []
    for row in rows:
        cells = Cells(row)
        for mode in cells.parts("use_for"):
            if mode in by_mode or (mode == HUB and hub is not None):
                cells.fault("use_for", "used-twice", f"{mode} has another factor already")
            elif mode == HUB:
                hub = _hub(cells)
            else:
                by_mode[mode] = _factor(cells, mode)
        more.extend(cells.faults)
    if hub is None:
        more.append(TableFault(name, None, "use_for", "no-hub", "no row is used for hubs"))
    return by_mode, hub, (*faults, *more)


def _factor(cells: Cells, mode: str) -> EmissionFactor:
    return EmissionFactor(
        key=cells.text("key"),
        mode=mode,
        wtw_g_per_tkm=cells.decimal("wtw_g_per_tkm"),
        low_g_per_tkm=cells.maybe_decimal("low"),
        high_g_per_tkm=cells.maybe_decimal("high"),
        ttw_g_per_tkm=cells.maybe_decimal("ttw_g_per_tkm"),
        basis=cells.text("basis"),
        source=";".join(cells.parts("source")),
        estimate=cells.flag("estimate"),
    )


def _hub(cells: Cells) -> HubFactor:
    return HubFactor(
        key=cells.text("key"),
        wtw_kg_per_t=cells.decimal("wtw_g_per_tkm"),
        low_kg_per_t=cells.maybe_decimal("low"),
        high_kg_per_t=cells.maybe_decimal("high"),
        basis=cells.text("basis"),
        source=";".join(cells.parts("source")),
        estimate=cells.flag("estimate"),
    )


def _read(
    directory: Traversable, name: str, make: Callable[[Cells], T]
) -> tuple[tuple[Entry[T], ...], Faults]:
    return read_entities(directory, name, RULE_TABLES[name], make)


def _regime(cells: Cells) -> RegimeRule:
    return RegimeRule(
        territory=cells.text("territory"),
        regime=cells.text("regime"),
        procedure=cells.text("procedure"),
        valid_from=cells.day("valid_from"),
        valid_to=cells.maybe_date("valid_to"),
        source=cells.parts("source"),
    )


def _document(cells: Cells) -> DocumentRule:
    return DocumentRule(
        document=cells.text("document"),
        applies=cells.text("applies"),
        goods=cells.parts("goods") or ("*",),
        modes=cells.parts("modes"),
        territories=cells.parts("territories"),
        where_made=cells.text("where_made"),
        rule=cells.text("rule"),
        valid_from=cells.day("valid_from"),
        valid_to=cells.maybe_date("valid_to"),
        source=cells.parts("source"),
    )


def _hs_warning(cells: Cells) -> HsWarning:
    return HsWarning(
        prefix=cells.text("prefix"),
        code=cells.text("code"),
        warning=cells.text("warning"),
        rule=cells.text("rule"),
        valid_from=cells.day("valid_from"),
        source=cells.parts("source"),
        un=cells.parts("un"),
        territories=cells.parts("territories") or ("*",),
        valid_to=cells.maybe_date("valid_to"),
    )


def _cause(cells: Cells) -> ClosureCause:
    return ClosureCause(
        cause=cells.text("cause"),
        name=cells.text("name"),
        what=cells.text("what"),
        source=cells.parts("source"),
    )


def _notice(cells: Cells) -> CountryNotice:
    return CountryNotice(
        country=cells.text("country"),
        code=cells.text("code"),
        warning=cells.text("warning"),
        rule=cells.text("rule"),
        source=cells.parts("source"),
    )


def _container(cells: Cells) -> ContainerRating:
    return ContainerRating(
        code=cells.text("code"),
        length_ft=cells.whole("length_ft"),
        tare_kg=cells.whole("tare_kg"),
        max_gross_kg=cells.whole("max_gross_kg"),
        source=cells.parts("source"),
    )
