"""Pictures of a run folder, and the window that looks into it."""

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from heliorack import surface_file
from heliorack.picture import draw, quiet_vtk
from heliorack.plots import orbit_plot, read_history, read_summary
from heliorack.quantity import FIELDS, TEMPERATURE, Quantity
from heliorack.surface import Surface


class ViewError(ValueError):
    """The folder or the moment cannot be shown; says why and what to try."""


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
    if at in ("hottest", "coldest"):
        history = read_history(run_dir)
        ends = [values for name, values in history.items() if name.endswith(" max_degC" if at == "hottest" else " min_degC")]
        extreme = np.max(ends, axis=0) if at == "hottest" else -np.min(ends, axis=0)
        values = np.interp([frame.time for frame in kept], history["time_s"], extreme)
        return kept[int(np.argmax(values))]
    try:
        time = float(at)
    except ValueError:
        raise ViewError(f"--at {at}: give hottest, coldest or a time in seconds, as in --at 1800") from None
    first, last = kept[0].time, kept[-1].time
    if not first - 0.5 <= time <= last + 0.5:
        raise ViewError(f"--at {at}: the run goes from {first:g} to {last:.0f} s")
    return min(kept, key=lambda frame: abs(frame.time - time))


def run_folder(folder: Path) -> Path:
    """The run folder to show: the folder itself, or the hottest case of a set of load cases.

    Raises:
        ViewError: the folder is not a finished result.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ViewError(f"{folder} is not a result: it holds no manifest.json (the run may not have finished)") from None
    except ValueError as error:
        raise ViewError(f"{folder}/manifest.json is damaged ({error}); run the case again") from None
    return folder / read_summary(folder)["hottest_case"] if manifest.get("kind") == "load cases" else folder


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


def pictures(run_dir: Path) -> None:
    """Write picture.png (the hottest kept moment) and orbit.png into a run folder, finished or being written."""
    orbit_plot(run_dir)
    _draw_moment(run_dir, "hottest", run_dir / "picture.png")


def _draw_moment(run_dir: Path, at: str, target: Path) -> None:
    frame, summary = moment(run_dir, at), read_summary(run_dir)
    draw(read_surface(frame.path), summary["title"], moment_words(run_dir, summary, frame.time, at), target)


def moment_words(run_dir: Path, summary: dict[str, Any], time: float, at: str) -> str:
    """Load case and moment, in one line."""
    case = [f"load case {summary['case']}"] if summary.get("case") else []
    if summary["kind"] == "steady":
        return "  ·  ".join([*case, "steady state"])
    history = read_history(run_dir)
    which = f"{at} kept moment: " if at in ("hottest", "coldest") else ""
    when = f"{which}t = {time:.0f} s ({time / 60:.1f} of {history['time_s'][-1] / 60:.1f} min)"
    if "sunlight_-" in history:
        sun = float(np.interp(time, history["time_s"], history["sunlight_-"]))
        when += ", in sunlight" if sun > 0.999 else ", in eclipse" if sun < 0.001 else ", in penumbra"
    return "  ·  ".join([*case, when])


def draw_radiation(run_dir: Path, quantity: Quantity, target: Path) -> None:
    """Draw what facets absorb, or how much of space they see.

    Raises:
        SurfaceError: the run left no such field.
    """
    summary = read_summary(run_dir)
    surface = surface_file.read(run_dir).surface(quantity)
    draw(surface, summary["title"], radiation_words(summary, quantity), target)


def radiation_words(summary: dict[str, Any], quantity: Quantity) -> str:
    """Load case and quantity, in one line."""
    case = [f"load case {summary['case']}"] if summary.get("case") else []
    return "  ·  ".join([*case, quantity.title])


def power_plots(run_dir: Path, target: Path) -> None:
    """Write the plots of a run's power side as PNG into the folder `target`; of a set of load cases those of its hottest.

    Raises:
        ViewError: not a result, or a run without [power].
    """
    from heliorack import power_plots as plots

    if not plots.write(run_folder(run_dir), target):
        raise ViewError(f"{run_dir} has no power side to draw: the case has no [power] table, or no orbit, or no array carries its load")


def show(run_dir: Path, png: Path | None, at: str, field: str = TEMPERATURE.key) -> None:
    """Draw a moment of a run to `png`, or open it in a window.

    Args:
        run_dir: A run folder, or that of a set of load cases: its hottest case is shown.
        png: File to draw without a window.
        at: hottest, coldest or seconds; for `png` of temperatures.
        field: What to show, a key of `heliorack.quantity.FIELDS`.

    Raises:
        ViewError: not a result, no such moment, or no display for a window.
        SurfaceError: the run left no such field.
    """
    run_dir, quantity = run_folder(run_dir), FIELDS[field]
    if png is not None and quantity.on_facets:
        draw_radiation(run_dir, quantity, png)
        return
    if png is not None:
        _draw_moment(run_dir, at, png)
        return
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise ViewError("no display to open a window on; draw to a file instead: --png FILE")
    from heliorack.window import Scene

    scene = Scene(run_dir, at, quantity=quantity)
    scene.furnish()
    scene.plotter.show()
