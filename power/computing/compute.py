"""The compute load: utilisation over the orbit, electrical power, and the heat that all of it becomes."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

import numpy as np
from annotated_types import Ge, Gt, Interval
from numpy.typing import ArrayLike, NDArray

from power.computing import profile as profiles
from power.computing.chip import Chip, chip
from power.computing.leakage import Leakage
from power.computing.profile import Constant, Duty, FollowSun, Schedule, Shadow
from power.computing.throttle import Band, Throttle, bands
from power.timeline import NEAR, sides, within


@dataclass(frozen=True, slots=True)
class Compute:
    """One kind of device and the parts that are such devices; every matched part is one of them."""

    name: str  #: how messages, overrides and results call this load
    parts: str  #: part name or pattern; each matched part is one device
    chip: str | None = None  #: device of the library
    peak: Annotated[float, "W", Gt(0)] | None = None  #: power at utilisation 1, per device; the library's when not given
    idle: Annotated[float, "W", Ge(0)] | None = None  #: power at utilisation 0, per device; the library's when not given
    theta_jc: Annotated[float, "K_W", Ge(0)] | None = None  #: thermal resistance junction to case; the library's when not given
    profile: Constant | Duty | Schedule | FollowSun = field(default_factory=Constant)  #: utilisation over time
    #: full: the profile also in shadow; idle: utilisation 0 from shadow entry to exit; fraction: a part of the profile there;
    #: checkpoint: saves its state at entry, sleeps until exit and then resumes
    eclipse: Literal["full", "idle", "fraction", "checkpoint"] = "full"
    #: part of the profile's utilisation in shadow, for fraction
    eclipse_fraction: Annotated[float, "-", Interval(ge=0, le=1)] | None = None
    checkpoint: Annotated[float, "s", Ge(0)] | None = None  #: time that saving takes from shadow entry on; no work is done
    checkpoint_power: Annotated[float, "W", Ge(0)] | None = None  #: power while saving, per device; the profile's when not given
    sleep: Annotated[float, "W", Ge(0)] | None = None  #: power asleep, per device
    #: time lost after shadow exit, at the profile's power without work; 0 when not given
    resume: Annotated[float, "s", Ge(0)] | None = None
    leakage: Leakage | None = None  #: growth of the power with junction temperature; none when not given
    throttle: Throttle | None = None  #: fall of the clock at temperature limits; none when not given
    #: of the converters between bus and device; 1 when not given
    supply_efficiency: Annotated[float, "-", Interval(gt=0, le=1)] | None = None
    supply_part: str | None = None  #: pattern of the parts that take the converters' heat
    rate: Annotated[float, "FLOPS", Gt(0)] | None = None  #: floating-point operations per second of one device at utilisation 1
    rate_source: str | None = None  #: where the rate comes from: benchmark, precision, data sheet

    def __post_init__(self) -> None:
        known = resolve(self)
        if known.peak is not None and known.idle is not None and known.idle > known.peak:
            raise ValueError(f"idle must not exceed peak ({known.idle:g} W above {known.peak:g} W)")
        self._check_eclipse()
        hysteresis(self)
        if self.supply_part is not None and self.supply_efficiency is None:
            raise ValueError("supply_efficiency is missing; supply_part takes the heat of converters with that efficiency")
        if self.rate is not None and not self.rate_source:
            raise ValueError("rate_source is missing; say which benchmark or data sheet rate_FLOPS comes from, and at which precision")

    def _check_eclipse(self) -> None:
        wanted = {"fraction": ("eclipse_fraction",), "checkpoint": ("checkpoint", "sleep")}
        keys = {"checkpoint": "checkpoint_s", "checkpoint_power": "checkpoint_power_W", "sleep": "sleep_W", "resume": "resume_s"}
        for name in wanted.get(self.eclipse, ()):
            if getattr(self, name) is None:
                raise ValueError(f'{keys.get(name, name)} is missing; eclipse = "{self.eclipse}" needs it')
        for mode, names in (("fraction", ("eclipse_fraction",)), ("checkpoint", tuple(keys))):
            for name in names:
                if mode != self.eclipse and getattr(self, name) is not None:
                    raise ValueError(f'{name} belongs to eclipse = "{mode}"; this one is "{self.eclipse}"')


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """What a load asks of each device; arrays (n,) on the caller's times."""

    used: NDArray[np.float64]  #: utilisation that sets the power [-]
    work: NDArray[np.float64]  #: utilisation that does work [-]; less than `used` while a checkpoint is written or read
    prescribed: NDArray[np.float64]  #: power that is set by the eclipse mode [W]; nan where `used` sets it


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


