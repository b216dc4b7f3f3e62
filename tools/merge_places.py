"""Merge the two sets of places into one id scheme, with codes and cities."""

from __future__ import annotations

from merge_tables import Inputs, MergeError, Row, apply_overrides, join, reference

PLACE_COLUMNS = (
    *("id", "name", "country", "kind", "lat_deg", "lon_deg", "gauges", "time_zone"),
    *("customs_territory", "facilities", "status", "note", "fact", "source", "estimate"),
)
CODE_COLUMNS = ("scheme", "code", "place", "status", "source")
CITY_COLUMNS = ("id", "name", "country", "members", "note", "source")
COUNTRY_COLUMNS = ("country", "customs_territory", "time_zone")

_OIL_KINDS = {"oil_station", "oil_terminal", "field", "pump_station", "refinery"}
_SEA_CARGO = {"feeder", "deep_sea", "rail_ferry", "roro", "bulk", "tanker"}


def crosswalk(inputs: Inputs) -> dict[str, str]:
    """Map each oil code to its place id; a way point maps to ''.

    Raises MergeError when a code is missing, unknown, or its decision is not clear.
    """
    rows = inputs.decisions["crosswalk"]
    codes = [row["code"] for row in rows]
    wanted = [row["code"] for row in inputs.facts["oil_nodes"]]
    if sorted(codes) != sorted(wanted):
        raise MergeError(f"crosswalk differs from oil_nodes: {set(codes) ^ set(wanted)}")
    freight = {row["code"] for row in inputs.facts["nodes"]}
    for row in rows:
        same, own = row["decision"] == "same", row["decision"] == "own"
        clear = (
            (same and row["place"] in freight)
            or (own and row["place"] not in freight and row["kind"])
            or (row["decision"] == "none" and not row["place"])
        )
        if not clear or not row["reason"]:
            raise MergeError(f"no clear decision: {row}")
    return {row["code"]: row["place"] for row in rows}


def merge_places(inputs: Inputs) -> list[Row]:
    """Give all places, sorted by id, without facilities (they follow from the links)."""
    crosswalk(inputs)
    decided = {row["code"]: row for row in inputs.decisions["crosswalk"]}
    places = {row["code"]: _freight_place(row) for row in inputs.facts["nodes"]}
    for node in inputs.facts["oil_nodes"]:
        decision = decided[node["code"]]
        if decision["decision"] == "same":
            place = places[decision["place"]]
            place["fact"] = join(place["fact"], reference("oil_nodes", node))
            place["note"] = _note(place["note"], node["note"])
        elif decision["decision"] == "own":
            if decision["place"] in places:
                raise MergeError(f"id used twice: {decision['place']}")
            places[decision["place"]] = _oil_place(node, decision)
    for added in inputs.decisions["places_added"]:
        if added["id"] in places:
            raise MergeError(f"id used twice: {added['id']}")
        places[added["id"]] = {key: added.get(key, "") for key in PLACE_COLUMNS} | {
            "status": "open",
            "estimate": "yes",
            "source": added["source"],
        }
    rows = [places[place_id] for place_id in sorted(places)]
    for row in rows:
        row["source"] = inputs.source_of(row["fact"], row["source"])
    _add_zones(inputs, rows)
    apply_overrides(inputs, "places", rows, PLACE_COLUMNS)
    return rows


def _freight_place(node: Row) -> Row:
    return {
        "id": node["code"],
        "name": node["name"],
        "country": node["country"],
        "kind": node["kind"],
        "lat_deg": node["lat"],
        "lon_deg": node["lon"],
        "gauges": node["gauge"].replace("/", ";"),
        "status": "open",
        "note": _note(node["note"]),
        "fact": reference("nodes", node),
        "source": "",
        # Every coordinate of the facts is approximate; their README says so.
        "estimate": "yes",
    }


def _oil_place(node: Row, decision: Row) -> Row:
    return {
        "id": decision["place"],
        "name": decision["name"] or node["name"],
        "country": node["country"],
        "kind": decision["kind"],
        "lat_deg": node["lat"],
        "lon_deg": node["lon"],
        "gauges": "",
        "status": "open",
        "note": _note(node["note"]),
        "fact": reference("oil_nodes", node),
        "source": "",
        "estimate": "yes",
    }


def _note(*notes: str) -> str:
    """Join notes, leaving out what columns say (approximate, whence the code)."""
    drop = ("approx", "own knowledge", "locode", "coordinates", "estimate", "GEANA", "map way")
    parts = [part.strip() for note in notes for part in note.replace(", own", "; own").split(";")]
    for ending in (", coordinates approximate", ", no link of its own", " own knowledge"):
        parts = [part.removesuffix(ending) for part in parts]
    return "; ".join(dict.fromkeys(p for p in parts if p and not p.startswith(drop)))


