"""The one place where functions are handed to the compiler.

numba's types lose the parameters; the cast keeps the signature that the source states, so
callers are checked as if the function were plain Python.

numba stamps its cache with the file of the compiled function alone. The functions of
`ONE_PROGRAM` are compiled together from several files, so a digest of all these files is put
into the name under which numba keeps them: after an edit of any of them nothing old is found.
Other compiled functions may use only compiled functions of their own module. Constants that
come from elsewhere are those of the network's arrays, which never change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib.resources import files
from typing import Any, Final, ParamSpec, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
Scalar = TypeVar("Scalar", bound=np.generic)

#: Modules of this package whose compiled functions use each other's functions and constants.
ONE_PROGRAM: Final = ("bounds", "charging", "layout", "scan", "timetable", "waiting")


def _digest() -> str:
    here = files(__package__)
    source = b"".join(here.joinpath(f"{name}.py").read_bytes() for name in ONE_PROGRAM)
    return hashlib.sha256(source).hexdigest()[:12]


_STAMP: Final = _digest()


def _stamped(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    if function.__module__ in {f"{__package__}.{name}" for name in ONE_PROGRAM}:
        function.__qualname__ = f"{function.__qualname__}_{_STAMP}"
    return function


def compiled(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Compile at the first call, keep the machine code on disk, release the interpreter lock."""
    return cast("Callable[Parameters, Result]", njit(cache=True, nogil=True)(_stamped(function)))


def lean(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """As `compiled`, for a function that creates no array: it counts no references.

    numba counts up and down, atomically, for each array argument of each call; for functions
    of a few nanoseconds that is most of the time (three quarters of the scan). Its option has
    an underscore and no public twin; if it ever goes, use `compiled`: same answers, slower.
    """
    options: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}
    return cast("Callable[Parameters, Result]", njit(**options)(_stamped(function)))


def frozen(column: NDArray[Scalar]) -> NDArray[Scalar]:
    """Give a read-only, contiguous view.

    The compiler makes one machine code for each kind of array; with this it meets one kind.
    """
    view = np.ascontiguousarray(column).view()
    view.flags.writeable = False
    return view
