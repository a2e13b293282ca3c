"""What the mesh does to temperatures, estimated in the space of quadratic elements."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from thermal.conduction.enrichment import Enrichment
from thermal.conduction.flat_cells import nodes_of_flat_cells
from thermal.errors import SolveError
from thermal.solve.linear import ShiftedSolver
from thermal.solve.quadratic.plates import Plates

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Pair = tuple[Floats, Floats]  #: on this rank's nodes (owned,), and on the bubbles (m,)
Pairs = tuple[Floats, Floats]  #: the same of k states (k, owned) and (k, m)

Found = tuple[Pairs, Pairs]  #: states, and what the iterations may have left of them (nowhere below zero) [K]

LOOKS = 3  #: iterations of conjugate gradients from one look at what they still change to the next
MOST_ITERATIONS = 30 * LOOKS  #: each with one solve by the kept factor
ENOUGH = 5e-3  #: of the greatest temperature, that the iterations may leave as their changes foretell it
FASTEST, SLOWEST = 0.5, 0.95  #: by which changes are taken to shrink from look to look
NOTHING = 1e-12  #: of the residual's norm in the preconditioner, below which all is round-off


@dataclass(slots=True, eq=False)
class Shifts:
    """How far quadratic elements on the same mesh would move the temperatures of a model. All calls are collective.

    Conjugate gradients on the whole quadratic system distribute what the first-order solution leaves over, and say what they leave
    themselves. They are preconditioned by the first-order factor, the bubbles' diagonal and a factor of its own for plates. What comes
    back from other surfaces, and feedbacks, are left out. A network that is attached moves along where its slopes are among the solver's,
    its states behind the nodes; what bubbles do to the means of its walls is left out.

    Args:
        solver: Of the model, its slopes brought up to date.
        enriched: Bubbles of the same mesh.
    """

    solver: ShiftedSolver
    enriched: Enrichment
    _flat: NDArray[np.bool_] = field(init=False)  #: (n,) nodes of flat cells

    def __post_init__(self) -> None:
        self._flat = nodes_of_flat_cells(self.enriched.points, self.enriched.cells)

    def left(self, T: Floats, load: Floats, on_nodes: Floats) -> Pair:
        """What a state leaves over [W].

        Args:
            T: All nodes, input order [K].
            load: Heat into the bubbles (m,) [W], less what they store.
            on_nodes: Heat into the nodes (n,) [W] that the lumped model does not have.
        """
        model = self.solver.model
        over = np.concatenate([model.layout.scatter(on_nodes), np.zeros(self._behind)])
        return self._kept(over, load - self.enriched.conducted(T))

    def steady(self, left: Pairs) -> Found:
        """Of states that have all the time they need [K]."""
        return self._solve(0.0, left)

    def after(self, spans: Sequence[tuple[float, Pairs]], start: Found | None = None, count: int = 1) -> Found:
        """After times in which states left over so much, from one shift to another; implicit Euler in these spans.

        Args:
            spans: Each its duration [s] and what is left over on the mean of it.
            start: Before the first; none by default.
            count: States, where there is neither.
        """
        rows = self.solver.model.layout.owned + self._behind
        count = count if not spans else len(spans[0][1][0])
        nothing = np.zeros((count, rows)), np.zeros((count, len(self.enriched.edges)))
        now, open_ = start or (nothing, nothing)
        for duration, left in spans:
            drawn = self._products(0.0, now)
            more, missed = self._solve(1.0 / duration, self._kept(left[0] - drawn[0], left[1] - drawn[1]))
            now, open_ = (now[0] + more[0], now[1] + more[1]), (open_[0] + missed[0], open_[1] + missed[1])
        return now, open_

    def _kept(self, nodes: Floats, edges: Floats) -> Pair:
        """Nothing where temperatures are held; of one state or several."""
        nodes, edges = nodes.copy(), edges.copy()
        nodes[..., self.solver.held] = 0.0
        edges[..., self.enriched.still] = 0.0
        return nodes, edges

    def _products(self, shift: float, x: Pairs) -> Pairs:
        """(shift M + A) x of the quadratic system, state by state [W]."""
        layout = self.solver.model.layout
        full = np.array([layout.gather(c) for c in x[0][:, : layout.owned]])
        on_nodes, edges = self.enriched.taken(shift, full, x[1])
        return self._kept(
            np.array([self._on_nodes(shift, one, layout.scatter(more)) for one, more in zip(x[0], on_nodes, strict=True)]), edges
        )

    def _on_nodes(self, shift: float, x: Floats, more: Floats) -> Floats:
        """What the nodes of one state draw, and a network behind them, with what bubbles have them draw more [W]."""
        model, layout = self.solver.model, self.solver.model.layout
        c, u = np.split(x, [layout.owned])
        nodes = model.product(self.solver.reference.A, c) + self.solver.diagonal() * c
        if shift:
            nodes += shift * self.solver.reference.stored(c)
        nodes += more
        attached = model.attached
        if attached is not None and attached in self.solver.gains:
            slopes = self.solver.gains[attached]
            nodes -= attached.weights @ attached.brought(slopes, x)
            u = shift * attached.capacities() * u - attached.right(attached.heat_slope(slopes, x)[1])
        return np.concatenate([nodes, u])

    @property
    def _behind(self) -> int:
        """Rows of an attached network that moves along, on this rank."""
        attached = self.solver.model.attached
        return attached.rows if attached is not None and attached in self.solver.gains else 0

    def _solve(self, shift: float, right: Pairs) -> Found:
        """Solve (shift M + A) x = right for several at once, each with little left over.

        Raises:
            SolveError: A factor failed.
        """
        with Plates(self.solver, self.enriched, self._flat, shift) as plates:
            return self._iterated(shift, right, plates)

    def _iterated(self, shift: float, right: Pairs, plates: Plates) -> Found:
        """Each way is made conjugate to the last one, or with a network, whose matrix is not symmetric, to all before it.

        The states share their solves by the factors and leave when they are done.
        """
        oblique = self.solver.model.attached is not None
        found, rest = _nothing_like(right), (right[0].copy(), right[1].copy())
        going, missed = np.arange(len(right[0])), _nothing_like(right)
        progress = _Progress(_nothing_like(right), np.full(len(going), np.inf))
        ways: list[tuple[Pairs, Pairs, Floats]] = []
        first = np.zeros(len(going))
        for count in range(MOST_ITERATIONS + 1):
            way = self._near(shift, rest, plates)
            now = np.abs(self._dots(rest, way))
            if not np.isfinite(now).all():
                raise SolveError(f"the estimate of the mesh's error failed (a value is not finite; shift {shift:g} 1/s)")
            first = np.where(first > 0.0, first, now)
            on = now > NOTHING**2 * first
            for part in missed:  # what is solved has nothing left, whatever it changed by on the way
                part[going[~on]] = 0.0
            if count and count % LOOKS == 0:
                on &= self._look(progress, _some(found, going), going, missed)
            if not on.all():  # those that are done leave
                going, first, rest, way, progress = going[on], first[on], _some(rest, on), _some(way, on), progress.some(on)
                ways = [(_some(old, on), _some(of_old, on), curvature[on]) for old, of_old, curvature in ways]
            if not len(going) or count == MOST_ITERATIONS:
                break
            drawn = self._products(shift, way)
            for old, of_old, curvature in ways:
                share = self._dots(old, drawn) / curvature
                way, drawn = _plus(way, -share, old), _plus(drawn, -share, of_old)
            curvature = self._dots(way, drawn)
            step = self._dots(way, rest) / curvature
            for whole, part in zip(found, way, strict=True):
                whole[going] += step[:, None] * part
            rest = _plus(rest, -step, drawn)
            ways = [*(ways if oblique else []), (way, drawn, curvature)]
        return found, missed

    def _near(self, shift: float, rest: Pairs, plates: Plates) -> Pairs:
        """Nearly what heats (k, owned) and (k, m) [W] do [K]: first-order elements, each bubble by itself, and plates, together."""
        layout = self.solver.model.layout
        nodes = self.solver.solve_all(shift, rest[0])
        edges = rest[1] / (self.enriched.diagonal + shift * self.enriched.storing)
        if plates.any:
            full = np.array([layout.gather(one) for one in rest[0]])
            of_plates, edges[:, plates.edges] = plates.solved(full, rest[1])
            full[:] = 0.0
            full[:, plates.nodes] = of_plates
            nodes[:, : layout.owned] += np.array([layout.scatter(one) for one in full])
        return nodes, edges

    def _look(self, progress: "_Progress", found: Pairs, going: Ids, missed: Pairs) -> NDArray[np.bool_]:
        """Which states have to go on, after it was noted what those that are going leave, by their changes since the last look."""
        change = found[0] - progress.seen[0], found[1] - progress.seen[1]
        size, whole = self._greatest(change), self._greatest(found)
        rate = np.clip(np.divide(size, progress.size, out=np.full(len(size), SLOWEST), where=progress.size > 0.0), FASTEST, SLOWEST)
        rate = np.where(np.isfinite(progress.size), rate, SLOWEST)
        ahead = rate / (1.0 - rate)
        progress.seen, progress.size = found, size
        for whole_missed, part in zip(missed, change, strict=True):
            whole_missed[going] = ahead[:, None] * np.abs(part)
        return np.asarray(ahead * size > ENOUGH * whole)

    def _greatest(self, x: Pairs) -> Floats:
        """Greatest values of the mesh, state by state (k,) [K]."""
        layout = self.solver.model.layout
        local = np.abs(x[0][:, : layout.owned]).max(axis=1, initial=0.0)
        return np.maximum(layout.extreme(local, True), np.abs(x[1]).max(axis=1, initial=0.0))

    def _dots(self, x: Pairs, y: Pairs) -> Floats:
        """Scalar products, state by state (k,)."""
        on_nodes = np.asarray(self.solver.model.layout.sum(np.einsum("ki,ki->k", x[0], y[0])))
        return on_nodes + np.einsum("ki,ki->k", x[1], y[1])


@dataclass(slots=True, eq=False)
class _Progress:
    """Of states that are going."""

    seen: Pairs  #: at the last look
    size: Floats  #: (k,) greatest change before it [K]; infinite where there was none

    def some(self, which: NDArray[np.bool_]) -> "_Progress":
        return _Progress(_some(self.seen, which), self.size[which])


def _nothing_like(x: Pairs) -> Pairs:
    return np.zeros_like(x[0]), np.zeros_like(x[1])


def _plus(x: Pairs, factor: Floats, y: Pairs) -> Pairs:
    """x + factor y, state by state."""
    return x[0] + factor[:, None] * y[0], x[1] + factor[:, None] * y[1]


def _some(x: Pairs, which: NDArray[np.bool_] | Ids) -> Pairs:
    """Some of the states."""
    return x[0][which], x[1][which]
