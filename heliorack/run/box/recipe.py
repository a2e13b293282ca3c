"""All that a periodic state by a reduced model is made of, as arrays that are functions of the parameters of a box."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.coupling.coupled import Coupling, Participant, State
from heliorack.coupling.electrical import PowerSide
from heliorack.model.body import Body
from heliorack.model.loads import Loads
from heliorack.run.box.tree import Path, UnlikeError, check_alike, leaves, with_leaves
from heliorack.run.prepare import Prepared
from thermal.basis import Basis
from thermal.reduction import pieces
from thermal.reduction.model import Small, projected, reduced_model, reducible, sparse_of

Floats = NDArray[np.float64]
OPAQUE = (Body, Case)  #: of the mesh, or with a number of its own for everything that is solved


class NoBoxError(ValueError):
    """The parameters of a box do more than such a model can follow; says what."""


@dataclass(frozen=True, slots=True, eq=False)
class Recipe:
    """A point of the box, prepared."""

    small: Small
    around: tuple[tuple[Participant, ...], Sequence[float], Loads]  #: what is solved together with it, times at which loads jump, loads
    period: float  #: s
    fixed: Any  #: what must not move at all

    def arrays(self) -> list[Floats]:
        """Of the model first, then of what is around it in the order of `paths`."""
        return [*pieces.pieces(self.small), *leaves(self.around, OPAQUE).values()]

    def paths(self) -> list[Path]:
        """Of numbers around the model."""
        return list(leaves(self.around, OPAQUE))


def recipe(ready: Prepared, basis: Basis) -> Recipe:
    """A prepared case by the coordinates of a basis.

    Raises:
        NoBoxError: it has no reduced form.
    """
    model, coupling = ready.model, ready.coupling
    matrices = [projected(sparse_of(one) @ basis.shapes, basis) for one in (model.M, model.A)]
    small = reduced_model(model, basis, (matrices[0], matrices[1])) if reducible(model) else None
    if small is None:
        raise NoBoxError(
            "held temperatures, an attached network, properties over temperature and blankets that conduct have no reduced form"
        )
    around = (coupling.participants, [float(t) for t in coupling.stops], coupling.state.loads)
    return Recipe(small, around, float(coupling.stops[-1]), (ready.case.heaters, ready.devices))


def compare(one: Recipe, other: Recipe) -> None:
    """Refuse a point that differs from another in more than numbers.

    Raises:
        NoBoxError: heaters or devices that answer to their temperature, another number of something, another choice.
    """
    try:
        pieces.check_alike(one.small, other.small, one.period)
        check_alike(one.around, other.around, OPAQUE)
        check_alike(one.fixed, other.fixed, OPAQUE)
    except (pieces.NotFixedError, UnlikeError) as error:
        raise NoBoxError(str(error)) from error
    mine, theirs = (leaves(each.fixed, OPAQUE) for each in (one, other))
    if any(not np.array_equal(mine[path], theirs[path]) for path in mine):
        raise NoBoxError("heaters, and devices that answer to their temperature, are followed with their own numbers alone")


def put(coupling: Coupling, like: Recipe, small: Sequence[Floats], around: Mapping[Path, Floats], case: Case | None = None) -> Small:
    """Make a coupling that of a point, before its first round; and its reduced model.

    Args:
        case: Its own, of which the bus takes settings and sizes.
    """
    participants, stops, loads = with_leaves(like.around, around)
    if case is not None and case.power is not None:
        participants = (replace(one, case=case, power=case.power) if isinstance(one, PowerSide) else one for one in participants)
    coupling.participants, coupling.stops, coupling.state = tuple(participants), list(stops), State(loads)
    return pieces.assembled(like.small, small)
