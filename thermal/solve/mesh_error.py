"""What the mesh does to temperatures at one moment, estimated in the space of quadratic elements."""

import numpy as np
from numpy.typing import NDArray

from thermal.conduction.enrichment import Enrichment
from thermal.solve.linear import ShiftedSolver

Floats = NDArray[np.float64]

MOST_ITERATIONS = 30  #: of conjugate gradients, each with one solve by the kept factor
ENOUGH = 1e-2  #: of the residual's norm in the preconditioner; a factor of safety comes later


def mesh_shift(solver: ShiftedSolver, enriched: Enrichment, T: Floats, load: Floats, on_nodes: Floats, shift: float = 0.0) -> Floats:
    """How far quadratic elements on the same mesh would move the temperature of every node (n,) [K].

    The first-order solution leaves a residual on the bubbles, load - K_bc T, and on the nodes what lumping did. Conjugate gradients on
    the whole quadratic system, preconditioned by the first-order factor and the bubbles' diagonal, distribute it. What comes back from
    other surfaces, and feedbacks, are left out. Collective.

    Args:
        solver: Of the model, its slopes brought up to date.
        enriched: Bubbles of the same mesh.
        T: All nodes, input order [K].
        load: Heat into the bubbles (m,) [W], less what they store.
        on_nodes: Heat into the nodes (n,) [W] that the lumped model does not have.
        shift: Reciprocal of the time over which the state develops [1/s]; 0 for a steady or periodic one.
    """
    model, layout = solver.model, solver.model.layout
    nothing = np.zeros(len(solver.held))

    def coarse(right: Floats) -> Floats:
        return solver.solve(shift, right, nothing)

    def product(c: Floats, e: Floats) -> tuple[Floats, Floats]:
        full = layout.gather(c)
        nodes = model.product(model.A, c) + solver.diagonal() * c + layout.scatter(enriched.hats(e) + enriched.unlumped_losses(full))
        if shift:
            nodes += shift * model.product(model.M, c)
        edges = enriched.edges_under(full) + enriched.bubbles(e)
        nodes[solver.held] = 0.0
        edges[enriched.still] = 0.0
        return nodes, edges

    def dot(c: Floats, e: Floats, d: Floats, f: Floats) -> float:
        return float(layout.sum(float(c @ d))) + float(e @ f)

    rest = load - enriched.conducted(T)
    rest[enriched.still] = 0.0
    found = np.zeros(layout.owned)
    over = layout.scatter(on_nodes)
    over[solver.held] = 0.0
    c, e = coarse(over), rest / enriched.diagonal
    way_c, way_e, now = c, e, dot(over, rest, c, e)
    first = now
    for _ in range(MOST_ITERATIONS):
        if now <= ENOUGH**2 * first:
            break
        A_c, A_e = product(way_c, way_e)
        step = now / dot(way_c, way_e, A_c, A_e)
        found = found + step * way_c
        over, rest = over - step * A_c, rest - step * A_e
        c, e = coarse(over), rest / enriched.diagonal
        before, now = now, dot(over, rest, c, e)
        way_c, way_e = c + now / before * way_c, e + now / before * way_e
    return layout.gather(found)
