"""Pictures of a run folder, and the window that looks into it."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np

from heliorack.runfolder import summary, surface_file, tubes_file
from heliorack.runfolder.fields import ViewError, moment, run_folder
from heliorack.runfolder.history import read_history
from heliorack.runfolder.quantity import FIELDS, TEMPERATURE, Quantity
from heliorack.runfolder.summary import Summary
from heliorack.visuals.excerpt import Excerpt
from heliorack.visuals.orbit_curves import orbit_plot
from heliorack.visuals.picture import draw

EVERYTHING = Excerpt()


def pictures(run_dir: Path) -> None:
    """Write picture.png (the hottest kept moment) and orbit.png into a run folder, finished or being written."""
    orbit_plot(run_dir)
    _draw_moment(run_dir, "hottest", run_dir / "picture.png")


def _draw_moment(run_dir: Path, at: str, target: Path, excerpt: Excerpt = EVERYTHING, quantity: Quantity = TEMPERATURE) -> None:
    frame, found, tubes = moment(run_dir, at), summary.read(run_dir), tubes_file.read(run_dir)
    ghost = None if excerpt.iso is None else Excerpt(excerpt.parts, explode=excerpt.explode).surface(frame.path)
    words = moment_words(run_dir, found, frame.time, at)
    words = words if quantity is TEMPERATURE else f"{quantity.title}  ·  {words}"
    surface = excerpt.surface(frame.path, quantity)
    if tubes is not None and quantity is TEMPERATURE and replace(excerpt, limits=None) == EVERYTHING:
        surface = tubes.added(surface, frame.time)
    draw(surface, found.title, words, target, excerpt.limits, ghost)


def moment_words(run_dir: Path, found: Summary, time: float, at: str) -> str:
    """Load case and moment, in one line."""
    case = [f"load case {found.case}"] if found.case else []
    if found.kind == "steady":
        return "  ·  ".join([*case, "steady state"])
    history = read_history(run_dir)
    which = f"{at} kept moment: " if at in ("hottest", "coldest") else ""
    when = f"{which}t = {time:.0f} s ({time / 60:.1f} of {history['time_s'][-1] / 60:.1f} min)"
    if "sunlight_-" in history:
        sun = float(np.interp(time, history["time_s"], history["sunlight_-"]))
        when += ", in sunlight" if sun > 0.999 else ", in eclipse" if sun < 0.001 else ", in penumbra"
    return "  ·  ".join([*case, when])


def draw_radiation(run_dir: Path, quantity: Quantity, target: Path, excerpt: Excerpt = EVERYTHING) -> None:
    """Draw what facets absorb, or how much of space they see.

    Raises:
        SurfaceError: the run left no such field.
    """
    found = summary.read(run_dir)
    if excerpt.slice is not None or excerpt.threshold is not None or excerpt.iso is not None:
        said = "--slice, --threshold and --iso look into the body, where there are temperature and flux alone"
        raise ViewError(f"{said}; leave out --field, or take --field flux")
    surface = excerpt.of(surface_file.read(run_dir).surface(quantity))
    draw(surface, found.title, radiation_words(found, quantity), target, excerpt.limits)


def radiation_words(found: Summary, quantity: Quantity) -> str:
    """Load case and quantity, in one line."""
    case = [f"load case {found.case}"] if found.case else []
    return "  ·  ".join([*case, quantity.title])


def power_plots(run_dir: Path, target: Path) -> None:
    """Write the plots of a run's power side as PNG into the folder `target`; of a set of load cases those of its hottest.

    Raises:
        ViewError: not a result, or a run without [power].
    """
    from heliorack.visuals import power_plots as plots

    if not plots.write(run_folder(run_dir), target):
        raise ViewError(f"{run_dir} has no power side to draw: the case has no [power] table, or no orbit, or no array carries its load")


def show(run_dir: Path, png: Path | None, at: str, field: str = TEMPERATURE.key, excerpt: Excerpt = EVERYTHING) -> None:
    """Draw a moment of a run to `png`, or open it in a window.

    Args:
        run_dir: A run folder, or that of a set of load cases: its hottest case is shown.
        png: File to draw without a window.
        at: hottest, coldest or seconds; for `png` of temperatures.
        field: What to show, a key of `heliorack.runfolder.quantity.FIELDS`.
        excerpt: What of the body `png` shows.

    Raises:
        ViewError: not a result, no such moment, or no display for a window.
        SurfaceError: the run left no such field.
    """
    run_dir, quantity = run_folder(run_dir), FIELDS[field]
    if png is not None and not quantity.inside:
        draw_radiation(run_dir, quantity, png, excerpt)
        return
    if png is not None:
        _draw_moment(run_dir, at, png, excerpt, quantity)
        return
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise ViewError("no display to open a window on; draw to a file instead: --png FILE")
    from heliorack.visuals.window import Scene

    scene = Scene(run_dir, at, quantity=quantity)
    scene.furnish()
    scene.plotter.show()
