"""Many lanes: the order in which they are worked through."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from karvan.services.quoting.bulk import Lane, in_good_order

LANES = st.lists(
    st.fixed_dictionaries(
        {"from": st.sampled_from("AB"), "mass_kg": st.sampled_from(["1", "2"])},
        optional={"container": st.sampled_from(["20GP", "40HC"]), "avoid": st.just(["RU"])},
    ),
    max_size=12,
)


@given(LANES)
def test_each_cargo_is_worked_through_without_another_between(bodies):
    lanes = [Lane(row=row, body=body, given={}) for row, body in enumerate(bodies)]
    ordered = in_good_order(lanes)

    cargoes = [{k: v for k, v in lane.body.items() if k != "from"} for lane in ordered]
    changes = sum(a != b for a, b in pairwise(cargoes))
    assert changes <= max(0, len({str(sorted(each.items())) for each in cargoes}) - 1)
    assert sorted(lane.row for lane in ordered) == list(range(len(lanes)))