def _add_zones(inputs: Inputs, rows: list[Row]) -> None:
    countries = {row["country"]: row for row in inputs.decisions["countries"]}
    own_zone = {row["place"]: row["time_zone"] for row in inputs.decisions["time_zones"]}
    if unknown := own_zone.keys() - {row["id"] for row in rows}:
        raise MergeError(f"time zone of no place: {sorted(unknown)}")
    for row in rows:
        if row["country"] not in countries:
            raise MergeError(f"country of {row['id']} is not in countries.csv")
        country = countries[row["country"]]
        row["time_zone"] = own_zone.get(row["id"], country["time_zone"])
        row["customs_territory"] = country["customs_territory"]


def add_facilities(inputs: Inputs, places: list[Row], links: list[Row]) -> None:
    """Derive what a place can do from its kind, its gauges and its links; nothing is typed in."""
    modes: dict[str, set[str]] = {row["id"]: set() for row in places}
    for link in links:
        for end in ("from_place", "to_place"):
            modes[link[end]].add(link["mode"])
    place_of = crosswalk(inputs)
    oil_kind = {place_of[row["code"]]: row["kind"] for row in inputs.facts["oil_nodes"]}
    for row in places:
        kind, gauges, mode = row["kind"], row["gauges"].split(";"), modes[row["id"]]
        shore = kind not in ("chokepoint", "rail_ferry")
        port = "seaport" in (kind, oil_kind.get(row["id"])) or bool(mode & _SEA_CARGO and shore)
        boxes = bool(mode & {"rail", "feeder", "deep_sea"})
        has = {
            "seaport": port,
            "rail": bool(row["gauges"]) or "rail" in mode,
            "container": kind in ("rail_terminal", "dry_port") or (kind == "seaport" and boxes),
            "gauge_change": len(gauges) > 1,
            "border": kind == "border",
            "oil": kind in _OIL_KINDS or bool(mode & {"pipeline", "tanker"} and shore),
            "ferry": bool(mode & {"rail_ferry", "roro"}),
            "road": "road" in mode,
        }
        row["facilities"] = ";".join(name for name, true in has.items() if true)


def merge_codes(inputs: Inputs, places: list[Row], cities: list[Row]) -> list[Row]:
    """Give codes and names by which a place is found; listed codes win over remembered ones."""
    known = {row["id"] for row in places} | {row["id"] for row in cities}
    rows: list[Row] = []
    listed: set[tuple[str, str]] = set()
    for code in inputs.decisions["codes"]:
        listed.add((code["scheme"], code["code"]))
        if code["place"]:
            listed.add((code["scheme"], code["place"]))
            rows.append({key: code.get(key, "") for key in CODE_COLUMNS} | {"status": "listed"})
    for node in inputs.facts["nodes"]:
        code_key, place_key = ("unlocode", node["unlocode"]), ("unlocode", node["code"])
        if node["unlocode"] and code_key not in listed and place_key not in listed:
            rows.append(_code(*code_key, node["code"], "estimate", node["source"]))
    oil = {row["code"]: row for row in inputs.facts["oil_nodes"]}
    for code, place in crosswalk(inputs).items():
        if place:
            rows.append(_code("oil", code, place, "listed", oil[code]["source"]))
    rows.extend(
        _code("alias", alias["alias"], alias["place"], "listed", "own-knowledge")
        for alias in inputs.decisions["aliases"]
    )
    if unknown := {row["place"] for row in rows} - known:
        raise MergeError(f"codes of no place: {sorted(unknown)}")
    return sorted(rows, key=lambda row: (row["scheme"], row["code"], row["place"]))


def _code(scheme: str, code: str, place: str, status: str, source: str) -> Row:
    return dict(zip(CODE_COLUMNS, (scheme, code, place, status, source), strict=True))


def merge_cities(inputs: Inputs, places: list[Row]) -> list[Row]:
    """Give the cities; an id must not be a place's, a member must be one."""
    known = {row["id"] for row in places}
    rows = [{k: city[k] for k in CITY_COLUMNS} for city in inputs.decisions["cities"]]
    for row in rows:
        if row["id"] in known or not set(row["members"].split(";")) <= known:
            raise MergeError(f"city with a place's id or an unknown member: {row['id']}")
    return sorted(rows, key=lambda row: row["id"])
