"""Coupling of surfaces by points of quadrature."""

import numpy as np
import pytest

from thermal.conduction.nonmatching import overlay_coupling

ONE = np.array([[0, 1, 2]])
OTHER = np.array([[3, 4, 5]])


def matrix(weights=(0.2, 0.3), conductance=50.0):
    """Two points on one pair of triangles, at their centroids and at a corner."""
    shape_a = np.array([[1 / 3, 1 / 3, 1 / 3], [1.0, 0.0, 0.0]])
    shape_b = np.array([[1 / 3, 1 / 3, 1 / 3], [0.0, 1.0, 0.0]])
    none = np.zeros(2, dtype=np.int64)
    rows, columns, values = overlay_coupling(ONE, OTHER, (none, none), (shape_a, shape_b), np.array(weights), conductance)
    found = np.zeros((6, 6))
    np.add.at(found, (rows, columns), values)
    return found


def test_what_leaves_one_side_enters_the_other():
    """Rows and columns add up to zero, and the matrix is symmetric."""
    K = matrix()
    assert pytest.approx(K.T, abs=1e-15) == K
    assert K.sum(axis=0) == pytest.approx(np.zeros(6), abs=1e-12)


def test_heat_between_two_temperatures():
    """h A (T_a - T_b) with the area of all points."""
    T = np.array([310.0] * 3 + [300.0] * 3)
    assert (matrix() @ T)[:3].sum() == pytest.approx(50.0 * 0.5 * 10.0, rel=1e-12)
