"""A periodic state foreseen from one rough orbit: the same state, with fewer orbits."""

from typing import Any

import numpy as np
import pytest
from bodies import Solid

from meshes.join import join
from meshes.structured import structured_box
from thermal.reduction.periodic import foresight
from thermal.reduction.snapshots import basis_of
from thermal.solve.periodic_march import Constant, PeriodicMarch
from thermal.solve.settings import Solver
from thermal.solve.solution import Solution, Task

EVENTS = (0.0, 1800.0, 3900.0, 5700.0)


def lit(t: float) -> float:
    """Absorbed flux [W/m2]."""
    return 0.0 if EVENTS[1] < t % EVENTS[-1] < EVENTS[2] else 900.0


def task(heat: tuple[float, float] = (20.0, 5.0), solver: Solver | None = None, **more: Any) -> Task:
    """A light plate that swings by tens of kelvins and a heavy one in contact, `heat` [W] in each."""
    a = structured_box((8, 6, 1), (0.4, 0.3, 0.003), name="a")
    b = structured_box((5, 6, 1), (0.2, 0.3, 0.003), (0.4, 0.0, 0.0), name="b")
    solid = Solid(join([a, b]), [167.0, 40.0], np.array([1.6e6, 2.4e7]))
    emitters = {"a:+z": (0.85, 3.0), "b:+z": (0.8, 3.0)}
    model = solid.model(emitters=emitters, fluxes={"a:+z": lit}, heat=dict(zip("ab", heat, strict=True)), contact=300.0, **more)
    return Task(model, solid.volumes, np.array(EVENTS), solver or Solver(linear="direct"), lambda words, done: None)


def marched(question: Task, foreseen: bool, like: Solution | None = None, unmarched: bool = False) -> tuple[Solution, int]:
    """The periodic state and the steps that it took in all, from nothing or from a like one; `unmarched` where what is foreseen will do."""
    steps = 0

    def count(words: str, done: float) -> None:
        nonlocal steps
        steps += words.startswith("orbit") and "reduced" not in words

    asked = Task(question.model, question.groups, question.times, question.settings, count)
    march = PeriodicMarch(asked, Constant(EVENTS), foresee=foresight(asked, unmarched) if foreseen else None, unmarched=unmarched)
    return (march.solve() if like is None else march.solve(like.last, like=like.history)), steps


@pytest.fixture(scope="module")
def plain() -> tuple[Solution, int]:
    """By orbits and corrections alone."""
    return marched(task(), False)


def test_the_same_state_with_fewer_steps(plain):
    """One rough orbit and one or two to the full tolerance: the state is the one of orbits alone, and two thirds of the steps do."""
    found, steps = marched(task(), True)
    assert found.periodic is not None
    assert found.periodic.converged
    assert found.periodic.estimated_error <= 0.025
    assert found.periodic.orbits <= 3
    assert steps < 0.75 * plain[1]
    assert found.last == pytest.approx(plain[0].last, abs=0.05)
    assert found.history.hottest == pytest.approx(plain[0].history.hottest, abs=0.05)
    assert found.ledger.closure() < 1e-9


def test_from_a_like_orbit(plain):
    """Three times the heat in one plate, from the orbit with less: the start that is foreseen is the state, in at most two orbits."""
    question = task((60.0, 5.0))
    true, whole = marched(question, False)
    found, steps = marched(question, True, plain[0])
    assert found.periodic is not None
    assert found.periodic.converged
    assert found.periodic.orbits <= 2
    assert steps < 0.75 * whole
    assert np.abs(true.last - plain[0].last).max() > 5.0
    assert found.last == pytest.approx(true.last, abs=0.05)


def test_what_is_foreseen_may_do(plain):
    """No orbit but the rough one is marched, and none from a like orbit: both states are within what they say of their error."""
    found, steps = marched(task(), True, unmarched=True)
    again, none = marched(task(), True, plain[0], unmarched=True)
    assert steps < 0.3 * plain[1]
    assert none == 0
    for one in (found, again):
        assert one.reduced is not None
        assert one.reduced.error <= 0.05
        assert one.last == pytest.approx(plain[0].last, abs=one.reduced.error + 0.025)
        assert one.history.mean[0] == pytest.approx(plain[0].history.mean[0], abs=one.reduced.error + 0.025)
        assert one.ledger.closure() < 1e-9


@pytest.mark.parametrize("more", [{"held": {"a:-x": 280.0}}, {"solver": Solver(fixed_steps=10, linear="direct")}])
def test_nothing_is_foreseen(more):
    """Held temperatures have no reduced form, and fixed steps make no rough orbit: all orbits are then those of corrections alone."""
    assert foresight(task(**more)) is None


def test_a_body_that_emits_nothing_has_a_basis():
    """Films alone take its heat: its fields are spanned all the same, and no fourth powers are taken."""
    fields = 290.0 + np.outer(np.arange(3.0), np.linspace(0.0, 1.0, 5))
    made = basis_of(fields, np.full(5, 0.2), np.zeros(5, dtype=bool), fields.mean(axis=0))
    assert made.fourth.shape == (5, 0)
    assert made.expand(made.coordinates(fields[2])) == pytest.approx(fields[2], abs=1e-3)
