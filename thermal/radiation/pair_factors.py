"""View factors between single facets: contour integrals where a pair sees all of each other, shadow rays where something may stand between.

A doubtful pair is its contour integral times the visible part of it, and that part is the ratio of two sums over the same rays: the
variation of the kernel over the facets cancels, what scatters is the edge of the shadow alone.
"""

from dataclasses import dataclass
from math import pi
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array

from thermal.radiation.analytic import pair_exchange
from thermal.radiation.rays import BATCH, Scene
from thermal.radiation.shaft import facing_pairs

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

#: Pairs are formed one by one: more facets than this belong into clusters first.
MOST = 12000
_FIRST = 16


@dataclass(frozen=True, slots=True, eq=False)
class PairFactors:
    """Exchange areas A_i F_ij of all pairs, symmetric; rows are not closed (what is missing is the sky, or the error)."""

    G: csr_array  #: (f, f) m2
    error: csr_array  #: (f, f) m2, standard error; absent (zero) for pairs by contour integral alone
    areas: Floats  #: (f,) m2
    clear: int  #: pairs proved fully visible
    doubtful: int  #: pairs given to rays
    rays: int  #: rays traced

    @property
    def F(self) -> csr_array:
        """View factors (f, f)."""
        return csr_array(self.G.multiply(1 / self.areas[:, None]))


def pair_factors(view: Scene, rays: int = 512, seed: int = 0, small: float = 1e-3) -> PairFactors:
    """View factors of every pair of facets.

    Args:
        view: The scene; at most 12 000 facets.
        rays: Per doubtful pair with a factor above `small` when unobstructed; the others get 16. A pair whose rays are all stopped has
            the factor zero.
        seed: The same seed gives the same bits.
        small: Factor below which 16 rays are enough.

    Raises:
        ValueError: too many facets.
    """
    if view.count > MOST:
        raise ValueError(f"{view.count} facets are too many for single pairs (at most {MOST}): use view_factors on clusters")
    pairs = facing_pairs(view)
    sure = pair_exchange(view.corners, *pairs.clear)
    i, j = pairs.doubtful
    full = pair_exchange(view.corners, i, j)
    part, spread = _visible_part(view, i, j, _FIRST, seed)
    more = np.flatnonzero(full > small * np.minimum(view.areas[i], view.areas[j]))
    if rays > _FIRST:
        part[more], spread[more] = _visible_part(view, i[more], j[more], rays, seed + 1)
    G = _symmetric(np.concatenate([sure, full * part]), np.append(pairs.clear[0], i), np.append(pairs.clear[1], j), view.count)
    traced = _FIRST * len(i) + (rays * len(more) if rays > _FIRST else 0)
    return PairFactors(G, _symmetric(full * spread, i, j, view.count), view.areas, len(sure), len(i), traced)


def _symmetric(values: Floats, i: Ids, j: Ids, count: int) -> csr_array:
    some = values > 0
    upper = csr_array((values[some], (i[some], j[some])), shape=(count, count))
    return csr_array(upper + upper.T)


def _visible_part(view: Scene, i: Ids, j: Ids, rays: int, seed: int) -> tuple[Floats, Floats]:
    """Kernel-weighted visible part of each pair and its standard error, of as many independent rays as the weights are worth; (k,) each."""
    from scipy.stats import qmc

    spots = np.asarray(
        qmc.Sobol(4, scramble=True, rng=np.random.default_rng([seed, 4])).random(1 << int(np.ceil(np.log2(rays)))), np.float32
    )[:rays]
    part, spread = np.empty(len(i)), np.empty(len(i))
    origins, along, weights = np.empty((BATCH, 3), np.float32), np.empty((BATCH, 3), np.float32), np.empty(BATCH, np.float32)
    reach = np.full(BATCH, 0.99999, dtype=np.float32)
    step = max(1, BATCH // rays)
    rng = np.random.default_rng([seed, 5])
    for first in range(0, len(i), step):
        a, b = i[first : first + step], j[first : first + step]
        n = len(a) * rays
        _connect(view.frames, a, b, spots, rng.random((len(a), 4), dtype=np.float32), origins, along, weights)
        free = ~view.blocked(origins[:n], along[:n], reach[:n].copy())
        weight = weights[:n].reshape(len(a), rays)
        seen = (weight * free.reshape(len(a), rays)).sum(axis=1, dtype=np.float64)
        total = np.maximum(weight.sum(axis=1, dtype=np.float64), 1e-30)
        share = seen / total
        worth = total**2 / np.maximum((weight.astype(np.float64) ** 2).sum(axis=1), 1e-60)
        part[first : first + step] = share
        spread[first : first + step] = np.sqrt(np.maximum(share * (1 - share), 0) / np.maximum(worth, 1))
    return part, spread


@njit(cache=True, nogil=True, fastmath=True)
def _connect(frames: Any, i: Any, j: Any, spots: Any, shifts: Any, origins: Any, along: Any, weights: Any) -> None:
    """Segments between points of i and j, with the kernel cos cos / (pi r^4) of unscaled normals as weight."""
    one = np.float32(1)
    rays = len(spots)
    u = np.empty(4, np.float32)
    for k in range(len(i)):
        a, b = i[k], j[k]
        for r in range(rays):
            for c in range(4):
                u[c] = spots[r, c] + shifts[k, c]
                u[c] -= np.floor(u[c])
            if u[0] + u[1] > one:
                u[0], u[1] = one - u[0], one - u[1]
            if u[2] + u[3] > one:
                u[2], u[3] = one - u[2], one - u[3]
            q = k * rays + r
            away = toward = square = np.float32(0)
            for c in range(3):
                x = frames[a, 0, c] + u[0] * frames[a, 1, c] + u[1] * frames[a, 2, c]
                d = frames[b, 0, c] + u[2] * frames[b, 1, c] + u[3] * frames[b, 2, c] - x
                origins[q, c], along[q, c] = x, d
                away += d * frames[a, 5, c]
                toward -= d * frames[b, 5, c]
                square += d * d
            weights[q] = max(away, np.float32(0)) * max(toward, np.float32(0)) / (square * square * np.float32(pi))
