"""The compiled search, the plain one and the enumeration of all ways give the same front.

Random corridors of 3 to 6 places and up to 25 connections, with charges that follow no rule, up
to three joint tariffs beside the national ones, missing rates, forbidden regimes, refusals,
families, trips of several segments and several gates; every third has the trivial book. Each is
asked with two and with four criteria, every fifth with the rules lifted. The itineraries must be
the same one by one, ties included.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.routing_cases import any_sizes, brute_force, build_case

from karvan.engines.routing.front import search_front
from karvan.engines.routing.reference import search_front_reference

FIRST_SEED = 1_000_000


def run(examples: int = 20_000) -> dict[str, object]:
    """Compare `examples` corridors; the first that differs raises with its seed."""
    itineraries, largest, without, joint = 0, 0, 0, 0
    for seed in range(FIRST_SEED, FIRST_SEED + examples):
        rng = np.random.default_rng(seed)
        sizes = any_sizes(rng)
        if seed % 3 == 0:
            sizes = replace(sizes, zones=1, regimes=1, families=0, systems=1)
        case = build_case(rng, sizes)
        lifted = seed % 5 == 0
        for criteria in (2, 4):
            asked = {"criteria": criteria, "lift_rules": lifted}
            expected = brute_force(case, criteria, lift_rules=lifted)
            for search in (search_front, search_front_reference):
                answer = list(case.answer(search, **asked).itineraries)
                assert answer == expected, f"seed {seed}, {asked}: {search.__name__} differs"
            itineraries += len(expected)
            largest = max(largest, len(expected))
            without += not expected
            joint += sum(any(way.systems) for way in expected)
    return {
        "corridors": examples,
        "fronts compared": 2 * examples,
        "itineraries": itineraries,
        "of them under a joint tariff": joint,
        "largest front": largest,
        "fronts that were empty": without,
    }


if __name__ == "__main__":
    print(run())
