"""Straps between faces."""

import numpy as np
import pytest
from bodies import Solid, audited

from meshes.join import join
from meshes.structured import structured_box
from thermal.conduction.strap import strap_coupling
from thermal.solve.steady import steady_state


def two_bars(comm=None):
    """Two bars of 100 mm, 20 mm apart, with a strap of 0.5 W/K from end to end."""
    a = structured_box((5, 2, 3), (0.1, 0.02, 0.03), name="a")
    b = structured_box((4, 3, 2), (0.1, 0.02, 0.03), (0.12, 0.0, 0.0), name="b")
    solid = Solid(join([a, b]), [167.0, 40.0], [2.4e6, 1.6e6], comm)
    whole = solid.assembly
    ends = [whole.facets[whole.facet_face == whole.face_names.index(name)] for name in ("a:+x", "b:-x")]
    one, other = (np.ones(len(facets)) for facets in ends)
    return solid, strap_coupling(whole.points, ends[0], one, ends[1], other, 0.5)


def test_heat_through_a_strap():
    """350 K | bar of 0.998 K/W | 0.5 W/K | bar of 4.167 K/W | 300 K: Q = 50/(L/(k1 A) + 1/g + L/(k2 A)), to 1e-8."""
    solid, strap = two_bars()
    model = solid.model(held={"a:-x": 350.0, "b:+x": 300.0}, couplings=[strap])
    T = steady_state(model, solid.start(320.0), 0.0, "direct")
    area = 0.02 * 0.03
    heat = 50.0 / (0.1 / (167.0 * area) + 1 / 0.5 + 0.1 / (40.0 * area))
    enters, leaves = (model.product(model.A, T)[held.rows].sum() for held in model.held)
    assert enters == pytest.approx(heat, rel=1e-8)
    assert leaves == pytest.approx(-enters, rel=1e-10)
    mean_a, mean_b = (float(solid.area(face) @ T) / area for face in ("a:+x", "b:-x"))
    assert enters == pytest.approx(0.5 * (mean_a - mean_b), rel=1e-9)


def test_conserves_heat():
    """Rows add up to zero, the matrix is symmetric and couples nothing the wrong way, and a march closes to 1e-9."""
    solid, (rows, columns, values) = two_bars()
    n = len(solid.assembly.points)
    C = np.zeros((n, n))
    np.add.at(C, (rows, columns), values)
    assert abs(C.sum(axis=1)).max() < 1e-15
    assert abs(C - C.T).max() < 1e-17
    assert (C - np.diag(np.diag(C))).max() <= 0.0
    assert np.linalg.eigvalsh(C).min() > -1e-15
    model = solid.model(heat={"a": 20.0}, emitters={"b:+x": (0.9, 3.0)}, couplings=[(rows, columns, values)])
    _, ledger = audited(model, solid.start(290.0), (0.0, 3600.0))
    assert ledger.closure() < 1e-9


def test_heat_flows_from_hot_to_cold_at_every_vertex():
    """A face from 300 to 350 K against one of 350 K: the middle is at 337.5 K, warmer spots lose and colder ones gain, 12.5 W in all."""
    solid, (rows, columns, values) = two_bars()
    points, names = solid.assembly.points, solid.assembly.face_names
    n, ends = len(points), [solid.assembly.facets[solid.assembly.facet_face == names.index(name)] for name in ("a:+x", "b:-x")]
    T = np.full(n, 350.0)
    T[np.unique(ends[0])] = 300.0 + 50.0 * points[np.unique(ends[0]), 1] / 0.02
    C = np.zeros((n, n))
    np.add.at(C, (rows, columns), values)
    lost, middle = C @ T, (325.0 + 350.0) / 2
    first, second = (np.unique(facets) for facets in ends)
    assert lost[first].sum() == pytest.approx(0.5 * (325.0 - 350.0), rel=1e-12)
    assert lost[second].sum() == pytest.approx(-lost[first].sum(), rel=1e-12)
    assert np.all(np.sign(lost[first]) == np.sign(T[first] - middle))
    assert np.all(lost[second] > 0)
