"""A transient on its way: all that it takes to go on, the same on every rank, whatever their number.

A march from such a moment begins with a solver of its own. One that is never interrupted does so too, so that both have the same
answer to the last digits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thermal.solve.probes import RECORDED

Floats = NDArray[np.float64]

FEWEST, MOST = 2, 6  #: periods of a transient that keeps any, and moments that it keeps at most


@dataclass(frozen=True, slots=True, eq=False)
class Midway:
    """Temperatures at a moment, and what has been recorded until then."""

    time: float  #: s
    temperature: Floats  #: (n,) all nodes, input order [K]
    coldest_start: float  #: K, at time 0
    steps: int
    recorded: Mapping[str, Floats]  #: of the recorder
    books: Mapping[str, NDArray[Any]]  #: of the ledger, with the record and the states of an attached network

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All of it as named arrays, for a file."""
        own = {"time_s": np.array(self.time), "start_K": np.array(self.coldest_start), "steps": np.array(float(self.steps))}
        parts = {f"{name}.{key}": value for name in ("recorded", "books") for key, value in getattr(self, name).items()}
        return {"temperature_K": self.temperature, **own, **parts}


def of_arrays(arrays: Mapping[str, NDArray[Any]]) -> Midway:
    """The moment in such arrays.

    Raises:
        KeyError: something is missing, as of a version that recorded less.
    """

    def part(name: str) -> dict[str, NDArray[Any]]:
        return {key.partition(".")[2]: np.asarray(arrays[key]) for key in arrays if key.startswith(f"{name}.")}

    if missing := RECORDED - part("recorded").keys():
        raise KeyError(", ".join(sorted(missing)))
    numbers = (float(arrays[key]) for key in ("time_s", "start_K", "steps"))
    time, start, steps = numbers
    return Midway(time, np.asarray(arrays["temperature_K"]), start, int(steps), part("recorded"), part("books"))


def moments(stops: Sequence[float], period: float) -> list[float]:
    """Those of the stops of a transient at which it is kept: ends of periods, few and far between; none of a short one."""
    duration = stops[-1] - stops[0]
    if duration <= FEWEST * period * (1 + 1e-9):
        return []
    every = max(1, int(np.ceil(duration / period / (MOST + 1) - 1e-9))) * period
    wanted = every * np.arange(1, int(np.ceil(duration / every - 1e-9)))
    nearest = [min(stops, key=lambda stop: abs(stop - t)) for t in wanted.tolist()]
    return [stop for stop in dict.fromkeys(nearest) if stops[0] < stop < stops[-1]]
