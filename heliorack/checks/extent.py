"""What a case asks for stays within what it allows: cells of its mesh and steps of its run, estimated before either is made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from heliorack.casefile.errors import NOTHING
from heliorack.casefile.messages import Fault, Location
from heliorack.checks.context import Facts
from meshes.sizes import cells_asked
from thermal.solve.settings import Solver

LOW_ORBIT = 5400.0  # s, to count the events of a run whose orbit is not known yet
MOST_STEPS = 1e6  # where [run] does not say
EVENTS = 20  # steps that one orbit takes at least, with its shadow edges


def cells(facts: Facts) -> Iterator[Fault]:
    """Edge lengths that ask for more cells than the case allows."""
    if not facts.pieces:
        return
    settings = facts.mesh
    drawn = [(at, piece) for at, piece in facts.pieces if piece.kind != "imported"]
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        asked = cells_asked([piece for _, piece in drawn], settings) if drawn else np.zeros(0)
    total = float(asked.sum())
    if total <= settings.most_cells:
        return
    worst = int(np.argmax(asked))
    position, piece = drawn[worst]
    at, found = _size_key(facts, position, piece.name)
    said = (
        f"asks for about {asked[worst]:.1g} cells in {piece.name}, {total:.1g} in all; expected at most {settings.most_cells:.1g}: take "
        "longer edges, or raise mesh.most_cells"
    )
    yield Fault(at, found, said)


def _size_key(facts: Facts, position: int, name: str) -> tuple[Location, Any]:
    """Where the edge length of a part stands, and what it is there."""
    table = facts.document["parts"][position]
    mesh = facts.document.get("mesh")
    if isinstance(table, dict) and "mesh_mm" in table:
        return ("parts", position, "mesh_mm"), table["mesh_mm"]
    for key in ("size_mm", "refine", "min_layers"):
        if isinstance(mesh, dict) and key in mesh:
            return ("mesh", key), mesh[key]
    return ("parts", position), NOTHING


def steps(facts: Facts) -> Iterator[Fault]:
    """A run that takes more steps than the case allows."""
    run, solver = facts.reading.built.get(("run",)), facts.reading.built.get(("solver",), Solver())
    told = facts.document.get("run", {})
    if not isinstance(solver, Solver) or not isinstance(told, dict) or (run is None and told):
        return
    if run is not None and run.kind == "steady":
        return
    most, duration = (MOST_STEPS, None) if run is None else (run.most_steps, run.duration)
    orbits = 1.0 if run is None or run.orbits is None else run.orbits
    length = orbits * LOW_ORBIT if duration is None else duration
    ways = [
        (length / LOW_ORBIT * EVENTS * (solver.fixed_steps or 1), ("run", "orbits" if duration is None else "duration_s")),
        (0.0 if solver.max_step is None else length / solver.max_step, ("solver", "max_step_s")),
    ]
    asked, at = max(ways)
    if solver.fixed_steps and at[0] == "run" and length < most * LOW_ORBIT / EVENTS:
        at = ("solver", "fixed_steps")
    if asked > most:
        table = facts.document.get(at[0], {})
        said = f"asks for {asked:.1g} time steps or more; expected at most {most:.1g} (run.most_steps raises it)"
        yield Fault(at, table.get(at[1], NOTHING) if isinstance(table, dict) else NOTHING, said)
