"""Whether two rounds of the bus agree."""

import numpy as np
from numpy.typing import NDArray

from power.system.result import PowerResult

Floats = NDArray[np.float64]

SETTLED = 1e-4  #: relative change of flows and charge below which the electrical side counts as settled

FLOWS = ("from_cells", "battery_heat", "regulator_heat", "shunted")


def settled(before: PowerResult, now: PowerResult, times: Floats) -> bool:
    """Whether flows and charge of two rounds agree: mean deviation over mean size, for each flow of more than a millionth."""
    a, b = before.balance, now.balance
    least = 1e-6 * max(a.integral(a.load), 1e-300)
    for name in FLOWS:
        one, other = getattr(a, name)[a.given], getattr(b, name)[b.given]
        size = float(np.trapezoid(one, times))
        if float(np.trapezoid(np.abs(other - one), times)) > SETTLED * max(size, least):
            return False
    apart = np.abs(a.state_of_charge[a.given] - b.state_of_charge[b.given]).max()
    return bool(apart <= SETTLED and abs(b.capacity - a.capacity) <= SETTLED * a.capacity)
