"""`heliorack mesh --study`: a case on three meshes, and what its temperatures would be on an infinitely fine one."""

from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf, log
from typing import Any

from heliorack.case import Case
from heliorack.labels import siblings
from heliorack.pipeline import Say, silent, simulate
from heliorack.result import ZERO, Result

RATIO = 2**0.5  #: of edge lengths from mesh to mesh
FACTORS = (1 / RATIO, 1.0, RATIO)  #: of the case's own mesh.refine; the middle mesh is the case's own
LOWEST, HIGHEST = 0.5, 2.0  #: observed orders that are believed; 2 is that of first-order elements
SAFETY, DOUBT = 1.25, 3.0  #: factors of the error estimate with a sensible order, and without one


@dataclass(frozen=True, slots=True)
class Extrapolated:
    """What three meshes say about the limit of fine ones."""

    value: float  #: K
    error: float  #: K, half width of the band around `value`
    order: float | None  #: observed; None where the three values do not converge
    safety: float  #: factor in `error`


def extrapolate(coarse: float, middle: float, fine: float, ratio: float = RATIO, floor: float = 0.0) -> Extrapolated:
    """Richardson's extrapolation with the grid convergence index as its error.

    With an observed order p of at least 0.5 (taken as 2 at most) the value is fine + (fine - middle)/(ratio^p - 1), and the error 1.25
    times the distance to it. Where the values go to and fro, or hardly converge, nothing is extrapolated and the error is three times
    their span.

    Args:
        coarse: Value on the coarsest mesh; then those on finer ones.
        ratio: Of edge lengths from mesh to mesh.
        floor: What the values are good for in themselves; the error is at least this.

    Source:
        P. J. Roache, Perspective: a method for uniform reporting of grid refinement studies, J. Fluids Eng. 116 (1994) 405-413; order from
        three grids and safety factor as I. B. Celik et al., J. Fluids Eng. 130 (2008) 078001; three times the span as L. Eca and
        M. Hoekstra, J. Comput. Phys. 262 (2014) 104-130.

    >>> found = extrapolate(10.4, 10.2, 10.1)
    >>> round(found.value, 6), round(found.error, 6), round(found.order, 6)
    (10.0, 0.125, 2.0)
    """
    first, second = middle - coarse, fine - middle
    order = log(first / second) / log(ratio) if first * second > 0 else None
    if first == 0.0 == second:
        return Extrapolated(fine, floor, None, SAFETY)
    if order is None or order < LOWEST:
        span = max(coarse, middle, fine) - min(coarse, middle, fine)
        return Extrapolated(fine, max(DOUBT * span, floor), order, DOUBT)
    step = second / (ratio ** min(order, HIGHEST) - 1)
    return Extrapolated(fine + step, max(SAFETY * abs(step), floor), order, SAFETY)


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
                "hottest_degC": _hottest(result)[1] - ZERO,
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
        "coarse_degC": coarse - ZERO,
        "own_degC": middle - ZERO,
        "fine_degC": fine - ZERO,
        "order": found.order,
        "extrapolated_degC": found.value - ZERO,
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


def print_study(found: dict[str, Any]) -> None:
    """The study on standard output."""
    from heliorack import printing

    printing.table(list(found["meshes"][0]), [list(row.values()) for row in found["meshes"]])
    print()
    rows = [{key: _short(value) for key, value in row.items()} for row in found["quantities"]]
    printing.table(list(rows[0]), [list(row.values()) for row in rows])
    for said in found["notes"]:
        print(f"\n{said}")


def _short(value: Any) -> Any:
    """Three digits after the point: more are not to be believed."""
    return round(value, 3) if isinstance(value, float) and abs(value) < inf else value
