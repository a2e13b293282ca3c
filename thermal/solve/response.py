"""How temperatures answer to a little more heat: linear while they move little, along the emission's own law where they move far."""

import numpy as np
from numpy.typing import NDArray

from thermal.errors import SolveError
from thermal.solve.linear import ShiftedSolver
from thermal.solve.model import Brought, Model
from thermal.solve.newton import newton
from thermal.solve.steady import COLDEST_GUESS

Floats = NDArray[np.float64]

NEAR = 0.1  #: of a temperature that a linear response may move it by: the slope of emission is then wrong by a third
TOLERANCE = 1e-3  #: K, of a response that is not linear
ITERATIONS = 60


class Response:
    """Of the state `T` of a model. The slope of emission at 0 K is none: there a linear response has no bounds."""

    def __init__(self, model: Model, solver: ShiftedSolver, T: Floats, shift: float) -> None:
        """Linearise; collective.

        Args:
            model: Under loads that stand still.
            solver: Of the model; its slope becomes that at `T`.
            T: Owned rows [K].
            shift: Reciprocal of the time over which the state develops [1/s]; 0 for a steady or periodic one.
        """
        self.model, self.solver, self.T, self.shift = model, solver, T, shift
        model.renew(0.0, T, always=True)
        self._derivatives = model.derivatives(0.0, T)
        self._slope = model.slope(self._derivatives)
        solver.refresh(self._slope, self._derivatives)
        self._network = model.network_slopes(0.0, T)

    def to(self, heat: Floats, most: Floats) -> Floats:
        """Change of the temperatures of the owned rows [K]; collective.

        Args:
            heat: Into the rows [W].
            most: What is brought in its place where the response is not linear: of no row that has nothing more is then drawn [W].

        Raises:
            SolveError: a linear solve failed.
        """
        self.solver.gains = self._network
        try:
            moved = self.solver.solve_exchanging(self.shift, heat, self._derivatives)
        except SolveError:  # at 0 K the matrix may be singular
            return self._along(most)
        far = float(np.any(np.abs(moved) > NEAR * np.abs(self.model.of_mesh(self.T))))
        return self._along(most) if self.model.layout.sum(far) else moved

    def _along(self, heat: Floats) -> Floats:
        """By Newton's method: the state that is in the same balance with `heat` more."""
        given = self.model.brought(np.zeros(1))
        more = Brought(given.load + heat - self.model.of_mesh(self.model.balance(0.0, self.T, given)), given.heat)
        guess = np.maximum(np.abs(self.T), COLDEST_GUESS)
        solver, self.solver.gains = self.solver, {}
        found, _, _ = newton(self.model, solver, guess, 0.0, self.shift, self.T, TOLERANCE, ITERATIONS, refresh=True, brought=more)
        solver.gains = {}
        solver.refresh(self._slope, self._derivatives)
        return self.model.of_mesh(np.asarray(found - self.T))
