"""Many revolutions: the shadow passages on the way, and the light between them."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from orbit.elements import EARTH_RADIUS
from orbit.frames import of_date_to_gcrf
from orbit.shadow import Shape, crossings, illumination, margins
from orbit.sun import sun_position
from orbit.track import MovingOrbit, refuse_incomplete

Array = NDArray[np.float64]
LOOK = 30.0  #: s between the places at which a passage is looked for


@dataclass(frozen=True, slots=True, eq=False)
class Passages:
    """Shadow passages that lie wholly inside a span, (m,) seconds since its start; nan where a passage has no umbra."""

    penumbra_entry: Array
    umbra_entry: Array
    umbra_exit: Array
    penumbra_exit: Array


def passages(orbit: MovingOrbit, start: datetime, duration: float, radius: float = EARTH_RADIUS, shape: Shape = "cone") -> Passages:
    """Every whole shadow passage within `duration` [s] from `start`, the Sun moving, to better than 1 ms."""
    refuse_incomplete(orbit, MovingOrbit, "be followed over many revolutions")
    place, samples = orbit.motion(start, radius), int(duration / LOOK) + 8

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


def light(orbit: MovingOrbit, start: datetime, t: Array, radius: float = EARTH_RADIUS, shape: Shape = "cone") -> Array:
    """Visible part of the solar disc (n,) at times `t` (n,) [s] since `start`."""
    return illumination(*_polar(orbit.motion(start, radius)(t), sun_position(start, t), start, shape), radius, shape)
