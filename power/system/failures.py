"""What a power system does not hold over its orbit: sentences with figures, each a result and not an exception."""

from collections.abc import Sequence

import numpy as np

from power.bus.balance import Balance, Limits, Paths, swing
from power.constants import ZERO_CELSIUS
from power.solar.sections import Section, rooms
from power.system.settings import Power

WATT_HOUR = 3600.0  # J
TRACE = 1e-9  # of the energy that the load asks for: less is round-off


def failures(power: Power, area: float, found: Balance, limits: Limits, paths: Paths) -> tuple[str, ...]:
    """Everything that this design does not hold; empty when it holds.

    Args:
        power: The [power] table.
        area: Planform area of the array [m2].
        found: Balance of the orbit.
        limits: Of the battery, with its temperature where that is known.
        paths: Efficiencies of the balance.
    """
    cold = _cannot_charge(found, limits)
    said = [cold] if cold else []
    if found.deficit > found.integral(found.refused):
        said.append(_slow_charge(power, found, limits, paths) or _small_array(area, found))
    if found.unserved > TRACE * max(found.integral(found.load), 1e-300):
        said.append(_unserved(found))
    if found.depth_of_discharge > power.max_depth_of_discharge * (1.0 + 1e-6):
        said.append(f"battery: depth of discharge {found.depth_of_discharge:.1%} exceeds {power.max_depth_of_discharge:.1%}")
    return tuple(said)


def _cannot_charge(found: Balance, limits: Limits) -> str | None:
    """A battery outside its charging window that the orbit does not carry without the charge it refused."""
    refused = found.integral(found.refused)
    if found.closes or refused <= TRACE * max(found.integral(found.load), 1e-300):
        return None
    if limits.window is None or limits.temperature is None:
        return None
    never = "cannot charge at all" if found.integral(found.charge) == 0.0 else "cannot charge"
    return (
        f"battery: {never} at its temperature, {_felt(limits)}; it refuses {refused / WATT_HOUR:.4g} Wh of every orbit and lacks "
        f"{found.deficit / WATT_HOUR:.4g} Wh more after each"
    )


def _felt(limits: Limits) -> str:
    """Temperature of the battery beside its window, in words."""
    cold, hot = (edge - ZERO_CELSIUS for edge in limits.window or (0.0, np.inf))
    felt = np.asarray(limits.temperature, dtype=float) - ZERO_CELSIUS
    return f"{felt.min():.1f} to {felt.max():.1f} degC against a window of {cold:g} to {hot:g} degC"


NONE_CARRIES = "; no area of the array carries this load at that temperature"


def no_array(limits: Limits) -> str:
    """Why no area of the array carries the load.

    Args:
        limits: Of the battery, with its temperature where that is known.
    """
    if limits.window is not None and limits.temperature is not None:
        warm = np.asarray(limits.temperature, dtype=float)
        outside = (warm < limits.window[0]) | (warm > limits.window[1])
        if np.all(outside):
            return f"battery: cannot charge at all at its temperature, {_felt(limits)}{NONE_CARRIES}"
        if np.any(outside):
            return f"battery: cannot charge in sunlight at its temperature, {_felt(limits)}{NONE_CARRIES}"
    return "array: no area carries this load, since the cells see no sunlight or the charge limit is too low"


NO_ROOM = "array: the load needs"


def no_room(needed: float, sections: Sequence[Section]) -> str:
    """An array that does not fit the faces that carry it.

    Args:
        needed: Area that the load asks for [m2].
        sections: Those faces.
    """
    faces = rooms(sections)
    room = sum(faces.values())
    names = ", ".join(f"{name} {own:.3g}" for name, own in list(faces.items())[:4])
    more = f" and {len(faces) - 4} more" if len(faces) > 4 else ""
    return (
        f"{NO_ROOM} {needed:.3g} m2, the faces of array_faces have {room:.3g} m2 ({names}{more}); solved with all of that "
        "covered: give it larger or more faces, or less load"
    )


def _slow_charge(power: Power, found: Balance, limits: Limits, paths: Paths) -> str | None:
    """A deficit that is no fault of the array: with a battery that takes whatever is left the orbit would close."""
    at, known = found.times, found.times[found.given]
    felt = None
    if limits.temperature is not None:
        felt = np.interp(at, known, np.broadcast_to(np.asarray(limits.temperature, dtype=float), known.shape))
    free = Limits(discharge=np.max(np.asarray(limits.discharge)), temperature=felt, window=limits.window)
    if swing(at, found.available, found.load, paths, free)[0] < 0.0:
        return None
    of = "charge_limit" if power.charge_limit is not None else "charging rate of its cells"
    return (
        f"battery: its {of} lets it take {found.peaks['charge']:.4g} W at most, {found.integral(found.charge) / WATT_HOUR:.4g} Wh per "
        f"orbit, and it lacks {found.deficit / WATT_HOUR:.4g} Wh more after every orbit; the array could give "
        f"{found.undrawn / WATT_HOUR:.4g} Wh more"
    )


def _small_array(area: float, found: Balance) -> str:
    gives, asks = found.integral(found.available) / WATT_HOUR, found.integral(found.load) / WATT_HOUR
    return (
        f"array: {area:.3g} m2 is too small for the load at any battery; it can give {gives:.4g} Wh per orbit where the load asks for "
        f"{asks:.4g} Wh, losses on the way not counted, and the battery lacks {found.deficit / WATT_HOUR:.4g} Wh more after every orbit"
    )


def _unserved(found: Balance) -> str:
    energy = f"bus: {found.unserved / WATT_HOUR:.4g} Wh per orbit are not served"
    if found.capacity > 0.0 and found.minimum_state_of_charge > 1e-9:
        return f"{energy}; the load asks for more than the {found.peaks['discharge']:.4g} W that the battery may give"
    return f"{energy}; the battery of {found.capacity / WATT_HOUR:.4g} Wh runs empty"
