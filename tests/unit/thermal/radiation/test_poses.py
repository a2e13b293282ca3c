"""Interpolation of exchange areas between positions of moving parts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from triangles import box, rectangle, together

from thermal.radiation.closure import close
from thermal.radiation.poses import between, midpoint_error, shares
from thermal.radiation.ray_factors import view_factors


def blend(matrices, positions, x, period=None):
    """The matrix at x, as enclosures interpolate it."""
    a, b, weight = between(positions, x, period)
    return matrices[a] if weight == 0 else (1 - weight) * matrices[a] + weight * matrices[b]


def closed(rng, areas):
    """A random symmetric matrix with its sky, rows and sky adding up to the areas."""
    G = rng.random((len(areas), len(areas)))
    G = (G + G.T) * areas.min() / (3 * len(areas))
    return G, areas - G.sum(axis=1)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 6), st.integers(1, 8), st.floats(0, 1), st.booleans())
def test_blends_are_reciprocal_and_closed(seed, poses, groups, part, around):
    """Symmetric to the last bit, rows with the sky equal to the areas to round-off, nothing negative."""
    rng = np.random.default_rng(seed)
    areas = rng.uniform(0.1, 2, groups)
    made = [closed(rng, areas) for _ in range(poses)]
    positions = np.cumsum(rng.uniform(0.1, 1, poses))
    period = float(positions[-1] - positions[0] + 0.5) if around else None
    x = float(7 * part if around else positions[0] + part * (positions[-1] - positions[0]))
    x = x if around else min(x, float(positions[-1]))
    G, sky = (blend([m[i] for m in made], positions, x, period) for i in (0, 1))
    np.testing.assert_array_equal(G, G.T)
    np.testing.assert_allclose(G.sum(axis=1) + sky, areas, rtol=1e-14)
    assert min(G.min(), sky.min()) >= 0
    sparse = blend([csr_array(m[0]) for m in made], positions, x, period)
    np.testing.assert_allclose(sparse.toarray(), G, rtol=1e-15)


def test_at_a_position_it_is_that_matrix():
    rng = np.random.default_rng(0)
    made = [rng.random((3, 3)) for _ in range(3)]
    for k, x in enumerate((0.0, 1.0, 3.0)):
        assert blend(made, [0.0, 1.0, 3.0], x) is made[k]
        assert blend(made, [0.0, 1.0, 3.0], x + 8.0, 4.0) is made[k]
    np.testing.assert_allclose(blend(made, [0.0, 1.0, 3.0], -0.25, 4.0), 0.25 * made[2] + 0.75 * made[0])


def test_neighbours():
    assert between([0.0, 1.0], 1.0) == (1, 1, 0.0)
    assert between([0.0], 5.0, period=1.0) == (0, 0, 0.0)
    assert between([5.0], 5.0) == (0, 0, 0.0)


def test_shares_are_the_table_of_neighbours():
    """Columns add up to one, and each is what `between` says, beyond the period too."""
    positions, at = [0.0, 1.0, 3.0], np.array([0.0, 0.25, 2.0, 3.5, 4.25])
    table = shares(positions, at, 4.0)
    assert table.sum(axis=0) == pytest.approx(np.ones(5))
    for column, x in zip(table.T, at, strict=True):
        a, b, weight = between(positions, x, 4.0)
        assert (column[a], column[b]) == ((1.0, 1.0) if a == b else (1 - weight, weight))
    assert shares([5.0], at, 4.0).tolist() == [[1.0] * 5]


def test_half_way_error_of_a_known_change():
    """One pair off by 0.1 m2 of rows of 1 and 2 m2, taken from the sky: 0.1 and 0.05 of the rows."""
    a, b, middle = np.zeros((2, 2)), np.array([[0, 0.4], [0.4, 0]]), np.array([[0, 0.1], [0.1, 0]])
    error = midpoint_error(a, b, csr_array(middle), np.array([1.0, 2.0]))
    assert (error.largest, error.rms) == (pytest.approx(0.1), pytest.approx(0.1))
    assert error.row_largest == pytest.approx(0.1)
    assert error.row_rms == pytest.approx(np.sqrt((1 * 0.1**2 + 2 * 0.05**2) / 3))
    assert error.worst == 0
    assert midpoint_error(a, b, b / 2, np.ones(2)).row_largest == 0


def test_a_turning_wing_needs_positions_close_together():
    """A plate turning beside a box: half the step, about a quarter of the error (interpolation is of second order)."""

    def traced(angle):
        c, s = np.cos(angle), np.sin(angle)
        wing = rectangle((-0.5 * c, 0.3, 1.2 - 0.5 * s), (c, 0, s), (0, 0.8, 0), 2, 2)
        view, groups = together([*box((-0.5, 0.2, 0), (0.5, 1.2, 0.5), 2), wing, wing[:, ::-1]])
        some = view_factors(view, groups, 1 << 17)
        return close(some.F, some.sky, some.areas)

    start, step = 0.3, 0.8
    poses = {x: traced(x) for x in start + step * np.array([0, 0.25, 0.5, 1])}
    first, quarter, half, last = poses.values()
    coarse = midpoint_error(first.G, last.G, half.G, first.areas)
    fine = midpoint_error(first.G, half.G, quarter.G, first.areas)
    assert coarse.row_largest > 0.01
    assert fine.row_largest < 0.4 * coarse.row_largest


def test_refusals():
    with pytest.raises(ValueError, match="must increase"):
        between([1.0, 1.0], 1.0)
    with pytest.raises(ValueError, match="outside 0 to 1"):
        between([0.0, 1.0], 1.5)
    with pytest.raises(ValueError, match="not less than the period"):
        between([0.0, 4.0], 0.5, 4.0)
