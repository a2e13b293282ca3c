"""How much of the battery is left after years of one orbit: a vendor's life curve first, published laws as options, else nothing counted.

The state of charge of the orbit is one cycle per orbit, from its highest to its lowest; smaller cycles inside it are not counted apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

import numpy as np
from annotated_types import Ge, Gt, Interval, Lt
from numpy.typing import ArrayLike, NDArray

from power.constants import ZERO_CELSIUS
from power.storage.ageing import LIBRARY, Law, Stress, age_in_orbit
from power.storage.battery import ANCHORS, cycles
from power.storage.ocv import OpenCircuit

type Pair = Annotated[tuple[float, float], "-"]

FITTED_TO = 0.7  #: remaining capacity at which ageing tests of cells end at the latest, as a rule; 0.8 counts as the end of life
_ROOM = 25.0 + ZERO_CELSIUS  # K


@dataclass(frozen=True, slots=True)
class Ageing:
    """How the battery ages over its cycles and with time."""

    life_curve: tuple[Pair, ...] = ()  #: maker's [[depth of discharge, cycles], ...] to `end_fraction` of the capacity
    end_fraction: Annotated[float, "-", Gt(0), Lt(1)] = 0.8  #: remaining capacity at which the life curve counts its cycles
    loss_per_year: Annotated[float, "-", Interval(ge=0, lt=1)] = 0.0  #: capacity lost by time alone in one year, beside the life curve
    #: published law, a laboratory fit and not space cells; the life curve comes first
    law: Literal["schmalstieg_2014", "lfp_250_2019"] | None = None
    temperature: Annotated[float, "degC", Ge(0)] | None = None  #: of the battery over its life; that of its part or 25 degC by default
    voltage: Annotated[float, "V", Gt(0)] | None = None  #: root mean square of the cell voltage; from the open-circuit curve when not given

    def __post_init__(self) -> None:
        if not self.life_curve:
            if self.law is None:
                raise ValueError("life_curve is missing: [power.ageing] needs life_curve = [[depth, cycles], ...] or law")
            return
        if len(self.life_curve) < 2:
            raise ValueError("life_curve needs at least two points [depth of discharge, cycles]")
        depths, counts = np.array(self.life_curve).T
        if np.any(depths <= 0.0) or np.any(depths > 1.0) or np.any(np.diff(depths) <= 0.0):
            raise ValueError("life_curve depths must rise from above 0 to at most 1")
        if np.any(counts <= 0.0) or np.any(np.diff(counts) > 0.0):
            raise ValueError("life_curve cycles must be above 0 and must not rise with the depth")


@dataclass(frozen=True, slots=True)
class Life:
    """What is left of the battery at the end of its years."""

    capacity: float  #: over new [-]
    resistance: float | None  #: over new [-]; None where nothing is known
    cycles: float  #: one per orbit
    law: str  #: what counted the loss, in words
    warnings: tuple[str, ...]
    assumptions: tuple[str, ...]


def orbit_stress(
    times: ArrayLike, soc: ArrayLike, temperature: float, curve: OpenCircuit | None = None, voltage: float | None = None
) -> tuple[Stress, float]:
    """What one orbit does to the battery, and the charge moved out over that of its one cycle [-].

    Args:
        times: (n,) s over one orbit.
        soc: (n,) state of charge [-]; its swing is the depth of the cycle.
        temperature: Mean of the cells [K].
        curve: Open-circuit voltage, for the root mean square of the cell voltage.
        voltage: That root mean square [V] where it is given; without either the stress keeps its own default.
    """
    t, s = np.asarray(times, dtype=float), np.asarray(soc, dtype=float)
    span, change = np.diff(t), np.diff(s)
    depth = float(s.max() - s.min())
    rates = [float(np.abs(change[side]).sum() / span[side].sum() * 3600.0) for side in _sides(change, span)]
    mean = float(np.trapezoid(s, t) / (t[-1] - t[0]))
    if voltage is None and curve is not None:
        voltage = float(np.sqrt(np.trapezoid(curve.voltage(s) ** 2, t) / (t[-1] - t[0])))
    stress = Stress(temperature, depth, mean, rate=float(np.mean(rates)) if rates else 0.0)
    moved = float(-change[change < 0.0].sum()) / depth if depth > 0.0 else 1.0
    return (stress if voltage is None else replace(stress, voltage=voltage)), moved


def end_of_life(
    ageing: Ageing | None,
    times: ArrayLike,
    soc: ArrayLike,
    years: float,
    *,
    temperature: float | None = None,
    curve: OpenCircuit | None = None,
    sized_by: str = "the depth of discharge that the case allows",
) -> Life:
    """Capacity of the battery after `years` of this very orbit.

    Args:
        ageing: The [power.ageing] table; None counts no loss.
        times, soc: (n,) of one orbit; see `orbit_stress`.
        years: Of 365.25 days.
        temperature: Mean of the battery's part [K]; `ageing.temperature` comes first; 25 degC when neither is known.
        curve: Open-circuit voltage of its cells.
        sized_by: What sized the battery, for the words when nothing counts the loss.
    """
    t = np.asarray(times, dtype=float)
    orbit = float(t[-1] - t[0])
    n = cycles(years, orbit)
    if ageing is None:
        said = f"battery: sized by {sized_by}, not by an ageing law; no loss of capacity is counted; anchors: " + "; ".join(ANCHORS)
        return Life(1.0, None, n, "none", (), (said,))
    known = ageing.temperature if ageing.temperature is not None else temperature
    stress, moved = orbit_stress(t, soc, _ROOM if known is None else known, curve, ageing.voltage)
    found = _by_curve(ageing, stress, years, n) if ageing.life_curve else _by_law(LIBRARY[str(ageing.law)], stress, years, orbit, n)
    felt = f"{stress.temperature - ZERO_CELSIUS:.0f} degC" + (" (assumed)" if known is None else "")
    told = [f"battery ageing: one cycle of {stress.depth:.1%} in each of {n:.0f} orbits at {felt}, this very orbit for {years:g} years"]
    if ageing.law is not None and not ageing.life_curve and curve is None and ageing.voltage is None:
        told.append(f"battery ageing: cell voltage {stress.voltage:g} V assumed; give ocv or voltage_V")
    if ageing.life_curve and ageing.law is not None:
        other = age_in_orbit(LIBRARY[ageing.law], stress, years, orbit)
        told.append(f"battery ageing: {ageing.law} would leave {_left(other.capacity)}; the life curve counts")
    warned = list(found.warnings)
    if moved > 1.01:
        warned.append(
            f"battery ageing: {moved:.2f} times the charge of the counted cycle is moved; smaller cycles inside the orbit are left out"
        )
    return replace(found, warnings=tuple(warned), assumptions=(*found.assumptions, *told))


def far_worn(life: Life, ageing: Ageing | None) -> Life:
    """With a warning where a published law, rather than a maker's curve, leaves less of the battery than such laws are fitted to."""
    if ageing is None or ageing.life_curve or life.capacity >= FITTED_TO:
        return life
    fits = f"fits of laboratory cells end at {FITTED_TO:.0%} or above, and what is more worn fades faster or fails"
    said = f"battery ageing by {ageing.law}: {_left(life.capacity)} after {life.cycles:.0f} cycles is extrapolated; {fits}"
    return replace(life, warnings=(*life.warnings, said))


