"""The catalogues there are, by language; Babel is imported with the first that is read.

The source language needs none. A catalogue is `LANGUAGE/LC_MESSAGES/karvan.po`; a folder of more
may stand beside the shipped ones. Adding a language is adding such a file.
"""

from __future__ import annotations

import threading
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

from karvan.services.words import ENGLISH, SOURCE, Words

FILE: Final = "karvan.po"


def shipped() -> Traversable:
    """The folder of the shipped catalogues."""
    return resources.files("karvan").joinpath("locale")


class Catalogues:
    """The `Languages` port on folders of catalogues."""

    def __init__(self, *folders: Traversable) -> None:
        self._folders = (shipped(), *folders)
        self._kept: dict[str, Words] = {SOURCE: ENGLISH}
        self._lock = threading.Lock()

    def offered(self) -> tuple[str, ...]:
        """Tags of the languages there are, English first, the others by name."""
        found = {each.name for folder in self._folders for each in folder.iterdir() if _po(each)}
        return (SOURCE, *sorted(name.replace("_", "-") for name in found - {SOURCE}))

    def words(self, language: str) -> Words:
        """One language, read once."""
        with self._lock:
            if language not in self._kept:
                from karvan.adapters.languages.catalogue import CatalogueWords

                name = language.replace("-", "_")
                files = [folder.joinpath(name) for folder in self._folders]
                self._kept[language] = CatalogueWords(language, filter(_po, files))
            return self._kept[language]


def _po(folder: Traversable) -> bool:
    return folder.joinpath("LC_MESSAGES", FILE).is_file()
