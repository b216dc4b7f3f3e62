"""Keep the catalogues of texts in step with the source.

python tools/words.py --check         every text is in every catalogue, whole and right
python tools/words.py --renew         bring the catalogues in step, keeping what is translated
python tools/words.py --missing ru    print what has no translation yet
python tools/words.py --new kk        begin a language
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

sys.path.insert(0, str(Path(__file__).parent))

from wording.catalogue import Entry, Strings, read, written
from wording.collecting import Collected

SOURCE = Path(__file__).parents[1] / "src" / "karvan"
LOCALE = SOURCE / "locale"

#: Languages in which every text is translated; others may have gaps, told in English.
COMPLETE = ("ru",)


def path_of(language: str, locale: Path = LOCALE) -> Path:
    return locale / language.replace("-", "_") / "LC_MESSAGES" / "karvan.po"


def languages(locale: Path = LOCALE) -> list[str]:
    return sorted(each.parents[1].name.replace("_", "-") for each in locale.glob("*/*/karvan.po"))


def faults(entries: dict[tuple[str, str], Entry], language: str) -> Iterator[str]:
    """What is wrong with a catalogue: gaps, doubtful texts, other values, lost or stale keys."""
    path = path_of(language)
    catalogue, strings = read(path, language)
    if path.read_text(encoding="utf-8") != written(entries.values(), strings, language):
        yield f"{language}: not in step with the source; run python tools/words.py --renew"
    fuzzy = [each for each in catalogue if each.id and each.fuzzy]
    yield from (f"{language}: doubtful (fuzzy): {each.id!r}" for each in fuzzy)
    for key, entry in sorted(entries.items()):
        told = strings.get(key, ())
        needed = catalogue.num_plurals if entry.many else 1
        if language in COMPLETE and (len(told) < needed or not all(each.strip() for each in told)):
            yield f"{language}: no text for {entry.of or 'message'} {entry.text!r}"
        for each in filter(None, told):
            yield from (f"{language}: {entry.text!r}: {wrong}" for wrong in differs(entry, each))


def differs(entry: Entry, told: str) -> Iterator[str]:
    """How the values and the space around a translation differ from the text's own."""
    try:
        same = values(entry.many or entry.text) == values(told)
    except ValueError:
        same = False
    if not same:
        yield "other values in braces"
    for begins in (True, False):
        ends = [each[:1] if begins else each[-1:] for each in (entry.text, told)]
        if ends[0].isspace() != ends[1].isspace():
            yield f"another space at the {'begin' if begins else 'end'}"


def values(text: str) -> set[str]:
    return {f"{name}:{form}" for _, name, form, _ in Formatter().parse(text) if name is not None}


def renew(entries: dict[tuple[str, str], Entry], language: str) -> None:
    path = path_of(language)
    strings: Strings = read(path, language)[1] if path.exists() else {}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(written(entries.values(), strings, language), encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument("--check", action="store_true")
    choice.add_argument("--renew", action="store_true")
    choice.add_argument("--missing", metavar="LANGUAGE")
    choice.add_argument("--new", metavar="LANGUAGE")
    asked = parser.parse_args()
    found = Collected(SOURCE)
    if asked.new:
        renew(found.entries, asked.new)
    elif asked.renew:
        for language in languages():
            renew(found.entries, language)
    elif asked.missing:
        strings = read(path_of(asked.missing), asked.missing)[1]
        for key, entry in sorted(found.entries.items()):
            if not all(strings.get(key, ("",))):
                print(f"{entry.of}\t{entry.text!r}\t{entry.many!r}")
    wrong = [*found.lost, *(each for name in languages() for each in faults(found.entries, name))]
    if asked.check or found.lost:
        print("\n".join(wrong if asked.check else found.lost))
    return 1 if asked.check and wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
