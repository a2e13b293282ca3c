"""Loads that answer to what the next orbit is expected to be: the same state and the same balance, in fewer orbits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from bodies import Solid
from scipy.sparse import csr_matrix

from meshes.structured import structured_box
from thermal.signal import Signal
from thermal.solve.periodic_march import Orbit, PeriodicMarch
from thermal.solve.settings import Solver
from thermal.solve.solution import Solution, Task
from thermal.solve.ways import Feedback, Source

EVENTS = (0.0, 1800.0, 3900.0, 5700.0)
GAIN, SET = 8.0, 290.0  #: W/K and K of a heater
LOST = 0.15  #: of what the heater draws, as heat of what feeds it
WITHIN = 1e-6  #: of what the heater draws, by which what feeds it may be off


@dataclass
class Feeder:
    """Feeds a heater as the last orbit had it, in the sun alone, and warms the body by its losses."""

    answers: bool  #: to orbits that are expected; to marched ones alone otherwise
    state: Any = 0.0  #: energy that the heater draws [J]
    told: list[bool] = field(default_factory=list)  #: of each orbit that it answered to, whether it was expected alone

    def signal(self) -> Signal:
        """Its losses [W]: none in the shadow."""
        power = LOST * self.state / (EVENTS[1] + EVENTS[3] - EVENTS[2])
        return Signal(np.repeat(EVENTS, [1, 2, 2, 1]), power * np.array([1.0, 1.0, 0.0, 0.0, 1.0, 1.0])[:, None])

    def events(self) -> Sequence[float]:
        """Entry to the shadow and exit."""
        return EVENTS

    def update(self, orbit: Orbit | None) -> bool:
        """What the heater drew."""
        if orbit is None or orbit.books is None:
            return False
        drawn, before = orbit.books.heat("heater"), self.state
        self.told.append(orbit.expected)
        if orbit.expected and not self.answers:
            return False
        if not orbit.expected and abs(drawn - before) <= WITHIN * drawn:
            return True
        self.state = drawn
        return False


def fed(answers: bool) -> tuple[Solution, Feeder]:
    """A plate in sun and shadow with a heater, whose feeder answers to orbits that are expected, or to marched ones alone."""
    solid = Solid(structured_box((3, 2, 1), (0.4, 0.3, 0.01), name="a"), 167.0, 2.4e6)
    feeder, over = Feeder(answers), csr_matrix(solid.spread("a")[:, None])
    heater = Feedback("heater", over, lambda t, T: GAIN * np.maximum(SET - T, 0.0), lambda t, T: np.where(T < SET, -GAIN, 0.0))
    losses = Source("losses", over, lambda t: feeder.signal()(t), lambda a, b: feeder.signal().total(a, b), now=feeder.signal)
    lit = {"a:+z": lambda t: 0.0 if EVENTS[1] < t % EVENTS[-1] < EVENTS[2] else 250.0}
    model = solid.model(emitters={"a:+z": (0.85, 3.0)}, fluxes=lit, ways=[heater, losses])
    march = PeriodicMarch(Task(model, solid.volumes, np.array(EVENTS), Solver(linear="direct"), lambda words, done: None), feeder)
    return march.solve(), feeder


@pytest.fixture(scope="module")
def plain() -> tuple[Solution, Feeder]:
    """By marched orbits alone."""
    return fed(False)


@pytest.fixture(scope="module")
def foretold() -> tuple[Solution, Feeder]:
    """With what is expected of the next orbit."""
    return fed(True)


def test_the_same_balance_in_fewer_orbits(plain, foretold):
    """What feeds and what is fed agree to 1e-6 either way; with what is expected in two orbits less, and the state is the same."""
    found, feeder = foretold
    assert found.periodic is not None
    assert plain[0].periodic is not None
    assert found.periodic.converged
    assert found.periodic.orbits <= plain[0].periodic.orbits - 2
    assert feeder.state == pytest.approx(found.ledger.heat()["heater"], rel=WITHIN)
    assert feeder.state == pytest.approx(plain[1].state, rel=1e-5)
    assert found.last == pytest.approx(plain[0].last, abs=0.005)
    assert found.ledger.closure() < 1e-11


def test_nothing_settles_by_what_is_expected(foretold):
    """The last orbit that loads answered to was marched."""
    _, feeder = foretold
    assert any(feeder.told)
    assert not feeder.told[-1]
