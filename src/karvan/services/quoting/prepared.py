"""Everything a search and its price lines need for one cargo on one day, made once and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from karvan.engines.compliance.regimes import compile_automaton, rules_on
from karvan.engines.emissions.factors import EmissionFactor, HubFactor
from karvan.network.activity_times import ActivityTimes, FootprintArrays
from karvan.network.regimes import RegimeAutomaton
from karvan.network.rules import RegimeRule
from karvan.services.quoting.corridor import Corridor
from karvan.services.quoting.filling import FilledTariffs, fill_tariffs
from karvan.services.quoting.plans import Planner
from karvan.services.quoting.refusals import segment_rules
from karvan.services.quoting.refused import Rule
from karvan.services.quoting.reopenings import Reopenings
from karvan.services.quoting.restrictions import restrict
from karvan.services.quoting.routes import Routes
from karvan.services.quoting.searching import Networks
from karvan.services.quoting.tariffs import Tariffs, total_of
from karvan.services.quoting.times import fill_footprints, fill_times


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What one cargo on one day is searched and priced with.

    Attributes
    ----------
    filled
        Tariff arrays in which a price on request closes the way.
    requests
        The same with such ways open at nothing; None where no price is on request.
    times, request_times, open_times
        Times without the hand-overs that nobody has a rate for, in each of the two fillings,
        and with all of them.
    networks
        What the search is laid out on for requests without wishes.
    closed
        What is closed or restricted for a time; None where nothing is.
    rules, numbers
        Rules that close segments, and for each segment the number of its rule or 0.
    """

    corridor: Corridor
    planner: Planner
    tariffs: Tariffs
    filled: FilledTariffs
    requests: FilledTariffs | None
    regime_rules: Mapping[str, RegimeRule]
    automaton: RegimeAutomaton
    times: ActivityTimes
    request_times: ActivityTimes
    open_times: ActivityTimes
    footprints: FootprintArrays
    networks: Networks
    rules: tuple[Rule, ...]
    numbers: tuple[int, ...]
    routes: Routes
    closed: Reopenings | None = None

    def under(self, corridor: Corridor, closed: Reopenings | None, *, same: bool) -> Prepared:
        """Give the same over a corridor without the departures that do not go.

        Parameters
        ----------
        same
            Whether the departures are the same: then the search is laid out already.
        """
        return replace(
            self,
            corridor=corridor,
            planner=Planner(corridor, closed=closed),
            networks=self.networks if same else Networks(),
            routes=replace(self.routes, corridor=corridor),
            closed=closed,
        )


def prepare(tariffs: Tariffs, factors: Mapping[str, EmissionFactor], hub: HubFactor) -> Prepared:
    """Lay book, rules, times of the day and emission factors over the corridor."""
    corridor = tariffs.corridor
    filled = fill_tariffs(tariffs)
    requests = fill_tariffs(tariffs, requests=True) if filled.on_request else None
    restrictions = restrict(corridor, tariffs.cargo, tariffs.accepted)
    rules, numbers = segment_rules(
        corridor, filled, restrictions.denied, tariffs.accepted.isoformat()
    )
    times = fill_times(corridor, filled.no_handling)
    regime_rules = rules_on(corridor.network.rules.regimes, tariffs.accepted)
    footprints = fill_footprints(corridor, tariffs.cargo.total, factors, hub)
    return Prepared(
        corridor=corridor,
        planner=Planner(corridor),
        tariffs=tariffs,
        filled=filled,
        requests=requests,
        regime_rules=regime_rules,
        automaton=compile_automaton(
            corridor.segments,
            len(corridor.places),
            corridor.network.places,
            regime_rules,
            lambda place: total_of(tariffs.declaration(place)),
            numbers,
        ),
        times=times,
        request_times=fill_times(corridor, requests.no_handling) if requests else times,
        open_times=fill_times(corridor, np.zeros_like(filled.no_handling)),
        footprints=footprints,
        networks=Networks(),
        rules=rules,
        numbers=numbers,
        routes=Routes(
            corridor=corridor,
            tariffs=tariffs,
            regime_rules=regime_rules,
            restrictions=restrictions,
            footprints=footprints,
        ),
    )
