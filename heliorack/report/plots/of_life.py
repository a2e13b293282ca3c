"""Life of a mission: margins of limits, array and battery over the years, and what breaks first."""

from typing import Any

from heliorack.casefile.patterns import siblings
from heliorack.report.plots.style import COLOURS, DASHES, Figure, axis, escaped, layout, line
from heliorack.runfolder.figures.mission import MissionFigures, MissionLimit

MOST_LINES = 12  #: limits that are drawn, the tightest


def life_of_mission(life: MissionFigures) -> Figure:
    """Margins above; array and battery below where there are any."""
    times, rows = life.times_years, 1 if life.power is None else 3
    data: list[dict[str, Any]] = [
        line(times, limit.margin_K, escaped(label), COLOURS[i % len(COLOURS)], "K", line={"dash": DASHES[i // len(COLOURS) % len(DASHES)]})
        for i, (label, limit) in enumerate(drawn(life))
    ]
    axes: dict[str, Any] = {"yaxis": axis("margin [K]", domain=[0.0 if rows == 1 else 0.55, 1.0])}
    flat: list[dict[str, Any]] = [_across("y", 0.0)]
    if life.power is not None:
        surplus, depth = [100 * a for a in life.power.array_margin], [min(100 * d, 100.0) for d in life.power.depth_of_discharge]
        data.append(line(times, surplus, "array over what the load asks for", COLOURS[4], "%", yaxis="y2", fill="tozeroy"))
        data.append(line(times, depth, "depth of discharge", COLOURS[2], "%", yaxis="y3", fill="tozeroy"))
        axes |= {"yaxis2": axis("array surplus [%]", domain=[0.28, 0.49]), "yaxis3": axis("discharge [%]", domain=[0.0, 0.22])}
        flat += [_across("y2", 0.0), _across("y3", 100 * life.power.allowed_depth)]
    if life.first_year is not None:
        upright = {"xref": "x", "x0": life.first_year, "x1": life.first_year, "yref": "paper", "y0": 0, "y1": 1}
        flat.append({"type": "line", "line": {"color": COLOURS[0], "width": 1.5}} | upright)
    lowest = "y" if rows == 1 else "y3"
    x = axis(f"years from {life.start}", range=[0, life.years], anchor=lowest)
    return {"data": data, "layout": layout(200 + 170 * rows, xaxis=x, shapes=flat, **axes)}


def _across(reference: str, value: float) -> dict[str, Any]:
    """A dashed line at what must be kept."""
    along = {"xref": "paper", "x0": 0, "x1": 1, "yref": reference, "y0": value, "y1": value}
    return {"type": "line", "line": {"color": "--ink", "width": 1.2, "dash": "dash"}} | along


def drawn(life: MissionFigures) -> list[tuple[str, MissionLimit]]:
    """The tightest limits, one for each group of numbered siblings, with their names."""
    found: list[tuple[str, MissionLimit]] = []
    for side in ("max", "min"):
        for mode in dict.fromkeys(limit.mode for limit in life.limits):
            mine = {limit.on: limit for limit in life.limits if (limit.side, limit.mode) == (side, mode)}
            for label, members in siblings(list(mine)).items():
                tight = min((mine[name] for name in members), key=lambda limit: limit.least_K)
                found.append((f"{label} {side}" + ("" if mode == "operating" else f", {mode.replace('_', '-')}"), tight))
    return sorted(found, key=lambda each: each[1].least_K)[:MOST_LINES]
