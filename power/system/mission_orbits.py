"""Orbits of a mission from a few that were solved: powers between noon, entry and exit of the shadow and noon, whatever their lengths."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from power.bus.balance import Limits, swing
from power.system.mission_years import Orbits
from power.system.result import PowerResult
from power.system.settings import Power
from power.system.yearly_figures import when_new
from power.timeline import resample

Floats = NDArray[np.float64]

PIECES = 24  #: of each third of an orbit: before the shadow, in it, after it
BOUND = np.finfo(float).max / 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Mean powers of one orbit over its pieces, (m,)."""

    light: Floats  #: electricity of a square metre of new array [W/m2]; none in the shadow
    load: Floats  #: at the load's terminals [W]
    charge: Floats  #: largest charging power at the battery's terminals [W]
    eclipse: float  #: s; the middle of the penumbra counts as its edge


def profile(power: Power, found: PowerResult, edges: ArrayLike) -> Profile:
    """Powers of a solved orbit whose noon is at its ends.

    Args:
        power: The system at the age at which it was solved.
        found: Its solution, with sizes.
        edges: Of the shadow [s], of the orbit's `environment`; none where it has none.
    """
    b = found.balance
    assert found.array_area
    entry, leaving = shadow(edges, float(b.times[-1]))
    ends = _ends(float(b.times[-1]), entry, leaving)
    light = _means(b.times, b.available / found.array_area * resample(b.times[b.given], when_new(power, found), b.times), ends)
    light[PIECES : 2 * PIECES] = 0.0
    return Profile(light, _means(b.times, b.load, ends), _charging(found, ends), leaving - entry)


def shadow(edges: ArrayLike, period: float) -> tuple[float, float]:
    """Times of entry and exit [s]: the middles of the penumbra; the middle of the orbit twice where there is no shadow."""
    at = np.sort(np.asarray(edges, dtype=float))
    if at.size < 2:
        return 0.5 * period, 0.5 * period
    half = at.size // 2
    return float(at[:half].mean()), float(at[half:].mean())


def orbits(period: float, eclipse: Floats, light: Floats, load: Floats, charge: Floats, years: float) -> Orbits:
    """Kinds of orbits over a mission of so many years.

    Args:
        period: Of every one [s].
        eclipse: (k,) s.
        light, load, charge: (k, m) of `Profile`.
    """
    third = np.stack([0.5 * (period - eclipse), eclipse, 0.5 * (period - eclipse)], axis=1) / PIECES
    durations = np.repeat(third, PIECES, axis=1)
    durations *= period / durations.sum(axis=1, keepdims=True)
    rows = [np.ascontiguousarray(np.maximum(values, 0.0)) for values in (light, load, charge)]
    return Orbits(np.ascontiguousarray(durations), rows[0], rows[1], rows[2], years)


def needs(found: PowerResult, period: float, eclipse: float, light: Floats, load: Floats) -> tuple[float, float]:
    """What one orbit with the flown array asks of the battery.

    Args:
        found: A solution, for the sizes and the efficiencies of the bus.
        light: (m,) electricity of a square metre at its age [W/m2].
        load: (m,) W.

    Returns:
        Energy that the store gains over the orbit, negative where the array is too small, and its largest swing [J].
    """
    assert found.array_area
    assert found.cells is not None
    times = np.repeat(_ends(period, 0.5 * (period - eclipse), 0.5 * (period + eclipse)), 2)[1:-1]
    lit, asked = (np.repeat(np.maximum(values, 0.0), 2) for values in (light, load))
    most = Limits(discharge=found.cells.limits.discharge if np.ndim(found.cells.limits.discharge) == 0 else np.inf)
    gain, deep = swing(times, found.array_area * lit, asked, found.cells.paths, most)
    return float(gain), float(deep)


def _ends(period: float, entry: float, leaving: float) -> Floats:
    """Ends of the pieces, (m + 1,)."""
    turns = [0.0, entry, leaving, period]
    return np.concatenate([[0.0], *(np.linspace(a, b, PIECES + 1)[1:] for a, b in pairwise(turns))])


def _means(times: Floats, values: Floats, ends: Floats) -> Floats:
    """Means over pieces of what is linear between times, (m,); of a piece without length its value."""
    area = np.concatenate([[0.0], np.cumsum(0.5 * np.diff(times) * (values[1:] + values[:-1]))])
    left = np.clip(np.searchsorted(times, ends, side="right") - 1, 0, len(times) - 2)
    long = np.diff(times)[left]
    slope = np.divide(np.diff(values)[left], long, out=np.zeros(len(ends)), where=long > 0.0)
    past = ends - times[left]
    at = values[left] + slope * past
    whole = area[left] + past * 0.5 * (values[left] + at)
    span = np.diff(ends)
    return np.asarray(np.divide(np.diff(whole), span, out=0.5 * (at[1:] + at[:-1]), where=span > 1e-9))


def _charging(found: PowerResult, ends: Floats) -> Floats:
    """Largest charging power over pieces; none where the battery is outside its window."""
    assert found.cells is not None
    b, limits = found.balance, found.cells.limits
    given = b.times[b.given]
    most = np.broadcast_to(np.asarray(limits.charge, dtype=float), given.shape)
    if limits.window is not None and limits.temperature is not None:
        warm = np.broadcast_to(np.asarray(limits.temperature, dtype=float), given.shape)
        most = np.where((warm >= limits.window[0]) & (warm <= limits.window[1]), most, 0.0)
    if np.all(np.isinf(most)):
        return np.full(len(ends) - 1, np.inf)
    return _means(given, np.minimum(most, BOUND / (1.0 + given[-1])), ends)
