"""Matrices and weights from plain arrays."""

import numpy as np
import pytest
from bodies import Solid
from scipy.sparse import csr_matrix

from meshes.join import join
from meshes.structured import structured_box
from thermal.conduction.operators import fullest

BOX = structured_box((3, 2, 4), (0.3, 0.2, 0.1))


def test_layout_round_trip():
    """Scatter then gather gives back every node; each row is one node."""
    layout = Solid(BOX, 1.0).layout
    full = np.arange(layout.size, dtype=float)
    assert np.array_equal(layout.gather(layout.scatter(full)), full)
    assert np.array_equal(np.sort(layout.row_of_node), np.arange(layout.size))
    assert np.array_equal(layout.row_of_node[layout.nodes], np.arange(layout.owned))
    assert np.array_equal(layout.local_of_node()[layout.nodes], np.arange(layout.owned))


def test_rows_are_where_the_nodes_are():
    """A linear field through K: the energy of T = 7 x is 49 k V. A wrong numbering would not give it."""
    solid = Solid(BOX, 3.0)
    T = solid.start(lambda p: 7 * p[:, 0])
    assert T @ solid.model().product(solid.K, T) == pytest.approx(49 * 3.0 * 0.006, rel=1e-12)


def test_capacity_and_weights_add_up():
    """Sum of M is rho c V; vertex volumes and areas are those of the box."""
    solid = Solid(BOX, 1.0, 2e6)
    assert solid.model().heat_capacity.sum() == pytest.approx(2e6 * 0.006, rel=1e-12)
    assert solid.volumes.sum() == pytest.approx(0.006, rel=1e-12)
    areas = dict(zip(BOX.face_names, np.asarray(solid.faces.sum(axis=0)).ravel(), strict=True))
    assert areas == pytest.approx({"box:-x": 0.02, "box:+x": 0.02, "box:-y": 0.03, "box:+y": 0.03, "box:-z": 0.06, "box:+z": 0.06})


def test_conductivity_by_axis():
    """Energy of x, y and z: k_x V, k_y V, k_z V; turned with the part it is R k R^T."""
    turn = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    k = np.diag([1.0, 20.0, 300.0])
    for tensor, expected in ((k, [1, 20, 300]), (turn @ k @ turn.T, [20, 1, 300])):
        solid = Solid(BOX, tensor[None])
        model = solid.model()
        for axis, value in enumerate(expected):
            T = solid.start(lambda p, axis=axis: p[:, axis])
            assert T @ model.product(solid.K, T) == pytest.approx(value * 0.006, rel=1e-12)


def test_every_part_has_its_own_properties():
    """Two boxes side by side, unjoined in the matrix: capacities and conductivities by part."""
    pair = join([structured_box((2, 2, 2), (0.1, 0.1, 0.1), (x, 0, 0), name=name) for name, x in (("a", 0.0), ("b", 0.1))])
    solid = Solid(pair, [5.0, 70.0], [1e6, 3e6])
    model = solid.model()
    for name, k, c in (("a", 5.0, 1e6), ("b", 70.0, 3e6)):
        mine = solid.spread(name) > 0
        T = np.where(mine, solid.start(lambda p: p[:, 0]), 0.0)
        assert model.heat_capacity[mine].sum() == pytest.approx(c * 1e-3, rel=1e-12)
        assert T @ model.product(solid.K, T) == pytest.approx(k * 1e-3, rel=1e-12)


@pytest.mark.parametrize(
    ("k", "c", "words"),
    [
        (np.nan, 1e6, "not a finite number"),
        (np.inf, 1e6, "not a finite number"),
        (1.0, np.nan, "not a finite number"),
        (-1.0, 1e6, "must be positive"),
        (0.0, 1e6, "must be positive"),
        (1.0, -1e6, "must be positive"),
        (1.0, 0.0, "must be positive"),
        (np.diag([1.0, 1.0, -1.0])[None], 1e6, "positive in every direction"),
    ],
)
def test_nonsense_properties_are_refused(k, c, words):
    """Finite-element libraries take them and return nonsense with a success code."""
    with pytest.raises(ValueError, match=words):
        Solid(BOX, k, c)


def test_the_fullest_group_of_a_row():
    """Of equals the first; the first too where a row has nothing."""
    weights = np.array([[0.0, 2.0, 1.0], [3.0, 3.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.5]])
    assert fullest(csr_matrix(weights)).tolist() == weights.argmax(axis=1).tolist() == [1, 0, 0, 2]
