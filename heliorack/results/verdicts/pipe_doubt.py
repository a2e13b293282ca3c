"""Heat pipes with one limit at every temperature: whether the usual fluid carries their load at the temperature that they have."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from heliorack.casefile.errors import listed
from heliorack.casefile.units import ZERO_CELSIUS

Floats = NDArray[np.float64]

#: What an ammonia pipe has left of its limit at 20 degC, where makers state it, by temperature [degC]. `PipeLimit.capacity`, to which a
#: test holds this, would load CoolProp for seconds in every run. It is frozen at the first, and no liquid at the last.
AMMONIA = (
    *(
        (-77.66, 1e-6),
        (-77.65, 0.75),
        (-70, 0.8366),
        (-60, 0.937),
        (-50, 1.0185),
        (-40, 1.0784),
        (-30, 1.1158),
        (-20, 1.1312),
        (-10, 1.1256),
        (0, 1.1007),
    ),
    *((10, 1.0583), (20, 1.0), (30, 0.9278), (40, 0.8437), (50, 0.7495), (60, 0.6476), (70, 0.5404), (80, 0.4308), (90, 0.3223)),
    *((100, 0.2189), (110, 0.126), (120, 0.0503), (125, 0.0233), (132.4, 1e-6)),
)

LEAST = 0.01  #: of the limit, a load that the wall of a frozen pipe may carry


def left(temperature: ArrayLike) -> Floats:
    """Share of its limit at 20 degC that an ammonia pipe has at temperatures [K]."""
    at, share = np.array(AMMONIA).T
    T = np.asarray(temperature, dtype=float) - ZERO_CELSIUS
    return np.asarray(np.interp(T, at, share))


def by_temperature(loads: Sequence[float], temperatures: Sequence[float], limit: float) -> str | None:
    """What an ammonia pipe that has a limit at 20 degC has left where it is less than the load, in words; None where it never is.

    Args:
        loads: Heat times distance at some moments (n,) [W m].
        temperatures: Of the pipe at these moments [K].
        limit: Of the pipe at every temperature [W m]; beyond it there are words already.
    """
    q, T = np.asarray(loads, dtype=float), np.asarray(temperatures, dtype=float)
    if not len(q) or q.max() > limit:
        return None
    most = np.maximum(limit * left(T), LEAST * limit)
    worst = int(np.argmax(q / most))
    if q[worst] <= most[worst]:
        return None
    carries = f"carries {q[worst]:.0f} W m at {T[worst] - ZERO_CELSIUS:.1f} degC"
    return f"{carries}, where one of ammonia has {limit * left(T[worst]):.0f} left of {limit:g} at 20 degC"


def remarks(doubts: Mapping[str, str]) -> tuple[str, ...]:
    """One sentence for all pipes, by name."""
    if not doubts:
        return ()
    (first, words), *more = doubts.items()
    others = f" (so do {listed([name for name, _ in more], 'and', most=6)})" if more else ""
    return (
        f"warning: heat pipes with one limit at every temperature: {first} {words}{others}; give [[pipe_limits]] their fluid or a table",
    )
