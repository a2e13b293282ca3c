"""Adjoint gradients against central differences of the solver's own states, and against closed forms."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from bodies import Solid
from scipy.sparse import csr_matrix

from meshes.join import join
from meshes.structured import structured_box
from thermal.conduction.contact import coupling
from thermal.errors import SensitivityError
from thermal.heat import Alone, Category, Moment
from thermal.sensitivity.adjoint import periodic_adjoint, steady_adjoint
from thermal.sensitivity.gradient import Conductors, Gradient, Gradients
from thermal.sensitivity.objective import extreme, mean
from thermal.sensitivity.trajectory import retrace
from thermal.signal import Signal
from thermal.solve.periodic import periodic_state
from thermal.solve.settings import Solver
from thermal.solve.steady import steady_state
from thermal.solve.ways import Source

PERIOD = 5700.0
EVENTS = (0.0, 1800.0, 3900.0, PERIOD)
TIMES = np.array([0.0, 1800.0, 1800.0, 3900.0, 3900.0, PERIOD])
SOLVER = Solver(tolerance=1e-5, fixed_steps=12, linear="direct")
BODY = Solid(
    join([structured_box((4, 3, 1), (0.4, 0.3, 0.003), name="a"), structured_box((2, 3, 1), (0.2, 0.3, 0.003), (0.4, 0.0, 0.0), name="b")]),
    [167.0, 40.0],
    2.4e6,
)
SUN = Signal(TIMES, np.array([900.0, 700.0, 0.0, 0.0, 800.0, 900.0])[:, None])


class Odd(Alone):
    """Heat that answers to temperature in a way of its own."""

    path = "odd"
    category = Category.WITHIN

    def load(self, now: Moment) -> Any:
        """Some heat."""
        return 0.01 * now.T

    def heat(self, now: Moment) -> float:
        """All of it."""
        return float(self.load(now).sum())


def model(**factors: float) -> Any:
    """Two plates in contact, both radiating, one lit; every parameter times its factor."""
    of = {"heat": 1.0, "sun": 1.0, "emittance": 1.0, "contact": 1.0, "film": 1.0} | factors
    spread = csr_matrix((of["sun"] * 0.4 * BODY.area("a:+z")).reshape(-1, 1))
    return BODY.model(
        emitters={"a:+z": (0.85 * of["emittance"], 3.0), "b:+z": (0.8, 3.0)},
        heat={"b": 25.0 * of["heat"]},
        films={"b:-z": (2.0 * of["film"], 290.0)},
        contact=150.0 * of["contact"],
        ways=[Source("sun", spread, SUN, SUN.total)],
    )


def contact() -> Conductors:
    """The entries of the contact, in owned rows."""
    points, facets = BODY.assembly.points, BODY.assembly.facets
    local = BODY.layout.local_of_node()
    made = [coupling(points, facets[t.facets_a], facets[t.facets_b], 150.0) for t in BODY.assembly.touches]
    rows, columns, values = (np.concatenate([m[i] for m in made]) for i in range(3))
    return Conductors.joined([(local[rows], local[columns], values)])


def periodic(made: Any, settings: Solver = SOLVER) -> Any:
    start = steady_state(made.at_mean(TIMES), np.full(made.layout.owned, 290.0), 0.0)
    return periodic_state(made, start, lambda: EVENTS, settings)


def of_steady(made: Any, T: Any, rows: Any, conductors: Conductors) -> Gradient:
    """Gradient of a weighted temperature of a steady state."""
    sums = Gradients(made, conductors)
    sums.add_steady(T, steady_adjoint(made, T, rows, SOLVER)[None])
    return sums.each()[0]


def derivatives(gradient: Gradient) -> dict[str, float]:
    """By the names of the factors of `model`."""
    signals = dict(zip([s.path for s in gradient.model.sources], gradient.signals, strict=True))
    return {
        "heat": signals["heat b"],
        "sun": signals["sun"],
        "emittance": gradient.emitted(0.85 * BODY.area("a:+z"), 3.0),
        "contact": gradient.conducts[0],
        "film": gradient.film(2.0 * BODY.area("b:-z"), 290.0),
    }


def steady_value(made: Any, rows: Any) -> float:
    mean_model = made.at_mean(TIMES)
    return float(rows @ steady_state(mean_model, np.full(made.layout.owned, 290.0), 0.0, "direct", 1e-12))


def test_steady_gradients_are_central_differences():
    """Every parameter, to 1e-5."""
    made = model().at_mean(TIMES)
    rows = np.eye(made.layout.owned)[7]
    T = steady_state(made, np.full(made.layout.owned, 290.0), 0.0, "direct", 1e-12)
    gradient = of_steady(made, T, rows, contact())
    for name, found in derivatives(gradient).items():
        h = 1e-3
        difference = (steady_value(model(**{name: 1 + h}), rows) - steady_value(model(**{name: 1 - h}), rows)) / (2 * h)
        assert found == pytest.approx(difference, rel=1e-5), name


def figures(steps: Any) -> dict[str, Any]:
    """What is differentiated of an orbit."""
    among = np.flatnonzero(BODY.spread("b") > 0)
    return {"hottest of b": extreme(steps, among, greatest=True), "mean of a": mean(steps, BODY.spread("a"))}


def test_periodic_gradients_are_central_differences():
    """Every parameter, for an extreme and a mean, to 1e-4 of the periodic states that the same solver finds with it moved."""
    made = model()
    with retrace(made, periodic(made), EVENTS, SOLVER) as orbit:
        named, sums = figures(orbit.steps), Gradients(made, contact(), count=2)
        cost = periodic_adjoint(orbit, list(named.values()), sums.add)
    assert cost.orbits <= 7
    found = {name: derivatives(gradient) for name, gradient in zip(named, sums.each(), strict=True)}
    h = 2e-3
    for name in found["mean of a"]:
        moved = []
        for factor in (1 + h, 1 - h):
            other = model(**{name: factor})
            with retrace(other, periodic(other), EVENTS, SOLVER) as orbit:
                moved.append({of: figure.value for of, figure in figures(orbit.steps).items()})
        for of, gradients in found.items():
            assert gradients[name] == pytest.approx((moved[0][of] - moved[1][of]) / (2 * h), rel=1e-4), (of, name)


def test_a_lump_follows_its_closed_forms():
    """T = (Q / eps sigma A + T0^4)^(1/4) of a steady plate: dT/dlnQ = (T^4 - T0^4) / 4 T^3, and the same with the other sign for area."""
    plate = Solid(structured_box((2, 2, 1), (0.5, 0.5, 0.01), name="a"), 1e4, 2e6)
    made = plate.model(emitters={"a:*z": (0.85, 200.0)}, heat={"a": 150.0})
    T = steady_state(made, np.full(made.layout.owned, 290.0), 0.0, "direct", 1e-12)
    gradient = of_steady(made, T, np.eye(made.layout.owned)[0], Conductors.joined([]))
    exact = (T[0] ** 4 - 200.0**4) / (4 * T[0] ** 3)
    assert gradient.signals[0] == pytest.approx(exact, rel=1e-5)
    assert gradient.emitted(0.85 * plate.area("a:*z"), 200.0) == pytest.approx(-exact, rel=1e-5)


def test_what_cannot_be_differentiated_is_refused_by_name():
    """A way of heat that nobody transposed, and the other scheme."""
    made = model()
    with pytest.raises(SensitivityError, match="implicit_euler"):
        retrace(made, periodic(made), EVENTS, replace(SOLVER, scheme="implicit_euler"))
    odd = replace(made, ways=[*made.ways, Odd()])
    with pytest.raises(SensitivityError, match="heat by odd"):
        steady_adjoint(odd, np.full(made.layout.owned, 290.0), np.ones(made.layout.owned), SOLVER)
