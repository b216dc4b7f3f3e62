"""A quote as a PDF of the archival kind (PDF/A-2b), set by typst inside its wheel.

The page reaches the template as JSON, never as part of its source: a name such as `#read("/x")`
is printed as it is. Nothing is asked of the clock, the machine's fonts or the network.

Source: ISO 19005-2 (PDF/A-2), ISO/IEC 18004 (QR code).
"""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from importlib.resources import files
from typing import Final, Literal

from karvan.adapters.documents.answers import instant
from karvan.adapters.documents.glyphs import FAMILIES, Glyphs, Tree
from karvan.adapters.documents.quote_page import TEMPLATE, quote_page
from karvan.services.exporting import QuoteDocument, QuoteFile

#: Without blank modules around it: the template leaves room.
_QR_BORDER: Final = 0
_UNDATED: Final = datetime(2000, 1, 1, tzinfo=UTC)


class PdfQuotes:
    """Sets quotes; knows by now which characters its fonts have."""

    def __init__(self) -> None:
        self._glyphs = Glyphs()

    def write(self, document: QuoteDocument) -> QuoteFile:
        """Set a quote; the same document gives the same bytes."""
        (data,), missing = self._set(document, "pdf")
        return QuoteFile(data=data, unprintable=missing)

    def pictures(self, document: QuoteDocument, *, ppi: float = 110) -> list[bytes]:
        """Draw each page as a PNG, to be looked at."""
        pages, _ = self._set(document, "png", ppi=ppi)
        return pages

    def _set(
        self, document: QuoteDocument, kind: Literal["pdf", "png"], ppi: float | None = None
    ) -> tuple[list[bytes], tuple[str, ...]]:
        import typst

        content = quote_page(document)
        code = str(content["code"])
        stamp = instant(document.answer, "created_at") or _UNDATED
        failed = None
        for marks in (True, False):
            shown, missing = self._glyphs.clean(content, marks=marks)
            assert isinstance(shown, dict)
            # Ours and of plain letters: not broken as a long word of a name would be.
            data = {**shown, "code": code, "missing": _told(missing), "families": list(FAMILIES)}
            inputs = {"page": json.dumps(data), "qr": _qr(code)}
            try:
                made = typst.Compiler(ignore_system_fonts=True).compile(
                    input=files(__package__).joinpath(TEMPLATE).read_bytes(),
                    format=kind,
                    ppi=ppi,
                    sys_inputs=inputs,
                    pdf_standards="a-2b" if kind == "pdf" else [],
                    timestamp=int(stamp.timestamp()),
                )
                pages = made if isinstance(made, list) else [made]
                return [page for page in pages if page is not None], missing
            except typst.TypstError as error:
                # A letter and its mark from two fonts: without the marks each has a shape.
                failed = error
        assert failed is not None
        raise failed


def _told(missing: tuple[str, ...]) -> list[Tree]:
    """Characters by number: their shape is what is missing."""
    return [f"U+{ord(each):04X}" for each in missing]


def _qr(code: str) -> str:
    import segno

    buffer = io.BytesIO()
    segno.make_qr(code, error="m").save(
        buffer,
        kind="svg",
        border=_QR_BORDER,
        xmldecl=False,
        nl=False,
        svgclass=None,
        lineclass=None,
    )
    return buffer.getvalue().decode("ascii")
