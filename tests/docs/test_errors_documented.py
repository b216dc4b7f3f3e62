"""What the code can raise, the reference explains."""

from pathlib import Path

from karvan.domain import errors

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "errors.md"


def kinds(kind=errors.KarvanError):
    yield kind
    for narrower in kind.__subclasses__():
        yield from kinds(narrower)


def sections():
    """Heading -> paragraph of each section of the reference."""
    for section in REFERENCE.read_text(encoding="utf-8").split("\n## ")[1:]:
        heading, _, body = section.partition("\n")
        yield heading.strip(), body.strip()


def test_every_error_code_is_documented_and_means_one_thing():
    codes = [kind.code for kind in kinds()]
    assert len(set(codes)) == len(codes)
    headings = [heading for heading, _ in sections()]
    assert len(set(headings)) == len(headings)
    assert set(headings) == set(codes)


def test_every_paragraph_tells_the_exit_status_of_its_code():
    statuses = {kind.code: kind.exit_status for kind in kinds()}
    for code, paragraph in sections():
        assert f"Exit status {statuses[code]}." in paragraph, code
