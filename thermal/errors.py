"""What can go wrong."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class SolveError(RuntimeError):
    """A linear or nonlinear solve failed; the message says where and what to try."""


class ThermalRunawayError(SolveError):
    """A device passed the temperature above which it has no steady power; `state` is where the owned rows were then [K]."""

    def __init__(self, words: str, state: Floats) -> None:
        self.state = state
        super().__init__(words)


class StarvedError(SolveError):
    """A loop's pump moves too little for any steady state; says its flow and what is needed. Nothing else is worth trying."""


class RadiationError(ValueError):
    """Surfaces between which no radiation can be found: inside out, run into one another, or too many; names the faces."""


class SensitivityError(ValueError):
    """A case whose temperatures cannot be differentiated, or not in this way; names what is in the way."""
