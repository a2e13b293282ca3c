"""Temperature fields of a run folder: the kept moments, and the outside of the mesh at one of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from heliorack.runfolder import envelope, manifest, summary
from heliorack.runfolder.history import read_history
from heliorack.runfolder.surface import Surface
from heliorack.runtime.graphics import quiet_vtk

CONDUCTIVITY = "conductivity_W_mK"  #: in the field data of a frame: tensors in body axes by part, (p, 9)


class ViewError(ValueError):
    """The folder or the moment cannot be shown; says why and what to try."""


Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Frame:
    """One kept moment."""

    time: float  #: s
    path: Path


def frames(run_dir: Path) -> tuple[Frame, ...]:
    """The kept moments of a run, in order of time, from fields.pvd.

    Raises:
        ViewError: the folder holds no fields.
    """
    index = run_dir / "fields.pvd"
    if not index.exists():
        if (run_dir / summary.NAME).exists() and not summary.read(run_dir).cells:
            raise ViewError(f"{run_dir} has no mesh to show: of nodes and loops alone there are report.html, picture.png and orbit.png")
        raise ViewError(f"{run_dir} holds no fields.pvd: not a result of `heliorack run`")
    entries = re.findall(r'<DataSet timestep="([^"]+)"[^>]*file="([^"]+)"', index.read_text(encoding="utf-8"))
    if not entries:
        raise ViewError(f"{index} names no moments: not a result of `heliorack run`")
    return tuple(sorted((Frame(float(time), run_dir / name) for time, name in entries), key=lambda frame: frame.time))


def moment(run_dir: Path, at: str) -> Frame:
    """The kept frame that shows the hottest or coldest point of the run, or the one nearest to a time.

    Raises:
        ViewError: `at` is neither hottest, coldest nor a time within the run.
    """
    kept = frames(run_dir)
    return kept[nearest(read_history(run_dir), np.array([frame.time for frame in kept]), at)]


def nearest(history: Mapping[str, Floats], times: Floats, at: str) -> int:
    """Number of the time (n,) [s] that is nearest to `at`: a time, or when anything in the history is hottest or coldest.

    Raises:
        ViewError: `at` is neither hottest, coldest nor a time within the run.
    """
    if at in ("hottest", "coldest"):
        ends = [values for name, values in history.items() if name.endswith(" max_degC" if at == "hottest" else " min_degC")]
        extreme = np.max(ends, axis=0) if at == "hottest" else -np.min(ends, axis=0)
        return int(np.argmax(np.interp(times, history["time_s"], extreme)))
    try:
        time = float(at)
    except ValueError:
        raise ViewError(f"--at {at}: give hottest, coldest or a time in seconds, as in --at 1800") from None
    if not times[0] - 0.5 <= time <= times[-1] + 0.5:
        raise ViewError(f"--at {at}: the run goes from {times[0]:g} to {times[-1]:.0f} s")
    return int(np.argmin(np.abs(times - time)))


def run_folder(folder: Path, case: str | None = None) -> Path:
    """The run folder to show: the folder itself; of a set of load cases that of `case`, or the hottest.

    Raises:
        ViewError: the folder is not a finished result, or has no such load case.
        FormatError: of a form that this version does not read, or damaged.
    """
    try:
        kind = manifest.kind_of(folder)
    except FileNotFoundError:
        raise ViewError(
            f"{folder} holds no finished run (no manifest.json); name the folder that was given to `heliorack run` with -o"
        ) from None
    known = envelope.read(folder) if kind == "load cases" else None
    if case is not None and case not in (known.load_cases if known is not None else ()):
        said = "holds one run alone" if known is None else f"holds the load cases {', '.join(known.load_cases)}"
        raise ViewError(f"{folder} {said}: there is no '{case}'")
    return folder if known is None else folder / (case or known.hottest_case)


def read_surface(path: Path) -> Surface:
    """The outside of the mesh of one .vtu frame.

    Raises:
        ViewError: the file is missing or not a frame of ours.
    """
    import pyvista

    quiet_vtk()
    try:
        grid = pyvista.read(path)
        names = tuple(str(name) for name in grid.field_data["part_names"])
        outside = grid.extract_surface(algorithm="dataset_surface", pass_pointid=False, pass_cellid=False)
        return Surface(
            points=np.asarray(outside.points, dtype=float),
            triangles=np.asarray(outside.faces.reshape(-1, 4)[:, 1:], dtype=np.int64),
            part=np.asarray(outside.cell_data["part"], dtype=np.int64),
            value=np.asarray(outside.point_data["temperature_degC"], dtype=float),
            part_names=names,
        )
    except (OSError, KeyError, ValueError) as error:
        raise ViewError(f"{path} cannot be read as a temperature field ({error})") from error
