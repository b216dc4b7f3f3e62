"""Names of places, ways and limits, as a page shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from karvan.network.network import Network


class AssetNames:
    """Names that stand in ids of one network."""

    def __init__(self, network: Network) -> None:
        self._names = {str(place.id): place.name for place in network.places.values()}

    def of(self, asset: str) -> str:
        """Name the places in an id of a place or a way; other ids are names already."""
        way, _, mode = asset.partition(":")
        ends = [self._names.get(end, end) for end in way.split("--")]
        return " - ".join(ends) + (f", {mode}" if mode and len(ends) > 1 else "")
