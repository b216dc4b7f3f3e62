"""Random numbers by name: draw n of a stream is a pure function of (seed, name, unit, n).

Who shares a train shares its luck: two itineraries that ask for the same stream get the same
numbers, whatever else they ask for, in whatever order and however many.

Only the raw 64-bit words come from the generator. Uniforms and normals are made of them
here, because numpy promises the words of a bit generator for good, but not what its
distributions make of them.

References
----------
J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, *Parallel random numbers: as easy as
1, 2, 3*, SC11 (Philox). NumPy enhancement proposal 19 (what stays the same). G. E. P. Box,
M. E. Muller, *A note on the generation of random normal deviates*, Annals of Mathematical
Statistics 29 (1958).
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable
from functools import lru_cache
from typing import Final, cast

import numpy as np
from numpy.random.bit_generator import ISeedSequence
from numpy.typing import DTypeLike, NDArray

from karvan.domain.errors import InvalidInput

#: The upper 52 bits of a word, moved to the middle of their cell: never 0, never 1, exact.
_DROPPED_BITS: Final = np.uint64(12)
_CELL: Final = 2.0**-52

#: The alternatives of one quote share most of their streams: this many of the last ones are
#: kept, if not longer than this. At most 8 MiB.
_KEPT_STREAMS: Final = 1_024
_KEPT_COUNT: Final = 1_024


def uniforms(seed: int, name: str, unit: str, count: int) -> NDArray[np.float64]:
    """Give the first `count` uniform draws of a stream.

    Parameters
    ----------
    seed
        Of the quote or study; any integer.
    name
        What is drawn, such as `headway-share:AKT-ALT`.
    unit
        Who shares these draws: a train, a ship, a storm.
    count
        Number of draws, >= 0. Asking for more never changes the earlier ones.

    Returns
    -------
    NDArray[np.float64]
        (count,) numbers in the open interval (0, 1); read-only.

    Raises
    ------
    InvalidInput
        `count` is negative.
    """
    return _draws("uniform", seed, name, unit, count)


def normals(seed: int, name: str, unit: str, count: int) -> NDArray[np.float64]:
    """Give the first `count` standard normal draws of a stream.

    They are independent of the uniforms of the same name and unit.

    Parameters
    ----------
    seed, name, unit, count
        As in `uniforms`.

    Returns
    -------
    NDArray[np.float64]
        (count,) numbers, none beyond +-8.6; read-only.

    Raises
    ------
    InvalidInput
        `count` is negative.

    Notes
    -----
    Box and Muller: uniforms u[2i], u[2i+1] give draws 2i and 2i+1 as::

        sqrt(-2 ln u[2i]) cos(2 pi u[2i+1]),   sqrt(-2 ln u[2i]) sin(2 pi u[2i+1])

    so draw n depends on the pair of words it belongs to and on nothing else.
    """
    return _draws("normal", seed, name, unit, count)


def _draws(law: str, seed: int, name: str, unit: str, count: int) -> NDArray[np.float64]:
    if count < 0:
        raise InvalidInput("a stream has no negative number of draws", count=count)
    # JSON keeps the parts apart: no two different streams have the same text.
    text = json.dumps([law, int(seed), name, unit])
    key = hashlib.sha256(text.encode("ascii")).digest()[:16]
    draws = _kept(law, key, count) if count <= _KEPT_COUNT else _LAWS[law](key, count)
    draws.flags.writeable = False
    return draws


@lru_cache(maxsize=_KEPT_STREAMS)
def _kept(law: str, key: bytes, count: int) -> NDArray[np.float64]:
    return _LAWS[law](key, count)


def _uniforms(key: bytes, count: int) -> NDArray[np.float64]:
    # The stubs of numpy name SeedSequence where any ISeedSequence will do.
    seed = cast("np.random.SeedSequence", _Key(key))
    words = np.random.Philox(seed).random_raw(count)
    draws = (words >> _DROPPED_BITS).astype(np.float64)
    draws += 0.5
    draws *= _CELL
    return draws


def _normals(key: bytes, count: int) -> NDArray[np.float64]:
    pairs = (count + 1) // 2
    uniform = _uniforms(key, 2 * pairs).reshape(pairs, 2)
    radius = np.sqrt(-2.0 * np.log(np.ascontiguousarray(uniform[:, 0])))
    angle = (2.0 * math.pi) * uniform[:, 1]
    draws = np.empty((pairs, 2))
    draws[:, 0] = radius * np.cos(angle)
    draws[:, 1] = radius * np.sin(angle)
    return draws.reshape(-1)[:count]


class _Key(ISeedSequence):
    """Sixteen bytes that are the generator's key.

    `Philox(key=...)` gives the same words, but first asks the operating system for entropy
    and throws it away, which takes longer than all the words of a stream.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def generate_state(self, n_words: int, dtype: DTypeLike = np.uint32) -> NDArray[np.uint64]:
        assert (n_words, dtype) == (2, np.uint64), "Philox wants a key of 128 bits"
        return np.frombuffer(self._key, dtype="<u8").astype(np.uint64)


_LAWS: Final[dict[str, Callable[[bytes, int], NDArray[np.float64]]]] = {
    "uniform": _uniforms,
    "normal": _normals,
}
