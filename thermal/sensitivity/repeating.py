"""Fixed points x = s + L x of several right-hand sides at once, where L is dear: each is sought among the directions of all."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SHARE = 0.3  #: of what may be left over, that lies along directions that are not worth an application


def repeating(
    guess: Floats,
    missing: Floats,
    repeat: Callable[[Floats], Floats],
    corrected: Callable[[Floats], Floats],
    scale: Floats,
    rtol: float,
) -> Iterator[tuple[Floats, float]]:
    """Block GCR, preconditioned and deflated: yields the solution so far and how far off it seems, over what may be left open.

    The corrected residual is an estimate of the error; what of it still matters of all targets is spanned by as few directions as do.

    Args:
        guess: First guess (k, n).
        missing: Its residual s + L x - x (k, n).
        repeat: L, of several vectors.
        corrected: Something near (1 - L)^-1, of several vectors.
        scale: Size of each solution (k,).
        rtol: Of it, that may be left open.
    """
    found, rest = guess.copy(), missing.copy()
    taken, changes = np.empty((0, guess.shape[1])), np.empty((0, guess.shape[1]))
    while True:
        error = corrected(rest) / (rtol * scale)[:, None]
        yield found, float(np.linalg.norm(error, axis=1).max(initial=0.0))
        directions = _spanning(error)
        moved = directions - repeat(directions)
        # orthonormal changes, each with the direction that makes it
        moved, directions = _orthogonal(moved, directions, changes, taken)
        taken, changes = np.concatenate([taken, directions]), np.concatenate([changes, moved])
        along = rest @ moved.T
        found, rest = found + along @ directions, rest - along @ moved


def _spanning(error: Floats) -> Floats:
    """Directions among some errors, each over what is allowed of it, that leave out what does not matter (at least one)."""
    values, vectors = np.linalg.eigh(error @ error.T)
    kept = values > SHARE**2
    kept[-1] = True
    return np.asarray((vectors[:, kept].T / np.sqrt(np.maximum(values[kept], 1e-300))[:, None]) @ error)


def _orthogonal(moved: Floats, directions: Floats, changes: Floats, taken: Floats) -> tuple[Floats, Floats]:
    """Changes orthonormal to one another and to those before, and their directions; twice, for round-off."""
    for _ in range(2):
        share = moved @ changes.T
        moved, directions = moved - share @ changes, directions - share @ taken
        q, r = np.linalg.qr(moved.T)
        moved, directions = q.T, np.linalg.solve(r.T, directions)
    return moved, directions
