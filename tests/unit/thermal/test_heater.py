"""Thermostats: duty law and the states it leads to."""

import numpy as np
import pytest
from bodies import SIGMA, audited, bar, lump, orders, run
from scipy.optimize import brentq
from scipy.sparse import csr_matrix

from thermal.heater import Heater, duty, duty_slope, knee
from thermal.solve.linear import ShiftedSolver
from thermal.solve.steady import steady_state
from thermal.solve.ways import Feedback

HEATER = Heater("h", "bar", power=20.0, on_below=281.15, off_above=285.15)
LOW, HIGH = knee(HEATER)
GAIN = HEATER.power / (HIGH - LOW)


def thermostat(weights, heater=HEATER):
    """The heater as feedback on weights that add up to one."""
    columns = csr_matrix(np.reshape(weights, (-1, 1)))
    mean, slope = (lambda t, means: heater.power * duty(heater, means)), (lambda t, means: heater.power * duty_slope(heater, means))
    return Feedback("heaters", columns, mean, slope)


def test_duty():
    """1 below a fifth of the band about its middle, 0 above it, linear inside."""
    assert duty(HEATER, np.array([200.0, 282.75, 282.95, 283.15, 283.55, 400.0])) == pytest.approx([1, 1, 0.75, 0.5, 0, 0])


@pytest.mark.parametrize(("loss", "power"), [((1.5, 250.0, 1), 38.572530), ((0.05 * SIGMA, 0.0, 4), 60 * 0.23529066)])
def test_mean_power_of_a_switching_heater(loss, power):
    """60 W with a band of 5 K, conducting (273.15) and radiating (263.15 K): the mean of the switching cycle, to 1 %."""
    conductance, sink, exponent = loss
    low = 273.15 if exponent == 1 else 263.15
    heater = Heater("h", "lump", 60.0, low, low + 5.0)
    balance = brentq(lambda T: conductance * (T**exponent - sink**exponent) - 60.0 * float(duty(heater, T)), low, low + 5.0)
    assert 60.0 * float(duty(heater, balance)) == pytest.approx(power, rel=0.01)


def test_a_thermostat_needs_a_band():
    """off_above must be warmer."""
    with pytest.raises(ValueError, match="off_above must be warmer"):
        Heater("h", "bar", 20.0, 285.0, 285.0)


@pytest.mark.parametrize("start", [200.0, 283.0, 400.0])
@pytest.mark.parametrize("fluid", [250.0, 278.0, 283.0, 300.0])
def test_steady_state(fluid, start):
    """h A (T - T_f) = P duty(T): on all the time at T_f + P/hA, off at T_f, or (hA T_f + G high)/(hA + G) with G = P/knee.

    The bar's own resistance between heated volume and film, L/(3 k A), belongs to hA. Face to 1e-8 K, mean to 2 mK.
    """
    solid = bar(3, 0.1, 0.05, 1e4)
    h, area, k = 300.0, 0.05**2, 1e4
    model = solid.model(films={"bar:+x": (h, fluid)}, ways=[thermostat(solid.spread("bar"))])
    T = steady_state(model, solid.start(start), 0.0, "direct")
    mean, face = float(solid.spread("bar") @ T), float(solid.area("bar:+x") @ T) / area
    to_fluid = 1 / (1 / (h * area) + 0.1 / (3 * k * area))
    inside = (to_fluid * fluid + GAIN * HIGH) / (to_fluid + GAIN)
    on = fluid + HEATER.power / to_fluid
    exact = on if inside < LOW else fluid if fluid > HIGH else inside
    assert face == pytest.approx(fluid + HEATER.power * float(duty(HEATER, mean)) / (h * area), abs=1e-8)
    assert mean == pytest.approx(exact, abs=2e-3)  # three elements along the bar, one across


def test_steady_state_of_an_isothermal_body():
    """eps sigma A T^4 = P (high - T)/knee to 1e-8 K: the root of the quartic."""
    share = lump(1e4, 0.05).heat_capacity / 1e4
    model = lump(1e4, 0.05, ways=[thermostat(share)])
    T = steady_state(model, np.full(len(share), 300.0), 0.0, "direct")
    roots = np.roots([SIGMA * 0.05, 0, 0, GAIN, -GAIN * HIGH])
    exact = float(roots[(abs(roots.imag) < 1e-9) & (roots.real > 0)].real[0])
    assert LOW < exact < HIGH
    assert pytest.approx(exact, abs=1e-8) == T


