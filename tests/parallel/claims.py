"""What is claimed of two ranks against one: printed once, remembered on every rank."""

from typing import Any

import numpy as np
from bodies import WORLD, Solid

DIRECT = 1e-8  #: of the temperature range
MULTIGRID = 1e-5  #: K
missed: list[str] = []


def claim(name: str, figure: float, limit: float) -> None:
    """Print a comparison once and remember a miss on every rank."""
    held = figure <= limit
    if not held:
        missed.append(name)
    if WORLD.rank == 0:
        print(f"{'ok  ' if held else 'MISS'} {name:<60} {figure:9.2e} of {limit:9.2e}", flush=True)


def apart(together: tuple[Solid, Any], single: tuple[Solid, Any]) -> tuple[float, float]:
    """Greatest difference of two fields and the range of the second [K]; the single field is the same on every rank."""
    one, other = (solid.layout.gather(T) for solid, T in (together, single))
    return float(np.abs(one - other).max()), float(np.ptp(other))


def same_ledger(one: Any, other: Any) -> float:
    """Greatest difference of a path's heat over the throughput."""
    found, wanted = one.heat(), other.heat()
    assert list(found) == list(wanted)
    differences = [abs(found[path] - wanted[path]) for path in wanted] + [abs(one.stored() - other.stored())]
    return max(differences) / other.throughput()
