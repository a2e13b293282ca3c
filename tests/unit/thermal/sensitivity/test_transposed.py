"""The transposed slope is that of the balance: what a change of temperatures does to it, weighed, is the same from either side."""

from typing import Any

import numpy as np
import pytest
from bodies import Solid
from scipy.sparse import csr_matrix

from meshes.join import join
from meshes.structured import structured_box
from thermal.conduction.varying import Law
from thermal.curve import Curve
from thermal.heat import Way
from thermal.radiation.enclosure import Enclosure, Surfaces, transfer
from thermal.sensitivity.transposed import slope_transposed
from thermal.solve.emittance import VaryingAbsorption, VaryingEmitter
from thermal.solve.ways import Feedback, Source

FALLING = Curve(np.array([100.0, 500.0]), np.array([1.2, 0.7]))
FACTORS = [np.array([[0.0, 0.4, 0.3], [0.4, 0.0, 0.2], [0.3, 0.2, 0.0]]), np.array([[0.0, 0.1, 0.3], [0.1, 0.0, 0.4], [0.3, 0.4, 0.0]])]


def body(laws: Any = ()) -> Solid:
    """Two boxes in contact and one apart."""
    boxes = [structured_box((2, 2, 1), (0.1, 0.1, 0.1), (x, 0.0, 0.0), name=name) for name, x in (("a", 0.0), ("b", 0.1), ("c", 0.4))]
    return Solid(join(boxes), 20.0, 1e6, laws=laws)


def exchange(solid: Solid, effective: Any, conductance: Any) -> Enclosure:
    """Three faces that see one another and the sky, in two poses."""
    eps = np.array([0.8, 0.6, 0.3])
    given = Surfaces(np.full(3, 0.4), eps, np.array(effective), np.array(conductance), np.full(3, 0.6))
    weights = solid.faces[:, [solid.assembly.face_names.index(face) for face in ("a:+z", "b:+z", "c:+z")]].tocsr()
    areas = np.asarray(weights.sum(axis=0)).ravel()
    poses = [transfer(F, 1.0 - F.sum(axis=1), areas, given) for F in FACTORS]
    return Enclosure(
        "space", weights, areas, given, poses, np.array([0.0, 500.0]), 1000.0, 3.0, absorbed=lambda t: np.full(len(given.blanketed), 0.3)
    )


def feedback(solid: Solid) -> Feedback:
    """Leakage of one part."""
    weights = csr_matrix(solid.spread("b").reshape(-1, 1))
    return Feedback("compute", weights, lambda t, means: 5.0 + 0.05 * (means - 300.0), lambda t, means: np.full(len(means), 0.05))


def varying(solid: Solid) -> list[Way]:
    """An emittance over temperature, and what it absorbs."""
    area = solid.area("c:-z")
    source = Source("earth_infrared", csr_matrix(area.reshape(-1, 1)), lambda times: np.full((len(times), 1), 200.0))
    return [VaryingEmitter("space", 0.8 * area, 3.0, FALLING), VaryingAbsorption(source, FALLING)]


@pytest.mark.parametrize(
    ("effective", "conductance"),
    [([np.nan] * 3, [0.0] * 3), ([np.nan, 0.02, np.nan], [0.0] * 3), ([np.nan, 0.02, 0.0], [0.0, 0.5, 2.0])],
    ids=["bare", "blanket", "blankets that conduct"],
)
def test_either_side_is_the_same(effective, conductance):
    """w' (balance(T + d) - balance(T - d)) = 2 d' J'w, with exchange, blankets, leakage, conductivity and emittance over temperature."""
    solid = body([Law((0,), conductivity=FALLING)])
    ways = [exchange(solid, effective, conductance), feedback(solid), *varying(solid)]
    made = solid.model(emitters={"*:-x": (0.7, 3.0)}, films={"a:-y": (5.0, 280.0)}, held={"c:+x": 310.0}, contact=100.0, ways=ways)
    rng = np.random.default_rng(7)
    T, weight, change = rng.uniform(250.0, 350.0, made.layout.owned), *rng.normal(size=(2, made.layout.owned))
    held = made.held_rows()
    weight[held] = change[held] = 0.0
    h = 1e-2
    forward = weight @ (made.balance(300.0, T + h * change) - made.balance(300.0, T - h * change)) / (2 * h)
    assert change @ slope_transposed(made, 300.0, T, weight) == pytest.approx(forward, rel=1e-6)
