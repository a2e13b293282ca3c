"""A reduced model as a list of arrays, and back: what is interpolated over a box of parameters."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from thermal.basis import Interpolated, Proportional
from thermal.heat import Way
from thermal.reduction.model import Small
from thermal.signal import Signal
from thermal.solve.ways import Feedback, Source

Floats = NDArray[np.float64]

LOOKED_AT = 5  #: times at which sources that are no table are compared


class NotFixedError(ValueError):
    """Something of a model moves that arrays cannot say."""


def pieces(small: Small) -> list[Floats]:
    """Its arrays: matrices, what time brings, and way by way what the rest is made of."""
    found = [small.M, small.A, small.slope]
    places, table = small.together
    if table is not None:
        found += [table.times, table.values]
    for j, way in enumerate(small.ways):
        if isinstance(way, Interpolated):
            found += [*way.by_pose, *way.given, way.matrix]
        elif isinstance(way, Proportional):
            found += [way.given, way.conductance]
        elif isinstance(way, Source) and j not in places:
            found.append(small.spreads[j])
    return found


def assembled(like: Small, arrays: Sequence[Floats]) -> Small:
    """A model of the kind of another one with arrays of its own, as `pieces` has them."""
    given = iter(arrays)
    M, A, slope = next(given), next(given), next(given)
    places, table = like.together
    table = None if table is None else Signal(next(given), next(given))
    ways: list[Way] = []
    for j, way in enumerate(like.ways):
        if isinstance(way, Interpolated):
            by_pose, constant = ([next(given) for _ in way.by_pose] for _ in range(2))
            ways.append(replace(way, by_pose=by_pose, given=constant, matrix=next(given)))
        elif isinstance(way, Proportional):
            ways.append(replace(way, given=next(given), conductance=next(given)))
        elif isinstance(way, Source) and j not in places:
            spread = next(given)
            ways.append(way if spread is like.spreads[j] else replace(way, spread=csr_matrix(spread)))
        else:
            ways.append(way)
    return Small(M, A, slope, ways, like.sampled, (places, table))


def check_alike(one: Small, other: Small, period: float) -> None:
    """Refuse two models that differ in more than the arrays of `pieces`, as far as it shows.

    Raises:
        NotFixedError: another way of heat, another feedback, or a source whose course in time is no table and not the same.
    """
    times = np.linspace(0.0, period, LOOKED_AT)
    for j, (a, b) in enumerate(zip(one.ways, other.ways, strict=False)):
        if type(a) is not type(b) or a.path != b.path:
            raise NotFixedError(f"'{a.path}' is not there everywhere")
        if isinstance(a, Feedback) and isinstance(b, Feedback) and (a.weights != b.weights).nnz:
            raise NotFixedError(f"'{a.path}' answers to other rows")
        if j not in one.together[0] and _moves(a, b, times):
            raise NotFixedError(f"'{a.path}' has a course in time that is no table")
    if len(one.ways) != len(other.ways) or list(one.together[0]) != list(other.together[0]):
        raise NotFixedError("ways of heat come or go")


def _moves(a: Way, b: Way, times: Floats) -> bool:
    """Whether two ways are sources whose courses in time are their own, and not the same."""
    return isinstance(a, Source) and isinstance(b, Source) and a.now is None and not np.array_equal(a.rate(times), b.rate(times))
