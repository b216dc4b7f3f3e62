"""Tasks that other processes do: in a module of their own, so that they find them."""

from __future__ import annotations

import os
import signal

import numpy as np

from karvan.domain.errors import InvalidTables, TableFault


def drawn(seed, number):
    """Digits that depend on the seed and the task alone."""
    return np.random.default_rng([seed, number]).random(4).tobytes()


def failing(bad, number):
    if number in bad:
        raise InvalidTables([TableFault("x.csv", number, "column", "code", "words")])
    return number


def hears_an_interrupt(seed, number):
    """Whether a Ctrl-C would reach the process, even before it could refuse it."""
    return signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def killed(seed, number):
    os.kill(os.getpid(), signal.SIGKILL)
