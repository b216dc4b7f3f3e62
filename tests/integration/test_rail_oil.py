"""Rail oil runs on the tracks of the freight network."""

from datetime import date

import numpy as np

from karvan.adapters.files.scenarios import FileScenarios
from karvan.engines.planner.plan import plan
from karvan.services.planning.oil import oil_problem
from karvan.services.planning.scenario import Event


def test_a_closed_track_stops_the_oil_trains_over_it_and_no_others(published):
    """Beyneu - Mangystau is on the way from Tengiz to Aktau; trains of Georgia run on."""
    scenario = FileScenarios().read("base-2024")
    closed = Event(
        id="wash-out",
        asset="KZ-MAN--KZ-BEY:rail",
        first_day=date(2024, 4, 1),
        last_day=date(2024, 4, 30),
        share_lost=1.0,
        cause="",
        source="",
    )

    problem = oil_problem(published.network, scenario, events=[closed])
    found = plan(problem)

    april = problem.period_ids.index("2024-04")
    way = problem.arcs.ids.index("KZ-TEN--KZ-AKT:rail")
    assert found.flow[problem.permissions.arc == way, april].sum() < 1e-6
    of_line = problem.joints.ids.index("KZ-BEY--KZ-MAN:rail")
    assert problem.joints.capacity[of_line, april] == 0
    assert np.isinf(problem.joints.capacity[of_line, april + 1])
    line = problem.joints.ids.index("GE-GAR--GE-TBS:rail")
    takes = problem.joints.uses
    on_line = takes.permission[takes.row == line]
    names = {problem.arcs.ids[problem.permissions.arc[p]] for p in on_line}
    assert names == {
        "AZ-DUB--GE-BUS:rail",
        "AZ-DUB--GE-KUL:rail",
        "AZ-SAN--GE-BUS:rail",
        "AZ-SAN--GE-KUL:rail",
    }
