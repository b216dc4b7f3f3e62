"""How often one caller may ask: a bucket of tokens each, that fills by itself.

A request takes a token; a full bucket holds those of a minute. Source of the fields that tell it:
IETF draft-ietf-httpapi-ratelimit-headers.
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

WINDOW_S: Final = 60
#: Callers that are remembered; who is forgotten begins with a full bucket.
MOST_CALLERS: Final = 10_000
#: Addresses of one line of IPv6: whoever has one has all of them. Source: RFC 6177.
_LINE_BITS: Final = 64


@dataclass(frozen=True, slots=True)
class Share:
    """What a caller may still do.

    Attributes
    ----------
    left
        Requests that are free at once.
    wait_s
        Until the next one is, 0 where one is now.
    """

    allowed: bool
    left: int
    wait_s: int


class Rates:
    """Buckets of all callers; for many threads.

    Parameters
    ----------
    per_minute
        Requests a minute for each caller, and at most at once; 0 for no limit.
    clock
        Seconds that only go forward.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, caller: str) -> Share:
        """Take a token of a caller."""
        full, per_s = float(self.per_minute), self.per_minute / WINDOW_S
        if not self.per_minute:
            return Share(allowed=True, left=0, wait_s=0)
        with self._lock:
            now = self._clock()
            tokens, since = self._buckets.pop(caller, (full, now))
            tokens = min(full, tokens + (now - since) * per_s)
            allowed = tokens >= 1
            tokens -= allowed
            self._buckets[caller] = (tokens, now)
            if len(self._buckets) > MOST_CALLERS:
                self._buckets.popitem(last=False)
        wait_s = 0 if tokens >= 1 else math.ceil((1 - tokens) / per_s)
        return Share(allowed=allowed, left=int(tokens), wait_s=wait_s)

    def headers(self, share: Share) -> dict[str, str]:
        """Tell a caller its share; nothing where there is no limit."""
        if not self.per_minute:
            return {}
        told = {
            "RateLimit-Policy": f'"requests";q={self.per_minute};w={WINDOW_S}',
            "RateLimit": f'"requests";r={share.left};t={share.wait_s}',
        }
        return told if share.allowed else {**told, "Retry-After": str(max(1, share.wait_s))}


def caller_of(address: str) -> str:
    """Name a caller by its address; of IPv6 by its line.

    >>> caller_of("2001:db8:1:2:3:4:5:6")
    '2001:db8:1:2::/64'
    >>> caller_of("192.0.2.7")
    '192.0.2.7'
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if found.version == 4:
        return address
    mapped = getattr(found, "ipv4_mapped", None)
    if mapped is not None:
        return str(mapped)
    return str(ipaddress.ip_network((found, _LINE_BITS), strict=False))
