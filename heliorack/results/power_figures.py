"""What the plots and tables of the power side are made from, out of a result."""

from pathlib import Path
from typing import Any

import numpy as np

from heliorack.casefile.patterns import matching
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.results.result import Result
from heliorack.runfolder import folder
from heliorack.runfolder.power_file import NAME
from power.system.array_curves import Curves, curves
from power.system.flows import flows
from power.system.yearly_figures import battery_years
from power.timeline import resample


def write(result: Result, place: Path) -> None:
    """Write power.json; nothing for a case without power."""
    if result.power is not None:
        folder.write_json(place / NAME, figures(result))


def figures(result: Result) -> dict[str, Any]:
    """Flows, orbit, array curves and years, units in the keys; none of them where no array carries the load."""
    power, found = result.case.power, result.power
    assert power is not None
    assert found is not None
    b, usable = found.balance, found.carries and bool(found.array_area)
    return {
        "title": result.case.title,
        "case": result.case.load_case,
        "flows": [{"from": f.source, "to": f.target, "mean_W": f.watts} for f in flows(power, found, mean_loads(result))],
        "orbit": None
        if not found.carries
        else {
            "time_s": b.times.tolist(),
            "available_W": b.available.tolist(),
            "drawn_W": b.drawn.tolist(),
            "load_W": b.load.tolist(),
            "served_W": b.served.tolist(),
            "charge_W": b.charge.tolist(),
            "discharge_W": b.discharge.tolist(),
            "state_of_charge": b.state_of_charge.tolist(),
        },
        "eclipse_s": None if result.env is None else [float(t) for t in result.env.edges],
        "max_depth_of_discharge": power.max_depth_of_discharge,
        "regulation": power.regulation,
        "life": power.life,
        "array": _array(result) if usable else {"none": "no array carries this load"},
        "years": battery_years(power, found, _battery_temperature(result)) if usable else None,
    }


def mean_loads(result: Result) -> dict[str, float]:
    """Orbit mean of what every entry asks of the bus [W]."""
    power, load = result.case.power, result.loads
    assert power is not None
    span = load.times[-1] - load.times[0]
    mean = np.trapezoid(load.compute / load.efficiency, load.times, axis=0) / span
    found = {entry.name: float(mean[j]) for j, entry in enumerate(result.case.compute)}
    if load.heaters.size:
        found["heaters"] = float(np.trapezoid(load.heaters, load.times) / span)
    found |= {"equipment": load.equipment, "base load": power.base_load}
    return {name: watts for name, watts in found.items() if watts > 0.0}


def _battery_temperature(result: Result) -> float | None:
    """Orbit mean of the parts that take the battery's heat [K]; None where the case names none."""
    power = result.case.power
    if power is None or power.battery_part is None:
        return None
    h = result.solution.history
    names = result.body.assembly.part_names
    parts = [names.index(name) for name in matching(power.battery_part, names)]
    volume = result.body.part_volume[parts]
    mean = h.mean[:, parts] @ (volume / volume.sum())
    span = h.times[-1] - h.times[0]
    return float(np.trapezoid(mean, h.times) / span) if span > 0 else float(mean[0])


def _array(result: Result) -> dict[str, Any]:
    power, found, env = result.case.power, result.power, result.env
    assert power is not None
    assert found is not None
    times = found.balance.times[found.balance.given]
    seen = None if env is None else resample(env.times, env.illumination, times)
    try:
        return _curves(curves(power, found, seen))
    except ValueError as error:
        return {"none": str(error)}


def _curves(found: Curves) -> dict[str, Any]:
    return {
        "said": found.said,
        "per_cell": found.per_cell,
        "moments": [
            {
                "name": m.name,
                "time_s": m.time,
                "temperature_degC": m.temperature - ZERO_CELSIUS,
                "sunlight_W_m2": m.sunlight,
                "voltage_V": m.volts.tolist(),
                "current_A": m.amps.tolist(),
                "power_W": m.watts.tolist(),
                "best": {"voltage_V": m.best[0], "power_W": m.best[1]},
                "works": {"voltage_V": m.works[0], "power_W": m.works[1]},
            }
            for m in found.moments
        ],
    }
