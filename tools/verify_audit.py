"""Check an export of the journal, with nothing of Karvan: python verify_audit.py FILE [HASH]

Each line is an entry. Its `hash` is the SHA-256 of the canonical JSON (RFC 8785) of its other
fields; `previous` is the hash of the entry before, sixty-four zeros for the first; `seq` counts
from 1. HASH, noted down earlier, must be that of an entry. Ends with 1 at the first fault.
"""

import hashlib
import json
import sys
from pathlib import Path

FIELDS = {"seq", "at", "actor", "reason", "kind", "subject", "body", "previous", "hash"}


def no_fraction(text):
    raise ValueError(f"a fraction: {text}")


def once(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names) or not all(map(str.isascii, names)):
        raise ValueError("a name twice, or not in ASCII")
    return dict(pairs)


def read(line, count, last):
    """The hash of an entry that follows another."""
    entry = json.loads(line, object_pairs_hook=once, parse_float=no_fraction)
    if not isinstance(entry, dict) or set(entry) != FIELDS:
        raise ValueError("not the fields of an entry")
    told = entry.pop("hash")
    if type(entry["seq"]) is not int or (entry["seq"], entry["previous"]) != (count, last):
        raise ValueError("does not follow the one before")
    text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if hashlib.sha256(text.encode("utf-8")).hexdigest() != told:
        raise ValueError("was changed")
    return told


def check(lines, noted=None):
    count, last, seen = 0, "0" * 64, not noted
    for count, line in enumerate(lines, 1):
        try:
            last = read(line, count, last)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"entry {count}: {error}") from None
        seen = seen or last == noted
    if not seen:
        raise ValueError("the hash that was noted down is of no entry")
    return count, last


if __name__ == "__main__":
    try:
        with Path(sys.argv[1]).open(encoding="utf-8", newline="\n") as file:
            entries, head = check(file, *sys.argv[2:3])
        print(f"{entries} entries, the last with the hash {head}")
    except (ValueError, OSError, IndexError) as error:
        sys.exit(f"verify_audit: {error}")
