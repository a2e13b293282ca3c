"""What the mesh does to temperatures, estimated in the space of quadratic elements."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thermal.conduction.enrichment import Enrichment
from thermal.solve.linear import ShiftedSolver

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]  #: on this rank's nodes (owned,), and on the bubbles (m,)

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

    def steady(self, left: Pair) -> Pair:
        """Of a state that has all the time it needs [K]."""
        return self._solve(0.0, left)

    def after(self, spans: Sequence[tuple[float, Pair]], start: Pair | None = None) -> Pair:
        """After times in which a state left over so much, from one shift to another; implicit Euler in these spans.

        Args:
            spans: Each its duration [s] and what is left over on the mean of it.
            start: Before the first; none by default.
        """
        now = start or (np.zeros(self.solver.model.layout.owned + self._behind), np.zeros(len(self.enriched.edges)))
        for duration, left in spans:
            drawn = self._product(0.0, now)
            more = self._solve(1.0 / duration, self._kept(left[0] - drawn[0], left[1] - drawn[1]))
            now = now[0] + more[0], now[1] + more[1]
        return now

    def _kept(self, nodes: Floats, edges: Floats) -> Pair:
        """Nothing where temperatures are held."""
        nodes, edges = nodes.copy(), edges.copy()
        nodes[self.solver.held] = 0.0
        edges[self.enriched.still] = 0.0
        return nodes, edges

    def _product(self, shift: float, x: Pair) -> Pair:
        """(shift M + A) x of the quadratic system [W]."""
        model, layout, enriched = self.solver.model, self.solver.model.layout, self.enriched
        (c, u), e = np.split(x[0], [layout.owned]), x[1]
        full = layout.gather(c)
        on_nodes, edges = enriched.taken(shift, full, e)
        nodes = model.product(self.solver.reference.A, c) + self.solver.diagonal() * c
        if shift:
            nodes += shift * self.solver.reference.stored(c)
        nodes += layout.scatter(on_nodes)
        attached = model.attached
        if attached is not None and attached in self.solver.gains:
            slopes = self.solver.gains[attached]
            nodes -= attached.weights @ attached.brought(slopes, x[0])
            u = shift * attached.capacities() * u - attached.right(attached.heat_slope(slopes, x[0])[1])
        return self._kept(np.concatenate([nodes, u]), edges)

    @property
    def _behind(self) -> int:
        """Rows of an attached network that moves along, on this rank."""
        attached = self.solver.model.attached
        return attached.rows if attached is not None and attached in self.solver.gains else 0

    def _solve(self, shift: float, right: Pair) -> Pair:
        """Solve (shift M + A) x = right, with little left over [K].

        Each way is made conjugate to the last one, or with a network, whose matrix is not symmetric, to all before it.
        """
        diagonal, nothing = self.enriched.diagonal + shift * self.enriched.storing, np.zeros(len(self.solver.held))
        layout, oblique = self.solver.model.layout, self.solver.model.attached is not None

        def eased(x: Pair) -> Pair:
            return self.solver.solve(shift, x[0], nothing), x[1] / diagonal

        def dot(x: Pair, y: Pair) -> float:
            return float(layout.sum(float(x[0] @ y[0]))) + float(x[1] @ y[1])

        def plus(x: Pair, factor: float, y: Pair) -> Pair:
            return x[0] + factor * y[0], x[1] + factor * y[1]

        found, rest = (np.zeros_like(right[0]), np.zeros_like(right[1])), right
        ways: list[tuple[Pair, Pair, float]] = []
        first = 0.0
        for _ in range(MOST_ITERATIONS):
            way = eased(rest)
            now = abs(dot(rest, way))
            first = first or now
            if now <= ENOUGH**2 * first:
                break
            drawn = self._product(shift, way)
            for old, of_old, curvature in ways:
                share = dot(old, drawn) / curvature
                way, drawn = plus(way, -share, old), plus(drawn, -share, of_old)
            curvature = dot(way, drawn)
            step = dot(way, rest) / curvature
            found, rest = plus(found, step, way), plus(rest, -step, drawn)
            ways = [*(ways if oblique else []), (way, drawn, curvature)]
        return found
