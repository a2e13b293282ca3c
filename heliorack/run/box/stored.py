"""Reduced models of a case on disk: arrays and their shapes, no code; what the case itself says is made anew from it.

A file serves as long as the case at the middle of the box comes out with the very arrays that it was made from.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.model.bodies import Bodies
from heliorack.results.verdicts.mesh_error import MeshError
from heliorack.run.box.box_model import Box, BoxModel
from heliorack.run.box.recipe import NoBoxError, recipe
from heliorack.run.box.reduced_case import Point, ReducedCase, cases_at
from heliorack.run.box.result import Errors
from heliorack.run.prepare import prepare
from heliorack.run.simulate import meshed_bodies, nobody
from heliorack.runtime.progress import silent
from thermal.basis import Basis
from thermal.reduction.candidates import Candidates
from thermal.reduction.collocation import Steps
from thermal.reduction.foretold import Foretold
from thermal.reduction.interpolant import Interpolant, Term
from thermal.reduction.orbit import Course

Floats = NDArray[np.float64]
Arrays = dict[str, NDArray[Any]]

FORMAT = 2
ALIKE = 1e-6  #: of the greatest entry of an array, by which one made anew may differ


def write(found: ReducedCase, path: Path) -> None:
    """Keep the models of a case; the file is whole or absent."""
    arrays: Arrays = {}
    for k, model in enumerate(found.models):
        arrays |= {f"{k}.{name}": values for name, values in _arrays(model).items()}
    mesh = found.errors.mesh
    if mesh is not None:
        arrays |= {"mesh.high": mesh.high, "mesh.low": mesh.low}
    head = {
        "format": FORMAT,
        "ranges": dict(found.models[0].box.ranges),
        "greatest_K": found.errors.greatest,
        "checked": found.errors.checked,
        "where": found.errors.where,
        "models": [_head(model) for model in found.models],
    }
    temporary = path.with_suffix(".tmp.npz")
    everything: dict[str, Any] = arrays | {"head": np.array(json.dumps(head))}
    np.savez(temporary, **everything)
    temporary.rename(path)


def read(path: Path, case_at: Callable[[Point], Case], comm: Any, bodies: Bodies | None = None) -> ReducedCase:
    """The models that were kept of a case.

    Raises:
        OSError: there is no such file.
        NoBoxError: it was made by another version, or of another case.
    """
    with np.load(path, allow_pickle=False) as stored:
        head = json.loads(str(stored["head"]))
        if head["format"] != FORMAT:
            raise NoBoxError(f"{path} was written by another version")
        arrays = {name: stored[name] for name in stored.files if name != "head"}
    box = Box({key: (low, high) for key, (low, high) in head["ranges"].items()})
    bodies = bodies or meshed_bodies()
    models = [
        _model(box, at(box.point(np.zeros(len(box.ranges)))), of, _of(arrays, f"{k}."), comm, bodies)
        for k, (at, of) in enumerate(zip(cases_at(case_at, len(head["models"]) - 1), head["models"], strict=True))
    ]
    mesh = MeshError(arrays["mesh.high"], arrays["mesh.low"], np.empty(0), 0.0) if "mesh.high" in arrays else None
    return ReducedCase(case_at, models, Errors(head["greatest_K"], head["checked"], head["where"], mesh))


def _head(model: BoxModel) -> dict[str, Any]:
    """What is no array."""
    return {
        "terms": [asdict(term) for term in model.interpolant.terms],
        "numbers": len(model.interpolant.middle),
        "asked": model.interpolant.asked,
        "rays_K": model.ready.radiating.temperature_error,
        "foretold": None if model.foretold is None else [list(model.foretold.jumps), model.foretold.degree],
    }


def _arrays(model: BoxModel) -> Arrays:
    basis, made, steps = model.basis, model.interpolant, model.start.steps
    rows = np.flatnonzero(np.abs(basis.fourth).max(axis=1, initial=0.0))
    found: Arrays = {
        "shapes": basis.shapes,
        "points": basis.points,
        "samples": basis.samples,
        "fourth_rows": rows,
        "fourth": basis.fourth[rows],
        "reference": basis.reference,
        "extremes": np.concatenate(model.candidates.by_group),
        "extremes_by_group": np.array([len(rows) for rows in model.candidates.by_group]),
        "edges": steps.edges,
        "low": steps.low,
        "high": steps.high,
        "starts": model.start.starts,
        "stages": model.start.stages,
        "events": np.array(model.events),
    }
    if model.foretold is not None:
        found |= {"foretold": model.foretold.coefficients}
    for j, (middle, (places, more)) in enumerate(zip(made.middle, made.added, strict=True)):
        found |= {f"middle.{j}": middle}
        if len(places):
            found |= {f"places.{j}": places, f"added.{j}": more}
    return found


def _of(arrays: Mapping[str, NDArray[Any]], prefix: str) -> Arrays:
    return {name.removeprefix(prefix): values for name, values in arrays.items() if name.startswith(prefix)}


def _model(box: Box, middle: Case, head: Mapping[str, Any], arrays: Arrays, comm: Any, bodies: Bodies) -> BoxModel:
    """One of them, around the case at the middle."""
    ready = prepare(middle, comm, silent, bodies, nobody)
    n = ready.model.layout.owned
    if len(arrays["shapes"]) != n:
        raise NoBoxError(f"a reduced model of {len(arrays['shapes'])} nodes is kept, where the case has {n}")
    fourth = np.zeros((n, arrays["fourth"].shape[1]))
    fourth[arrays["fourth_rows"]] = arrays["fourth"]
    basis = Basis(arrays["shapes"], arrays["points"], arrays["samples"], fourth, arrays["reference"])
    now = recipe(ready, basis)
    made = _interpolant(head, arrays)
    if not _alike(now.arrays(), made.middle):
        raise NoBoxError("the reduced model that is kept is of another case")
    ready.radiating.temperature_error = head["rays_K"]
    rows = np.split(arrays["extremes"], np.cumsum(arrays["extremes_by_group"])[:-1])
    candidates = Candidates(ready.question.task.groups.tocsc(), basis, rows)
    steps = Steps(arrays["edges"], arrays["low"], arrays["high"])
    start = Course(steps, arrays["starts"], arrays["stages"])
    jumps, degree = head["foretold"] or ([], 0)
    foretold = Foretold(jumps, degree, arrays["foretold"]) if jumps else None
    return BoxModel(box, ready, basis, candidates, now, now.paths(), made, start, arrays["events"].tolist(), foretold)


def _interpolant(head: Mapping[str, Any], arrays: Arrays) -> Interpolant:
    middle = [arrays[f"middle.{j}"] for j in range(head["numbers"])]
    none = np.zeros(0, dtype=np.int64)
    added = [(arrays.get(f"places.{j}", none), arrays.get(f"added.{j}", np.zeros((0, *array.shape)))) for j, array in enumerate(middle)]
    terms = tuple(Term(*(_tuples(term[name]) for name in ("parameters", "points", "places"))) for term in head["terms"])
    return Interpolant(middle, terms, added, head["asked"])


def _tuples(value: Any) -> Any:
    """Lists of JSON as they were."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _alike(some: Sequence[Floats], others: Sequence[Floats]) -> bool:
    """Whether two rows of arrays are the same to round-off."""
    return [one.shape for one in some] == [one.shape for one in others] and all(_near(some, others))


def _near(some: Sequence[Floats], others: Sequence[Floats]) -> Iterator[bool]:
    for one, other in zip(some, others, strict=True):
        yield bool(np.abs(one - other).max(initial=0.0) <= ALIKE * np.abs(other).max(initial=0.0))
