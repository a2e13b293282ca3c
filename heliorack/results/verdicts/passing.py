"""When a transient passes a limit that it misses: the time that is left to act."""

import numpy as np
from numpy.typing import NDArray

from heliorack.case.margins import Verdict

Floats = NDArray[np.float64]


def passed(v: Verdict, times: Floats, temperatures: Floats) -> float | None:
    """First time [s] at which a temperature, with its uncertainty, is beyond what a limit allows; None where that is never.

    A limit that is missed between two samples alone is passed at the sample that is nearest to it.

    Args:
        times: Samples (s,) [s].
        temperatures: Of the place at them, its hottest for an upper and its coldest for a lower limit (s,) [K].
    """
    sign = 1.0 if v.side == "max" else -1.0
    margin = sign * (v.allowed - temperatures - (v.predicted - v.calculated))
    beyond = np.flatnonzero(margin < 0.0)
    if not len(beyond):
        return None if v.holds else float(times[int(margin.argmin())])
    i = int(beyond[0])
    if i == 0:
        return float(times[0])
    share = margin[i - 1] / (margin[i - 1] - margin[i])
    return float(times[i - 1] + share * (times[i] - times[i - 1]))


def since(time: float | None) -> str:
    """As an end of a sentence about a limit that is missed."""
    return "" if time is None else f", from t = {time:.4g} s on"
