"""Draw docs/images/quote-print.png: the first page of a printed quote, at a fixed clock.

    python tools/quote_print_picture.py

Nothing on it is made up: it is the page that `karvan quote CN-XIA TR-IST ... --pdf` writes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from karvan.adapters.documents.quote_pdf import PdfQuotes
from karvan.adapters.files.published import load_published
from karvan.services.exporting import document_of
from karvan.services.quoting.quote import Quoting
from karvan.services.quoting.rendering import quote_json
from karvan.services.quoting.request import RequestReader

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "images" / "quote-print.png"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BODY = {
    "from": "CN-XIA",
    "to": "TR-IST",
    "container": "40HC",
    "mass_kg": "18000",
    "hs": "851660",
    "ready": "2026-12-03",
    "avoid": ["deep_sea"],
}
PPI = 88


def main() -> int:
    published = load_published()
    request = RequestReader(published.network, published.book).read(BODY, NOW)
    answer = quote_json(Quoting(published).quote(request, NOW))
    document = document_of(answer, published.network)
    PICTURE.write_bytes(PdfQuotes().pictures(document, ppi=PPI)[0])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
