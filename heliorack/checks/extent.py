"""What a case asks for stays within what it allows: cells, steps, kept bytes and points of a sweep, estimated before any is made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.casefile.errors import NOTHING
from heliorack.casefile.messages import Fault, Location
from heliorack.checks.context import Facts
from meshes.shapes.solid import Solid
from meshes.sizes import cells_asked
from thermal.solve.settings import Solver

WAVE = 4  #: time steps at least in one period of a held temperature
LOW_ORBIT = 5400.0  # s, to count the events of a run whose orbit is not known yet
MOST_STEPS = 1e6  # where [run] does not say
EVENTS = 20  # steps that one orbit takes at least, with its shadow edges
MB = 1e6  # bytes
KEPT = 4e9  # bytes, where [run] does not say
EDGES = 8  # samples that one orbit adds to a transient, with its shadow edges
SAMPLES, FRAMES = 120, 25  # even times of every run
OF_TURN, MOST_SAMPLES = 60, 2400  # even times of a transient of many orbits: in each of them, and in all
SAMPLE = 30  # bytes of a part's mean, least and greatest temperature in history.csv
CELL = 15  # bytes of a cell in a compressed frame of fields/


def cells(facts: Facts) -> Iterator[Fault]:
    """Edge lengths that ask for more cells than the case allows."""
    settings = facts.mesh
    drawn, asked = _cells_asked(facts)
    if not drawn:
        return
    total = float(asked.sum())
    if total <= settings.most_cells:
        return
    worst = int(np.argmax(asked))
    position, piece = drawn[worst]
    at, found = _size_key(facts, position)
    said = (
        f"asks for about {asked[worst]:.1g} cells in {piece.name}, {total:.1g} in all; expected at most {settings.most_cells:.1g}: take "
        "longer edges, or raise mesh.most_cells"
    )
    yield Fault(at, found, said)


def _cells_asked(facts: Facts) -> tuple[list[tuple[int, Solid]], NDArray[np.float64]]:
    """Solids that are drawn, each with the position of its part, and how many cells their edge lengths ask for."""
    drawn = [(at, piece) for at, piece in facts.pieces if piece.kind != "imported"]
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        return drawn, cells_asked([piece for _, piece in drawn], facts.mesh) if drawn else np.zeros(0)


def _size_key(facts: Facts, position: int) -> tuple[Location, Any]:
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
    length = _length(run)
    rate, repeating = _edges(facts)
    ways: list[tuple[float, Location]] = [
        (length / LOW_ORBIT * EVENTS * (solver.fixed_steps or 1), ("run", "orbits" if duration is None else "duration_s")),
        (0.0 if solver.max_step is None else length / solver.max_step, ("solver", "max_step_s")),
        (length * rate, repeating),
        *((length * WAVE / made.period, (*at, "period_s")) for at, made in _waves(facts)),
    ]
    asked, at = max(ways, key=lambda way: way[0])
    if solver.fixed_steps and at[0] == "run" and length < most * LOW_ORBIT / EVENTS:
        at = ("solver", "fixed_steps")
    if asked > most:
        said = f"asks for {asked:.1g} time steps or more; expected at most {most:.1g} (run.most_steps raises it)"
        yield Fault(at, _told(facts.document, at), said)


def _length(run: Any) -> float:
    """How long a run lasts [s]; a revolution where it repeats, and where its orbit is not known yet, a low one."""
    if run is None:
        return LOW_ORBIT
    return float(run.duration or (run.orbits or 1.0) * LOW_ORBIT)


def _edges(facts: Facts) -> tuple[float, Location]:
    """Jumps of the load that changes fastest by a period of its own, two in each [1/s], and where that stands."""
    periods = [(2 / made.period, at) for at, made in facts.reading.built.items() if "profile" in at and getattr(made, "period", None)]
    rate, at = max(periods, default=(0.0, ()), key=lambda found: found[0])
    return rate, (*at, "period_s")


def _waves(facts: Facts) -> list[tuple[Location, Any]]:
    """Held temperatures that go up and down, and where they stand."""
    held = [(at, made) for at, made in facts.reading.built.items() if at[:1] == ("boundaries",) and len(at) == 2]
    return [(at, made) for at, made in held if getattr(made, "amplitude", 0.0) and getattr(made, "period", None)]


def _told(document: Any, at: Location) -> Any:
    """What stands at a place of the document; nothing where it does not go so deep."""
    found = document
    for step in at:
        inside = isinstance(step, int) and isinstance(found, list) and step < len(found)
        found = found[step] if inside else found.get(step, NOTHING) if isinstance(found, dict) else NOTHING
    return found


def kept(facts: Facts) -> Iterator[Fault]:
    """A run that leaves more than the case allows: samples of every part, and fields of the mesh."""
    run, told = facts.reading.built.get(("run",)), facts.document.get("run", {})
    if not isinstance(told, dict) or (run is None and told):
        return
    most = KEPT if run is None else run.most_kept
    transient = run is not None and run.kind == "transient"
    length = _length(run) if transient else 0.0
    rate, _ = _edges(facts)
    even = max(SAMPLES, min(OF_TURN * length / LOW_ORBIT, MOST_SAMPLES))
    histories = (even + length * (EDGES / LOW_ORBIT + rate)) * len(facts.pieces) * SAMPLE
    fields = FRAMES * float(_cells_asked(facts)[1].sum()) * CELL
    if histories + fields > most:
        at: Location = ("run", "duration_s" if "duration_s" in told else "orbits") if transient and histories > fields else ("run",)
        said = (
            f"leaves about {histories / MB:.1g} MB of histories and {fields / MB:.1g} MB of fields; expected at most {most / MB:.4g} MB "
            "(run.most_kept_MB raises it)"
        )
        yield Fault(at, _told(facts.document, at) if len(at) > 1 else NOTHING, said)


def points(facts: Facts) -> Iterator[Fault]:
    """A sweep of more points than it allows."""
    sweep: Any = facts.reading.built.get(("sweep",))
    if sweep is not None and (said := sweep.excess()):
        yield Fault(("sweep",), NOTHING, said)
