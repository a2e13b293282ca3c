"""What can go wrong in a solve."""


class SolveError(RuntimeError):
    """A linear or nonlinear solve failed; the message says where and what to try."""
