"""Clock throttling: limits of junction and memory with hysteresis, as a duty-averaged law and as the exact switching."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from annotated_types import Ge, Interval
from numpy.typing import NDArray

from power.constants import ZERO_CELSIUS


@dataclass(frozen=True, slots=True)
class Throttle:
    """The clock falls when junction or memory reach a limit and comes back when both have cooled to their release temperatures.

    Both are reckoned at full clock, so that the fall of the junction on throttling does not at once bring the clock back.
    """

    #: junction temperature at which the clock falls; the library's limit when not given
    junction: Annotated[float, "degC", Ge(0)] | None = None
    release: Annotated[float, "degC", Ge(0)] | None = None  #: junction temperature, at full clock, at which it comes back
    #: memory temperature at which the clock falls; the library's limit when not given
    memory: Annotated[float, "degC", Ge(0)] | None = None
    memory_release: Annotated[float, "degC", Ge(0)] | None = None  #: memory temperature, at full clock, at which it comes back
    theta_memory: Annotated[float, "K_W", Ge(0)] = 0.0  #: rise of the memory above the case per watt of the device
    factor: Annotated[float, "-", Interval(ge=0, lt=1)] | None = None  #: utilisation when throttled, as a part of what is asked
    #: utilisation when throttled, at most; instead of factor
    minimum_utilisation: Annotated[float, "-", Interval(ge=0, lt=1)] | None = None

    def __post_init__(self) -> None:
        if (self.factor is None) == (self.minimum_utilisation is None):
            raise ValueError("factor and minimum_utilisation both say how far the clock falls; give exactly one of the two")
        if self.release is None and self.memory_release is None:
            raise ValueError("release_degC or memory_release_degC is missing; without hysteresis the clock would switch without end")
        for limit, back, name in ((self.junction, self.release, "junction"), (self.memory, self.memory_release, "memory")):
            if limit is not None and back is None:
                raise ValueError(f"{_release(name)}_degC is missing; {name}_degC needs a temperature at which the clock comes back")
            _ordered(limit, back, name)

    def low(self, asked: NDArray[np.float64]) -> NDArray[np.float64]:
        """Utilisation when throttled [-] where `asked` is asked."""
        return np.minimum(asked, self.minimum_utilisation) if self.minimum_utilisation is not None else asked * (self.factor or 0.0)


@dataclass(frozen=True, slots=True)
class Band:
    """One hysteresis: the clock falls at `limit` and may come back at `release`, both [K] and reckoned at full clock."""

    release: float
    limit: float
    theta: float  #: rise of the judged temperature above the case per watt [K/W]


def _release(name: str) -> str:
    return "release" if name == "junction" else "memory_release"


def _ordered(limit: float | None, back: float | None, name: str) -> None:
    if limit is not None and back is not None and back >= limit:
        raise ValueError(
            f"{_release(name)} must lie below {name}_degC, at which the clock falls: {back - ZERO_CELSIUS:g} degC is not below "
            f"{limit - ZERO_CELSIUS:g} degC"
        )


def bands(throttle: Throttle, junction_limit: float | None, memory_limit: float | None, theta_jc: float) -> tuple[Band, ...]:
    """Hysteresis bands of a device whose library limits are given [K].

    Raises:
        ValueError: a release temperature without a limit, or not below it.
    """
    found = []
    for name, given, known, back, theta in (
        ("junction", throttle.junction, junction_limit, throttle.release, theta_jc),
        ("memory", throttle.memory, memory_limit, throttle.memory_release, throttle.theta_memory),
    ):
        limit = known if given is None else given
        if back is None:
            continue
        if limit is None:
            raise ValueError(f"throttle.{name}_degC is missing: neither the case nor the library gives a {name} limit for this device")
        try:
            _ordered(limit, back, name)
        except ValueError as error:
            raise ValueError(f"throttle.{error}") from error
        found.append(Band(back, limit, theta))
    return tuple(found)


def averaged(
    hysteresis: tuple[Band, ...], case: NDArray[np.float64], power: NDArray[np.float64], slope: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Part of the time that the clock is low [-], and its derivative by case temperature [1/K].

    Each band counts from 0 at its release temperature to 1 at its limit with a smooth step 3 s^2 - 2 s^3; the bands act independently.

    Args:
        hysteresis: From `bands`.
        case: (n,) K.
        power, slope: (n,) of one device at full clock [W] and [W/K]; nan power (no steady state) counts as throttled.
    """
    free, fall = np.ones(case.shape), np.zeros(case.shape)
    for band in hysteresis:
        at = case + band.theta * power
        lost = np.isnan(at)
        s = np.clip((np.where(lost, band.limit, at) - band.release) / (band.limit - band.release), 0.0, 1.0)
        rate = 6.0 * s * (1.0 - s) / (band.limit - band.release) * np.where(lost, 0.0, 1.0 + band.theta * np.where(lost, 0.0, slope))
        duty = s * s * (3.0 - 2.0 * s)
        free, fall = free * (1.0 - duty), fall * (1.0 - duty) + free * rate
    return 1.0 - free, fall


def distance(
    hysteresis: tuple[Band, ...], throttled: NDArray[np.bool_], case: NDArray[np.float64], power: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Kelvin until the exact law switches, (n,): positive before, 0 or less when it is due. An event function for marching.

    A device at full clock switches when the first band reaches its limit, a throttled one when the last has come down to its release.
    """
    if not hysteresis:
        return np.full(case.shape, np.inf)
    at = [np.where(np.isnan(power), np.inf, case + band.theta * power) for band in hysteresis]
    to_fall = np.min([band.limit - t for band, t in zip(hysteresis, at, strict=True)], axis=0)
    to_rise = np.max([t - band.release for band, t in zip(hysteresis, at, strict=True)], axis=0)
    return np.where(throttled, to_rise, to_fall)
