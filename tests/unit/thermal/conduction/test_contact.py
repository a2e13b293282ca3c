"""The matrix of a contact."""

import numpy as np
import pytest
from scipy.sparse import coo_matrix

from meshes.join import join
from meshes.structured import structured_box
from thermal.conduction.contact import Contact, coupling, triangle_areas


@pytest.fixture
def sides():
    """Points and matching facets of two boxes on each other."""
    boxes = [structured_box((2, 3, 1), (0.2, 0.3, 0.1), (0, 0, z), name=f"b{i}") for i, z in enumerate((0.0, 0.1))]
    whole = join(boxes)
    touch = whole.touches[0]
    return whole.points, whole.facets[touch.facets_a], whole.facets[touch.facets_b]


def matrix(points, a, b, conductance):
    rows, columns, values = coupling(points, a, b, conductance)
    return coo_matrix((values, (rows, columns)), shape=(len(points),) * 2).toarray()


def test_rows_add_up_to_zero_and_it_is_symmetric(sides):
    """Equal temperatures exchange nothing, and what leaves one side enters the other."""
    C = matrix(*sides, 1500.0)
    assert np.abs(C.sum(axis=1)).max() < 1e-12 * np.abs(C).max()
    assert np.abs(C.sum(axis=0)).max() < 1e-12 * np.abs(C).max()
    assert np.array_equal(C, C.T)
    assert np.linalg.eigvalsh(C).min() > -1e-10


def test_a_jump_of_one_kelvin_carries_conductance_times_area(sides):
    """1 K across 0.06 m2 of 1500 W/m2K: 90 W."""
    points, a, _ = sides
    jump = np.zeros(len(points))
    jump[np.unique(a)] = 1.0
    assert jump @ matrix(*sides, 1500.0) @ jump == pytest.approx(90.0, rel=1e-12)
    assert triangle_areas(points, a).sum() == pytest.approx(0.06, rel=1e-12)


def test_linear_in_the_conductance(sides):
    """C(3 h) = 3 C(h); C(0) = 0."""
    assert matrix(*sides, 3000.0) == pytest.approx(3 * matrix(*sides, 1000.0), rel=1e-12)
    assert not matrix(*sides, 0.0).any()


def test_any_order_of_corners(sides):
    """The corners of the second side may be turned or listed the other way round."""
    points, a, b = sides
    assert matrix(points, a, b[:, [2, 0, 1]], 10.0) == pytest.approx(matrix(points, a, b, 10.0))
    assert matrix(points, a, b[:, ::-1], 10.0) == pytest.approx(matrix(points, a, b, 10.0))


def test_sides_that_do_not_match(sides):
    """Says how far apart in millimetres."""
    points, a, b = sides
    moved = points.copy()
    moved[np.unique(b)] += [0.001, 0.0, 0.0]
    with pytest.raises(ValueError, match="do not match: corners up to 1 mm apart"):
        coupling(moved, a, b, 10.0)


def test_a_contact_is_a_conductance_or_a_bond():
    """Neither and both are refused."""
    with pytest.raises(ValueError, match="exactly one of conductance_W_m2K, bonded"):
        Contact(("a", "b"))
    with pytest.raises(ValueError, match="exactly one of conductance_W_m2K, bonded"):
        Contact(("a", "b"), 100.0, True)
