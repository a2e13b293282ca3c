"""Pictures of a run of nodes and loops: temperatures over time, and temperature and pressure along the loops."""

from pathlib import Path
from typing import Any

import numpy as np

from heliorack.runfolder import summary as figures
from heliorack.runfolder.figures.network import LoopFigures
from heliorack.runfolder.loop_paths import from_inlets
from heliorack.runfolder.summary import Summary
from heliorack.visuals.orbit_curves import orbit_plot
from heliorack.visuals.style import INK, PALETTE, plain, sheet


def pictures(run_dir: Path) -> None:
    """Write orbit.png (nodes over time) and picture.png (along the loops; of a network without loops its nodes) into a run folder."""
    orbit_plot(run_dir)
    found = figures.read(run_dir)
    loops = found.network.loops if found.network is not None else {}
    figure = sheet(12, 8.5)
    if loops:
        axes = figure.subplots(len(loops), 2, squeeze=False)
        for row, (name, loop) in zip(axes, loops.items(), strict=True):
            _along(row, name, loop)
    else:
        _nodes(figure.subplots(), found)
    heading = found.title + (f"  ·  {found.case}" if found.case else "")
    figure.suptitle(heading, x=0.075, y=0.975, ha="left", fontsize=14, fontweight="bold", color=INK)
    figure.subplots_adjust(left=0.09, right=0.97, top=0.90, bottom=0.08, hspace=0.35, wspace=0.22)
    figure.savefig(run_dir / "picture.png")


def _along(axes: Any, name: str, loop: LoopFigures) -> None:
    """Temperature and pressure of one loop over its path, a colour for each segment."""
    for i, (segment, profile) in enumerate(from_inlets(loop.segments).items()):
        line: Any = {"color": PALETTE[i % len(PALETTE)], "linewidth": 2, "marker": "o" if len(profile.path_m) == 1 else ""}
        axes[0].plot(profile.path_m, profile.temperature_degC, label=segment, **line)
        axes[1].plot(profile.path_m, np.array(profile.pressure_bar), **line)
    plain(axes[0], "temperature [degC]")
    plain(axes[1], "pressure [bar]")
    for axis in axes:
        axis.set_xlabel("path from the pump [m]")
    axes[0].set_title(f"{name}: {loop.flow_max_kg_s:.4g} kg/s of {loop.fluid}", loc="left", color=INK, fontsize=11)
    axes[0].legend(frameon=False, fontsize=9)


def _nodes(axis: Any, found: Summary) -> None:
    """A bar from the coldest to the hottest of every node."""
    names = list(found.parts)
    low = np.array([found.parts[name].min_degC for name in names])
    high = np.array([found.parts[name].max_degC for name in names])
    axis.barh(names, np.maximum(high - low, 0.2), left=low, color=PALETTE[1])
    axis.invert_yaxis()
    axis.set_xlabel("temperature [degC], coldest to hottest")
    plain(axis, "")
