"""Leakage: the part of a device's power that grows with its junction temperature."""

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from annotated_types import Ge, Gt, Interval
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Leakage:
    """A part of the power that doubles with every so many kelvin of the junction."""

    fraction: Annotated[float, "-", Interval(ge=0, lt=1)]  #: part of the device's power that leaks at the stated junction temperature
    at: Annotated[float, "degC", Ge(0)]  #: junction temperature at which peak and idle power are stated
    doubling: Annotated[float, "K", Gt(0)]  #: rise of the junction that doubles the leakage
    source: str = ""  #: measurement or data sheet that these come from


@dataclass(frozen=True, slots=True, eq=False)
class Leaking:
    """Power with leakage and its derivatives; nan where no steady power exists."""

    power: NDArray[np.float64]  #: W per device
    by_temperature: NDArray[np.float64]  #: W/K of the case
    by_nominal: NDArray[np.float64]  #: W per W of nominal power


def leaking(nominal: ArrayLike, case: ArrayLike, leakage: Leakage | None, theta_jc: float = 0.0) -> Leaking:
    """Power P of a device whose nominal power P0 holds with its junction at T0: P = P0 ((1 - f) + f 2^((Tj - T0)/d)).

    Here Tj = case + theta_jc P: the junction warms with the power that it raises. With q = ln 2 / d and k = q theta_jc the steady power
    is P0 (1 - f) + y with y = -W(-k b exp(k P0 (1 - f))) / k, b = P0 f exp(q (case - T0)) and W the principal branch of Lambert's
    function; below its branch point the leakage outruns the conduction to the case and no steady power exists.

    Args:
        nominal: P0 [W], broadcasts with `case`.
        case: Case temperature [K].
        leakage: None: the power does not depend on temperature.
        theta_jc: Junction to case [K/W].
    """
    p0, t = np.broadcast_arrays(np.asarray(nominal, dtype=float), np.asarray(case, dtype=float))
    if leakage is None or leakage.fraction == 0.0:
        return Leaking(p0.copy(), np.zeros(p0.shape), np.ones(p0.shape))
    q = np.log(2.0) / leakage.doubling
    k, steady = q * theta_jc, p0 * (1.0 - leakage.fraction)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        y = p0 * leakage.fraction * np.exp(q * (t - leakage.at))
        if k > 0.0:
            y = _lambert(-k * y * np.exp(k * steady)) / -k
        room = 1.0 - k * y
        grown = np.where(p0 > 0.0, (steady + y) / np.where(p0 > 0.0, p0, 1.0), 1.0)
        return Leaking(steady + y, q * y / room, grown / room)


def _lambert(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Principal branch of Lambert's W for real arguments; nan below its branch point -1/e."""
    import scipy.special as special

    lambertw: Any = special.lambertw  # its stubs know no arrays of any shape
    below = z < -np.exp(-1.0)
    return np.where(below, np.nan, np.real(lambertw(np.where(below, 0.0, z))))
