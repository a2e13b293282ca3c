"""What the plots and tables of the power side are made from, out of a result."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.results.result import Result
from heliorack.runfolder import folder, power_file
from heliorack.runfolder.numbered import typed
from heliorack.runfolder.power_file import PowerFile
from orbit.environment import Environment
from power.bus.balance import Balance
from power.system.array_curves import Curves, Moment, curves
from power.system.flows import flows
from power.system.result import PowerResult
from power.system.settings import Power
from power.timeline import resample

Floats = NDArray[np.float64]


def write(result: Result, place: Path) -> None:
    """Write power.json; nothing for a case without power."""
    if result.power is not None:
        folder.write_json(place / power_file.NAME, figures(result).json())


def figures(result: Result) -> PowerFile:
    """Flows, orbit, array curves and years; none of them where no array carries the load."""
    assert result.power is not None
    return of_bus(result.case, result.power, mean_loads(result), result.env, result.years)


def of_bus(
    case: Case, found: PowerResult, loads: dict[str, float], env: Environment | None, years: dict[str, Any] | None = None
) -> PowerFile:
    """The same, from mean loads by name [W]."""
    power = case.power
    assert power is not None
    usable = found.carries and bool(found.array_area)
    flowing = flows(power, found, loads)
    return PowerFile(
        title=case.title,
        case=case.load_case,
        flows=tuple(power_file.FlowFigures(from_=f.source, to=f.target, mean_W=f.watts) for f in flowing),
        orbit=_orbit(found.balance) if found.carries else None,
        eclipse_s=None if env is None else tuple(float(t) for t in env.edges),
        max_depth_of_discharge=power.max_depth_of_discharge,
        regulation=power.regulation,
        life=power.life,
        array=_array(power, found, env) if usable else power_file.NoCurves(none="no array carries this load"),
        years=None if years is None or not usable else typed(power_file.Years, years),
    )


def _orbit(b: Balance) -> power_file.PowerOrbit:
    return power_file.PowerOrbit(
        time_s=_row(b.times),
        available_W=_row(b.available),
        drawn_W=_row(b.drawn),
        load_W=_row(b.load),
        served_W=_row(b.served),
        charge_W=_row(b.charge),
        discharge_W=_row(b.discharge),
        state_of_charge=_row(b.state_of_charge),
    )


def _row(values: Floats) -> tuple[float, ...]:
    return tuple(values.tolist())


def mean_loads(result: Result) -> dict[str, float]:
    """Orbit mean of what every entry asks of the bus [W]."""
    power, load = result.case.power, result.loads
    assert power is not None
    span = load.times[-1] - load.times[0]
    mean = np.trapezoid(load.compute / load.efficiency, load.times, axis=0) / span
    found = {entry.name: float(mean[j]) for j, entry in enumerate(result.case.compute)}
    if load.heaters.size:
        found["heaters"] = float(np.trapezoid(load.heaters, load.times) / span)
    found |= {name: float(np.trapezoid(drawn, load.times) / span) for name, drawn in load.others.items()}
    found |= {"equipment": load.equipment, "base load": power.base_load}
    return {name: watts for name, watts in found.items() if watts > 0.0}


def _array(power: Power, found: PowerResult, env: Environment | None) -> power_file.ArrayCurves | power_file.NoCurves:
    times = found.balance.times[found.balance.given]
    seen = None if env is None else resample(env.times, env.illumination, times)
    try:
        return _curves(curves(power, found, seen))
    except ValueError as error:
        return power_file.NoCurves(none=str(error))


def _curves(found: Curves) -> power_file.ArrayCurves:
    return power_file.ArrayCurves(said=found.said, per_cell=found.per_cell, moments=tuple(_moment(m) for m in found.moments))


def _moment(m: Moment) -> power_file.ArrayMoment:
    return power_file.ArrayMoment(
        name=m.name,
        time_s=m.time,
        temperature_degC=m.temperature - ZERO_CELSIUS,
        sunlight_W_m2=m.sunlight,
        voltage_V=_row(m.volts),
        current_A=_row(m.amps),
        power_W=_row(m.watts),
        best=power_file.CurvePoint(voltage_V=m.best[0], power_W=m.best[1]),
        works=power_file.CurvePoint(voltage_V=m.works[0], power_W=m.works[1]),
    )
