"""Merge the sections of both files into one table of directed links."""

from __future__ import annotations

import sys

from merge_places import crosswalk
from merge_tables import MERGED_FILES, ROOT, Inputs, MergeError, Row, apply_overrides, reference

sys.path.insert(0, str(ROOT / "src"))

from karvan.network.geometry import great_circle_km

LINK_COLUMNS = (
    *("id", "from_place", "to_place", "mode", "length_km", "running_h", "dwell_removed_h"),
    *("gauges", "capacity", "capacity_unit", "capacity_from", "operator", "country", "status"),
    *("valid_from", "valid_to", "reverse_of", "tariff_usd_t", "detour_reason", "note"),
    *("fact", "source", "estimate"),
)
CAPACITY_COLUMNS = (
    *("link", "capacity", "capacity_unit", "valid_from", "valid_to", "fact", "source"),
)
OIL_RAIL_COLUMNS = (
    *("id", "from_place", "to_place", "mode", "from_head", "to_head", "length_km"),
    *("capacity_mt_y", "tariff_usd_t", "operator", "status", "note", "fact", "source", "estimate"),
)

_UNITS = {
    "Mt/y": "mt_per_y",
    "TEU/y": "teu_per_y",
    "block trains/y": "trains_per_y",
    "containers/voyage": "containers_per_voyage",
    "train pairs/day": "train_pairs_per_day",
    "trains/day": "trains_per_day",
    "trains/day peak": "trains_per_day",
    "trucks/voyage": "trucks_per_voyage",
    "wagons/voyage (Dagestan class)": "wagons_per_voyage",
    "wagons/voyage (largest)": "wagons_per_voyage",
}
_CASPIAN = {"KZ", "AZ", "TM", "IR"}
_OIL_MODES = {"charter ship": "chartered_ship", "liner/charter": "chartered_ship"}
_OIL_LINES = ("pipeline", "tanker", "chartered_ship")
_NOT_OPEN = ("planned", "suspended", "idle", "closed")
_ESTIMATED = ("estimate", "own knowledge", "(planned")


def merge_links(inputs: Inputs, places: list[Row]) -> list[Row]:
    """Give all links, both directions, sorted by id."""
    by_id = {row["id"]: row for row in places}
    forward = [*_freight_links(inputs), *_oil_links(inputs), *_added_links(inputs)]
    ids = [row["id"] for row in forward]
    if len(set(ids)) != len(ids):
        raise MergeError(f"links twice: {sorted({i for i in ids if ids.count(i) > 1})}")
    for row in forward:
        if not {row["from_place"], row["to_place"]} <= by_id.keys():
            raise MergeError(f"link to no place: {row['id']}")
        row["source"] = inputs.source_of(row["fact"], row["source"])
    apply_overrides(inputs, "links", forward, LINK_COLUMNS)
    for row in forward:
        _add_times(inputs, row, by_id)
        _add_gauges(row, by_id)
    _add_capacities(inputs, forward)
    backward = [_reverse(row) for row in forward if row["mode"] != "pipeline"]
    return sorted([*forward, *backward], key=lambda row: row["id"])


def account(inputs: Inputs, places: list[Row]) -> dict[str, str]:
    """Say for each row of the four files what became of it.

    Raises MergeError when a row became nothing, or two different things.
    """
    fate: dict[str, str] = {}
    for code, place in crosswalk(inputs).items():
        fate[f"oil_nodes:{code}"] = f"place {place}" if place else "way point, left out"
    for row in places:
        fate |= {name: f"place {row['id']}" for name in row["fact"].split(";") if "nodes:" in name}
    fate |= {row["fact"]: row["decision"] for row in inputs.decisions["not_links"]}
    fate |= {row["fact"]: "path on freight tracks" for row in inputs.decisions["oil_rail"]}
    for row in (*_freight_links(inputs), *_oil_links(inputs)):
        if row["fact"] in fate:
            raise MergeError(f"both a link and not: {row['fact']}")
        fate[row["fact"]] = f"link {row['id']}"
    wanted = {reference(file, row) for file in MERGED_FILES for row in inputs.facts[file]}
    if missing := wanted - fate.keys():
        raise MergeError(f"rows without a decision: {sorted(missing)}")
    return {name: fate[name] for name in sorted(wanted)}


