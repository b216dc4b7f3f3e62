"""The `QuoteWriter` port: one writer for each kind of file."""

from __future__ import annotations

from karvan.adapters.documents.quote_pdf import PdfQuotes
from karvan.adapters.documents.quote_xlsx import XlsxQuotes
from karvan.services.exporting import QuoteDocument, QuoteFile, QuoteFormat


class DocumentQuotes:
    """Writes quotes as PDF and XLSX."""

    def __init__(self) -> None:
        self._pdf = PdfQuotes()
        self._xlsx = XlsxQuotes()

    def write(self, what: QuoteFormat, document: QuoteDocument) -> QuoteFile:
        """Write a quote as a file; the same document gives the same bytes."""
        writer = self._pdf if what is QuoteFormat.PDF else self._xlsx
        return writer.write(document)
