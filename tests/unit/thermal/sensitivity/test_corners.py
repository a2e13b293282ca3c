"""Gradients where the law of a thermostat has corners that the orbit crosses."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from bodies import Solid
from scipy.sparse import csr_matrix

from meshes.structured import structured_box
from thermal.heater import Heater, duty, duty_piece, duty_slope, knee
from thermal.sensitivity.adjoint import periodic_adjoint
from thermal.sensitivity.gradient import Conductors, Gradients
from thermal.sensitivity.heaters import drawn
from thermal.sensitivity.objective import mean
from thermal.sensitivity.trajectory import Trajectory, retrace
from thermal.signal import Signal
from thermal.solve.periodic import periodic_state
from thermal.solve.settings import Solver
from thermal.solve.steady import steady_state
from thermal.solve.ways import Feedback, Source

EVENTS = (0.0, 2000.0, 4000.0, 5700.0)
TIMES = np.array([0.0, 2000.0, 2000.0, 4000.0, 4000.0, 5700.0])
STEPS = Solver(tolerance=1e-3, linear="direct")
HEATER = Heater("warm", "a", 20.0, 283.15, 287.15)
PLATE = Solid(structured_box((3, 2, 1), (0.3, 0.2, 0.01), name="a"), 167.0, 2.4e6)
SUN = Signal(TIMES, np.array([900.0, 700.0, 0.0, 0.0, 800.0, 900.0])[:, None])


def orbit(factor: float) -> Trajectory:
    """A lit plate that a heater keeps from getting cold in eclipse, under so much sunlight."""
    spread = PLATE.spread("a")
    warm = Feedback(
        "heaters",
        csr_matrix(spread.reshape(-1, 1)),
        lambda t, T: HEATER.power * duty(HEATER, T),
        lambda t, T: HEATER.power * duty_slope(HEATER, T),
        beyond=lambda t, T: T - np.array(knee(HEATER))[:, None],
        pieces=lambda piece, T: (HEATER.power * duty_piece(HEATER, piece, T)[0], HEATER.power * duty_piece(HEATER, piece, T)[1]),
    )
    lit = Source("sun", csr_matrix((factor * 0.9 * PLATE.area("a:+z")).reshape(-1, 1)), SUN, SUN.total)
    made: Any = PLATE.model(emitters={"a:*z": (0.85, 3.0)}, heat={"a": 12.0}, ways=[warm, lit])
    start = steady_state(made.at_mean(TIMES), np.full(made.layout.owned, 290.0), 0.0)
    return retrace(made, periodic_state(made, start, lambda: EVENTS, STEPS), EVENTS, STEPS)


def test_corners_of_a_thermostat():
    """Mean temperature by sunlight, of steps by their error: 5e-5 of central differences over 0.4 %; across corners it was percents off."""
    rows = PLATE.spread("a")
    with orbit(1.0) as kept:
        assert len({int(next(iter(step.sides.values()))[0]) for step in kept.steps}) == 3
        sums = Gradients(kept.model, Conductors.joined([]))
        periodic_adjoint(kept, [mean(kept.steps, rows)], sums.add)
        sun = [i for i, source in enumerate(kept.model.sources) if source.path == "sun"]
    values = []
    for factor in (1.002, 0.998):
        with orbit(factor) as kept:
            values.append(mean(kept.steps, rows).value)
    assert sums.signals[0, sun[0]] == pytest.approx((values[0] - values[1]) / 0.004, rel=5e-5)


def test_pieces_are_the_law_between_its_corners():
    """Both say the same of a temperature of their own piece, and meet at the corners."""
    low, high = knee(HEATER)
    T, piece = np.array([low - 1, 0.5 * (low + high), high + 1]), np.array([0, 1, 2])
    on, slope = duty_piece(HEATER, piece, T)
    assert on == pytest.approx(duty(HEATER, T))
    assert slope == pytest.approx(duty_slope(HEATER, T))
    assert duty_piece(HEATER, np.array([1, 1]), np.array([low, high]))[0] == pytest.approx([1.0, 0.0])
    assert duty_piece(replace(HEATER, off_above=HEATER.off_above + 1), np.array([2]), np.array([high]))[0] == pytest.approx(0.0)


def test_what_a_heater_draws():
    """A kelvin more everywhere: the slope of the law times the time in its knee, in watts about moments that add up to the energy."""
    low, high = knee(HEATER)
    rows = PLATE.spread("a")
    with orbit(1.0) as kept:
        nodes = np.linspace(0.0, kept.period, 41)
        seeds = drawn(kept.model, kept.steps, nodes)
        courses = [(step.end - step.start, step.at_times(np.linspace(step.start, step.end, 2001)) @ rows) for step in kept.steps]
    inside = sum(length * ((low < T) & (high > T)).mean() for length, T in courses)
    watts = np.array([sum(seed.share * seed.rows.sum() for seed in one) for one in seeds])
    widths = np.concatenate([[0.5], np.ones(39), [0.5]]) * nodes[1]
    assert watts @ widths == pytest.approx(-HEATER.power / (high - low) * inside, rel=1e-3)
    assert (watts <= 0.0).all()
    assert np.count_nonzero(watts) < 20
