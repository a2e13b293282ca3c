"""The [solver] table: how the equations are solved, with defaults that need no touching."""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Interval


@dataclass(frozen=True, slots=True)
class Solver:
    """Time integration and linear algebra."""

    scheme: Literal["rosw", "implicit_euler"] = "rosw"  #: error-controlled Rosenbrock-W of order 3, or implicit Euler in fixed steps
    tolerance: Annotated[float, "K", Ge(1e-6)] = 0.05  #: wanted error of temperatures
    max_step: Annotated[float, "s", Gt(0)] | None = None  #: longest time step
    fixed_steps: Annotated[int, "-", Ge(1)] | None = None  #: equal steps per interval between events instead of error control
    linear: Literal["auto", "direct", "multigrid"] = "auto"  #: sparse Cholesky, or conjugate gradients with algebraic multigrid
    max_orbits: Annotated[int, "-", Interval(ge=1, le=10_000)] = 40  #: orbits marched at most while looking for the periodic state
    #: march two orbits with the exact switching of throttles and thermostats after the periodic state of their duty-averaged laws; when not
    #: given only where a throttle switches
    switching: bool | None = None
    #: periodic states by a reduced model of few coordinates, learned from the full solves of the same mesh, wherever its estimated error
    #: is small enough; solved in full where it is not
    reduced: bool = False

    def unsettled(self, orbits: int, error: float) -> str:
        """That no periodic state was reached, in words: orbits marched, what is still missing, and what to try.

        Args:
            orbits: Marched in all.
            error: Estimated distance from the periodic state [K].
        """
        within = "1 orbit" if orbits == 1 else f"{orbits} orbits"
        more = f"allow more of them (solver.max_orbits, now {self.max_orbits})"
        larger = f"a larger error (solver.tolerance_K, now {self.tolerance:g})"
        said = f"no periodic state within {within}; estimated error {error:.2g} K: {more} or {larger}"
        return f'{said}; run.kind = "transient" shows what does not repeat'
