"""Flows between stations as bands whose width is their power, from left to right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.runfolder.power_file import FlowFigures
from heliorack.visuals.labels import spread
from heliorack.visuals.style import INK, PALETTE
from power.system import flows as stations

Floats = NDArray[np.float64]

#: column of each station; the entries of the load stand in the last one
COLUMNS = {
    stations.SUN: 0, stations.ARRAY: 1, stations.BUS: 2, stations.BATTERY: 3, stations.LOAD: 4, stations.UNSERVED: 3, stations.DRAIN: 2,
    stations.CELLS: 5, stations.UNDRAWN: 5, stations.SHUNT: 5, stations.REGULATORS: 5, stations.BATTERY_HEAT: 5,
}  # fmt: skip
LAST = 5
WORDS = {
    stations.SUN: "sunlight on the cells",
    stations.CELLS: "not converted: heat of the\ncells, and reflection",
    stations.ARRAY: "array can give",
    stations.UNDRAWN: "not drawn: heat of the cells",
    stations.BUS: "drawn",
    stations.SHUNT: "shunt: heat",
    stations.BATTERY: "battery",
    stations.DRAIN: "charge lost in each orbit",
    stations.BATTERY_HEAT: "battery: heat",
    stations.REGULATORS: "regulators: heat",
    stations.LOAD: "load",
    stations.UNSERVED: "not served",
}
COLOURS = {
    stations.SUN: "#f3c623", stations.CELLS: PALETTE[0], stations.ARRAY: PALETTE[4], stations.UNDRAWN: PALETTE[0], stations.BUS: PALETTE[1],
    stations.SHUNT: PALETTE[0], stations.BATTERY: PALETTE[2], stations.BATTERY_HEAT: PALETTE[0], stations.REGULATORS: PALETTE[0],
    stations.LOAD: PALETTE[7], stations.UNSERVED: "#b3261e", stations.DRAIN: "#b3261e",
}  # fmt: skip
WIDTH, GAP = 0.05, 0.045  #: of a station, in columns; between two stations of one column, as a share of the largest


@dataclass(slots=True)
class Station:
    """A bar of the picture: where it stands and how much of its two sides is taken."""

    column: int
    watts: float
    bottom: float = 0.0
    left: float = 0.0  #: taken by what enters, from the top
    right: float = 0.0  #: taken by what leaves, from the top

    @property
    def top(self) -> float:
        """Upper end."""
        return self.bottom + self.watts


def placed(flows: Sequence[FlowFigures]) -> dict[str, Station]:
    """Stations of the flows, those of one column above one another without overlap [W]."""
    names = dict.fromkeys(name for flow in flows for name in (flow.from_, flow.to))
    found = {}
    for name in names:
        entering = sum(flow.mean_W for flow in flows if flow.to == name)
        leaving = sum(flow.mean_W for flow in flows if flow.from_ == name)
        found[name] = Station(COLUMNS.get(name, LAST), max(entering, leaving))
    most = max((station.watts for station in found.values()), default=0.0)
    passing = sum(flow.mean_W for flow in flows if (flow.from_, flow.to) == (stations.BUS, stations.LOAD))
    for column in range(LAST + 1):
        here = [name for name in _order(found) if found[name].column == column]
        level = -passing - GAP * most if column == COLUMNS[stations.BATTERY] else 0.0  # below what the array gives straight to the load
        for name in here:
            found[name].bottom = level - found[name].watts
            level = found[name].bottom - GAP * most
    return found


def _order(found: Mapping[str, Station]) -> list[str]:
    """From the top: what is used above what is lost."""
    heat = [stations.BATTERY_HEAT, stations.REGULATORS, stations.SHUNT, stations.UNDRAWN, stations.CELLS]
    return [*(name for name in found if name not in heat), *(name for name in heat if name in found)]


def draw_flows(figure: Any, flows: Sequence[FlowFigures], said: str = "") -> bool:
    """Draw the flows with a remark `said` below; False where there are none."""
    if not flows:
        return False
    axis = figure.subplots()
    axis.axis("off")
    found = placed(flows)
    order = _order(found)
    for flow in sorted(flows, key=lambda f: (order.index(f.from_), order.index(f.to))):
        source = found[flow.from_]
        start = source.top - source.right
        source.right += flow.mean_W
        _leave(axis, flow, source, start, found)
    for name, station in found.items():
        colour = COLOURS.get(name, PALETTE[6])
        axis.fill_between([station.column, station.column + WIDTH], station.bottom, station.top, color=colour, linewidth=0, zorder=3)
    low, high = min(s.bottom for s in found.values()), max(s.top for s in found.values())
    axis.set_ylim(low - 0.07 * (high - low), high + 0.12 * (high - low))
    axis.set_xlim(-0.02, LAST + 1.75)
    figure.text(0.013, 0.02, said, fontsize=10, color="#5b6675")
    figure.subplots_adjust(left=0.01, right=0.99, top=0.99, bottom=0.01)
    _labels(axis, found)
    return True


def _leave(axis: Any, flow: FlowFigures, source: Station, start: float, found: Mapping[str, Station]) -> None:
    """A band from the right side of one station to the left side of another."""
    target, watts = found[flow.to], flow.mean_W
    end = target.top - target.left
    target.left += watts
    u = np.linspace(0.0, 1.0, 60)
    bend = u * u * (3.0 - 2.0 * u)
    x = source.column + WIDTH + u * (target.column - source.column - WIDTH)
    top = start + (end - start) * bend
    colour = COLOURS.get(flow.to, PALETTE[6]) if flow.to in COLOURS else PALETTE[6]
    axis.fill_between(x, top - watts, top, color=colour, alpha=0.32, linewidth=0, zorder=1)


def _labels(axis: Any, found: Mapping[str, Station]) -> None:
    """Names with watts: beside the last column, above the others."""
    from matplotlib.patheffects import withStroke

    halo = [withStroke(linewidth=3, foreground="white")]
    ends = [name for name in _order(found)[::-1] if found[name].column == LAST]
    ends.sort(key=lambda name: found[name].bottom)
    points = axis.get_position().height * axis.figure.get_figheight() * 72
    step = 14.0 / points * np.ptp(axis.get_ylim())
    middle = np.array([0.5 * (found[name].bottom + found[name].top) for name in ends])
    for name, y0, y in zip(ends, middle, spread(middle, axis.get_ylim(), float(step)), strict=True):
        axis.plot([LAST + WIDTH, LAST + 0.11], [y0, y], color=COLOURS.get(name, PALETTE[6]), linewidth=0.8)
        axis.text(LAST + 0.13, float(y), _named(name, found[name].watts), va="center", fontsize=10, color=INK)
    for name, station in found.items():
        if station.column < LAST:
            below = name == stations.DRAIN  # there is no room above it
            y, side = (station.bottom, "top") if below else (station.top, "bottom")
            words = axis.text(station.column, y, f" {WORDS.get(name, name)}\n {_watts(station.watts)}", va=side, fontsize=10)
            words.set(color=INK, path_effects=halo, zorder=5)


def _named(name: str, watts: float) -> str:
    first, _, rest = WORDS.get(name, name).partition("\n")
    return f"{first}  {_watts(watts)}" + (f"\n{rest}" if rest else "")


def _watts(value: float) -> str:
    """A power in words.

    >>> _watts(12345.6), _watts(0.84)
    ('12346 W', '0.8 W')
    """
    return f"{value:.0f} W" if value >= 9.95 else f"{value:.1f} W"
