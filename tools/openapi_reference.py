"""Write docs/reference/openapi.json, the reviewed description of the HTTP interface.

python tools/openapi_reference.py            write the file
python tools/openapi_reference.py --check    fail when the application says otherwise
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "docs" / "reference" / "openapi.json"

if str(ROOT / "src") not in sys.path:
    sys.path.insert(0, str(ROOT / "src"))


def document() -> str:
    from karvan.bootstrap import wire
    from karvan.interfaces.http.app import create_app
    from karvan.interfaces.json_text import render_json
    from karvan.interfaces.settings import Settings

    return render_json(create_app(wire(), Settings(), warm_up=False).openapi())


def main(arguments: list[str]) -> int:
    made = document()
    if "--check" not in arguments:
        FILE.write_text(made, encoding="utf-8")
        return 0
    if FILE.is_file() and FILE.read_text(encoding="utf-8") == made:
        return 0
    print(f"{FILE.relative_to(ROOT)} is stale; run: python tools/openapi_reference.py")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
