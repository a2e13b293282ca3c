"""Refusals of closure and exchange, and what closing leaves alone."""

import numpy as np
import pytest
from triangles import box, together

from thermal.radiation.closure import ClosureError, close
from thermal.radiation.pair_factors import pair_factors
from thermal.radiation.radiosity import absorbed_matrix, exchange, incident
from thermal.radiation.ray_factors import view_factors


def test_open_cavity_that_is_claimed_closed():
    """The groups that see the opening are named, worst first."""
    faces = box((0, 0, 0), (1, 1, 1), 2, inward=True)
    view, groups = together(faces[:5])
    traced = view_factors(view, groups, 4096)
    with pytest.raises(ClosureError, match=r"sees the sky.*0\.\d+ in group") as raised:
        close(traced.F, traced.sky, traced.areas, sealed=True)
    assert len(raised.value.groups) == 5
    assert raised.value.residuals == sorted(raised.value.residuals, reverse=True)


def test_rows_far_from_one_are_refused():
    F = np.array([[0, 0.8], [0.8, 0.0]])
    with pytest.raises(ClosureError, match=r"do not close.*0\.2 in group 0"):
        close(F, np.zeros(2), np.ones(2))


def test_rows_that_nothing_can_close():
    """Two plates of different area that see only each other cannot both have rows of one."""
    with pytest.raises(ClosureError, match="no correction"):
        close(np.array([[0, 1.0], [1.0, 0]]), np.zeros(2), np.array([1.0, 1.02]))


def test_exact_pairs_stay_when_they_may_not_move():
    """Freedom in proportion to the variance: only factors from rays change."""
    view, _ = together([*box((0, 0, 0), (1, 1, 1), 3, inward=True), np.concatenate(box((0.3, 0.3, 0.2), (0.6, 0.7, 0.5), 2))])
    pairs = pair_factors(view, 256)
    freedom = pairs.error.power(2) + 1e-9 * pairs.G
    closed = close(pairs.F, np.zeros(view.count), view.areas, freedom=freedom, sealed=True)
    change = abs(closed.G - pairs.G).toarray()
    exact = (pairs.error.toarray() == 0) & (pairs.G.toarray() > 0)
    assert closed.rows_after < 1e-9
    assert closed.reciprocity_after == 0
    assert change[exact].max() < 0.3 * change.max()


def test_optics_out_of_range():
    F, one = np.array([[0.0, 1], [1, 0]]), np.ones(2)
    with pytest.raises(ValueError, match="emittance must lie above 0 and at most 1: 0 in group 1"):
        exchange(F, np.zeros(2), one, np.array([0.5, 0.0]))
    with pytest.raises(ValueError, match=r"emittance must lie above 0 and at most 1: 1\.3 in group 0"):
        exchange(F, np.zeros(2), one, np.array([1.3, 0.5]))
    with pytest.raises(ValueError, match="emittance must lie above 0 and at most 1: nan in group 0"):
        exchange(F, np.zeros(2), one, np.array([np.nan, 0.5]))
    with pytest.raises(ValueError, match=r"absorptance must lie between 0 and 1: 1\.3 in group 0"):
        absorbed_matrix(F, np.array([1.3, 0.0]))
    with pytest.raises(ValueError, match="nowhere to go"):
        absorbed_matrix(F, np.zeros(2))
    with pytest.raises(ValueError, match="does not fade"):
        incident(F, one, one)
    with pytest.raises(ValueError, match="closed first: row 0"):
        exchange(F * 0.9, np.zeros(2), one, one / 2)
