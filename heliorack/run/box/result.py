"""What a reduced model over a box says of a case, as the result of any run: history, ledger, verdicts, bus, masses."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.coupling.coupled import Coupling
from heliorack.coupling.electrical import PowerSide
from heliorack.model.body import Body
from heliorack.model.skins_and_straps import layers
from heliorack.model.surroundings import surroundings
from heliorack.results.result import Result
from heliorack.results.verdicts.mesh_error import MeshError
from heliorack.run.box.box_model import BoxModel, ChargingError, OutsideError
from heliorack.run.result_of import result_of
from meshes.parts import all_solids
from thermal.reduction.answer import Answer
from thermal.solve.periodic import Periodic
from thermal.solve.periodic_march import time_bias
from thermal.solve.solution import Reduced, Solution

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Errors:
    """What is known of the errors of a reduced model over its box, from designs that were solved in full."""

    greatest: float  #: of what a run says of parts and limits, with a margin [K]
    checked: int = 0  #: designs that it was judged at
    where: str = ""  #: what was off the most
    mesh: MeshError | None = None  #: greatest over those designs, by part


def result_at(model: BoxModel, point: Mapping[str, float], case: Case, errors: Errors) -> Result:
    """A case at a point of the box.

    Args:
        point: By path of the case file.
        case: The same as a case.
        errors: Of the model.

    Raises:
        OutsideError: the model has no answer there, or none that such a run may give.
    """
    began = perf_counter()
    answer, rounds = model.at(point, case)
    ready = model.ready
    coupling, side = ready.question.coupling, _bus(ready.question.coupling)
    power = None if side is None else coupling.memory(side)
    solution = _solution(model, answer, rounds, errors)
    if not np.isfinite(solution.history.hottest).all() or solution.history.coldest.min() <= 0.0:
        raise OutsideError("the reduced model finds temperatures that cannot be")
    if side is not None and power is not None and side.judge(power, solution.history, coupling.loads) is None:
        raise ChargingError("the battery leaves its charging window, which a reduced model does not follow")
    there = replace(ready, case=case, env=surroundings(case), body=_body(case, ready.body), side=side, coupling=coupling)
    found = result_of(there, solution, began)
    return replace(found, assumptions=(*found.assumptions, _sentence(model, solution)), mesh_error=errors.mesh)


def _bus(coupling: Coupling) -> PowerSide | None:
    """The bus among what is solved together, as it is at the point."""
    return next((one for one in coupling.participants if isinstance(one, PowerSide)), None)


def _solution(model: BoxModel, answer: Answer, rounds: int, errors: Errors) -> Solution:
    """The orbit by all nodes."""
    task, ready = answer.task, model.ready
    history, fields = answer.history(model.candidates)
    start, end = fields[0], fields[-1]
    none = np.zeros((0, len(end)))
    periodic = Periodic(start, end, float(np.abs(end - start).max()), float(np.abs(end - start).max()), rounds, True, none, {})
    whole = ready.body.layout.gather(end)
    reduced, ledger = Reduced(model.basis.size, errors.greatest), answer.ledger(fields)
    bias = time_bias(task.model, ledger, end)
    return Solution(history, ledger, whole, end, periodic, bias, len(answer.course.steps.spans), reduced=reduced)


def _body(case: Case, body: Body) -> Body:
    """The body of a mesh with densities, conductivities and skins of a case: what masses and heat pipes are worked out from."""
    solids = {solid.name: solid for solid in all_solids(case.parts)}
    materials = [case.materials[name] for name in body.assembly.part_material]
    turned = body.assembly.part_rotation
    return replace(
        body,
        solids=tuple(solids[name] for name in body.assembly.part_names),
        density=np.array([one.density for one in materials]),
        conductivity=turned @ np.array([one.tensor() for one in materials]) @ np.swapaxes(turned, 1, 2),
        skins=layers(case, body.assembly) if case.skins else body.skins,
    )


def _sentence(model: BoxModel, solution: Solution) -> str:
    """That no mesh was solved for."""
    error = 0.0 if solution.reduced is None else solution.reduced.error
    return (
        f"reduced model of {model.basis.size} coordinates over {', '.join(model.box.ranges)}: no mesh was solved; temperatures of parts "
        f"and limits are estimated to be off by {error:.2g} K"
    )
