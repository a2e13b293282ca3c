"""Heat pipes with one limit at every temperature: whether the usual fluid carries their load at the temperature that they have."""

from collections.abc import Mapping, Sequence

import numpy as np

from heliorack.casefile.errors import listed
from heliorack.casefile.units import ZERO_CELSIUS
from thermal.fluid.pipes.pipe_limit import PipeLimit

STATED = 293.15  #: K at which makers state limits
#: Of the limit, a load at 20 degC below which nobody asks for the fluid's data, which take seconds, and by how much less for each kelvin;
#: what ammonia has left lies well above (0.84 at 40 degC, 0.65 at 60).
NEAR, FALL = 0.8, 0.01


def by_temperature(loads: Sequence[float], temperatures: Sequence[float], limit: float) -> str | None:
    """What an ammonia pipe that has a limit at 20 degC has left where it is less than the load, in words; None where it never is.

    Args:
        loads: Heat times distance at some moments (n,) [W m].
        temperatures: Of the pipe at these moments [K].
        limit: Of the pipe at every temperature [W m]; beyond it there are words already.
    """
    q, T = np.asarray(loads, dtype=float), np.asarray(temperatures, dtype=float)
    if q.max(initial=0.0) > limit or not (q > limit * (NEAR - FALL * np.maximum(T - STATED, 0.0))).any():
        return None
    left = PipeLimit(parts="*", fluid="ammonia", measured_at=STATED).capacity(T, limit)
    worst = int(np.argmax(q / left))
    if q[worst] <= left[worst]:
        return None
    carries = f"carries {q[worst]:.0f} W m at {T[worst] - ZERO_CELSIUS:.1f} degC"
    return f"{carries}, where one of ammonia has {left[worst]:.0f} left of {limit:g} at 20 degC"


def remarks(doubts: Mapping[str, str]) -> tuple[str, ...]:
    """One sentence for all pipes, by name."""
    if not doubts:
        return ()
    (first, words), *more = doubts.items()
    others = f" (so do {listed([name for name, _ in more], 'and', most=6)})" if more else ""
    return (
        f"warning: heat pipes with one limit at every temperature: {first} {words}{others}; give [[pipe_limits]] their fluid or a table",
    )
