"""An orbit cut into stretches in which every power on the bus is linear and no limit begins or ends to hold."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """Arrays (s, 2): values at start and end of every stretch."""

    times: Floats  #: s
    available: Floats  #: array power [W]
    load: Floats  #: W
    surplus: Floats  #: what is left of the array, at the battery's terminals; negative when the load needs more [W]
    need: Floats  #: what the load needs of the battery, at its terminals; negative when the array suffices [W]
    charge_limit: Floats  #: W
    discharge_limit: Floats  #: W
    allowed: Floats  #: 1 where the battery's temperature lets it charge, else 0

    @property
    def charging(self) -> Floats:
        """Power into the battery's terminals while it is not full [W]."""
        return np.minimum(np.maximum(self.surplus, 0.0), self.charge_limit) * self.allowed

    @property
    def discharging(self) -> Floats:
        """Power out of the battery's terminals while it is not empty [W]."""
        return np.minimum(np.maximum(self.need, 0.0), self.discharge_limit)

    @property
    def refused(self) -> Floats:
        """Charging power that is lost because the battery is too cold or too warm [W]."""
        return np.minimum(np.maximum(self.surplus, 0.0), self.charge_limit) * (1.0 - self.allowed)

    def rate(self, charge: float, discharge: float) -> Floats:
        """Growth of the store [W], as if it were neither full nor empty, with the battery's own efficiencies."""
        return self.charging * charge - self.discharging / discharge

    def between(self, stretch: NDArray[np.int64], share: Floats) -> "Stretches":
        """Parts of stretches: rows `stretch` (k,), from and to the shares (k, 2) of their lengths."""
        return Stretches(*(v[stretch, :1] * (1.0 - share) + v[stretch, 1:] * share for v in (getattr(self, f.name) for f in fields(self))))


def stretches(
    t: Floats,
    available: Floats,
    load: Floats,
    surplus: Floats,
    need: Floats,
    charge_limit: Floats,
    discharge_limit: Floats,
    temperature: Floats | None = None,
    window: tuple[float, float] | None = None,
) -> Stretches:
    """Cut the orbit (all arrays (n,)) where the surplus changes sign, a limit begins to hold or the temperature leaves the window."""
    crossings = [surplus, surplus - charge_limit, need - discharge_limit]
    if temperature is not None and window is not None:
        crossings += [temperature - window[0], window[1] - temperature]
    i, start, end = _pieces(t, crossings)
    given = (t, available, load, surplus, need, charge_limit, discharge_limit)
    allowed = np.ones((i.size, 2))
    if temperature is not None and window is not None:
        middle = _between(temperature, i, 0.5 * (start + end))
        allowed[(middle < window[0]) | (middle > window[1])] = 0.0
    ends = [np.stack([_between(v, i, start), _between(v, i, end)], axis=1) for v in given]
    return Stretches(*[*ends, allowed])


def _pieces(t: Floats, crossings: Sequence[Floats]) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Intervals of some length between the zeros of `crossings`: number of the given interval, shares of it at start and end."""
    long = np.flatnonzero(np.diff(t) > 0.0)
    cut, share = [long], [np.zeros(long.size)]
    for level in crossings:
        below, above = level[long], level[long + 1]
        crossing = (below < 0.0) & (above > 0.0) | (below > 0.0) & (above < 0.0)
        cut.append(long[crossing])
        share.append(below[crossing] / (below[crossing] - above[crossing]))
    i, x = np.concatenate(cut), np.concatenate(share)
    order = np.lexsort((x, i))
    i, x = i[order], x[order]
    end = np.where(np.append(i[1:], -1) == i, np.append(x[1:], 0.0), 1.0)
    return i, x, end


def _between(v: Floats, i: NDArray[np.int64], x: Floats) -> Floats:
    """Value at the share `x` of the way from point `i` to the next."""
    mixed: Floats = (1.0 - x) * v[i] + x * v[i + 1]
    return mixed