def hysteresis(compute: Compute) -> tuple[Band, ...]:
    """Throttling bands of the device; empty without throttling.

    Raises:
        ValueError: thresholds in the wrong order, or one that neither the case nor the library gives.
    """
    if compute.throttle is None:
        return ()
    known = resolve(compute)
    return bands(compute.throttle, known.junction_limit, known.memory_limit, known.theta_jc or 0.0)


def demand(compute: Compute, times: ArrayLike, orbit: float | None = None, shadow: Shadow = None, as_given: bool = False) -> Demand:
    """What is asked at `times` [s]; of two equal times the first is the value just before, the second just after.

    Args:
        times: (n,) non-decreasing.
        orbit: Period of the orbit [s]; None for a run that is not periodic (shadow then repeats no further than given).
        shadow: Entry to and exit from shadow [s], the entry within [0, orbit); None without eclipse.
        as_given: Of a transient of any length: the profile keeps its own period, Sun and shadow come back with the orbit.

    Raises:
        ValueError: the schedule's file is at fault, or checkpoint and resume take longer than the orbit.
    """
    t = np.asarray(times, dtype=float)
    before = sides(t)
    used = profiles.utilisation(compute.profile, t, before, orbit, shadow, as_given)
    free = np.full(t.shape, np.nan)
    if shadow is None or compute.eclipse == "full":
        return Demand(used, used, free)
    around = np.inf if orbit is None else orbit
    if compute.eclipse == "checkpoint":
        return _checkpointed(compute, t, before, used, shadow, around)
    dark = within(t, before, shadow[0], shadow[1] - shadow[0], around)
    used = np.where(dark, used * (compute.eclipse_fraction or 0.0), used)
    return Demand(used, used, free)


def _phases(compute: Compute, shadow: tuple[float, float], orbit: float) -> tuple[float, float, float]:
    """End of saving, start of resuming and its end [s], counted on beyond the orbit where they span its end."""
    saved = shadow[0] + (compute.checkpoint or 0.0)
    awake = max(saved, shadow[1])
    back = awake + (compute.resume or 0.0)
    if back - shadow[0] > orbit:
        raise ValueError(
            f"compute '{compute.name}': checkpoint, sleep and resume take {back - shadow[0]:.6g} s of an orbit of {orbit:.6g} s; "
            'shorten checkpoint_s or resume_s, or use eclipse = "idle"'
        )
    return saved, awake, back


def _checkpointed(
    compute: Compute,
    t: NDArray[np.float64],
    before: NDArray[np.bool_],
    used: NDArray[np.float64],
    shadow: tuple[float, float],
    orbit: float,
) -> Demand:
    saved, awake, back = _phases(compute, shadow, orbit)
    saving = within(t, before, shadow[0], saved - shadow[0], orbit)
    asleep = within(t, before, saved, awake - saved, orbit)
    lost = within(t, before, awake, back - awake, orbit)
    prescribed = np.where(asleep, compute.sleep or 0.0, np.nan)
    if compute.checkpoint_power is not None:
        prescribed = np.where(saving, compute.checkpoint_power, prescribed)
    return Demand(np.where(asleep, 0.0, used), np.where(saving | asleep | lost, 0.0, used), prescribed)


def utilisation(compute: Compute, times: ArrayLike, orbit: float | None = None, shadow: Shadow = None) -> NDArray[np.float64]:
    """Utilisation [-] that sets the power at `times` [s]; arguments as `demand`."""
    return demand(compute, times, orbit, shadow).used


def nominal_power(compute: Compute, asked: Demand) -> NDArray[np.float64]:
    """Power of one device [W] (n,) at the temperature for which peak and idle are stated.

    Raises:
        ValueError: peak or idle power is needed and neither the case nor the library gives it.
    """
    idle, peak = ends(compute, asked)
    return np.where(np.isnan(asked.prescribed), idle + asked.used * (peak - idle), asked.prescribed)


def ends(compute: Compute, asked: Demand) -> tuple[float, float]:
    """Idle and peak power of one device [W]; 0 for one that this demand does not need. Raises as `nominal_power`."""
    device, used = resolve(compute), asked.used[np.isnan(asked.prescribed)]
    peak = _known(device.peak, "peak", compute) if np.any(used > 0.0) else 0.0
    idle = _known(device.idle, "idle", compute) if np.any(used < 1.0) else 0.0
    return idle, peak


