"""The network that the parts of a run make: nodes, GL and GR, as tables, as a text in the manner of ESATAN and as a case."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.export.lumped import HEATS, Kind, Lumped, Node, Tie, text
from heliorack.export.network_case import case_text
from heliorack.runfolder.heat_flows import HeatFlows

SPACE = 99999  #: number of the boundary node
OF_PARTS = (
    "One node for each part; parts that are bonded are one node.",
    "GL [W/K]: by one watt into each node, spread as its heat is in this run, so that what spreads inside the parts is in them. A negative",
    "one takes back what the mean of a wide part says too much of a place on it; together they lead no heat from cold to hot.",
)
OF_NODES = (
    "One node for each node of the case, for the fluid of each loop and for the panels of each segment. GL [W/K]: as the case has them.",
)
METHOD = (
    "GR [m2]: exchange area with all reflections, so that Q = sigma GR (T1^4 - T2^4) with sigma = 5.670374419e-8 W/m2K4.",
    "QI [W]: mean of internal heat. QS, QA, QE [W]: means of absorbed sunlight, albedo and planet infrared. C [J/K], T [degC], mean.",
    "Q1 of $ARRAYS: all heat into node 1 over time [s, W], in place of these means; straight between, a jump stands twice.",
)
OUTSIDE = {"sun": "QS", "albedo": "QA", "earth_infrared": "QE"}


def lumped(found: HeatFlows, title: str, kind: Kind) -> Lumped:
    """The network of a run."""
    number = {body.name: i for i, body in enumerate(found.bodies, 1)}
    boundaries: dict[tuple[str, float], int] = {}
    nodes, ties = [], []
    for i, body in enumerate(found.bodies, 1):
        tied = {one.name for one in body.outside}
        heat = dict.fromkeys(HEATS, 0.0)
        for path, value in body.paths_W.items():
            if path not in tied:
                heat[OUTSIDE.get(path, "QI")] += value
        heat["QI"] += sum(f.given_W * ((f.to_body == body.name) - (f.from_body == body.name)) for f in found.flows if f.given_W)
        starts = body.start_degC if kind == "transient" and body.start_degC is not None else body.mean_degC
        over = tuple(zip(found.times_s, body.heat_W, strict=True))
        nodes.append(Node(number=i, name=body.name, degC=starts, capacity_J_K=body.capacity_J_K, heat_W=heat, over=over))
        for one in body.outside:
            boundary = boundaries.setdefault((one.name, one.degC), len(number) + 1 + len(boundaries))
            ties.append(Tie(one.kind, i, boundary, one.value))
    nodes += [Node(number=i, name=name, degC=degC, held=True) for (name, degC), i in boundaries.items()]
    sink = found.bodies[0].space_K - ZERO_CELSIUS if found.bodies else -ZERO_CELSIUS
    nodes.append(Node(number=SPACE, name="space", degC=sink, held=True))
    between = [("GL", f, f.conductor_W_K) for f in found.flows] + [("GR", f, f.exchange_area_m2) for f in found.flows]
    ties = [Tie("GL" if k == "GL" else "GR", number[f.from_body], number[f.to_body], v) for k, f, v in between if v] + ties
    ties += [Tie("GR", i, SPACE, body.space_area_m2) for i, body in enumerate(found.bodies, 1) if body.space_area_m2 > 0]
    lasts = found.times_s[-1] if found.times_s else 0.0
    notes = (*(OF_NODES if found.lumped else OF_PARTS), *METHOD, *found.notes)
    return Lumped(title=title, nodes=tuple(nodes), ties=tuple(ties), kind=kind, lasts_s=lasts, notes=notes)


def write(found: HeatFlows, title: str, kind: Kind, folder: Path) -> list[Path]:
    """nodes.csv, conductors.csv, network.d and network.toml in `folder`."""
    network = lumped(found, title, kind)
    folder.mkdir(parents=True, exist_ok=True)
    written = [*_tables(network, found, folder), folder / "network.d", folder / "network.toml"]
    written[-2].write_text(text(network), encoding="utf-8")
    written[-1].write_text(case_text(network), encoding="utf-8")
    return written


def _tables(network: Lumped, found: HeatFlows, folder: Path) -> list[Path]:
    names = {node.number: node.name for node in network.nodes}
    bodies = {body.name: body for body in found.bodies}
    rows: list[Sequence[Any]] = []
    for node in network.nodes:
        if not node.held:
            body = bodies[node.name]
            heat = [node.heat_W[one] for one in HEATS]
            rows.append(
                [node.number, node.name, " ".join(body.parts), node.capacity_J_K, body.mean_degC, *heat, body.stored_W, body.imbalance_W]
            )
    mean = {("GL", f.from_body, f.to_body): f.conduction_W for f in found.flows}
    mean |= {("GR", f.from_body, f.to_body): f.radiation_W for f in found.flows}
    mean |= {("GR", body.name, "space"): body.space_W for body in found.bodies}
    conductors: list[Sequence[Any]] = [
        [
            tie.kind,
            tie.one,
            tie.other,
            names[tie.one],
            names[tie.other],
            tie.value,
            "W/K" if tie.kind == "GL" else "m2",
            mean.get((tie.kind, names[tie.one], names[tie.other]), ""),
        ]
        for tie in network.ties
    ]
    head = ["node", "name", "parts", "capacity_J_K", "mean_degC", *(f"{one}_W" for one in HEATS), "stored_W", "imbalance_W"]
    table(folder / "nodes.csv", head, rows)
    table(folder / "conductors.csv", ["kind", "node_1", "node_2", "name_1", "name_2", "value", "unit", "mean_heat_W"], conductors)
    return [folder / "nodes.csv", folder / "conductors.csv"]


def write_matrix(found: HeatFlows, folder: Path) -> list[Path]:
    """heat_matrix.csv in `folder`: net mean heat [W] from the part of a row to a column and to space, and what comes in by path."""
    names = [body.name for body in found.bodies]
    heat = {(a, b): 0.0 for a in names for b in names}
    for flow in found.flows:
        total = flow.conduction_W + flow.radiation_W
        heat[flow.from_body, flow.to_body] += total
        heat[flow.to_body, flow.from_body] -= total
    paths = sorted({path for body in found.bodies for path in body.paths_W})
    head = ["from \\ to [W]", *names, "space", *(f"in: {path}" for path in paths), "stored", "imbalance"]
    rows = [
        [
            body.name,
            *(heat[body.name, b] for b in names),
            body.space_W,
            *(body.paths_W.get(p, 0.0) for p in paths),
            body.stored_W,
            body.imbalance_W,
        ]
        for body in found.bodies
    ]
    folder.mkdir(parents=True, exist_ok=True)
    table(folder / "heat_matrix.csv", head, rows)
    return [folder / "heat_matrix.csv"]


def table(path: Path, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A CSV file, numbers to nine digits."""
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(head)
        writer.writerows([f"{cell:.9g}" if isinstance(cell, float) else cell for cell in row] for row in rows)
