"""Histories of a result as a table with units in the names, and its mesh as a grid."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.model.loads import Loads
from heliorack.runfolder.notebook import Table
from meshes.assembly import Assembly
from orbit.environment import Environment
from power.bus.balance import Balance
from thermal.solve.probes import History

Floats = NDArray[np.float64]


def history_table(
    h: History,
    names: Sequence[str],
    env: Environment | None,
    loads: Loads,
    base_load: float,
    b: Balance | None,
    more: Mapping[str, Floats],
    course: Balance | None = None,
    besides: Floats | None = None,
) -> Table:
    """Temperatures of parts, sunlight and power over time, as in history.csv; `b` where the array carries the load, `more` of loops.

    `course` is the bus over the whole of a transient, in which heaters and pumps draw what they took; `besides` is that where there is no
    bus.
    """
    found = Table({"time_s": h.times})
    for i, name in enumerate(names):
        for end, values in (("mean", h.mean), ("min", h.low), ("max", h.high)):
            found[f"{name} {end}_degC"] = values[:, i] - ZERO_CELSIUS
    found.update(more)
    if env is not None:
        found["sunlight_-"] = _at(h.times % env.period, env.times, env.illumination)
    own = loads if besides is None else replace(loads, heaters=np.empty(0), others={})
    load = own.electrical() + base_load
    if len(h.times) > 1:
        found["load_W"] = _at(h.times % loads.times[-1], loads.times, load)
    else:  # a steady state takes the mean
        found["load_W"] = np.array([np.trapezoid(load, loads.times) / np.ptp(loads.times)])
    if besides is not None:
        found["load_W"] = found["load_W"] + besides
    if course is not None:
        b = course
        found["load_W"] = _at(h.times, b.times, b.load)
    if b is not None:
        for name, values in (("array_available_W", b.available), ("array_drawn_W", b.drawn), ("state_of_charge_-", b.state_of_charge)):
            found[name] = _at(h.times, b.times, values)
    return found


def _at(times: Floats, known: Floats, values: Floats) -> Floats:
    """Values at sample times; the last sample of the period keeps the period's last value."""
    return np.asarray(np.interp(np.where((times == 0) & (np.arange(len(times)) > 0), known[-1], times), known, values))


def mesh_grid(assembly: Assembly) -> Any:
    """The mesh as a PyVista grid with part numbers by cell and part names in its field data."""
    import pyvista

    cells = np.hstack([np.full((len(assembly.cells), 1), 4, dtype=np.int64), assembly.cells]).ravel()
    grid = pyvista.UnstructuredGrid(cells, np.full(len(assembly.cells), pyvista.CellType.TETRA, dtype=np.uint8), assembly.points)
    grid.cell_data["part"] = assembly.cell_part.astype(np.int32)
    grid.field_data["part_names"] = np.array(assembly.part_names)
    return grid


def nearest(h: History, at: float | str) -> int:
    """Number of the kept moment that shows the hottest or coldest point, or is nearest to a time [s].

    Raises:
        ValueError: `at` is neither hottest, coldest nor a number.
    """
    if at == "hottest":
        return int(np.argmax(h.fields.max(axis=1)))
    if at == "coldest":
        return int(np.argmin(h.fields.min(axis=1)))
    if isinstance(at, str):
        raise ValueError(f"at = {at!r}: give hottest, coldest or a time in seconds")
    return int(np.argmin(np.abs(h.frames - at)))
