"""Conduction and capacity as a solver's matrix has them: the model's own, or, where they depend on temperature, those at a frozen state."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermal.solve.model import Model

Floats = NDArray[np.float64]


class Reference:
    """Symmetric matrices near the derivative of conduction and of heat content at one state. All calls are collective."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.A = model.A  #: conduction, contacts and films [W/K], with rows that add up as in the model
        self.state: Floats | None = None  #: (owned,) temperatures of the frozen properties [K]; None: nominal ones
        self.ratio: Floats | None = None  #: (owned,) capacity over the nominal one; None where they are the same
        self._own: Any = None

    def take(self, state: Floats | None) -> None:
        """Freeze the properties at temperatures (owned,) [K]; None for the nominal ones."""
        from petsc4py import PETSc

        self.A, self.state, self.ratio = self.model.A, None, None
        varying = self.model.varying
        if varying is None or state is None:
            return
        self.state = state.copy()
        self.ratio = None if varying.content is None else varying.capacity_ratio(state)
        more = varying.resembling(state)
        if more is None:
            return
        if self._own is None:
            self._own = self.model.A.copy()
            self._own.setOption(PETSc.Mat.Option.KEEP_NONZERO_PATTERN, True)
        else:
            self.model.A.copy(self._own, structure=PETSc.Mat.Structure.SAME_NONZERO_PATTERN)
        self._own.axpy(1.0, more, structure=PETSc.Mat.Structure.SUBSET_NONZERO_PATTERN)
        more.destroy()
        self.A = self._own

    def stored(self, vector: Floats) -> Floats:
        """Capacity times the owned rows of a vector, those of an attached network included."""
        return self.model.product(self.model.M, self.scaled(vector))

    def scaled(self, change: Floats) -> Floats:
        """Change of the reduced heat content [K] for one of the temperatures [K]."""
        if self.ratio is None:
            return change
        found = change.copy()
        found[: len(self.ratio)] *= self.ratio
        return found

    def unscaled(self, change: Floats, rows: NDArray[np.int64]) -> Floats:
        """Change of the temperatures of some rows [K] for one of their reduced heat content [K]."""
        return change if self.ratio is None else np.asarray(change / self.ratio[rows])

    def conducted(self, change: Floats) -> Floats:
        """Derivative of what conduction, contacts and films carry off, exactly, along a change of the temperatures [W]."""
        sent = self.model.product(self.model.A, change)
        if self.model.varying is not None and self.state is not None:
            sent[: len(self.state)] += self.model.varying.tangent(self.state, self.model.of_mesh(change))
        return sent

    @property
    def uneven(self) -> bool:
        """Whether that derivative is not symmetric, so that `A` only resembles it."""
        return self.A is not self.model.A

    @property
    def heat_capacity(self) -> Floats:
        """Of the rows of the mesh (owned,) [J/K]."""
        return self.model.heat_capacity if self.ratio is None else self.ratio * self.model.heat_capacity

    def close(self) -> None:
        """Free its matrix."""
        self.take(None)
        if self._own is not None:
            self._own.destroy()
            self._own = None