def cycles_to_end(life_curve: Sequence[tuple[float, float]], depth: ArrayLike) -> NDArray[np.float64]:
    """Cycles to the end of life [-] at depths of discharge, of the shape of `depth`.

    Straight in both logarithms between the points; held below the shallowest, carried on beyond the deepest.

    Args:
        life_curve: Depth of discharge [-] and cycles, by rising depth; two points at least.
        depth: Of discharge [-], any shape.
    """
    x, y = np.log(np.array(life_curve, dtype=float)).T
    at = np.log(np.maximum(np.asarray(depth, dtype=float), 1e-12))
    beyond = y[-1] + (at - x[-1]) * (y[-1] - y[-2]) / (x[-1] - x[-2])
    return np.exp(np.where(at > x[-1], beyond, np.interp(at, x, y)))


def _sides(change: NDArray[np.float64], span: NDArray[np.float64]) -> list[NDArray[np.bool_]]:
    return [side for side in ((change < 0.0) & (span > 0.0), (change > 0.0) & (span > 0.0)) if side.any()]


def _by_curve(ageing: Ageing, stress: Stress, years: float, n: float) -> Life:
    """Loss linear in cycles (Palmgren-Miner) and in years."""
    total = float(cycles_to_end(ageing.life_curve, stress.depth)) if stress.depth > 0.0 else np.inf
    by_cycles, by_time = (1.0 - ageing.end_fraction) * n / total, ageing.loss_per_year * years
    left = 1.0 - by_cycles - by_time
    warned = []
    shallow, deep = ageing.life_curve[0][0], ageing.life_curve[-1][0]
    if not shallow * (1.0 - 1e-9) <= stress.depth <= deep * (1.0 + 1e-9):
        how = "held at its shallowest point" if stress.depth < shallow else "carried on"
        warned.append(
            f"battery: depth of discharge {stress.depth:.1%} is outside the life curve ({shallow:.0%} to {deep:.0%}), which is {how}"
        )
    if left < ageing.end_fraction:
        warned.append(
            f"battery: {_left(left)} after {n:.0f} cycles is below the {ageing.end_fraction:.0%} up to which the life curve was given"
        )
    words = f"the life curve of the case: {total:.0f} cycles to {ageing.end_fraction:.0%} at {stress.depth:.1%}, linear in cycles"
    words += f", and {ageing.loss_per_year:.2%} a year" if ageing.loss_per_year else "; no loss by time"
    return Life(max(left, 0.0), None, n, words, tuple(warned), ())


def _by_law(law: Law, stress: Stress, years: float, orbit: float, n: float) -> Life:
    found = age_in_orbit(law, stress, years, orbit)
    return Life(max(found.capacity, 0.0), found.resistance, n, f"{law.name} ({law.source})", found.warnings, ())


def _left(capacity: float) -> str:
    return f"{capacity:.1%} of the capacity" if capacity > 0.0 else "nothing of the capacity"
