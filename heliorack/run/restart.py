"""States of earlier runs to start from."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.case.files import InputError
from heliorack.runtime.stored_arrays import DAMAGED, are_temperatures

if TYPE_CHECKING:
    from thermal.solve.midway import Midway

Floats = NDArray[np.float64]

NEAR = 1e-7  #: m; nodes of one mesh are no farther apart than this


def stored_state(case: Case, points: Floats) -> Floats:
    """Temperatures of the state that the case names, at points (n, 3) [m]: (n,) [K].

    Raises:
        InputError: the file is not one of a run, or its nodes are not those of this mesh.
    """
    path = case.files["run.state"]
    try:
        with np.load(path, allow_pickle=False) as stored:
            temperature, theirs = np.asarray(stored["temperature_K"], dtype=float), stored["points_m"]
    except DAMAGED as error:
        raise InputError(f"run.state: {path} is not the state.npz of a run") from error
    if len(temperature) != len(theirs) or not are_temperatures(temperature):
        raise InputError(f"run.state: {path} holds temperatures that are none, or too few; give the state.npz of a run that was finished")
    if len(theirs) != len(points):
        raise InputError(_other_mesh(path, f"{len(theirs)} nodes, this case {len(points)}"))
    if np.abs(theirs - points).max() > NEAR:
        raise InputError(_other_mesh(path, "as many nodes as this case, but elsewhere"))
    return temperature


def checkpoint(path: Path) -> "Floats | Midway":
    """What a run in progress keeps: temperatures of all nodes [K], or a moment of a transient with what was recorded until then.

    Raises:
        InputError: the file is damaged, or of a version that recorded less.
    """
    from thermal.solve.midway import of_arrays

    try:
        with np.load(path, allow_pickle=False) as stored:
            every = {name: stored[name] for name in stored.files}
            return of_arrays(every) if "time_s" in every else np.asarray(every["temperature_K"])
    except DAMAGED as error:
        raise InputError(
            f"{path} is damaged, or of another version, so the run cannot go on from it; remove it, and --resume begins this load case anew"
        ) from error


def of_mesh(kept: "Floats | Midway", nodes: int) -> "Floats | Midway | None":
    """It, where it has as many nodes as the mesh."""
    temperature = kept if isinstance(kept, np.ndarray) else kept.temperature
    return kept if len(temperature) == nodes else None


def stored_swing(path: Path, points: Floats) -> Any:
    """The `thermal.solve.solution.Swing` in a state.npz on the very same mesh; None where it holds none."""
    from thermal.solve.solution import Swing

    with suppress(*DAMAGED), np.load(path, allow_pickle=False) as stored:
        return Swing(stored["swing_K"], stored["group_swing_K"]) if np.array_equal(stored["points_m"], points) else None
    return None


def _other_mesh(path: Path, how: str) -> str:
    return f"run.state: {path} is of another mesh: it has {how}; give the state.npz of a run with the same parts and the same mesh"
