"""Draw docs/images/quote.svg: the flagship quote as a terminal shows it, at a fixed clock.

    python tools/quote_picture.py            write the picture
    python tools/quote_picture.py --check    fail when tables or program would draw another

Nothing in the picture is made up: it is the page `karvan quote` prints, its heading and the
first way of each corridor. The SVG names no font of another host.
"""

from __future__ import annotations

import io
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from karvan.adapters.files.published import load_published
from karvan.interfaces.cli.quote_page import QuotePage
from karvan.services.quoting.quote import Quoting
from karvan.services.quoting.request import RequestReader
from made_pages import keep

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "images" / "quote.svg"

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
READY = "2026-12-03"
BODY = {
    "from": "CN-XIA",
    "to": "TR-IST",
    "container": "40HC",
    "mass_kg": "18000",
    "hs": "851660",
    "ready": READY,
}
TITLE = "karvan quote CN-XIA TR-IST --container 40HC --mass-kg 18000 --hs 851660 --ready " + READY
WIDTH = 124


def page() -> QuotePage:
    published = load_published()
    request = RequestReader(published.network, published.book).read(BODY, NOW)
    quote = Quoting(published).quote(request, NOW)
    return QuotePage(quote=quote, goods=published.network.rules.hs[request.cargo.hs])


def chosen(drawn: QuotePage) -> tuple[int, ...]:
    """The first way of each corridor, and those with a label."""
    seen: set[str] = set()
    out = []
    for i, way in enumerate(drawn.quote.alternatives):
        if way.family not in seen or way.labels:
            out.append(i)
        seen.add(way.family)
    return tuple(out)


def picture() -> str:
    console = Console(
        record=True,
        file=io.StringIO(),
        width=WIDTH,
        force_terminal=True,
        color_system="truecolor",
        highlight=False,
        emoji=False,
        markup=False,
    )
    drawn = page()
    drawn.draw_heading(console)
    drawn.draw_ways(console, chosen(drawn))
    svg = console.export_svg(title=TITLE, unique_id="quote")
    svg = re.sub(r"@font-face\s*\{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code", "DejaVu Sans Mono")
    # Some viewers drop no-break spaces at the ends of a text; preserved spaces stay in all.
    svg = svg.replace("&#160;", " ").replace("<text ", '<text xml:space="preserve" ')
    return re.sub(r"[ \t]+$", "", svg, flags=re.MULTILINE)


def main(arguments: list[str]) -> int:
    return keep({PICTURE: picture()}, arguments, __file__)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
