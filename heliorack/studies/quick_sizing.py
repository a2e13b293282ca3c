"""`heliorack size --quick`: array, battery and radiator by closed forms, without a mesh; trade curves over any value of the case."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.casefile.errors import NOTHING, CaseError, Problem
from heliorack.casefile.patterns import matching
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.model.surroundings import shadow_of, surroundings
from meshes.parts import all_solids
from meshes.shapes.solid import INSULATED, Solid
from orbit.chords import mean_irradiance
from orbit.environment import Environment
from power.computing.compute import bus_power, electrical_power, events
from power.system.mass import RADIATOR_SOURCE
from power.system.quick import quick_sizes as closed_forms
from power.system.settings import assumptions as power_assumptions
from power.system.sizing import radiator_flux
from power.timeline import with_events
from thermal.properties.ageing import equivalent_sun

Floats = NDArray[np.float64]

RADIATOR = "radiator_degC"  #: the one variable of `--over` that is not a path of the case
RADIATOR_DEFAULT = 40.0  #: degC
ABSOLUTE_ZERO = -ZERO_CELSIUS  #: degC
STEPS = 90  #: of the environment per revolution; orbit means are good to 0.1 %

NO_RADIATOR = "where no radiator is given, the panel takes in more sunlight and infrared than it emits: no area carries the load"


@dataclass(frozen=True, slots=True)
class Axis:
    """One `--over`: a path and its values in the case's unit."""

    path: str
    values: tuple[float, ...]


def axis(text: str) -> Axis:
    """`path=start:stop:count` as an axis of even steps.

    >>> axis("orbit.altitude_km=400:1000:3").values
    (400.0, 700.0, 1000.0)

    Raises:
        CaseError: the text is not of that form.
    """
    path, sign, spread = text.partition("=")
    try:
        start, stop, count = spread.split(":")
        ends = float(start), float(stop)
        if not path.strip() or not np.isfinite(ends).all() or int(count) < 1:
            raise ValueError
        values = tuple(float(v) for v in np.linspace(*ends, int(count)))
    except ValueError:
        said = "must read path=start:stop:count, such as orbit.altitude_km=400:1000:7"
        raise CaseError("--over", [Problem(path or "--over", spread if sign else NOTHING, said)]) from None
    if path.strip() == RADIATOR and min(ends) <= ABSOLUTE_ZERO:
        raise CaseError("--over", [Problem(RADIATOR, spread, f"must stay above absolute zero, {ABSOLUTE_ZERO:g} degC")])
    return Axis(path.strip(), values)


def quick_sizes(case: Case, over: Sequence[str] = ()) -> dict[str, Any]:
    """Closed-form sizes of a case, one row for every combination of the `over` axes.

    Raises:
        CaseError: the case lacks an orbit, an attitude or [power], or an axis leads nowhere.
    """
    axes = [axis(text) for text in over]
    missing = [name for name in ("orbit", "attitude", "power") if getattr(case, name) is None]
    if missing:
        raise CaseError(case.source, [Problem(name, NOTHING, "missing; closed-form sizes need it") for name in missing])
    rows = []
    for values in product(*(a.values for a in axes)):
        at: dict[str, Any] = dict(zip((a.path for a in axes), values, strict=True))
        moved = [f"{path}={value!r}" for path, value in at.items() if path != RADIATOR]
        rows.append(at | _row(case.override(*moved) if moved else case, at.get(RADIATOR, RADIATOR_DEFAULT)))
    said = _assumptions(case, RADIATOR in {a.path for a in axes})
    if any(row["radiator_m2"] is None for row in rows):
        said = [*said, NO_RADIATOR]
    return {"title": case.title, "rows": rows, "assumptions": said}


