"""Quotes as files for people: a PDF set by typst, and a spreadsheet."""
