"""Motion over many revolutions: J2 drift, SGP4 or ephemeris, and the shadow passages on the way."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from orbit.calendar import MeanOrbit
from orbit.elements import EARTH_RADIUS, Circular, SunSynchronous
from orbit.frames import of_date_to_gcrf, of_date_to_gcrf_at
from orbit.kepler import MeanElements, plane_axes
from orbit.oem import Oem, read_oem
from orbit.shadow import Shape, crossings, illumination, margins
from orbit.sun import sun_position
from orbit.tle import Tle, tle_state
from orbit.track import elements_at

Array = NDArray[np.float64]
LOOK = 30.0  #: s between the places at which a passage is looked for


@dataclass(frozen=True, slots=True, eq=False)
class Passages:
    """Shadow passages that lie wholly inside a span, (m,) seconds since its start; nan where a passage has no umbra."""

    penumbra_entry: Array
    umbra_entry: Array
    umbra_exit: Array
    penumbra_exit: Array


def long_elements(orbit: MeanOrbit, start: datetime, radius: float) -> MeanElements:
    """Mean elements at `start` with J2 rates; circular orbits are at orbit noon then."""
    elements = elements_at(orbit, start, radius)
    if not isinstance(orbit, Circular | SunSynchronous):
        return elements
    towards, across = plane_axes(elements.inclination, np.array(elements.raan), np.array(0.0))
    sun = of_date_to_gcrf(start).T @ sun_position(start)
    return replace(elements, anomaly=float(np.arctan2(across @ sun, towards @ sun)))


def motion(orbit: MeanOrbit | Oem, start: datetime, radius: float = EARTH_RADIUS) -> Callable[[Array], Array]:
    """Position over many revolutions: a function of times (n,) [s] since `start` to (n, 3) [m] in GCRF."""
    if isinstance(orbit, Tle):
        return lambda t: tle_state(orbit, start, t)[0]
    if isinstance(orbit, Oem):
        table = read_oem(orbit.file)
        return lambda t: table.state(start, t)[0]
    elements = long_elements(orbit, start, radius)
    return lambda t: np.einsum("nij,nj->ni", of_date_to_gcrf_at(start, t), elements.state(t)[0])


def passages(orbit: MeanOrbit | Oem, start: datetime, duration: float, radius: float = EARTH_RADIUS, shape: Shape = "cone") -> Passages:
    """Every whole shadow passage within `duration` [s] from `start`, the Sun moving, to better than 1 ms."""
    place, samples = motion(orbit, start, radius), int(duration / LOOK) + 8

    def outside(t: Array) -> tuple[Array, Array]:
        return margins(*_polar(place(t), sun_position(start, t), start, shape), radius, shape)

    outer = crossings(lambda t: outside(t)[0], 0.0, duration, samples, periodic=False)
    inner = crossings(lambda t: outside(t)[1], 0.0, duration, samples, periodic=False)
    entry = outer.entry[: np.searchsorted(outer.entry, outer.exit[-1])] if len(outer.exit) else np.empty(0)
    leave = outer.exit[np.searchsorted(outer.exit, entry[0]) :] if len(entry) else np.empty(0)
    dark = np.full((2, len(entry)), np.nan)
    for row, times in enumerate((inner.entry, inner.exit)):
        for i, (a, b) in enumerate(zip(entry, leave, strict=True)):
            within = times[(times >= a) & (times <= b)]
            if len(within):
                dark[row, i] = within[0]
    return Passages(entry, dark[0], dark[1], leave)


def _polar(position: Array, sun: Array, start: datetime, shape: Shape) -> tuple[Array, Array]:
    """The vectors in axes whose third is the Earth's pole, if the shape cares."""
    if shape != "oblate":
        return position, sun
    to_gcrf = of_date_to_gcrf(start)
    return position @ to_gcrf, sun @ to_gcrf


def light(orbit: MeanOrbit | Oem, start: datetime, t: Array, radius: float = EARTH_RADIUS, shape: Shape = "cone") -> Array:
    """Visible part of the solar disc (n,) at times `t` (n,) [s] since `start`."""
    return illumination(*_polar(motion(orbit, start, radius)(t), sun_position(start, t), start, shape), radius, shape)