def test_order_in_time_with_feedback():
    """Linear inside the band: relaxation to the steady value with C/(G + hA); order 3 holds and the ledger closes to 1e-9."""
    solid = bar(2, 0.1, 0.05, 1e5, 1e6)
    capacity, film = 1e6 * 0.1 * 0.05**2, 300.0 * 0.05**2
    model = solid.model(films={"bar:+x": (300.0, 279.0)}, ways=[thermostat(solid.spread("bar"))])
    steady = steady_state(model, solid.start(283.0), 0.0, "direct")
    start = steady + 0.1
    tau = capacity / (GAIN + film)

    def mean(T):
        return float(solid.spread("bar") @ T)

    exact = mean(steady) + (mean(start) - mean(steady)) * np.exp(-13.0 / tau)
    fine, ledger = audited(model, start, (0.0, 13.0), fixed_steps=256)
    assert mean(fine) == pytest.approx(exact, abs=1e-4)
    errors = [abs(mean(run(model, start, (0.0, 13.0), fixed_steps=n)) - mean(fine)) for n in (4, 8, 16, 32)]
    assert min(orders([1 / 4, 1 / 8, 1 / 16, 1 / 32], errors)) > 2.8
    assert ledger.closure() < 1e-9


@pytest.mark.parametrize("band", [4.0, 1.0, 0.2, 0.05])
@pytest.mark.parametrize("settings", [{}, {"scheme": "implicit_euler", "max_step": 60.0}], ids=["rosw", "implicit_euler"])
def test_a_narrow_band(band, settings):
    """A body that cools from far above the band comes to rest in it, at the closed form to 0.05 K, however steep the thermostat."""
    heater = Heater("h", "lump", 20.0, 281.15, 281.15 + band)
    share = lump(2000.0, 0.05).heat_capacity / 2000.0
    model = lump(2000.0, 0.05, ways=[thermostat(share, heater)])
    low, high = knee(heater)
    gain = heater.power / (high - low)
    roots = np.roots([SIGMA * 0.05, 0, 0, gain, -gain * high])
    exact = float(roots[(abs(roots.imag) < 1e-9) & (roots.real > 0)].real[0])
    assert run(model, np.full(len(share), 300.0), (0.0, 6000.0), **settings) == pytest.approx(exact, abs=0.05)


def test_at_rest_from_every_start():
    """A band of 0.05 K: no start within a tenth of a kelvin ends off the closed form, and resting takes a few long steps."""
    heater = Heater("h", "lump", 20.0, 281.15, 281.20)
    share = lump(2000.0, 0.05).heat_capacity / 2000.0
    model = lump(2000.0, 0.05, ways=[thermostat(share, heater)])
    ends, steps = [], []
    for start in np.linspace(300.0, 300.1, 11):
        count: list[float] = []
        ends.append(float(run(model, np.full(len(share), start), (0.0, 6000.0), [lambda step, count=count: count.append(step.end)])[0]))
        steps.append(len(count))
    assert np.ptp(ends) < 1e-3
    assert 281.15 < min(ends) < max(ends) < 281.20
    assert max(steps) < 40


def test_low_rank_solve_is_the_dense_solve():
    """(s M + A + d + W G W^T) u = r with feedbacks of both signs, against numpy, to 1e-9; heaters without slope cost nothing."""
    solid = bar(4, 0.1, 0.05, 50.0)
    rng = np.random.default_rng(1)
    raw = rng.random((solid.layout.owned, 3))
    weights = raw / raw.sum(axis=0)
    feedback = Feedback("f", csr_matrix(weights), lambda t, m: 0 * m, lambda t, m: 0 * m)
    model = solid.model(held={"bar:-x": 300.0}, films={"bar:+x": (20.0, 290.0)}, ways=[feedback])
    diagonal, gains = rng.random(solid.layout.owned), np.array([-4.0, 0.0, 0.3])
    solver = ShiftedSolver(model, "direct")
    solver.refresh(diagonal)
    solver.gains = {feedback: gains}
    right, change = rng.random(solid.layout.owned), rng.random(len(model.held[0].rows))
    M, A = (dense(matrix) for matrix in (model.M, model.A))
    for shift in (0.0, 0.01, 3.0):
        full = shift * M + A + np.diag(diagonal) - weights @ np.diag(gains) @ weights.T
        r = right.copy()
        rows = model.held[0].rows
        full[rows] = np.eye(len(full))[rows]
        r[rows] = change
        assert solver.solve(shift, right, change) == pytest.approx(np.linalg.solve(full, r), rel=1e-9, abs=1e-12)


def dense(matrix):
    """A sequential PETSc matrix as an array."""
    starts, columns, values = matrix.getValuesCSR()
    return np.asarray(csr_matrix((values, columns, starts), shape=matrix.getSize()).todense())