def electrical_power(
    compute: Compute, n_parts: int, times: ArrayLike, orbit: float | None = None, shadow: Shadow = None, as_given: bool = False
) -> NDArray[np.float64]:
    """Electrical power of all `n_parts` devices [W] at `times`, without leakage growth and throttling; arguments as `demand`.

    Raises:
        ValueError: as `demand` and `nominal_power`.
    """
    return n_parts * nominal_power(compute, demand(compute, times, orbit, shadow, as_given))


def _known(value: float | None, what: str, compute: Compute) -> float:
    if value is None:
        where = "no chip is named" if compute.chip is None else f"the library has no {what} power for chip '{compute.chip}'"
        raise ValueError(f"{what}_W is missing in compute '{compute.name}': {where}; give {what}_W (per device)")
    return value


def heat(compute: Compute, n_parts: int, times: ArrayLike, orbit: float | None = None, shadow: Shadow = None) -> NDArray[np.float64]:
    """Heat of all `n_parts` devices [W]: every watt of electricity, since computation stores none."""
    return electrical_power(compute, n_parts, times, orbit, shadow)


def bus_power(compute: Compute, power: ArrayLike) -> NDArray[np.float64]:
    """What the bus gives for `power` [W] at the devices: P / eta."""
    return np.asarray(power, dtype=float) / (1.0 if compute.supply_efficiency is None else compute.supply_efficiency)


def events(compute: Compute, orbit: float, shadow: Shadow = None, periodic: bool = True) -> NDArray[np.float64]:
    """Times within (0, orbit) at which the load switches or kinks [s], sorted; `orbit` is the length of a run that is not periodic."""
    found = profiles.switches(compute.profile, orbit, shadow, periodic)
    if compute.eclipse != "full" and shadow is not None:
        found += shadow
        if compute.eclipse == "checkpoint":
            found += _phases(compute, shadow, orbit if periodic else np.inf)
    if periodic:
        found = [float(np.mod(t, orbit)) for t in found]
    near = NEAR * orbit
    inside = np.unique([t for t in found if near < t < orbit - near])
    return inside[np.diff(inside, prepend=-orbit) > near]


def run_events(compute: Compute, duration: float, orbit: float, shadow: Shadow = None) -> NDArray[np.float64]:
    """Times within a transient of `duration` [s] over many orbits at which the load switches or kinks [s], sorted."""
    found = profiles.switches(compute.profile, duration, shadow, False, orbit)
    if compute.eclipse != "full" and shadow is not None:
        edges = [*shadow, *(_phases(compute, shadow, orbit) if compute.eclipse == "checkpoint" else ())]
        found += profiles.over_orbits(edges, duration, orbit)
    near = NEAR * duration
    inside = np.unique([t for t in found if near < t < duration - near])
    return inside[np.diff(inside, prepend=-duration) > near]


def device_hours(compute: Compute, n_parts: int, times: ArrayLike, orbit: float | None = None, shadow: Shadow = None) -> float:
    """Delivered compute over `times`: devices x working utilisation x time [device hours], without throttling."""
    work = demand(compute, times, orbit, shadow).work
    return n_parts * float(np.trapezoid(work, np.asarray(times, dtype=float))) / 3600.0


def notes(compute: Compute, orbit: float | None = None) -> tuple[str, ...]:
    """What this load leaves out or changes, in words."""
    left_out = [name for name, there in (("leakage", compute.leakage), ("throttling", compute.throttle)) if there is None]
    said = []
    if len(left_out) == 2:
        said.append("power does not depend on temperature (no leakage, no throttling)")
    elif left_out:
        said.append(f"no {left_out[0]}")
    said += profiles.notes(compute.profile, orbit)
    if compute.leakage is not None:
        where = compute.leakage.source or "figures of the case, no source given"
        said.append(f"leakage grows by doubling every {compute.leakage.doubling:g} K of the junction, at every utilisation alike ({where})")
    if any(band.theta == 0.0 for band in hysteresis(compute)) or (compute.leakage is not None and not resolve(compute).theta_jc):
        said.append("a temperature without a resistance to the case (theta_jc_K_W, theta_memory_K_W) is judged at the case")
    if compute.supply_efficiency is not None and compute.supply_part is None:
        said.append("the losses of its converters heat no part (supply_part is not given)")
    if compute.rate is not None:
        said.append(f"{compute.rate:g} FLOP/s per device at full utilisation ({compute.rate_source})")
    return tuple(f"compute '{compute.name}': {sentence}" for sentence in said)
