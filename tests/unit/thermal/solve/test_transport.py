"""Heat times distance along a heat pipe."""

import numpy as np
import pytest

from meshes.structured import structured_box
from thermal.solve.transport import transport

LENGTH, AREA, K = 0.4, 1e-4, 20000.0
BAR = structured_box((80, 1, 1), (LENGTH, 0.01, 0.01))
X = BAR.points[:, 0]


def test_even_heating_led_away_at_one_end():
    """Q W spread over L, all out at x = 0: Q L/2. T = q (L x - x^2/2)/(k A) with q = Q/L."""
    Q = 50.0
    T = Q / LENGTH * (LENGTH * X - X**2 / 2) / (K * AREA)
    assert transport(BAR.points, BAR.cells, K * np.eye(3), np.array([1.0, 0, 0]))(T) == pytest.approx(Q * LENGTH / 2, rel=1e-6)


def test_evaporator_to_condenser():
    """50 W in over the first 0.1 m, out over the last 0.2 m: Q times the distance of their middles, 50 x 0.25 W m."""
    Q, evaporator, condenser = 50.0, 0.1, 0.2
    fine = np.linspace(0, LENGTH, 8001)
    flow = Q * np.clip(fine / evaporator, 0, 1) * np.clip((LENGTH - fine) / condenser, 0, 1)
    drop = np.concatenate([[0.0], np.cumsum(0.5 * (flow[1:] + flow[:-1]) * np.diff(fine))]) / (K * AREA)
    T = -np.interp(X, fine, drop)
    assert transport(BAR.points, BAR.cells, K * np.eye(3), np.array([1.0, 0, 0]))(T) == pytest.approx(Q * 0.25, rel=1e-6)


def test_a_pipe_fed_in_the_middle_counts_its_worse_half():
    """Heated evenly, led away at both ends: each half carries Q/2 over L/4, that is Q L/8; divided at L/4 the longer side counts."""
    Q, axis = 50.0, np.array([1.0, 0, 0])
    for divide in (1 / 2, 1 / 4):  # where the flow turns, as a fraction of the length
        T = Q / LENGTH * (divide * LENGTH * X - X**2 / 2) / (K * AREA)
        load = Q / LENGTH * ((1 - divide) * LENGTH) ** 2 / 2
        assert transport(BAR.points, BAR.cells, K * np.eye(3), axis)(T) == pytest.approx(load, rel=1e-6)


def test_along_its_own_axis():
    """A pipe turned by 30 degrees with little conduction across carries the same."""
    c, s = np.cos(np.pi / 6), np.sin(np.pi / 6)
    turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])
    tensor = turn @ np.diag([K, 1.0, 1.0]) @ turn.T
    Q = 50.0
    T = Q / LENGTH * (LENGTH * X - X**2 / 2) / (K * AREA)
    assert transport(BAR.points @ turn.T, BAR.cells, tensor, turn[:, 0])(T) == pytest.approx(Q * LENGTH / 2, rel=1e-6)
