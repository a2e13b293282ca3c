"""`heliorack mesh --study`: a case on three meshes, and what its temperatures would be on an infinitely fine one."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

from heliorack.case.case import Case
from heliorack.casefile.patterns import siblings
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.results.result import Result
from heliorack.run.simulate import simulate
from heliorack.runtime.progress import Say, silent
from meshes.richardson import DOUBT, HIGHEST, LOWEST, RATIO, SAFETY, extrapolate

FACTORS = (1 / RATIO, 1.0, RATIO)  #: of the case's own mesh.refine; the middle mesh is the case's own


def mesh_study(case: Case, say: Say = silent, comm: Any = None) -> dict[str, Any]:
    """Solve a case on three meshes and extrapolate the hottest temperature and every limited one.

    Args:
        case: Its own mesh is the middle one; with `mesh.adapt` it is not adapted, so that the three sizes are alike everywhere.

    Raises:
        GeometryError, SolveError: as `simulate`.
    """
    meshes, values = [], []
    for n, factor in enumerate(FACTORS, start=1):
        own = replace(case.mesh, refine=case.mesh.refine * factor, adapt=False)
        result = simulate(replace(case, mesh=own), comm, _counted(say, n))
        meshes.append(
            {
                "refine": own.refine,
                "nodes": len(result.body.assembly.points),
                "cells": len(result.body.assembly.cells),
                "hottest": _hottest(result)[0],
                "hottest_degC": _hottest(result)[1] - ZERO_CELSIUS,
                "wall_time_s": result.wall_time,
            }
        )
        values.append(quantities(result))
    floor = 0.0 if case.run.kind == "steady" else case.solver.tolerance
    return {
        "ratio": RATIO,
        "meshes": meshes,
        "quantities": [_row(name, [each[name] for each in values], floor) for name in values[1] if all(name in each for each in values)],
        "safety_factor": SAFETY,
        "safety_factor_without_order": DOUBT,
        "time_tolerance_K": floor,
        "notes": _notes(case, meshes),
    }


def _counted(say: Say, n: int) -> Say:
    return lambda words, fraction: say(f"mesh {n} of {len(FACTORS)}: {words}", fraction)


def _hottest(result: Result) -> tuple[str, float]:
    """Name and highest temperature of the hottest part [K]."""
    names = result.body.assembly.part_names
    temperatures = result.solution.history.hottest[: len(names)].tolist()
    return max(zip(names, temperatures, strict=True), key=lambda pair: pair[1])


def quantities(result: Result) -> dict[str, float]:
    """The hottest point of all and every limited temperature, worst of numbered siblings, by words [K]."""
    found = {"hottest point of all": _hottest(result)[1]}
    for side, worst in (("max", max), ("min", min)):
        limits = [v for v in result.verdicts if v.side == side]
        for at in dict.fromkeys(v.at for v in limits):
            of = {v.on: v.calculated for v in limits if v.at == at}
            level = "" if at == "part" else f", {at}"
            words = "hottest" if side == "max" else "coldest"
            found |= {f"{label}, {words}{level}": worst(of[name] for name in members) for label, members in siblings(list(of)).items()}
    return found


def _row(name: str, values: list[float], floor: float) -> dict[str, Any]:
    """One line of the study."""
    coarse, middle, fine = values
    found = extrapolate(coarse, middle, fine, floor=floor)
    return {
        "quantity": name,
        "coarse_degC": coarse - ZERO_CELSIUS,
        "own_degC": middle - ZERO_CELSIUS,
        "fine_degC": fine - ZERO_CELSIUS,
        "order": found.order,
        "extrapolated_degC": found.value - ZERO_CELSIUS,
        "error_K": found.error,
        "own_mesh_off_K": middle - found.value,
    }


def _notes(case: Case, meshes: list[dict[str, Any]]) -> list[str]:
    """What a reader must know to trust the table."""
    said = [
        f"error_K: half width of the band around the extrapolated value: {SAFETY} times the last correction (grid convergence index) "
        f"where the observed order is at least {LOWEST} (taken as {HIGHEST:g} at most); otherwise nothing is extrapolated and it is "
        f"{DOUBT:g} times the span"
    ]
    if case.run.kind != "steady":
        said.append(f"error_K is never below solver.tolerance_K = {case.solver.tolerance:g}, to which each run integrates in time")
    if any(b["cells"] <= 1.3 * a["cells"] for a, b in pairwise(meshes)):
        said.append("the meshes hardly differ: shapes themselves (thin or small parts) set the sizes; doubt the order")
    if case.mesh.adapt:
        said.append("mesh.adapt is left out of the study")
    said.append("thin parts of one layer keep one layer on all three meshes; their temperature drop through the thickness is linear")
    return said
