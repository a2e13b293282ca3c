"""Where the power goes, and the array's curves, from power.json."""

from collections.abc import Sequence
from typing import Any

from heliorack.report.plots.style import COLOURS, Figure, axis, bands, layout, line
from heliorack.runfolder.power_file import ArrayCurves, FlowFigures, PowerFile
from power.system import flows as stations

WORDS = {
    stations.SUN: "sunlight on the cells",
    stations.CELLS: "not converted: heat, reflection",
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
HEAT, LACK = COLOURS[0], "#b3261e"
TINTS = {
    stations.SUN: "#f3c623", stations.CELLS: HEAT, stations.ARRAY: COLOURS[4], stations.UNDRAWN: HEAT, stations.BUS: COLOURS[1],
    stations.SHUNT: HEAT, stations.BATTERY: COLOURS[2], stations.BATTERY_HEAT: HEAT, stations.REGULATORS: HEAT,
    stations.LOAD: COLOURS[3], stations.UNSERVED: LACK, stations.DRAIN: LACK,
}  # fmt: skip
ENTRY = "#5a8fb5"  #: an entry of the load


def power_flows(flows: Sequence[FlowFigures]) -> Figure | None:
    """Bands from sunlight to loads whose width is their orbit mean; None where nothing flows."""
    if not flows:
        return None
    names = list(dict.fromkeys(name for flow in flows for name in (flow.from_, flow.to)))
    through = {name: max(_sum(flows, "from_", name), _sum(flows, "to", name)) for name in names}
    tints = {name: TINTS.get(name, ENTRY) for name in names}
    nodes = {name: (WORDS.get(name, name), through[name], tints[name]) for name in names}
    return bands(nodes, [(flow.from_, flow.to, flow.mean_W) for flow in flows], [tints[flow.to] for flow in flows], 440)


def _sum(flows: Sequence[FlowFigures], end: str, name: str) -> float:
    return sum(flow.mean_W for flow in flows if getattr(flow, end) == name)


def array_curves(figures: PowerFile) -> Figure | None:
    """Current and power against voltage at the hottest and coldest moment in sunlight; None where there are no curves."""
    array = figures.array
    if not isinstance(array, ArrayCurves):
        return None
    unit = " per cell" if array.per_cell else ""
    data: list[dict[str, Any]] = []
    for moment, colour, dash in zip(array.moments, (COLOURS[0], COLOURS[1]), ("solid", "dash"), strict=True):
        said = f"{moment.name}: {moment.temperature_degC:.0f} degC, {moment.sunlight_W_m2:.0f} W/m²"
        said += f", {moment.time_s / 60:.0f} min into the orbit"
        look: dict[str, Any] = {"line": {"dash": dash}, "legendgroup": moment.name}
        data.append(line(moment.voltage_V, moment.current_A, said, colour, "A", **look))
        data.append(line(moment.voltage_V, moment.power_W, said, colour, "W", showlegend=False, xaxis="x2", yaxis="y2", **look))
        for point, symbol, words in ((moment.best, "diamond-open", "maximum power"), (moment.works, "circle", "works here")):
            data.append(
                {
                    "type": "scatter", "mode": "markers", "x": [point.voltage_V], "y": [point.power_W], "xaxis": "x2", "yaxis": "y2",
                    "marker": {"symbol": symbol, "size": 11, "color": colour}, "name": f"{moment.name}: {words}", "showlegend": False,
                    "hovertemplate": "%{y:.4~g} W at %{x:.4~g} V<extra>%{fullData.name}</extra>",
                }
            )  # fmt: skip
    both = {"grid": {"rows": 1, "columns": 2, "pattern": "independent", "xgap": 0.16}}
    axes = {
        "xaxis": axis(f"voltage{unit} [V]", rangemode="tozero"), "yaxis": axis(f"current{unit} [A]", rangemode="tozero"),
        "xaxis2": axis(f"voltage{unit} [V]", rangemode="tozero"), "yaxis2": axis("power of the array [W]", rangemode="tozero"),
    }  # fmt: skip
    return {"data": data, "layout": layout(400, **both, **axes)}


def years(figures: PowerFile) -> Figure | None:
    """Array and battery over new and lowest charge, year by year; None where nothing ages."""
    found = figures.years
    if found is None or len(found.rows) < 2:
        return None
    x = [0, *(row.year for row in found.rows)]
    marked: dict[str, Any] = {"mode": "lines+markers"}
    low = [100 * row.min_state_of_charge for row in found.rows]
    data = [
        line(x, [100.0, *(100 * row.array for row in found.rows)], "array power over new", COLOURS[4], "%", **marked),
        line(x, [100.0, *(100 * row.capacity for row in found.rows)], "battery capacity over new", COLOURS[2], "%", **marked),
        line(x[1:], low, "lowest state of charge", COLOURS[3], "%", line={"dash": "dash"}, **marked),
    ]
    return {"data": data, "layout": layout(330, xaxis=axis("years in orbit", dtick=max(1, len(x) // 10)), yaxis=axis("share [%]"))}