def _row(case: Case, radiator_degC: float) -> dict[str, float | None]:
    if case.orbit is None or case.attitude is None or case.power is None:
        raise CaseError(case.source, [Problem("orbit", NOTHING, "missing; closed-form sizes need orbit, attitude and power")])
    env = surroundings(case, STEPS)
    assert env is not None
    times, load = _load(case, env)
    lit = np.interp(times, env.times, env.illumination) > 0.5
    mean = _mean(times, load)
    day, night = _mean(times, load, lit), _mean(times, load, ~lit)
    eclipse = float(np.trapezoid(1 - env.illumination, env.times))
    panel = _radiating(case)
    normal = panel.rotation[:, int(np.argmin(panel.size))]
    falls = mean_irradiance(env, np.array([normal, -normal]))
    sun = equivalent_sun(env.times, falls.direct, case.years_in_orbit or 0.0).mean()
    absorptance, emittance = case.coatings[panel.coatings[_normal_face(panel)]].at(case.life, float(sun))
    sunlight, infrared = (float(np.trapezoid(f.sum(axis=1), env.times) / env.period) for f in (falls.direct + falls.albedo, falls.infrared))
    flux = radiator_flux(
        radiator_degC + ZERO_CELSIUS,
        emittance,
        faces=2,
        absorptance=absorptance,
        sunlight=sunlight,
        infrared=infrared,
        sink=env.sink,
    )
    try:
        found = closed_forms(
            case.power,
            period=env.period,
            eclipse=eclipse,
            solar=env.solar,
            load_day=day,
            load_eclipse=night,
            heat=mean,
            flux=flux,
            sink=env.sink,
        )
    except ValueError as error:
        raise CaseError(case.source, [Problem("power", NOTHING, str(error))]) from error
    return {
        "eclipse_min": eclipse / 60,
        "load_W": mean + case.power.base_load,
        "array_W": float(found.array_power),
        "array_m2": float(found.array_area),
        "array_kg": float(found.array_mass),
        "battery_Wh": float(found.pack_energy) / 3600,
        "battery_kg": float(found.pack_mass),
        "radiator_W_m2": float(found.radiator_flux),
        "radiator_m2": float(found.radiator_area) if flux > 0 else None,
        "radiator_kg": float(found.radiator_mass) if flux > 0 else None,
    }


def _load(case: Case, env: Environment) -> tuple[Floats, Floats]:
    """Electrical power of compute with its converters and of equipment over the orbit [W], heaters off.

    Raises:
        CaseError: a job schedule or a checkpoint does not fit into the orbit.
    """
    solids = all_solids(case.parts)
    names, shadow, times = [solid.name for solid in solids], shadow_of(env), env.times
    for entry in case.compute:
        try:
            times = with_events(times, events(entry, env.period, shadow))
        except ValueError as error:  # a schedule or a checkpoint that does not fit into the orbit
            raise CaseError(case.source, [Problem(f"compute.{entry.name}", NOTHING, str(error))]) from error
    total = np.full(len(times), sum(solid.heat * solid.count for solid in solids))
    for entry in case.compute:
        count = sum(solid.count for solid in solids if solid.name in matching(entry.parts, names))
        total += bus_power(entry, electrical_power(entry, count, times, env.period, shadow))
    return times, total


def _mean(times: Floats, values: Floats, where: NDArray[np.bool_] | None = None) -> float:
    """Time mean of values, over the segments that begin and end in `where`; of all where there are none."""
    step, middle = np.diff(times), 0.5 * (values[1:] + values[:-1])
    inside = np.ones(len(step), dtype=bool) if where is None else where[1:] & where[:-1]
    if not step[inside].sum() > 0:
        return _mean(times, values)
    return float((step * middle)[inside].sum() / step[inside].sum())


def _radiating(case: Case) -> Solid:
    """The coated solid with the largest flat face: the one that is called radiator here."""
    covered = {INSULATED, *case.blankets}
    coated = [solid for solid in all_solids(case.parts) if solid.kind == "box" and solid.coatings[_normal_face(solid)] not in covered]
    if not coated:
        raise CaseError(case.source, [Problem("parts", NOTHING, "no flat part with a coating; a radiator needs one")])
    return max(coated, key=lambda solid: max(solid.areas))


def _normal_face(solid: Solid) -> str:
    return "+" + "xyz"[int(np.argmin(solid.size))] if solid.kind == "box" else "side"


def _assumptions(case: Case, radiator_given: bool) -> list[str]:
    panel = _radiating(case)
    said = [
        "closed forms: constant loads by day and in eclipse, no mesh, no heat capacity",
        f"radiator: uniform temperature (no fin losses), both faces emit, coating and attitude of '{panel.name}', orbit-mean environment, "
        "planform area",
        f"radiator mass: {RADIATOR_SOURCE}",
        "heaters are off",
    ]
    if not radiator_given:
        said.append(f"radiator at {RADIATOR_DEFAULT:g} degC (vary it with --over {RADIATOR}=20:60:5)")
    return [*said, *(power_assumptions(case.power) if case.power else ())]
