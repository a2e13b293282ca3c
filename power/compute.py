"""The compute load: utilisation over the orbit, electrical power, and the heat that all of it becomes."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

import numpy as np
from annotated_types import Ge, Gt, Interval
from numpy.typing import ArrayLike, NDArray

from power.chip import Chip, chip
from power.timeline import NEAR, sides


@dataclass(frozen=True, slots=True)
class Constant:
    """The same utilisation all the time."""

    kind: Literal["constant"] = "constant"  #: how the load varies
    utilisation: Annotated[float, "-", Interval(ge=0, le=1)] = 1.0  #: power between idle (0) and peak (1)


@dataclass(frozen=True, slots=True)
class Duty:
    """On and off in turn, with sharp edges."""

    kind: Literal["duty"] = "duty"  #: how the load varies
    on_fraction: Annotated[float, "-", Interval(ge=0, le=1)] = 0.5  #: part of the period that is on
    utilisation: Annotated[float, "-", Interval(ge=0, le=1)] = 1.0  #: utilisation when on
    idle_utilisation: Annotated[float, "-", Interval(ge=0, le=1)] = 0.0  #: utilisation when off
    period: Annotated[float, "s", Gt(0)] | None = None  #: time from one start to the next; the orbit's period when not given
    phase: Annotated[float, "s"] = 0.0  #: time of one start, counted from the start of the orbit


@dataclass(frozen=True, slots=True)
class Compute:
    """One kind of device and the parts that are such devices; every matched part is one of them."""

    name: str  #: how messages, overrides and results call this load
    parts: str  #: part name or pattern; each matched part is one device
    chip: str | None = None  #: device of the library
    peak: Annotated[float, "W", Gt(0)] | None = None  #: power at utilisation 1, per device; the library's when not given
    idle: Annotated[float, "W", Ge(0)] | None = None  #: power at utilisation 0, per device; the library's when not given
    theta_jc: Annotated[float, "K_W", Ge(0)] | None = None  #: thermal resistance junction to case; the library's when not given
    profile: Constant | Duty = field(default_factory=Constant)  #: utilisation over time
    eclipse: Literal["full", "idle"] = "full"  #: full: the profile also in shadow; idle: utilisation 0 from shadow entry to exit

    def __post_init__(self) -> None:
        known = resolve(self)
        if known.peak is not None and known.idle is not None and known.idle > known.peak:
            raise ValueError(f"idle must not exceed peak ({known.idle:g} W above {known.peak:g} W)")


def resolve(compute: Compute) -> Chip:
    """The device with what the case gives in place of what the library gives.

    Raises:
        ValueError: unknown chip name.
    """
    base = Chip(None, f"case, compute '{compute.name}'") if compute.chip is None else chip(compute.chip)
    return Chip(
        peak=base.peak if compute.peak is None else compute.peak,
        source=base.source,
        idle=base.idle if compute.idle is None else compute.idle,
        theta_jc=base.theta_jc if compute.theta_jc is None else compute.theta_jc,
        junction_limit=base.junction_limit,
        memory_limit=base.memory_limit,
    )


def duty_period(profile: Duty, orbit: float | None) -> float:
    """Period of a duty cycle [s]. Over a periodic orbit it is the nearest whole fraction of `orbit`, since else no state repeats."""
    if profile.period is None:
        if orbit is None:
            raise ValueError("profile.period_s must be given where there is no orbit")
        return orbit
    return profile.period if orbit is None else orbit / max(1, round(orbit / profile.period))


def utilisation(
    compute: Compute, times: ArrayLike, orbit: float | None = None, shadow: tuple[float, float] | None = None
) -> NDArray[np.float64]:
    """Utilisation [-] at `times` [s]; of two equal times the first is the value just before, the second just after.

    Args:
        times: (n,) non-decreasing.
        orbit: Period of the orbit [s]; None for a run that is not periodic (shadow then repeats no further than given).
        shadow: Entry to and exit from shadow [s], within [0, orbit); None without eclipse.
    """
    t = np.asarray(times, dtype=float)
    before = sides(t)
    profile = compute.profile
    if isinstance(profile, Constant):
        used = np.full(t.shape, profile.utilisation)
    else:
        period = duty_period(profile, orbit)
        on = _within(t, before, profile.phase, profile.on_fraction * period, period)
        used = np.where(on, profile.utilisation, profile.idle_utilisation)
    if compute.eclipse == "idle" and shadow is not None:
        dark = _within(t, before, shadow[0], shadow[1] - shadow[0], np.inf if orbit is None else orbit)
        used = np.where(dark, 0.0, used)
    return used


def _within(t: NDArray[np.float64], before: NDArray[np.bool_], start: float, length: float, period: float) -> NDArray[np.bool_]:
    """Whether each time lies in the repeating interval [start, start + length); one-sided where `before` is set."""
    if length >= period:
        return np.ones(t.shape, dtype=bool)
    near = NEAR * (length if np.isinf(period) else period)  # a switch that is missed by rounding is still that switch
    since = t - start if np.isinf(period) else np.mod(t - start + near, period) - near
    after = (since >= -near) & (since < length - near)
    since = np.where(np.abs(since) <= near, period, since)  # just before a start: a whole period since the last one
    return np.where(before, (since > near) & (since <= length + near), after)


def electrical_power(
    compute: Compute, n_parts: int, times: ArrayLike, orbit: float | None = None, shadow: tuple[float, float] | None = None
) -> NDArray[np.float64]:
    """Electrical power of all `n_parts` devices [W] at `times`; arguments as `utilisation`.

    Raises:
        ValueError: peak or idle power is needed and neither the case nor the library gives it.
    """
    device, used = resolve(compute), utilisation(compute, times, orbit, shadow)
    peak = _known(device.peak, "peak", compute) if np.any(used > 0.0) else 0.0
    idle = _known(device.idle, "idle", compute) if np.any(used < 1.0) else 0.0
    return n_parts * (idle + used * (peak - idle))


def _known(value: float | None, what: str, compute: Compute) -> float:
    if value is None:
        where = "no chip is named" if compute.chip is None else f"the library has no {what} power for chip '{compute.chip}'"
        raise ValueError(f"{what}_W is missing in compute '{compute.name}': {where}; give {what}_W (per device)")
    return value


def heat(
    compute: Compute, n_parts: int, times: ArrayLike, orbit: float | None = None, shadow: tuple[float, float] | None = None
) -> NDArray[np.float64]:
    """Heat of all `n_parts` devices [W]: every watt of electricity, since computation stores none."""
    return electrical_power(compute, n_parts, times, orbit, shadow)


def events(compute: Compute, orbit: float, shadow: tuple[float, float] | None = None) -> NDArray[np.float64]:
    """Times within (0, orbit) at which the load switches [s], sorted."""
    found: list[float] = []
    profile = compute.profile
    if isinstance(profile, Duty) and 0.0 < profile.on_fraction < 1.0 and profile.utilisation != profile.idle_utilisation:
        period = duty_period(profile, orbit)
        starts = np.mod(profile.phase, period) + period * np.arange(-1, round(orbit / period) + 1)
        found += [*starts, *(starts + profile.on_fraction * period)]
    if compute.eclipse == "idle" and shadow is not None:
        found += shadow
    near = NEAR * orbit
    inside = np.unique([t for t in found if near < t < orbit - near])
    return inside[np.diff(inside, prepend=-orbit) > near]


def device_hours(
    compute: Compute, n_parts: int, times: ArrayLike, orbit: float | None = None, shadow: tuple[float, float] | None = None
) -> float:
    """Delivered compute over `times`: devices x utilisation x time [device hours]."""
    return n_parts * float(np.trapezoid(utilisation(compute, times, orbit, shadow), np.asarray(times, dtype=float))) / 3600.0


def notes(compute: Compute, orbit: float | None = None) -> tuple[str, ...]:
    """What this load leaves out or changes, in words."""
    said = [f"compute '{compute.name}': power does not depend on temperature (no leakage, no throttling)"]
    profile = compute.profile
    if isinstance(profile, Duty) and profile.period is not None and orbit is not None:
        used = duty_period(profile, orbit)
        if abs(used - profile.period) > 1e-9 * profile.period:
            said.append(
                f"compute '{compute.name}': duty period {used:.6g} s instead of {profile.period:.6g} s, a whole fraction of the orbit"
            )
    return tuple(said)
