"""Reciprocity and closure of view factors: A_i F_ij symmetric, each row and its sky adding up to one.

Both residuals are measured before and after. Factors far from closed are not repaired: they are refused, and the worst groups named.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array
from scipy.sparse.linalg import LinearOperator, cg

Floats = NDArray[np.float64]

#: Largest departure of a row from one that is repaired. Rays scatter rows by about 1/sqrt(rays); geometry faults are larger.
LIMIT = 0.05
#: Rounds of the correction without progress after which it ends; values that may only halve need some.
STALLED = 4


class ClosureError(ValueError):
    """View factors too far from closed: `groups` (worst first) and their `residuals`."""

    def __init__(self, message: str, groups: list[int], residuals: list[float]) -> None:
        super().__init__(message)
        self.groups = groups
        self.residuals = residuals


@dataclass(frozen=True, slots=True, eq=False)
class Closed:
    """Reciprocal, closed factors and what it took."""

    G: csr_array  #: (g, g) m2, A_i F_ij, symmetric to the last bit
    error: csr_array  #: (g, g) m2, standard error of G before closing
    sky: Floats  #: (g,) factor to the sky
    areas: Floats  #: (g,) m2
    reciprocity_before: float  #: largest |A_i F_ij - A_j F_ji| / min(A_i, A_j)
    rows_before: float  #: largest |row + sky - 1| once reciprocal
    reciprocity_after: float
    rows_after: float

    @property
    def F(self) -> csr_array:
        """View factors, (g, g)."""
        return csr_array(diags_array(1 / self.areas) @ self.G)


def close(
    F: Any, sky: Floats, areas: Floats, error: Any = None, limit: float | Floats = LIMIT, sealed: bool = False, freedom: Any = None
) -> Closed:
    """Make view factors reciprocal and closed.

    Args:
        F: Factors from rows to columns, sparse or dense, (g, g), every row from equally many rays.
        sky: Factor to the sky, (g,).
        areas: Areas [m2], (g,).
        error: Standard error of F, same shape; none if left out.
        limit: Largest departure of a row from one that is accepted, for all groups or each, (g,).
        sealed: True for a closed cavity: a sky above `limit` is refused and the rest of it removed.
        freedom: How far each factor may move, symmetric (g, g) m2, zero for exact ones; by default in proportion to the factor.

    Returns:
        Closed factors. Both estimates of a pair are joined with weights 1/A, which is the least variance for rays; rows are then closed
        by the smallest correction in the sense of sum (change^2 / G), found by conjugate gradients. Zeros stay zero.

    Raises:
        ClosureError: a row off by more than `limit`, a sealed cavity that sees the sky, or rows that no correction of the pattern closes.

    Source:
        Least-squares enforcement: Larsen and Howell, J. Heat Transfer 108 (1986) 239-242.
    """
    areas, sky = np.asarray(areas, dtype=np.float64), np.asarray(sky, dtype=np.float64)
    given = csr_array(F)
    if sealed:
        _refuse(sky, limit, "a closed cavity sees the sky: factor to it")
        sky = np.zeros_like(sky)
    pair = _pairs(given + given.T, areas)
    reverse = csr_array(diags_array(areas) @ given)
    gap = abs(reverse - reverse.T).tocoo()
    before = float((gap.data / np.minimum(areas[gap.coords[0]], areas[gap.coords[1]])).max(initial=0.0))
    spread = csr_array(given.shape) if error is None else csr_array(error)
    variance = csr_array(spread.power(2))
    uncertain = _pairs(csr_array(variance + variance.T).sqrt(), areas)
    rows_before = _rows(pair, sky, areas)
    _refuse(np.abs(rows_before), limit, "view factors do not close: row and sky differ from one by")
    G, closed_sky = _correct(pair, sky, areas, None if freedom is None else csr_array(freedom), may_change=not sealed)
    after = np.abs(_rows(G, closed_sky, areas))
    _refuse(after, 1e-6, "no correction closes these view factors: row and sky still differ from one by")
    symmetry = float(abs(G - G.T).max()) if G.nnz else 0.0
    return Closed(G, uncertain, closed_sky, areas, before, float(np.abs(rows_before).max()), symmetry, float(after.max()))


def _pairs(both: Any, areas: Floats) -> csr_array:
    """Values of `both` times A_i A_j / (A_i + A_j): the joint estimate of A_i F_ij from F_ij + F_ji."""
    entries = both.tocoo()
    i, j = entries.coords
    return csr_array((entries.data * (areas[i] * areas[j] / (areas[i] + areas[j])), (i, j)), shape=both.shape)


def _rows(G: csr_array, sky: Floats, areas: Floats) -> Floats:
    """Row sums with sky, less one."""
    return np.asarray(G.sum(axis=1)).ravel() / areas + sky - 1.0


def _correct(pair: csr_array, sky: Floats, areas: Floats, freedom: csr_array | None, may_change: bool) -> tuple[csr_array, Floats]:
    """Solve (diag(sum V + v) + V) x = missing area and move each factor by V_ij (x_i + x_j), the sky by v_i x_i; a few rounds."""
    G, open_area, last, stalled = pair, sky * areas, np.inf, 0
    for _ in range(60):
        missing = areas - np.asarray(G.sum(axis=1)).ravel() - open_area
        worst = float(np.abs(missing / areas).max())
        stalled = stalled + 1 if worst > 0.99 * last else 0
        if worst < 1e-13 or stalled > STALLED:
            break
        last = min(worst, last)
        V = G if freedom is None else freedom
        own = open_area if may_change else np.zeros_like(open_area)
        x = _multipliers(V, own, missing, areas)
        entries = G.tocoo()
        i, j = entries.coords
        loose = entries.data if freedom is None else np.asarray(freedom[i, j]).ravel()
        # no factor loses or gains more than half, so all stay positive; what is left is done in the next round
        change = np.clip(loose * (x[i] + x[j]), -0.5 * entries.data, 0.5 * entries.data)
        G = csr_array((entries.data + change, (i, j)), shape=G.shape)
        open_area = open_area + np.clip(own * x, -0.5 * open_area, 0.5 * open_area)
    return G, open_area / areas


def _multipliers(V: csr_array, own: Floats, missing: Floats, areas: Floats) -> Floats:
    """Solution of the symmetric system of `_correct`; singular but consistent for cavities of two halves that see only each other."""
    diagonal = np.asarray(V.sum(axis=1)).ravel() + own
    diagonal = np.where(diagonal > 0, diagonal, areas)
    system = LinearOperator(V.shape, matvec=lambda x: diagonal * x + V @ x, dtype=np.float64)
    preconditioner = LinearOperator(V.shape, matvec=lambda x: x / diagonal, dtype=np.float64)
    with np.errstate(all="ignore"):  # an inconsistent singular system breaks down; what it leaves is refused by `close`
        x, _ = cg(system, missing, rtol=1e-12, maxiter=2000, M=preconditioner)
    return np.nan_to_num(np.asarray(x), posinf=0.0, neginf=0.0)


def _refuse(residual: Floats, limit: float | Floats, what: str) -> None:
    """Raise with the worst groups if any residual is above the limit."""
    bad = np.flatnonzero(residual > limit)
    if len(bad) == 0:
        return
    worst = bad[np.argsort(-residual[bad], kind="stable")][:5]
    named = ", ".join(f"{residual[g]:.3g} in group {g}" for g in worst)
    raise ClosureError(
        f"{what} {named} (at most {np.min(limit):g}; {len(bad)} of {len(residual)} groups)", worst.tolist(), residual[worst].tolist()
    )
