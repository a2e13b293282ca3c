"""One pass of refinement: a steady solution under orbit-mean loads says where the mesh must be finer."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from heliorack.case.case import Case
from heliorack.case.settings import Run
from heliorack.model.bodies import Bodies
from heliorack.model.body import Body, build_body
from heliorack.model.materials import over_temperature
from heliorack.results.result import Result
from heliorack.runtime.progress import Say
from meshes.spacing import refined
from thermal.errors import SolveError


def adapted_body(simulate: Callable[..., Result], case: Case, comm: Any, say: Say) -> Body:
    """The body of a case on a mesh that is refined where its heat flux asks for it; its assembly says by how much that mattered.

    Collective: every rank has the same temperatures, so every rank asks for the same mesh.

    Args:
        simulate: What solves a case, `heliorack.simulate`.

    Raises:
        GeometryError: as meshing.
        SolveError: the case has no steady state.
    """
    from thermal.conduction.error_indicator import recovery_error

    still = replace(case, mesh=replace(case.mesh, adapt=False), run=Run(kind="steady"), thermocouples=(), measured=None)
    try:
        coarse = simulate(still, comm, _quieter(say, "coarse mesh"))
    except SolveError as error:
        raise SolveError(f"mesh.adapt needs a steady state to see where the mesh must be finer, and there is none: {error}") from error
    mesh = coarse.body.assembly
    T = coarse.solution.end
    factor = over_temperature.cell_factors(mesh.part_material, case.materials, mesh.cell_part, T[mesh.cells])
    square = recovery_error(mesh.points, mesh.cells, mesh.cell_part, coarse.body.conductivity, T, factor)
    body = build_body(still, comm, lambda words: say(f"refined mesh, {words}", 0.0), refined(mesh, square))
    fine = simulate(still, comm, _quieter(say, "refined mesh"), Bodies(fixed=body))
    said = _words(coarse, fine)
    say(said, 0.0)
    return replace(body, assembly=replace(body.assembly, assumptions=(*body.assembly.assumptions, said)))


def _quieter(say: Say, name: str) -> Say:
    return lambda words, fraction: say(f"{name}, {words}", fraction)


def _words(coarse: Result, fine: Result) -> str:
    """What the pass did, in one sentence."""
    before, after = (len(result.body.assembly.cells) for result in (coarse, fine))
    names = fine.body.assembly.part_names
    hottest = fine.solution.history.hottest[: len(names)]
    part = int(np.argmax(hottest))
    moved = float(hottest[part] - coarse.solution.history.hottest[part])
    return (
        f"The mesh was refined once by the flux of the steady state under orbit-mean loads, {before} -> {after} cells; "
        f"that moved its hottest temperature ({names[part]}) by {moved:+.2g} K"
    )
