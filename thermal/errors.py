"""What can go wrong."""


class SolveError(RuntimeError):
    """A linear or nonlinear solve failed; the message says where and what to try."""


class RadiationError(ValueError):
    """Surfaces between which no radiation can be found: inside out, run into one another, or too many; names the faces."""
