"""A first guess out of the last answers: solutions of a march resemble one another."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from thermal.layout import Layout
from thermal.solve.algebra.answering import Answering

Floats = NDArray[np.float64]

NEGLIGIBLE = 1e-10  #: of the greatest eigenvalue of the answers' scaled energies, below which they say nothing new


class Recycling:
    """The last answers of (shift M + A) u = r for any shifts, and the best of their span for the next right-hand side.

    Best in the norm of the energy: by Galerkin's condition. Products with A are kept, so that a guess costs one with M alone, which is
    diagonal. Collective.

    Source: Fischer, Comput. Methods Appl. Mech. Eng. 163 (1998) 193, for one matrix.
    """

    def __init__(self, layout: Layout, capacity: Callable[[Floats], Floats], depth: int) -> None:
        """Keep nothing yet.

        Args:
            layout: Rows of the system.
            capacity: Product with M.
            depth: Answers kept.
        """
        self._layout, self._capacity = layout, capacity
        self._answers, self._carried = (np.empty((depth, layout.owned)) for _ in range(2))
        self._energies = np.zeros((2, depth, depth))  #: answers times M and A times answers
        self._fed: Answering | None = None  #: of which the heat into the columns is known
        self._known = np.zeros(depth, dtype=bool)  #: answers whose temperatures of the columns, and that heat, are known
        self._moved = self._brought = np.zeros((depth, 0))
        self.clear()

    def clear(self) -> None:
        """Forget all answers: A is another."""
        self._count = self._next = 0
        self._fed = None

    def guess(self, shift: float, right: Floats) -> tuple[Floats, Floats]:
        """Best answer known, and what it leaves over of the right-hand side."""
        n = self._count
        if not n:
            return np.zeros_like(right), right.copy()
        energies = shift * self._energies[0, :n, :n] + self._energies[1, :n, :n]
        scale = 1 / np.sqrt(np.maximum(energies.diagonal(), np.finfo(float).tiny))
        values, vectors = np.linalg.eigh(energies * np.outer(scale, scale))
        sound = values > NEGLIGIBLE * values[-1]
        along = scale * self._layout.sum(self._answers[:n] @ right)
        share = scale * (vectors[:, sound] @ ((vectors[:, sound].T @ along) / values[sound]))
        found = share @ self._answers[:n]
        return found, right - shift * self._capacity(found) - share @ self._carried[:n]

    def guess_fed(self, shift: float, right: Floats, state: Answering) -> tuple[Floats, Floats]:
        """The same with what answers to temperatures in the matrix, so that it is not symmetric; by Galerkin's condition too."""
        n = self._count
        if not n:
            return np.zeros_like(right), right.copy()
        if self._moved.shape[1] != len(state.columns.share):
            self._moved = np.zeros((len(self._answers), len(state.columns.share)))
            self._brought, self._fed = self._moved.copy(), None
            self._known[:] = False
        if (new := np.flatnonzero(~self._known[:n])).size:
            self._moved[new] = state.columns.temperatures(self._answers[new].T).T
        if self._fed is not state:
            self._fed, new = state, np.arange(n)
        if new.size:
            self._brought[new] = state.gain(self._moved[new].T).T
            self._known[new] = True
        brought = self._brought[:n]
        # of rows that are held answers have nothing, so that what comes into columns is weighed by what is measured there
        matrix = shift * self._energies[0, :n, :n] + self._energies[1, :n, :n] - self._moved[:n] @ brought.T
        scale = 1 / np.sqrt(np.maximum(np.abs(matrix.diagonal()), np.finfo(float).tiny))
        along = scale * self._layout.sum(self._answers[:n] @ right)
        share = scale * np.linalg.lstsq(matrix * np.outer(scale, scale), along, rcond=NEGLIGIBLE)[0]
        found = share @ self._answers[:n]
        left = right - shift * self._capacity(found) - share @ self._carried[:n]
        state.columns.add(left, share @ brought)
        return found, left

    def keep(self, shift: float, answer: Floats, product: Floats, fed: tuple[Answering, Floats, Floats] | None = None) -> None:
        """Keep an answer with its product (shift M + A) u in the place of the oldest, by the matrix of the mesh alone.

        Args:
            fed: What answers to temperatures, where it is known what this answer moves there [K] and what that brings [W].
        """
        depth = len(self._answers)
        i, self._next, self._count = self._next, (self._next + 1) % depth, min(self._count + 1, depth)
        stored, self._known[i] = self._capacity(answer), False
        self._answers[i], self._carried[i] = answer, product - shift * stored
        if fed is not None and fed[0] is self._fed:
            self._known[i], self._moved[i], self._brought[i] = True, fed[1], fed[2]
        n = self._count
        with_others = self._layout.sum(np.array([self._answers[:n] @ stored, self._answers[:n] @ self._carried[i]]))
        self._energies[:, i, :n] = self._energies[:, :n, i] = with_others
