"""How many random inputs a test takes: all that the project promises in `make verify`, fewer in `make verify-ci`."""

import os

ALL = os.environ.get("HELIORACK_VERIFY") == "all"


def many(promised: int, fewer: int) -> int:
    """`promised` where the variable HELIORACK_VERIFY is "all", as `make verify` sets it."""
    return promised if ALL else fewer
