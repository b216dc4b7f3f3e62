"""Write docs/reference/openapi.json, the reviewed description of the HTTP interface.

python tools/openapi_reference.py            write the file
python tools/openapi_reference.py --check    fail when the application says otherwise
"""

from __future__ import annotations

import sys
from pathlib import Path

from made_pages import keep

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
    return keep({FILE: document()}, arguments, __file__)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
