"""How a load varies over the orbit: constant, on and off, by a job schedule, or with the Sun."""

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from annotated_types import Ge, Gt, Interval
from numpy.typing import NDArray

from power.computing.schedule import Steps, read_schedule, steps_at
from power.timeline import nearness, within

type Share = Annotated[float, "-", Interval(ge=0, le=1)]
type Shadow = tuple[float, float] | None  # entry to and exit from shadow [s]

STRETCH = 1.25  #: a schedule that would have to be squeezed by more than this to fit the orbit is refused


@dataclass(frozen=True, slots=True)
class Constant:
    """The same utilisation all the time."""

    kind: Literal["constant"] = "constant"  #: how the load varies
    utilisation: Share = 1.0  #: power between idle (0) and peak (1)


@dataclass(frozen=True, slots=True)
class Duty:
    """On and off in turn, with sharp edges."""

    kind: Literal["duty"] = "duty"  #: how the load varies
    on_fraction: Share = 0.5  #: part of the period that is on
    utilisation: Share = 1.0  #: utilisation when on
    idle_utilisation: Share = 0.0  #: utilisation when off
    period: Annotated[float, "s", Gt(0)] | None = None  #: time from one start to the next; the orbit's period when not given
    phase: Annotated[float, "s"] = 0.0  #: time of one start, counted from the start of the orbit


@dataclass(frozen=True, slots=True)
class Schedule:
    """Jobs from a CSV file; each row's utilisation holds from its time to the next row's."""

    kind: Literal["schedule"]  #: how the load varies
    file: str  #: CSV with the columns time_s (rising from 0) and utilisation (0 to 1); relative to the case file
    period: Annotated[float, "s", Gt(0)] | None = None  #: time after which the schedule starts again; the orbit's period when not given


@dataclass(frozen=True, slots=True)
class FollowSun:
    """Full in sunlight, low in shadow."""

    kind: Literal["follow_sun"]  #: how the load varies
    utilisation: Share = 1.0  #: utilisation in sunlight
    dark_utilisation: Share = 0.0  #: utilisation from shadow entry to exit
    ramp: Annotated[float, "s", Ge(0)] = 0.0  #: time of the rise after shadow exit, and of the fall that ends at shadow entry


Profile = Constant | Duty | Schedule | FollowSun


def repeat(period: float | None, orbit: float | None, as_given: bool = False) -> float:
    """Time after which a profile starts again [s]: `period`, over a periodic orbit its nearest whole fraction, since else no state repeats.

    With `as_given`, in a run that does not repeat, it keeps the period that it has.

    Raises:
        ValueError: neither is given.
    """
    if period is None:
        if orbit is None:
            raise ValueError("profile.period_s must be given where there is no orbit")
        return orbit
    return period if orbit is None or as_given else orbit / max(1, round(orbit / period))


def utilisation(
    profile: Profile, t: NDArray[np.float64], before: NDArray[np.bool_], orbit: float | None, shadow: Shadow, as_given: bool = False
) -> NDArray[np.float64]:
    """Utilisation [-] at `t` (n,) [s], just before it where `before` is set; `as_given` keeps periods that the orbit has not."""
    match profile:
        case Constant():
            return np.full(t.shape, profile.utilisation)
        case Duty():
            period = repeat(profile.period, orbit, as_given)
            on = within(t, before, profile.phase, profile.on_fraction * period, period)
            return np.where(on, profile.utilisation, profile.idle_utilisation)
        case Schedule():
            (knots, values), period = fitted(profile, orbit, as_given)
            return steps_at(t, before, knots, values, period)
    return _followed(profile, t, before, orbit, shadow)


def _followed(
    profile: FollowSun, t: NDArray[np.float64], before: NDArray[np.bool_], orbit: float | None, shadow: Shadow
) -> NDArray[np.float64]:
    if shadow is None:
        return np.full(t.shape, profile.utilisation)
    entry, leave = shadow
    around = np.inf if orbit is None else orbit
    dark = within(t, before, entry, leave - entry, around)
    share = np.ones(t.shape)
    near = nearness(t, leave - entry if orbit is None else orbit)
    if profile.ramp > near:
        after, ahead = (t - leave, entry - t) if orbit is None else (np.mod(x, orbit) for x in (t - leave, entry - t))
        if orbit is not None:  # an edge that round-off puts a hair past is now, not an orbit away
            after, ahead = (np.where(x > orbit - near, 0.0, x) for x in (after, ahead))
        to_edge = np.where(t < entry, ahead, after) if orbit is None else np.minimum(after, ahead)
        share = np.clip(to_edge / profile.ramp, 0.0, 1.0)
    lit = profile.dark_utilisation + (profile.utilisation - profile.dark_utilisation) * share
    return np.where(dark, profile.dark_utilisation, lit)


