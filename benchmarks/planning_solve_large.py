"""P7 at its full size, 750,000 flow variables to a proven gap of 1e-6, against HiGHS ipx.

As `planning_solve`, which has the smaller sizes. The peer is stopped at 2.2 times our time: our
answer is proven by itself, and a peer that has none by then is slower by at least that.

    python -m benchmarks.planning_solve_large
"""

from __future__ import annotations

from benchmarks.planning_solve import measured


def run() -> dict[str, object]:
    """Solve the full size on both sides."""
    return measured(("1",), stop_peer=True)


if __name__ == "__main__":
    for name, value in run().items():
        print(f"{name:<36}{value}")
