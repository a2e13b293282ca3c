"""The network that the parts of a run make: nodes, GL and GR, as tables and as a text in the manner of ESATAN."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.runfolder.heat_flows import Body, HeatFlows

SPACE = 99999  #: number of the boundary node
METHOD = (
    "One node for each part; parts that are bonded are one node.",
    "GL [W/K]: mean heat through contacts and straps over the difference of the two nodes' mean temperatures, so that what spreads inside",
    "the parts is in it; where the means lie within 0.05 K, the conductance of the contacts alone.",
    "GR [m2]: exchange area with all reflections, so that Q = sigma GR (T1^4 - T2^4) with sigma = 5.670374419e-8 W/m2K4.",
    "QI [W]: orbit mean of internal heat. QS, QA, QE [W]: orbit means of absorbed sunlight, albedo and planet infrared. C [J/K].",
    "The conductors are those of this load case: at other loads the shape of the temperatures inside a part is another, and so is its GL.",
)
OUTSIDE = {"sun": "QS", "albedo": "QA", "earth_infrared": "QE"}


def nodes(found: HeatFlows) -> Iterable[tuple[int, Body, dict[str, float]]]:
    """Number, body and heat [W] by ESATAN's names of every node."""
    for number, body in enumerate(found.bodies, 1):
        heat = {"QI": 0.0, "QS": 0.0, "QA": 0.0, "QE": 0.0}
        for path, value in body.paths_W.items():
            heat[OUTSIDE.get(path, "QI")] += value
        yield number, body, heat


def write_tables(found: HeatFlows, folder: Path) -> list[Path]:
    """nodes.csv and conductors.csv in `folder`."""
    number = {body.name: i for i, body, _ in nodes(found)}
    rows: list[Sequence[Any]] = [
        [i, body.name, " ".join(body.parts), body.capacity_J_K, body.mean_degC, *heat.values(), body.stored_W, body.imbalance_W]
        for i, body, heat in nodes(found)
    ]
    head = ["node", "name", "parts", "capacity_J_K", "mean_degC", "QI_W", "QS_W", "QA_W", "QE_W", "stored_W", "imbalance_W"]
    conductors: list[Sequence[Any]] = [
        ["GL", number[f.from_body], number[f.to_body], f.from_body, f.to_body, f.conductor_W_K, "W/K", f.conduction_W]
        for f in found.flows
        if f.conductor_W_K > 0
    ]
    conductors += [
        ["GR", number[f.from_body], number[f.to_body], f.from_body, f.to_body, f.exchange_area_m2, "m2", f.radiation_W]
        for f in found.flows
        if f.exchange_area_m2 > 0
    ]
    conductors += [["GR", i, SPACE, body.name, "space", body.space_area_m2, "m2", body.space_W] for i, body, _ in nodes(found)]
    folder.mkdir(parents=True, exist_ok=True)
    table(folder / "nodes.csv", head, rows)
    table(folder / "conductors.csv", ["kind", "node_1", "node_2", "name_1", "name_2", "value", "unit", "mean_heat_W"], conductors)
    return [folder / "nodes.csv", folder / "conductors.csv"]


def write_text(found: HeatFlows, title: str, target: Path) -> list[Path]:
    """The network as an ESATAN-like text: $NODES and $CONDUCTORS."""
    lines = [
        f"# {_plain(title)}",
        *(f"# {said}" for said in METHOD),
        *(f"# {_plain(said)}" for said in found.notes),
        "$MODEL HELIORACK",
        "$NODES",
    ]
    for i, body, heat in nodes(found):
        loads = ", ".join(f"{name} = {value:.9g}" for name, value in heat.items() if value)
        lines.append(f"D{i} = '{_plain(body.name)}', T = {body.mean_degC:.6g}, C = {body.capacity_J_K:.9g}{', ' + loads if loads else ''};")
    sink = found.bodies[0].space_K - ZERO_CELSIUS if found.bodies else -ZERO_CELSIUS
    lines += [f"B{SPACE} = 'space', T = {sink:.6g};", "$CONDUCTORS"]
    number = {body.name: i for i, body, _ in nodes(found)}
    for flow in found.flows:
        if flow.conductor_W_K > 0:
            lines.append(f"GL({number[flow.from_body]}, {number[flow.to_body]}) = {flow.conductor_W_K:.9g};")
    for flow in found.flows:
        if flow.exchange_area_m2 > 0:
            lines.append(f"GR({number[flow.from_body]}, {number[flow.to_body]}) = {flow.exchange_area_m2:.9g};")
    lines += [f"GR({i}, {SPACE}) = {body.space_area_m2:.9g};" for i, body, _ in nodes(found)]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join([*lines, "$ENDMODEL", ""]), encoding="utf-8")
    return [target]


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


def _plain(text: str) -> str:
    """A text that ends no quotation and no line."""
    return " ".join(text.replace("'", "").replace(";", ",").split())
