"""How devices answer to their temperature: power with leakage and throttling, its slope, the exact switching, and thermal runaway."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from power.compute import Compute, Demand, ends, hysteresis, resolve
from power.leakage import leaking
from power.throttle import ZERO_CELSIUS, averaged, distance


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


def respond(compute: Compute, used: ArrayLike | Demand, case: ArrayLike, throttled: ArrayLike | None = None) -> Response:
    """Power of one device at case temperature `case` [K].

    Args:
        compute: The load.
        used: (n,) utilisation asked [-], or a `Demand` whose prescribed powers neither leak nor throttle.
        case: (n,) or scalar.
        throttled: (n,) state of the exact law (see `Governor`); None takes the duty-averaged law.

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
        full = leaking(np.where(bound, 0.0, idle + wanted * (peak - idle)), t, compute.leakage, theta)
        duty, growth = averaged(hysteresis(compute), t, full.power, full.by_temperature)
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


def power_at(compute: Compute, n: int, used: ArrayLike | Demand, case: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Power of `n` devices [W] at case temperature `case` [K] and its slope [W/K], by the duty-averaged law; as `respond`."""
    found = respond(compute, used, case)
    return n * found.power, n * found.slope


def _asked(used: ArrayLike | Demand) -> Demand:
    if isinstance(used, Demand):
        return used
    share = np.asarray(used, dtype=float)
    return Demand(share, share, np.full(share.shape, np.nan))


class Governor:
    """The exact switching law of `n` devices (or groups of alike ones): each is at full clock or throttled, and remembers which."""

    def __init__(self, compute: Compute, n: int = 1) -> None:
        self.compute = compute
        self.throttled = np.zeros(n, dtype=bool)
        self._bands = hysteresis(compute)

    def respond(self, used: ArrayLike, case: ArrayLike) -> Response:
        """Power at `case` (n,) [K] with every device in its present state. Raises as `respond`."""
        return respond(self.compute, used, np.broadcast_to(np.asarray(case, dtype=float), self.throttled.shape), self.throttled)

    def distance(self, used: ArrayLike, case: ArrayLike) -> NDArray[np.float64]:
        """Kelvin until each device switches (n,): positive before, 0 or less when due. Its zero is the event to march to."""
        asked = np.broadcast_to(np.asarray(used, dtype=float), self.throttled.shape)
        t = np.broadcast_to(np.asarray(case, dtype=float), self.throttled.shape)
        idle, peak = ends(self.compute, _asked(asked))
        full = leaking(idle + asked * (peak - idle), t, self.compute.leakage, resolve(self.compute).theta_jc or 0.0)
        return distance(self._bands, self.throttled, t, full.power)

    def update(self, used: ArrayLike, case: ArrayLike) -> bool:
        """Switch every device that is due; True when any did. A second call at the same temperatures switches nothing."""
        due = self.distance(used, case) <= 0.0
        self.throttled = self.throttled ^ due
        return bool(due.any())


def loop_gain(slope: ArrayLike, resistance: ArrayLike) -> NDArray[np.float64]:
    """dP/dT [W/K] times the thermal resistance from the devices to the surroundings [K/W]: how much of a disturbance comes back."""
    return np.asarray(slope, dtype=float) * np.asarray(resistance, dtype=float)


def runaway(gain: float, name: str = "compute") -> str | None:
    """A sentence that begins "thermal runaway" for a loop gain of 1 or more; None below."""
    if gain < 1.0:
        return None
    return f"thermal runaway: loop gain {gain:.3g} of '{name}' is not below 1; a kelvin more brings more heat than the path carries away"