def _aside(inputs: Inputs) -> set[str]:
    rows = [*inputs.decisions["not_links"], *inputs.decisions["oil_rail"]]
    names = [row["fact"] for row in rows]
    if unknown := [n for n in names if n not in inputs.by_reference or names.count(n) > 1]:
        raise MergeError(f"decision about no row, or two about one: {unknown}")
    return set(names)


def _freight_links(inputs: Inputs) -> list[Row]:
    aside, rows = _aside(inputs), []
    for fact in inputs.facts["links"]:
        if reference("links", fact) in aside:
            continue
        if fact["mode"] in ("pipeline", "tanker"):
            raise MergeError(f"oil line of the freight file without a decision: {fact}")
        planned = "planned" in fact["note"] or fact["operator"] == "planned"
        suspended = "suspended" in fact["note"]
        rows.append(
            _link(fact["from"], fact["to"], fact["mode"])
            | {
                "length_km": fact["distance_km"],
                "running_h": fact["time_h"],
                "capacity": fact["capacity"],
                "capacity_unit": _UNITS[fact["capacity_unit"]] if fact["capacity_unit"] else "",
                "operator": fact["operator"],
                "country": "" if fact["country"] == "sea" else fact["country"].replace("-", ";"),
                "status": "planned" if planned else "suspended" if suspended else "open",
                "note": fact["note"] + _qualifier(fact["capacity_unit"]),
                "fact": reference("links", fact),
                "estimate": "yes" if _is_estimate(fact) or fact["time_h"] else "no",
            }
        )
    return rows


def _oil_links(inputs: Inputs) -> list[Row]:
    aside, place, rows = _aside(inputs), crosswalk(inputs), []
    country = {row["code"]: row["country"] for row in inputs.facts["oil_nodes"]}
    for fact in inputs.facts["oil_links"]:
        if reference("oil_links", fact) in aside:
            continue
        mode = _OIL_MODES.get(fact["mode"], fact["mode"])
        if mode not in _OIL_LINES:
            raise MergeError(f"freight line of the oil file without a decision: {fact}")
        ends = dict.fromkeys((country[fact["from"]], country[fact["to"]]))
        rows.append(
            _link(place[fact["from"]], place[fact["to"]], mode)
            | {
                "length_km": fact["distance_km"],
                "capacity": fact["capacity_mt_y"],
                "capacity_unit": "mt_per_y",
                "operator": fact["operator"],
                "country": ";".join(ends) if mode == "pipeline" else "",
                "status": _oil_status(fact),
                "tariff_usd_t": fact["tariff_usd_t"],
                "note": _oil_note(fact),
                "fact": reference("oil_links", fact),
                "estimate": "yes" if _is_estimate(fact) or mode != "pipeline" else "no",
            }
        )
    return rows


def _added_links(inputs: Inputs) -> list[Row]:
    return [
        _link(row["from_place"], row["to_place"], row["mode"])
        | {key: row[key] for key in ("length_km", "running_h", "operator", "status", "note")}
        | {key: row[key] for key in ("fact", "source")}
        | {"country": "" if row["country"] == "sea" else row["country"], "estimate": "yes"}
        for row in inputs.decisions["links_added"]
    ]


def oil_rail(inputs: Inputs) -> list[Row]:
    """Give the oil and uranium journeys that run on links of the freight network."""
    place, rows = crosswalk(inputs), []
    for decision in inputs.decisions["oil_rail"]:
        fact = inputs.by_reference[decision["fact"]]
        mode = "rail" if fact["mode"] == "rail" else "ferry"
        start, end = place[fact["from"]], place[fact["to"]]
        rows.append(
            {
                "id": f"{start}--{end}:{mode}",
                "from_place": start,
                "to_place": end,
                "mode": mode,
                "from_head": decision["from_head"],
                "to_head": decision["to_head"],
                "length_km": fact["distance_km"],
                "capacity_mt_y": fact["capacity_mt_y"],
                "tariff_usd_t": fact["tariff_usd_t"],
                "operator": fact["operator"],
                "status": "possible" if fact["status"] == "possible" else "path",
                "note": decision["reason"],
                "fact": decision["fact"],
                "source": fact["source"],
                "estimate": "yes",
            }
        )
    return sorted(rows, key=lambda row: row["id"])


