"""What the mesh does to temperatures, estimated in the space of quadratic elements."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thermal.conduction.enrichment import Enrichment
from thermal.solve.linear import ShiftedSolver

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]  #: on this rank's nodes (owned,), and on the bubbles (m,)
Pairs = tuple[Floats, Floats]  #: the same of k states (k, owned) and (k, m)

MOST_ITERATIONS = 30  #: of conjugate gradients, each with one solve by the kept factor
ENOUGH = 3e-2  #: of the residual's norm in the preconditioner; a factor of safety comes later


@dataclass(frozen=True, slots=True, eq=False)
class Shifts:
    """How far quadratic elements on the same mesh would move the temperatures of a model. All calls are collective.

    Conjugate gradients on the whole quadratic system, preconditioned by the first-order factor and the bubbles' diagonal, distribute what
    the first-order solution leaves over. What comes back from other surfaces, and feedbacks, are left out. A network that is attached
    moves along where its slopes are among the solver's, its states behind the nodes; what bubbles do to the means of its walls is left out.

    Args:
        solver: Of the model, its slopes brought up to date.
        enriched: Bubbles of the same mesh.
    """

    solver: ShiftedSolver
    enriched: Enrichment

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

    def steady(self, left: Pairs) -> Pairs:
        """Of states that have all the time they need [K]."""
        return self._solve(0.0, left)

    def after(self, spans: Sequence[tuple[float, Pairs]], start: Pairs | None = None, count: int = 1) -> Pairs:
        """After times in which states left over so much, from one shift to another; implicit Euler in these spans.

        Args:
            spans: Each its duration [s] and what is left over on the mean of it.
            start: Before the first; none by default.
            count: States, where there is neither.
        """
        rows = self.solver.model.layout.owned + self._behind
        count = count if not spans else len(spans[0][1][0])
        now = start or (np.zeros((count, rows)), np.zeros((count, len(self.enriched.edges))))
        for duration, left in spans:
            drawn = self._products(0.0, now)
            more = self._solve(1.0 / duration, self._kept(left[0] - drawn[0], left[1] - drawn[1]))
            now = now[0] + more[0], now[1] + more[1]
        return now

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

    def _solve(self, shift: float, right: Pairs) -> Pairs:
        """Solve (shift M + A) x = right for several at once, each with little left over [K].

        Each way is made conjugate to the last one, or with a network, whose matrix is not symmetric, to all before it. The states share
        their solves by the factor and leave when they are done.
        """
        diagonal = self.enriched.diagonal + shift * self.enriched.storing
        oblique = self.solver.model.attached is not None
        found, rest = (np.zeros_like(right[0]), np.zeros_like(right[1])), (right[0].copy(), right[1].copy())
        going = np.arange(len(right[0]))
        ways: list[tuple[Pairs, Pairs, Floats]] = []
        first = np.zeros(len(going))
        for _ in range(MOST_ITERATIONS):
            way = self.solver.solve_all(shift, rest[0]), rest[1] / diagonal
            now = np.abs(self._dots(rest, way))
            first = np.where(first > 0.0, first, now)
            on = now > ENOUGH**2 * first
            if not on.all():  # those that are done leave
                going, first, rest, way = going[on], first[on], _some(rest, on), _some(way, on)
                ways = [(_some(old, on), _some(of_old, on), curvature[on]) for old, of_old, curvature in ways]
            if not len(going):
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
        return found

    def _dots(self, x: Pairs, y: Pairs) -> Floats:
        """Scalar products, state by state (k,)."""
        on_nodes = np.asarray(self.solver.model.layout.sum(np.einsum("ki,ki->k", x[0], y[0])))
        return on_nodes + np.einsum("ki,ki->k", x[1], y[1])


def _plus(x: Pairs, factor: Floats, y: Pairs) -> Pairs:
    """x + factor y, state by state."""
    return x[0] + factor[:, None] * y[0], x[1] + factor[:, None] * y[1]


def _some(x: Pairs, which: NDArray[np.bool_]) -> Pairs:
    """Some of the states."""
    return x[0][which], x[1][which]
