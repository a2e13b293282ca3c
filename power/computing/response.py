"""How devices answer to their temperature: power with leakage and throttling, its slope, when they switch, and thermal runaway."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from power.computing.compute import Compute, Demand, ends, hysteresis, resolve
from power.computing.leakage import leaking
from power.computing.throttle import Band, averaged, distance
from power.constants import ZERO_CELSIUS


class RunawayError(RuntimeError):
    """No steady power exists: leakage grows faster than its heat leaves."""

    def __init__(self, name: str, temperature: float) -> None:
        self.name, self.temperature = name, temperature
        super().__init__(
            f"thermal runaway: compute '{name}' has no steady junction temperature with its case at {temperature - ZERO_CELSIUS:.1f} degC; "
            "its leakage grows faster than theta_jc_K_W carries away. Try a cooler case, a lower utilisation or a throttle"
        )


@dataclass(frozen=True, slots=True, eq=False)
class Response:
    """One device at its case temperature; arrays (n,)."""

    power: NDArray[np.float64]  #: W
    slope: NDArray[np.float64]  #: derivative of `power` by case temperature [W/K]
    used: NDArray[np.float64]  #: utilisation that is left after throttling [-]
    throttled: NDArray[np.float64]  #: part of the time at low clock [-]
    junction: NDArray[np.float64]  #: K; the mean where throttling switches within the time


@dataclass(frozen=True, slots=True, eq=False)
class FullClock:
    """Devices as they would be at full clock, where both laws of throttling judge them; arrays (n,)."""

    hysteresis: tuple[Band, ...]
    case: NDArray[np.float64]  #: K
    power: NDArray[np.float64]  #: W of one device; nan where there is no steady one
    slope: NDArray[np.float64]  #: its derivative by case temperature [W/K]

    def until_switch(self, throttled: NDArray[np.bool_]) -> NDArray[np.float64]:
        """The exact law: kelvin until each device in such a state switches (n,), 0 or less when due; its zero is the event to march to."""
        return distance(self.hysteresis, throttled, self.case, self.power)

    def above(self) -> NDArray[np.float64]:
        """Where the averaged law begins and ends to answer: kelvin above each release and limit, the highest first (corners, n)."""
        at = [self.case + band.theta * np.where(np.isnan(self.power), np.inf, self.power) for band in self.hysteresis]
        ends = [judged - end for judged, band in zip(at, self.hysteresis, strict=True) for end in (band.release, band.limit)]
        return np.asarray(-np.sort(-np.array(ends).reshape(len(ends), *self.case.shape), axis=0))

    def averaged(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The averaged law: part of the time at low clock (n,) [-], and its derivative by case temperature [1/K]."""
        return averaged(self.hysteresis, self.case, self.power, self.slope)


def full_clock(compute: Compute, nominal: ArrayLike, prescribed: ArrayLike, case: ArrayLike) -> FullClock:
    """One device of a load at full clock.

    Args:
        compute: The load.
        nominal: Power at full clock before leakage [W]; anything where the power is prescribed.
        prescribed: Power that neither leaks nor throttles [W]; nan where `nominal` holds.
        case: (n,) K; the others broadcast with it.
    """
    given, t = np.broadcast_arrays(np.asarray(prescribed, dtype=float), np.asarray(case, dtype=float))
    bound = np.isfinite(given)
    found = leaking(np.where(bound, 0.0, nominal), t, compute.leakage, resolve(compute).theta_jc or 0.0)
    return FullClock(hysteresis(compute), t, np.where(bound, given, found.power), np.where(bound, 0.0, found.by_temperature))


def respond(compute: Compute, used: ArrayLike | Demand, case: ArrayLike, throttled: ArrayLike | None = None) -> Response:
    """Power of one device at case temperature `case` [K].

    Args:
        compute: The load.
        used: (n,) utilisation asked [-], or a `Demand` whose prescribed powers neither leak nor throttle.
        case: (n,) or scalar.
        throttled: (n,) state of the exact law, to be turned over where `FullClock.until_switch` says; None takes the duty-averaged law.

    Raises:
        RunawayError: no steady power exists at some temperature.
        ValueError: as `compute.nominal_power`.
    """
    asked = _asked(used)
    wanted, t = np.broadcast_arrays(asked.used, np.asarray(case, dtype=float))
    asked = Demand(wanted, asked.work, np.broadcast_to(asked.prescribed, wanted.shape))
    idle, peak = ends(compute, asked)
    theta = resolve(compute).theta_jc or 0.0
    low = wanted if compute.throttle is None else compute.throttle.low(wanted)
    if compute.throttle is not None and np.any(low < 1.0):
        idle, _ = ends(compute, Demand(low, low, asked.prescribed))
    bound = np.isfinite(asked.prescribed)
    if throttled is None:
        duty, growth = full_clock(compute, idle + wanted * (peak - idle), asked.prescribed, t).averaged()
    else:
        duty = np.broadcast_to(np.asarray(throttled, dtype=float), t.shape)
        growth = np.zeros(t.shape)
    left = wanted - duty * (wanted - low)
    found = leaking(idle + left * (peak - idle), t, compute.leakage, theta)
    power, slope = found.power, found.by_temperature - found.by_nominal * (peak - idle) * (wanted - low) * growth
    lost = np.isnan(power) & ~bound
    if lost.any():
        raise RunawayError(compute.name, float(t[lost].min()))
    power, slope = np.where(bound, asked.prescribed, power), np.where(bound, 0.0, slope)
    return Response(power, slope, np.where(bound, wanted, left), np.where(bound, 0.0, duty), t + theta * power)


def _asked(used: ArrayLike | Demand) -> Demand:
    if isinstance(used, Demand):
        return used
    share = np.asarray(used, dtype=float)
    return Demand(share, share, np.full(share.shape, np.nan))


def loop_gain(slope: ArrayLike, resistance: ArrayLike) -> NDArray[np.float64]:
    """dP/dT [W/K] times the thermal resistance from the devices to the surroundings [K/W]: how much of a disturbance comes back."""
    return np.asarray(slope, dtype=float) * np.asarray(resistance, dtype=float)


def runaway(gain: float, name: str = "compute") -> str | None:
    """A sentence that begins "thermal runaway" for a loop gain of 1 or more; None below."""
    if gain < 1.0:
        return None
    return f"thermal runaway: loop gain {gain:.3g} of '{name}' is not below 1; a kelvin more brings more heat than the path carries away"