def capacity_table(inputs: Inputs, links: list[Row]) -> list[Row]:
    """Give the dated capacities, for both directions of a link."""
    reverse = {row["id"]: row["reverse_of"] for row in links}
    rows = []
    for decision in inputs.decisions["capacities"]:
        if decision["link"] not in reverse:
            raise MergeError(f"capacity of no link: {decision['link']}")
        row = {key: decision.get(key, "") for key in CAPACITY_COLUMNS}
        row["source"] = inputs.source_of(decision["fact"])
        rows.append(row)
        if back := reverse[decision["link"]]:
            rows.append(row | {"link": back})
    return sorted(rows, key=lambda row: (row["link"], row["valid_from"]))


def _link(start: str, end: str, mode: str) -> Row:
    blank = dict.fromkeys(LINK_COLUMNS, "")
    name = f"{start}--{end}:{mode}"
    return blank | {"id": name, "from_place": start, "to_place": end, "mode": mode}


def _reverse(row: Row) -> Row:
    back = row | _reverse_names(row)
    back["tariff_usd_t"] = ""  # The facts give it for one direction only.
    row["reverse_of"] = back["id"]
    return back


def _reverse_names(row: Row) -> Row:
    start, end = row["to_place"], row["from_place"]
    return {
        "id": f"{start}--{end}:{row['mode']}",
        "from_place": start,
        "to_place": end,
        "reverse_of": row["id"],
    }


def _is_estimate(fact: Row) -> bool:
    return any(word in fact["note"] for word in _ESTIMATED) or fact["source"] == "own-knowledge"


def _qualifier(unit: str) -> str:
    words = {"trains/day peak": "peak"}
    inside = unit[unit.find("(") + 1 : -1] if "(" in unit else words.get(unit, "")
    return f"; capacity: {inside}" if inside else ""


def _oil_status(fact: Row) -> str:
    first = fact["status"].replace(",", " ").split()[0]
    if first not in ("open", *_NOT_OPEN):
        raise MergeError(f"unknown status: {fact['status']}")
    return first


def _oil_note(fact: Row) -> str:
    more = "" if fact["status"] in ("open", *_NOT_OPEN) else fact["status"]
    return "; ".join(part for part in (more, fact["note"]) if part)


def _add_times(inputs: Inputs, row: Row, places: dict[str, Row]) -> None:
    """Fill in what the facts lack and take dwell out of the time: the rules of rules.csv."""
    rule = {(r["rule"], r["mode"], r["area"]): float(r["value"]) for r in inputs.decisions["rules"]}
    ends = [places[row[end]] for end in ("from_place", "to_place")]
    circle_km = great_circle_km(*(float(end[c]) for end in ends for c in ("lat_deg", "lon_deg")))
    mode = row["mode"]
    if not row["length_km"]:
        row["length_km"] = str(round(circle_km * rule["added_factor", mode, ""]))
        row["running_h"] = _hours(float(row["length_km"]) / rule["added_speed", mode, ""])
    length_km = float(row["length_km"])
    if mode == "pipeline":
        row["running_h"] = _hours(length_km / rule["line_speed", mode, ""])
        return
    if not row["running_h"]:
        inland = mode == "tanker" and any(end["country"] in _CASPIAN for end in ends)
        area = "caspian" if inland else "sea"
        row["running_h"] = _hours(length_km / rule["ship_speed", mode, area])
    slow_km = rule.get(("slow_length", mode, ""), 0.0)
    least_h = length_km / rule.get(("slow_speed", mode, ""), 1.0)
    if length_km <= slow_km and float(row["running_h"]) > least_h + 0.05:
        row["dwell_removed_h"] = _hours(float(row["running_h"]) - least_h)
        row["running_h"] = _hours(least_h)


def _hours(value: float) -> str:
    return format(round(value, 2), "g")


def _add_gauges(row: Row, places: dict[str, Row]) -> None:
    if row["mode"] in ("rail", "rail_ferry"):
        start, end = (places[row[k]]["gauges"].split(";") for k in ("from_place", "to_place"))
        row["gauges"] = ";".join(g for g in start if g and g in end)


def _add_capacities(inputs: Inputs, links: list[Row]) -> None:
    """Write the newest dated capacity into the link."""
    by_id = {row["id"]: row for row in links}
    for dated in inputs.decisions["capacities"]:
        if not dated["valid_to"]:
            row = by_id[dated["link"]]
            row["capacity"], row["capacity_unit"] = dated["capacity"], dated["capacity_unit"]
            row["capacity_from"] = dated["valid_from"]
