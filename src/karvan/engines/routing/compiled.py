"""The one place where functions are handed to the compiler.

numba's types lose the parameters; the cast keeps the signature that the source states, so
callers are checked as if the function were plain Python.

numba stamps its cache with the file of the compiled function alone. A compiled function may
therefore use only compiled functions and constants of its own module; otherwise an edit of
what it uses would go unnoticed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from numba import njit

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def compiled(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Compile at the first call, keep the machine code on disk, release the interpreter lock."""
    return cast("Callable[Parameters, Result]", njit(cache=True, nogil=True)(function))


def lean(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """As `compiled`, for a function that creates no array: it counts no references.

    numba counts up and down, atomically, for each array argument of each call; for functions
    of a few nanoseconds that is most of the time (three quarters of the scan). Its option has
    an underscore and no public twin; if it ever goes, use `compiled`: same answers, slower.
    """
    options: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}
    return cast("Callable[Parameters, Result]", njit(**options)(function))