def fitted(profile: Schedule, orbit: float | None, as_given: bool = False) -> tuple[Steps, float]:
    """Steps of a schedule and the time after which they repeat [s]; with an own period they are stretched to a whole fraction of `orbit`.

    Without orbit and period the last step holds for good (inf). With `as_given` nothing is stretched, and the last step of a schedule
    without a period that is longer than the orbit holds for good too.

    Raises:
        ValueError: the file is at fault, is longer than what it repeats over, or does not fit into the orbit.
    """
    try:
        knots, values = read_schedule(profile.file)
    except ValueError as error:
        raise ValueError(f"profile.file {profile.file}: {error}") from error
    own = profile.period if profile.period is not None else orbit
    if own is None or (as_given and profile.period is None and knots[-1] >= own):
        return (knots, values), np.inf
    if knots[-1] >= own:
        what = "the orbit's period" if profile.period is None else "profile.period_s"
        raise ValueError(f"profile.file {profile.file}: last time_s is {knots[-1]:g}; expected less than {what}, {own:g} s")
    period = repeat(profile.period, orbit, as_given)
    if period * STRETCH < own:
        raise ValueError(
            f"profile.period_s {own:g} does not fit into the orbit of {period:g} s; give at most {STRETCH * period:.6g} or run a transient"
        )
    return (knots * (period / own), values), period


def switches(profile: Profile, span: float, shadow: Shadow, periodic: bool = True, orbit: float | None = None) -> list[float]:
    """Times at which the profile jumps or kinks [s] over the orbit `span`, or over a run of that length; some may lie outside.

    Of a run that is not periodic, but goes on over more than one `orbit` [s], with shadow times in the first of them, all that lie within.
    """
    if orbit is not None and isinstance(profile, FollowSun):
        return over_orbits(switches(profile, orbit, shadow), span, orbit)
    as_given, orbit = orbit is not None, span if periodic else orbit
    match profile:
        case Duty() if 0.0 < profile.on_fraction < 1.0 and profile.utilisation != profile.idle_utilisation:
            period = repeat(profile.period, orbit, as_given)
            starts = np.mod(profile.phase, period) + period * np.arange(-1, int(np.ceil(span / period)) + 1)
            return [s for s in (*starts.tolist(), *(starts + profile.on_fraction * period).tolist()) if 0.0 <= s <= span]
        case Schedule():
            (knots, values), period = fitted(profile, orbit, as_given)
            jumps = knots[values != np.roll(values, 1)]
            count = 1 if np.isinf(period) else int(np.ceil(span / period))
            return [s for i in range(count) for k in jumps.tolist() if (s := k + (period * i if i else 0.0)) <= span]
        case FollowSun() if shadow is not None and profile.utilisation != profile.dark_utilisation:
            entry, leave = shadow
            ramp = min(profile.ramp, 0.5 * (span - (leave - entry))) if periodic else profile.ramp
            return [entry, leave, leave + ramp, entry - ramp]
    return []


def over_orbits(times: list[float], span: float, orbit: float) -> list[float]:
    """Times [s] of every `orbit` [s] within a run of length `span` [s]."""
    turns = range(-1, int(np.ceil(span / orbit)) + 1)
    return [t for n in turns for time in times if 0.0 <= (t := time + n * orbit) <= span]


def notes(profile: Profile, orbit: float | None) -> tuple[str, ...]:
    """What was changed to fit the orbit, in words."""
    if not isinstance(profile, Duty | Schedule) or profile.period is None or orbit is None:
        return ()
    used = repeat(profile.period, orbit)
    if abs(used - profile.period) <= 1e-9 * profile.period:
        return ()
    return (f"{profile.kind} period {used:.6g} s instead of {profile.period:.6g} s, a whole fraction of the orbit",)
