"""The pictures of the pages are drawn from the shipped tables."""

import re

import quote_picture


def test_the_picture_of_the_readme_shows_the_ways_of_the_flagship_quote():
    drawn = quote_picture.picture()

    told = re.sub(r"<[^>]+>", "", drawn)
    assert "HS 851660 Ovens" in told
    assert "Middle Corridor by Aktau or Kuryk" in told
    assert "@font-face" not in drawn
