"""Heat by path, and coolant loops over their length."""

from collections.abc import Mapping
from typing import Any

from heliorack.report.plots.style import COLOURS, Figure, axis, escaped, layout, line
from heliorack.runfolder.figures.network import LoopFigures
from heliorack.runfolder.loop_paths import from_inlets
from heliorack.runfolder.summary import Summary


def heat_by_path(cases: Mapping[str, Summary], words: Mapping[str, str]) -> Figure | None:
    """Mean heat into the body by path, one bar for each load case."""
    paths = [path for path in dict.fromkeys(path for found in cases.values() for path in found.heat_W) if _told(cases, path)]
    if not paths:
        return None
    paths.sort(key=lambda path: -max(found.heat_W.get(path, 0.0) for found in cases.values()))
    data: list[dict[str, Any]] = [
        {
            "type": "bar", "orientation": "h", "name": escaped(name or "mean"), "y": [escaped(words[path]) for path in paths],
            "x": [found.heat_W.get(path, 0.0) for path in paths], "marker": {"color": COLOURS[i % len(COLOURS)]},
            "hovertemplate": "%{x:.4~g} W<extra>%{fullData.name}</extra>",
        }
        for i, (name, found) in enumerate(cases.items())
    ]  # fmt: skip
    height = 110 + len(paths) * (16 + 9 * len(cases))
    look = {"margin": {"l": 220, "r": 20, "t": 26, "b": 48}, "barmode": "group", "bargap": 0.25, "showlegend": len(cases) > 1}
    return {
        "data": data,
        "layout": layout(height, xaxis=axis("mean heat into the body [W]"), yaxis=axis("", automargin=True, autorange="reversed"), **look),
    }


def _told(cases: Mapping[str, Summary], path: str) -> bool:
    """Whether a path carries anything in any load case."""
    most = max((abs(flow) for found in cases.values() for flow in found.heat_W.values()), default=0.0)
    return any(abs(found.heat_W.get(path, 0.0)) > 1e-6 * most for found in cases.values())


def along_loops(loops: Mapping[str, LoopFigures]) -> Figure | None:
    """Temperature and pressure over the path of every loop, a colour for each segment."""
    if not loops:
        return None
    data: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    for row, (name, loop) in enumerate(loops.items()):
        t, p = str(2 * row + 1) if row else "", str(2 * row + 2)
        for i, (segment, profile) in enumerate(from_inlets(loop.segments).items()):
            look = {"mode": "lines" if len(profile.path_m) > 1 else "markers", "legendgroup": f"{name}.{segment}"}
            said, colour = escaped(f"{name}.{segment}"), COLOURS[i % len(COLOURS)]
            data.append(line(profile.path_m, profile.temperature_degC, said, colour, "degC", xaxis=f"x{t}", yaxis=f"y{t}", **look))
            data.append(
                line(profile.path_m, profile.pressure_bar, said, colour, "bar", xaxis=f"x{p}", yaxis=f"y{p}", showlegend=False, **look)
            )
        for k, words in ((t, "temperature [degC]"), (p, "pressure [bar]")):
            axes |= {f"xaxis{k}": axis(f"{escaped(name)}: path from the pump [m]"), f"yaxis{k}": axis(words)}
    grid = {"rows": len(loops), "columns": 2, "pattern": "independent", "xgap": 0.16, "ygap": 0.3}
    return {"data": data, "layout": layout(80 + 300 * len(loops), grid=grid, **axes)}
