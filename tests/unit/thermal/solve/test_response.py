"""How a state answers to a little more heat: linearly where it is warm, by the fourth root where it is at 0 K."""

import numpy as np
import pytest
from bodies import SIGMA, bar

from thermal.solve.linear import ShiftedSolver
from thermal.solve.response import Response
from thermal.solve.steady import steady_state

SOLID = bar(2, 0.01, 0.1, 1e4)
EMITTANCE, AREA = 0.8, 0.01  #: of the end of the bar, m2


def response(model, T, watts, shift=0.0):
    heat = watts * SOLID.spread("bar")
    with ShiftedSolver(model) as solver:
        return Response(model, solver, T, shift).to(heat, np.abs(heat))


def dressed(watts, sink=0.0):
    return SOLID.model(emitters={"bar:+x": (EMITTANCE, sink)}, heat={"bar": watts})


def test_little_heat_moves_a_warm_body_linearly():
    """dT = q / (4 eps sigma A T^3), drawn as well as brought."""
    model = dressed(10.0)
    T = steady_state(model, SOLID.start(300.0), 0.0)
    slope = 4 * EMITTANCE * SIGMA * AREA * T.mean() ** 3
    for watts in (0.01, -0.01):
        assert response(model, T, watts).mean() == pytest.approx(watts / slope, rel=1e-2)


@pytest.mark.parametrize("watts", [1e-6, 1e-2, 5.0])
def test_a_body_at_absolute_zero_comes_to_the_fourth_root(watts):
    """(q / (eps sigma A))^(1/4), where a linear response is millions of kelvin or none."""
    found = response(dressed(0.0), SOLID.start(0.0), watts)
    assert found.mean() == pytest.approx((watts / (EMITTANCE * SIGMA * AREA)) ** 0.25, rel=1e-3)


def test_in_a_short_time_capacity_bounds_it():
    """1 W over 10 s on 1e6 x 1e-4 J/K from 0 K: hardly any of it is emitted."""
    capacity = float(dressed(0.0).heat_capacity.sum())
    found = response(dressed(0.0), SOLID.start(0.0), 1.0, shift=0.1)
    assert found.mean() == pytest.approx(10.0 / capacity, rel=1e-2)
