"""Gradients of an orbit with exchange under blankets that conduct, leakage, and properties over temperature."""

from typing import Any

import numpy as np
import pytest
from bodies import Solid
from scipy.sparse import csr_matrix

from meshes.join import join
from meshes.structured import structured_box
from thermal.conduction.stiffness import stiffness
from thermal.conduction.varying import Law
from thermal.curve import Curve
from thermal.radiation.enclosure import Enclosure, Surfaces, transfer
from thermal.sensitivity.adjoint import periodic_adjoint
from thermal.sensitivity.gradient import Conductors, Gradients, Moments
from thermal.sensitivity.objective import extreme
from thermal.sensitivity.trajectory import retrace
from thermal.signal import Signal
from thermal.solve.periodic import periodic_state
from thermal.solve.settings import Solver
from thermal.solve.steady import steady_state
from thermal.solve.ways import Feedback, Source

PERIOD = 5700.0
EVENTS = (0.0, 3600.0, PERIOD)
SUN = Signal(np.array([0.0, 3600.0, 3600.0, PERIOD]), np.array([900.0, 900.0, 0.0, 0.0])[:, None])
SOLVER = Solver(tolerance=1e-5, fixed_steps=16, linear="direct")
FALLING = Curve(np.array([100.0, 500.0]), np.array([1.2, 0.7]))
RISING = Curve(np.array([100.0, 500.0]), np.array([0.7, 1.2]))
F = [np.array([[0.0, 0.4, 0.3], [0.4, 0.0, 0.2], [0.3, 0.2, 0.0]]), np.array([[0.0, 0.1, 0.3], [0.1, 0.0, 0.4], [0.3, 0.4, 0.0]])]
BOXES = [structured_box((2, 2, 1), (0.1, 0.1, 0.1), (x, 0.0, 0.0), name=name) for name, x in (("a", 0.0), ("b", 0.1), ("c", 0.4))]
K = np.array([20.0, 8.0, 20.0])


def enclosure(solid: Solid, emittance: float = 1.0) -> Enclosure:
    """Three faces in two poses, the second under a blanket that conducts; the emittance of the third times a factor."""
    given = Surfaces(
        np.full(3, 0.4), np.array([0.8, 0.6, 0.3 * emittance]), np.array([np.nan, 0.05, np.nan]), np.array([0.0, 0.5, 0.0]), np.full(3, 0.6)
    )
    weights = solid.faces[:, [solid.assembly.face_names.index(face) for face in ("a:+z", "b:+z", "c:+z")]].tocsr()
    areas = np.asarray(weights.sum(axis=0)).ravel()
    poses = [transfer(one, 1.0 - one.sum(axis=1), areas, given) for one in F]
    times = np.array([0.0, 0.5 * PERIOD])
    return Enclosure("space", weights, areas, given, poses, times, PERIOD, 3.0, absorbed=lambda t: np.array([0.3]))


def solid_and_model(power: float = 1.0, conductivity: float = 1.0, emittance: float = 1.0) -> tuple[Solid, Any]:
    """Boxes of which one leaks, one conducts and stores by its temperature, and one is lit."""
    laws = [Law((1,), conductivity=FALLING, specific_heat=RISING)]
    solid = Solid(join(BOXES), K * np.array([1.0, conductivity, 1.0]), 4e5, laws=laws)
    weights = csr_matrix(solid.spread("b").reshape(-1, 1))
    leaks = Feedback(
        "compute", weights, lambda t, means: power * (3.0 + 0.02 * (means - 300.0)), lambda t, means: np.full(len(means), power * 0.02)
    )
    lit = Source("sun", csr_matrix(0.5 * solid.area("a:-z").reshape(-1, 1)), SUN, SUN.total)
    return solid, solid.model(emitters={"*:-y": (0.7, 3.0)}, contact=100.0, ways=[enclosure(solid, emittance), leaks, lit])


def orbit(made: Any) -> Any:
    """Its periodic state, kept."""
    start = steady_state(made.at_mean(SUN.times), np.full(made.layout.owned, 290.0), 0.0)
    return retrace(made, periodic_state(made, start, lambda: EVENTS, SOLVER), EVENTS, SOLVER)


@pytest.mark.full
def test_power_conductivity_and_emittance():
    """Central differences of the hottest node of the leaking box, to 1e-4 (the frozen matrix is held)."""
    solid, made = solid_and_model()
    among = np.flatnonzero(solid.spread("b") > 0)
    a, local = solid.assembly, solid.layout.local_of_node()
    tensors = K[:, None, None] * np.eye(3)
    rows, columns, values = stiffness(a.points, a.cells, a.cell_part, tensors, [1])
    sums = Gradients(made, Conductors.joined([(local[rows], local[columns], values)], {0: FALLING}))
    with orbit(made) as kept:
        periodic_adjoint(kept, [extreme(kept.steps, among, greatest=True)], sums.add)
    gradient = sums.each()[0]
    share = 1e-3
    more, less = enclosure(solid, 1 + share), enclosure(solid, 1 - share)

    def arriving(at: Moments) -> Any:
        given = (made.sigma, at.t, at.emissive, at.inner)
        return (more.arriving(*given) - less.arriving(*given)) / (2 * share)

    found = {
        "power": gradient.from_feedback(made.feedbacks[0], made.feedbacks[0].rate),
        "conductivity": float(gradient.conducts[0]),
        "emittance": gradient.from_arriving([arriving(at) for at in gradient.moments])
        - made.sigma * float((more.emission - less.emission) @ gradient.fourth) / (2 * share),
    }
    for name, slope in found.items():
        values = []
        for factor in (1.003, 0.997):
            with orbit(solid_and_model(**{name: factor})[1]) as kept:
                values.append(extreme(kept.steps, among, greatest=True).value)
        assert slope == pytest.approx((values[0] - values[1]) / 0.006, rel=1e-4), name
