"""States of a network from which a transient goes on: those at the end of an earlier run."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.case.files import InputError
from heliorack.runtime.stored_arrays import DAMAGED, are_temperatures
from thermal.network.loops.frozen import FrozenState
from thermal.network.network import Network
from thermal.network.switches import Thermostats

Floats = NDArray[np.float64]

#: arrays of a state.npz: names of rows, their states and temperatures, heaters and whether they are on
ROWS, STATES, TEMPERATURES, HEATERS, ON = (
    "network_rows",
    "network_state_K",
    "network_temperature_K",
    "network_heaters",
    "network_heaters_on",
)
THAWING = "network_thawing"  #: names of rows whose fluid may be frozen, by enthalpy; not in files of earlier versions


def stored(net: Network, y: Floats) -> dict[str, Any]:
    """What a state.npz keeps of a network with states of all rows (rows,) [K], by the names above."""
    heaters = [f for f in net.flows if isinstance(f, Thermostats) and not f.averaged]
    thawing = [net.names[row] for law in net.laws if isinstance(law, FrozenState) for row in law.rows]
    return {
        THAWING: np.array(thawing, dtype=np.str_),
        ROWS: np.array(net.names),
        STATES: y,
        TEMPERATURES: net.temperatures(y)[0],
        HEATERS: np.array([name for f in heaters for name in f.heaters], dtype=np.str_),
        ON: np.array([on for f in heaters for on in f.on.tolist()], dtype=bool),
    }


def states_of(case: Case, net: Network, start: Floats) -> Floats:
    """States of all rows (rows,) [K] from the state.npz that `run.state` names.

    Packs that melt and fluids that may be frozen keep their stored heat, all other rows their temperature.

    Args:
        start: Temperatures of all rows [K], of which only those are kept that are not solved for.

    Raises:
        InputError: the file has no network, or not all of its rows.
    """
    path = case.files["run.state"]
    kept = _read(path)
    at = {str(name): i for i, name in enumerate(kept[ROWS])}
    missing = [net.names[i] for i in net.free if net.names[i] not in at]
    if missing:
        more = "" if len(missing) == 1 else f" and {len(missing) - 1} more"
        raise InputError(
            f"run.state: {path} has no '{missing[0]}'{more} of this network; give the state.npz of a run with the same network"
        )
    T = start.copy()
    T[net.free] = kept[TEMPERATURES][[at[net.names[i]] for i in net.free]]
    y = net.states(T)
    for law in net.packs:
        y[law.rows] = kept[STATES][[at[net.names[i]] for i in law.rows]]
    thawing = set(kept[THAWING].tolist())
    for frozen in (law for law in net.laws if isinstance(law, FrozenState)):
        rows = [int(row) for row in frozen.rows if net.names[row] in thawing]
        y[rows] = kept[STATES][[at[net.names[i]] for i in rows]]
    return y


def go_on(case: Case, net: Network) -> None:
    """Turn heaters on or off as they stood at the end of the run that `run.state` names."""
    kept = _read(case.files["run.state"])
    on = dict(zip(kept[HEATERS].tolist(), kept[ON].tolist(), strict=True))
    for f in net.flows:
        if isinstance(f, Thermostats):
            f.on[:] = [on.get(name, was) for name, was in zip(f.heaters, f.on.tolist(), strict=True)]


def _read(path: Path) -> dict[str, NDArray[np.generic]]:
    """The arrays.

    Raises:
        InputError: they are not there.
    """
    try:
        with np.load(path, allow_pickle=False) as found:
            arrays = {name: found[name] for name in (ROWS, STATES, TEMPERATURES, HEATERS, ON)}
            arrays |= {THAWING: found[THAWING] if THAWING in found else np.array([], dtype=np.str_)}
    except DAMAGED as error:
        raise InputError(f"run.state: {path} is not the state.npz of a run with a network") from error
    rows = len(arrays[ROWS])
    sound = len(arrays[STATES]) == len(arrays[TEMPERATURES]) == rows and len(arrays[HEATERS]) == len(arrays[ON])
    if not sound or not are_temperatures(arrays[TEMPERATURES]) or not np.isfinite(arrays[STATES]).all():
        raise InputError(f"run.state: {path} holds temperatures that are none, or too few; give the state.npz of a run that was finished")
    return arrays
