"""An orbit that is kept step by step with the matrices by which it was marched, so that it can be gone back."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thermal import tableau
from thermal.errors import SensitivityError
from thermal.sensitivity.transposed import refuse
from thermal.solve.linear import ShiftedSolver
from thermal.solve.march import inside, march
from thermal.solve.model import Gains, Model
from thermal.solve.periodic import Periodic
from thermal.solve.settings import Solver
from thermal.solve.step import Step

Floats = NDArray[np.float64]

MEMORY = 4e9  #: bytes of steps that are kept at most


@dataclass(slots=True, eq=False)
class Trajectory:
    """The steps of one periodic orbit, and the solver that made them with its factors."""

    model: Model
    settings: Solver
    solver: ShiftedSolver
    steps: tuple[Step, ...]
    period: float  #: s
    derivatives: Floats  #: of the ways of heat, mean over the orbit (laws, owned)
    gains: Gains  #: slope of each feedback, mean over the orbit [W/K]

    def close(self) -> None:
        """Free the factors."""
        self.solver.close()

    def __enter__(self) -> "Trajectory":
        return self

    def __exit__(self, *rest: object) -> None:
        self.close()


@dataclass(frozen=True, slots=True, eq=False)
class Stages:
    """The stages of one step, as the march had them."""

    h: float  #: s
    times: Floats  #: (4,) s
    states: Floats  #: (4, owned) temperatures [K]
    changes: Floats  #: (4, owned) U of each stage, of the reduced heat content [K]


def stage_times(step: Step) -> Floats:
    """When the stages of a step take their loads (4,) [s]."""
    h = step.end - step.start
    return np.array([inside(step.start + share * h, *step.interval) for share in tableau.STAGE_TIMES])


def stages(model: Model, step: Step) -> Stages:
    """What a step was made of, from its slopes."""
    assert step.slopes is not None
    content = model.reduced(step.before)
    states = np.array([model.temperature(content + row @ step.slopes) for row in tableau.ALPHA])
    return Stages(step.end - step.start, stage_times(step), states, tableau.COUPLING @ step.slopes)


def refuse_scheme(settings: Solver) -> None:
    """Refuse steps that have no stages.

    Raises:
        SensitivityError: another scheme than rosw.
    """
    if settings.scheme != "rosw":
        raise SensitivityError(f'solver.scheme = "{settings.scheme}": gradients go back the stages of "rosw" alone')


def retrace(model: Model, found: Periodic, events: Sequence[float], settings: Solver) -> Trajectory:
    """March a periodic orbit once more, with slopes frozen at its mean, and keep its steps.

    Args:
        model: Of the march; its sources as they were in the orbit that was accepted.
        found: Its periodic state.
        events: Times of the orbit at which loads may jump [s].
        settings: Of the march.

    Raises:
        SensitivityError: what `refuse` says, another scheme than rosw, no periodic state, or more steps than there is memory for.
        SolveError: as `march`.
    """
    refuse(model)
    refuse_scheme(settings)
    if not found.converged:
        raise SensitivityError(
            f"no periodic state within {found.orbits} orbits (estimated error {found.estimated_error:.2g} K), so nothing to differentiate"
        )
    solver = ShiftedSolver(model, settings.linear)
    solver.linearise(found.derivatives)
    solver.frozen = True
    kept: list[Step] = []
    for step in march(model, found.start, events, settings, solver):
        kept.append(step)
        if len(kept) * 6 * step.after.nbytes > MEMORY:
            raise SensitivityError(
                f"{len(kept)} steps of {len(step.after)} nodes take {MEMORY:.0e} bytes; take a larger solver.tolerance_K or a coarser mesh"
            )
    return Trajectory(model, settings, solver, tuple(kept), events[-1] - events[0], found.derivatives, found.gains)
