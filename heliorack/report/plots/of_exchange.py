"""Who heats whom: mean heat from sources through parts to space, as bands and as a table of colours."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.casefile.patterns import siblings
from heliorack.report.plots.style import COLOURS, Figure, bands, escaped, layout, watts
from heliorack.runfolder.heat_flows import HeatFlows

Floats = NDArray[np.float64]

TOLD = 0.002  #: of all heat: flows below it are not drawn as bands
MOST = 40  #: bodies that stand by name; of more, those through which least goes are one
SPACE = "space"
TINTS = {"sun": "#f3c623", "albedo": COLOURS[5], "earth_infrared": COLOURS[3], "electricity": COLOURS[4]}


def _gathered(found: HeatFlows) -> tuple[list[str], dict[str, str]]:
    """Labels of bodies, numbered siblings together and what is too much to read as one, and the label of every body."""
    groups = siblings([body.name for body in found.bodies])
    label_of = {name: label for label, members in groups.items() for name in members}
    if len(groups) <= MOST:
        return list(groups), label_of
    through = dict.fromkeys(groups, 0.0)
    for body in found.bodies:
        through[label_of[body.name]] += abs(body.space_W) + sum(map(abs, body.paths_W.values()))
    for flow in found.flows:
        for end in (flow.from_body, flow.to_body):
            through[label_of[end]] += abs(flow.conduction_W + flow.radiation_W)
    named = set(sorted(groups, key=lambda label: -through[label])[: MOST - 1])
    others = f"{len(groups) - len(named)} others"
    return [*(label for label in groups if label in named), others], {n: one if one in named else others for n, one in label_of.items()}


def matrix(found: HeatFlows) -> tuple[list[str], Floats]:
    """Labels, and net mean heat [W] from the group of a row to that of a column; antisymmetric."""
    labels, label_of = _gathered(found)
    number = {label: i for i, label in enumerate(labels)}
    heat = np.zeros((len(labels), len(labels)))
    for flow in found.flows:
        i, j = number[label_of[flow.from_body]], number[label_of[flow.to_body]]
        total = flow.conduction_W + flow.radiation_W
        if i != j:
            heat[i, j] += total
            heat[j, i] -= total
    return labels, heat


def heat_map(found: HeatFlows) -> Figure | None:
    """Net heat from every part (row) to every other (column), to space and to what is outside; None where there is one body alone."""
    labels, heat = matrix(found)
    if len(labels) < 2:
        return None
    _, label_of = _gathered(found)
    outside = [SPACE] if any(body.space_W for body in found.bodies) else []
    outside += sorted({one.name for body in found.bodies for one in body.outside})
    out = np.zeros((len(labels), len(outside)))
    for body in found.bodies:
        for k, name in enumerate(outside):
            out[labels.index(label_of[body.name]), k] += body.space_W if name == SPACE else -body.paths_W.get(name, 0.0)
    shown = np.column_stack([heat, out])
    most = max(float(np.abs(heat).max()), 1e-9)
    names, columns = [escaped(label) for label in labels], [escaped(label) for label in [*labels, *outside]]
    text = [["" if abs(v) < TOLD * most else watts(v) for v in row] for row in shown.tolist()]
    cells: dict[str, Any] = {
        "type": "heatmap", "x": columns, "y": names, "z": np.clip(shown, -most, most).round(4).tolist(), "zmin": -most, "zmax": most,
        "colorscale": [[0, COLOURS[1]], [0.5, "--sheet"], [1, COLOURS[0]]], "xgap": 1, "ygap": 1, "text": text,
        "texttemplate": "%{text}" if len(labels) <= 14 else "", "textfont": {"size": 11}, "customdata": shown.round(4).tolist(),
        "hovertemplate": "%{y} to %{x}: %{customdata:.4~g} W<extra></extra>",
        "colorbar": {"title": {"text": "net heat [W]", "side": "right"}, "thickness": 14},
    }  # fmt: skip
    axes: dict[str, Any] = {
        "xaxis": {"title": {"text": "to"}, "automargin": True, "showgrid": False},
        "yaxis": {"title": {"text": "from", "standoff": 10}, "automargin": True, "autorange": "reversed", "showgrid": False},
    }
    return {"data": [cells], "layout": layout(160 + 30 * len(labels), **axes)}


def heat_bands(found: HeatFlows, words: dict[str, str]) -> Figure | None:
    """Bands from sources to parts, between parts and to space; those that are too small to see are left out."""
    labels, heat = matrix(found)
    _, label_of = _gathered(found)
    ends: dict[tuple[str, str], float] = {}

    def add(source: str, target: str, value: float) -> None:
        pair, amount = ((source, target), value) if value >= 0 else ((target, source), -value)
        ends[pair] = ends.get(pair, 0.0) + amount

    for body in found.bodies:
        for path, value in body.paths_W.items():
            add(
                "from " + words.get(path, path) if value >= 0 else label_of[body.name],
                label_of[body.name] if value >= 0 else words.get(path, path),
                abs(value),
            )
        add(label_of[body.name], SPACE, body.space_W)
    for i, one in enumerate(labels):
        for j, other in enumerate(labels):
            if heat[i, j] > 0:
                add(one, other, float(heat[i, j]))
    most = max(ends.values(), default=0.0)
    kept = {pair: value for pair, value in ends.items() if value > TOLD * most}
    if not kept:
        return None
    names = list(dict.fromkeys(name for pair in kept for name in pair))
    through = {n: max(sum(v for (a, _), v in ends.items() if a == n), sum(v for (_, b), v in ends.items() if b == n)) for n in names}
    reverse = {"from " + said: path for path, said in words.items()}
    tints = {
        n: TINTS.get(reverse.get(n, ""), COLOURS[0] if n.startswith("from ") else COLOURS[5] if n == SPACE else COLOURS[1]) for n in names
    }
    nodes = {n: (n.removeprefix("from "), through[n], tints[n]) for n in names}
    return bands(nodes, [(a, b, value) for (a, b), value in kept.items()], [tints[a] for a, _ in kept], max(380, 34 * len(names)))
