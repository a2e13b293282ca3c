"""A reduced model: exact where its basis holds the answer, honest about what it misses, and gone where it has no form."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from bodies import Solid

from meshes.join import join
from meshes.structured import structured_box
from thermal.curve import Curve
from thermal.reduction import periodic
from thermal.reduction.collocation import Steps
from thermal.reduction.model import Moments
from thermal.reduction.periodic import attempt
from thermal.reduction.snapshots import Snapshots
from thermal.solve.emittance import VaryingEmitter
from thermal.solve.periodic_march import Constant, PeriodicMarch
from thermal.solve.settings import Solver
from thermal.solve.solution import Solution, Task

PERIOD = 5700.0
EVENTS = (0.0, 1800.0, 3900.0, PERIOD)


def lit(t: float) -> float:
    """Absorbed flux [W/m2]."""
    return 0.0 if EVENTS[1] < t % PERIOD < EVENTS[2] else 900.0


def task(heat: Sequence[float] = (20.0, 5.0), emittance: float = 0.85, **more: Any) -> Task:
    """Two plates in contact that radiate on one side, `heat` [W] in each."""
    a = structured_box((8, 6, 1), (0.4, 0.3, 0.003), name="a")
    b = structured_box((5, 6, 1), (0.2, 0.3, 0.003), (0.4, 0.0, 0.0), name="b")
    solid = Solid(join([a, b]), [167.0, 40.0], 2.4e6)
    emitters = {"a:+z": (emittance, 3.0), "b:+z": (0.8, 3.0)}
    model = solid.model(emitters=emitters, fluxes={"a:+z": lit}, heat=dict(zip("ab", heat, strict=True)), contact=300.0, **more)
    return Task(model, solid.volumes, np.array(EVENTS), Solver(linear="direct"), lambda words, done: None)


def solved(question: Task) -> Solution:
    """The periodic state of all nodes."""
    return PeriodicMarch(question, Constant(EVENTS)).solve()


def learned(*questions: Task) -> Snapshots:
    """What the periodic states of some questions teach."""
    known = Snapshots()
    for question in questions:
        known.learn(solved(question).history.fields[:, question.model.layout.nodes])
    return known


def test_other_heat_within_the_stated_error():
    """From one load, the other way round and three times as much: the estimate bounds the distance, and is not ten times as large."""
    question = task((15.0, 60.0))
    found = attempt(question, Constant(EVENTS), learned(task())).solution
    true = solved(question)
    assert found is not None
    assert found.reduced is not None
    off = max(
        float(np.abs(found.history.fields - true.history.fields).max()), float(np.abs(found.history.hottest - true.history.hottest).max())
    )
    assert off < found.reduced.error + 0.05  # both orbits are within the tolerance of 0.05 K of the exact one
    assert found.reduced.error <= 10.0 * off
    assert found.reduced.modes < 0.5 * question.model.layout.size


def test_the_estimate_is_the_distance():
    """Without learning what it missed, a basis of one load is off at another one, and says by how much within a fifth."""
    question = task((15.0, 60.0))
    found = attempt(question, Constant(EVENTS), learned(task()), rounds=1, accepted=np.inf).solution
    assert found is not None
    assert found.reduced is not None
    off = float(np.abs(found.history.fields - solved(question).history.fields).max())
    assert off > 0.3
    assert found.reduced.error / periodic.SAFETY == pytest.approx(off, rel=0.2)


def test_other_optics():
    """The same plates with half the emittance, tens of kelvins hotter: learned on the way."""
    question = task(emittance=0.4)
    found = attempt(question, Constant(EVENTS), learned(task())).solution
    assert found is not None
    assert found.history.hottest == pytest.approx(solved(question).history.hottest, abs=0.15)


def test_first_law():
    """Heat by path is that of the full model to the time error, and what is stored is the sum of the paths to round-off."""
    question = task((15.0, 60.0))
    found = attempt(question, Constant(EVENTS), learned(task())).solution
    assert found is not None
    assert found.ledger.closure() < 1e-9
    full = solved(question).ledger.heat()
    assert found.ledger.heat() == pytest.approx(full, rel=1e-3, abs=1e-3 * max(full.values()))


def test_a_reduced_model_is_the_full_one_on_its_basis():
    """At a learned state: balances and heat by path are those of the full model, up to the interpolation of fourth powers."""
    question = task()
    known = learned(question)
    basis = known.basis(question.model)
    small = known.reduced(question.model, basis)
    assert small is not None
    T = known.fields[7]
    steps = Steps(np.array([900.0, 1100.0]), np.array([900.0]), np.array([1100.0]))
    at, q = Moments(small, steps, np.array([0.5]), np.ones(1)), basis.coordinates(T)[None]
    assert basis.shapes.sum(axis=1) == pytest.approx(1.0, abs=1e-12)
    assert basis.expand(q[0]) == pytest.approx(T, abs=2e-3)
    assert at.heat(q, at.fed(q)[0])[0] == pytest.approx(question.model.outside(1000.0, basis.expand(q[0]))[1], abs=1e-3)
    balance = at.load(q, at.fed(q)[0])[0] - small.A @ q[0]
    assert balance == pytest.approx(basis.project(question.model.balance(1000.0, basis.expand(q[0]))), abs=1e-3)
    assert small.M.sum() == pytest.approx(question.model.heat_capacity.sum(), rel=1e-12)


def test_held_temperatures_have_no_reduced_form():
    """A plate held at its edge is solved in full: the attempt gives neither a solution nor a guess."""
    question = task(held={"a:-x": 280.0})
    guess = np.full(question.model.layout.owned, 285.0)
    found = attempt(question, Constant(EVENTS), learned(task()), guess)
    assert found.solution is None
    assert found.guess is None


def test_emittance_over_temperature_has_no_reduced_form():
    """Its emission is no fourth power: a case with it is solved in full."""
    question = task()
    known = learned(question)
    half = Curve(np.array([200.0, 400.0]), np.array([1.0, 0.5]))
    ways = [VaryingEmitter("varying", np.full(question.model.layout.owned, 1e-5), 3.0, half)]
    other = task(ways=ways)
    assert known.reduced(question.model, known.basis(question.model)) is not None
    assert known.reduced(other.model, known.basis(other.model)) is None


def test_nothing_known_is_nothing():
    """A store is false until it has learned a field."""
    assert not Snapshots()
    assert learned(task())
