"""A draw is known by seed, stream name, unit and number, and by nothing else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.domain.errors import InvalidInput
from karvan.engines.transit_time.streams import normals, uniforms

both_laws = pytest.mark.parametrize("law", [uniforms, normals])


@both_laws
@given(st.integers(0, 3_000), st.integers(0, 3_000))
def test_asking_for_more_draws_never_changes_the_earlier_ones(law, few, more):
    short, long = sorted([few, more])

    np.testing.assert_array_equal(law(7, "run", "T1", long)[:short], law(7, "run", "T1", short))


@both_laws
def test_every_part_of_the_name_matters(law):
    streams = [
        law(seed, name, unit, 4).tobytes()
        for seed in (-1, 0, 1)
        for name in ("run", "border", 'run", "')
        for unit in ("", "T1", "Türk")
    ]

    assert len(set(streams)) == len(streams)


def test_uniforms_are_uniform():
    draws = uniforms(1, "closure", "caspian", 100_000)

    ascending = np.sort(draws)
    distance = np.abs(ascending - (np.arange(draws.size) + 0.5) / draws.size).max()
    assert distance < 1.95 / np.sqrt(draws.size)  # 99.9 % bound of Kolmogorov and Smirnov
    assert 0 < ascending[0] < ascending[-1] < 1


def test_normals_have_the_moments_of_the_normal_law():
    draws = normals(1, "activity:run", "KZ-AKT|T1", 100_000)

    # Standard errors: 1, sqrt(2), sqrt(15), sqrt(96) by sqrt(n), from the moments of the law.
    for power, moment, error in [(1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96)]:
        assert abs((draws**power).mean() - moment) < 3 * np.sqrt(error / draws.size)


def test_neighbouring_draws_and_the_two_laws_are_uncorrelated():
    z = normals(1, "run", "T1", 100_000)
    u = uniforms(1, "run", "T1", 100_000)

    for left, right in [(z[:-1], z[1:]), (z**2, np.roll(z, 1) ** 2), (z, u)]:
        assert abs(np.corrcoef(left, right)[0, 1]) < 3.5 / np.sqrt(z.size)


@both_laws
def test_draws_cannot_be_changed_by_who_gets_them(law):
    draws = law(1, "run", "T1", 3)

    with pytest.raises(ValueError):
        draws[0] = 0.0


def test_the_words_are_those_of_philox_with_a_hashed_key():
    import hashlib

    text = b'["uniform", 1, "run", "T1"]'
    key = int.from_bytes(hashlib.sha256(text).digest()[:16], "little")
    words = np.random.Philox(key=key).random_raw(4)

    expected = [((int(word) >> 12) + 0.5) / 2**52 for word in words]
    assert uniforms(1, "run", "T1", 4).tolist() == expected


def test_the_first_draws_of_a_stream_never_change():
    """Pinned: a stored quote is computed again from these, years later."""
    assert uniforms(20261201, "closure", "caspian", 3).tolist() == [
        0.1672588919459702,
        0.3951870075574987,
        0.23786739851782446,
    ]
    assert normals(20261201, "closure", "caspian", 3).tolist() == pytest.approx(
        [-0.5047815689417945, -1.4910630800772637, 1.5524341782095523], abs=1e-12
    )


def test_a_negative_number_of_draws_is_refused():
    with pytest.raises(InvalidInput):
        uniforms(1, "run", "T1", -1)
