"""Check the links of every Markdown page: a relative one must lead to a file, and to a heading.

    python tools/links.py        name every link that leads nowhere; exit status 1 if any does

Links to other hosts are not followed.
"""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

_FENCE = re.compile(r"^(```|~~~).*?^\1[ \t]*$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]+`")
_LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
_OUTSIDE = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)


#: Where files are looked for in a copy that is no git repository.
_FOLDERS = (".ci", "benchmarks", "changelog.d", "docs", "facts", "proofs", "src", "tests", "tools")


def files(root: Path = ROOT) -> list[Path]:
    """Every file that is tracked or would be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        found = {root / name for name in listed.stdout.decode("utf-8").split("\0") if name}
    else:
        found = {path for folder in _FOLDERS for path in (root / folder).rglob("*")}
        found = {path for path in (*found, *root.glob("*")) if "__pycache__" not in path.parts}
    return sorted(path for path in found if path.is_file())


def pages(root: Path = ROOT) -> list[Path]:
    return [path for path in files(root) if path.suffix == ".md"]


def anchor(heading: str) -> str:
    """Name of a heading as the site gives it."""
    plain = unicodedata.normalize("NFKD", re.sub(r"[`*]", "", heading)).encode("ascii", "ignore")
    kept = re.sub(r"[^\w\s-]", "", plain.decode("ascii")).strip().lower()
    return re.sub(r"[-\s]+", "-", kept)


def anchors(text: str) -> set[str]:
    return {anchor(heading) for heading in _HEADING.findall(_FENCE.sub("", text))}


def targets(text: str) -> Iterator[str]:
    """Relative links of a page, code left out."""
    for target in _LINK.findall(_CODE.sub("", _FENCE.sub("", text))):
        if not _OUTSIDE.match(target):
            yield target


def broken(page: Path, root: Path = ROOT) -> Iterator[str]:
    """What is wrong with the links of a page."""
    text = page.read_text(encoding="utf-8")
    name = page.relative_to(root).as_posix()
    for target in targets(text):
        path, _, heading = target.partition("#")
        aim = (page.parent / path).resolve() if path else page
        if not aim.exists():
            yield f"{name}: {target} leads nowhere"
        elif not aim.is_relative_to(root):
            yield f"{name}: {target} leads out of the repository"
        elif page.is_relative_to(root / "docs") and not aim.is_relative_to(root / "docs"):
            yield f"{name}: {target} leads out of the documentation; name the file instead"
        elif heading and aim.suffix == ".md" and heading not in anchors(aim.read_text("utf-8")):
            yield f"{name}: {target} has no such heading"


def main() -> int:
    faults = [fault for page in pages() for fault in broken(page)]
    for fault in faults:
        print(f"links: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
