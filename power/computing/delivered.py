"""What a compute load delivered over one orbit, what it took for it, and how long it was throttled."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from power.computing.compute import Compute, bus_power, demand, nominal_power
from power.computing.profile import Shadow, utilisation
from power.computing.response import respond
from power.timeline import sides

JOULE_PER_KWH = 3.6e6


@dataclass(frozen=True, slots=True)
class Delivered:
    """Compute and energy over the times given; add those of several parts or entries."""

    device_hours: float  #: devices x working utilisation x time
    asked_hours: float  #: the same before eclipse losses and throttling are taken off
    flop: float | None  #: floating-point operations; None where a rate is missing
    energy: float  #: J taken from the bus, converters included
    throttled: float  #: device minutes at low clock
    duration: float  #: s

    @property
    def hours_per_kWh(self) -> float:
        """Device hours per kilowatt hour from the bus; 0 where nothing was taken."""
        return self.device_hours / (self.energy / JOULE_PER_KWH) if self.energy > 0.0 else 0.0

    @property
    def flop_per_kWh(self) -> float | None:
        """Floating-point operations per kilowatt hour from the bus; None where a rate is missing."""
        return None if self.flop is None or self.energy <= 0.0 else self.flop / (self.energy / JOULE_PER_KWH)

    def __add__(self, other: "Delivered") -> "Delivered":
        if self.duration != other.duration:
            raise ValueError(f"delivered compute adds up over the same time only, not {self.duration:g} s and {other.duration:g} s")
        flop = None if self.flop is None or other.flop is None else self.flop + other.flop
        return Delivered(
            self.device_hours + other.device_hours,
            self.asked_hours + other.asked_hours,
            flop,
            self.energy + other.energy,
            self.throttled + other.throttled,
            self.duration,
        )


def delivered(
    compute: Compute,
    n: int,
    times: ArrayLike,
    orbit: float | None = None,
    shadow: Shadow = None,
    case: ArrayLike | None = None,
    throttled: ArrayLike | None = None,
) -> Delivered:
    """Delivered compute of `n` devices that share a case temperature.

    Args:
        compute: The load.
        n: Devices.
        times: (m,) s, every event of the load twice (see `timeline.with_events`).
        orbit, shadow: As `compute.demand`.
        case: (m,) case temperature [K]; None leaves leakage and throttling out.
        throttled: (m,) states of the exact law; None takes the duty-averaged one.

    Raises:
        ValueError: as `compute.demand` and `compute.nominal_power`.
        RunawayError: as `response.respond`.
    """
    t = np.asarray(times, dtype=float)
    asked = demand(compute, t, orbit, shadow)
    power, left, low = nominal_power(compute, asked), asked.used, np.zeros(t.shape)
    if case is not None:
        found = respond(compute, asked, case, throttled)
        power, left, low = found.power, found.used, found.throttled
    kept = np.divide(left, asked.used, out=np.ones(t.shape), where=asked.used > 0.0)
    hours = n * float(np.trapezoid(asked.work * kept, t)) / 3600.0
    return Delivered(
        device_hours=hours,
        asked_hours=n * _asked_hours(compute, t, orbit, shadow),
        flop=None if compute.rate is None else compute.rate * hours * 3600.0,
        energy=n * float(np.trapezoid(bus_power(compute, power), t)),
        throttled=n * float(np.trapezoid(low, t)) / 60.0,
        duration=float(t[-1] - t[0]),
    )


def _asked_hours(compute: Compute, t: ArrayLike, orbit: float | None, shadow: Shadow) -> float:
    """Device hours of one device by its profile alone."""
    at = np.asarray(t, dtype=float)
    return float(np.trapezoid(utilisation(compute.profile, at, sides(at), orbit, shadow), at)) / 3600.0
