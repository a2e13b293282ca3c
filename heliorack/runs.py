"""Runs a case file: one case or all its load cases, each into a run folder that is whole or absent."""

import json
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack import folder, save
from heliorack.case import Case, examine
from heliorack.document import read as read_document
from heliorack.pipeline import Bodies, Say, silent, simulate
from heliorack.result import Result

Floats = NDArray[np.float64]

CHECKPOINT = "checkpoint.npz"
NEIGHBOUR = "neighbour.npz"  #: state of a like case, left by a sweep for a point that starts from it
NEAR = 1e-7  #: m; nodes of one mesh are no farther apart than this


@dataclass(frozen=True, slots=True)
class Outcome:
    """One or several solved load cases and the folder they went to."""

    folder: Path
    summaries: dict[str, dict[str, Any]]  #: by load case; a single run is under its own name or ""
    reused: tuple[str, ...] = ()  #: keys of meshes that were not made anew

    @property
    def holds(self) -> bool:
        """True when every load case keeps all its limits."""
        return all(summary["holds"] for summary in self.summaries.values())

    def json(self) -> dict[str, Any]:
        """The summary of a single run, or the envelope of several."""
        if len(self.summaries) == 1 and "" in self.summaries:
            return self.summaries[""] | {"folder": str(self.folder)}
        return envelope(self.summaries) | {"folder": str(self.folder)}

    def summary(self) -> str:
        """The closing table of `heliorack run`."""
        from heliorack.closing import words

        return words(self)


def run_cases(
    path: Path,
    overrides: Sequence[str],
    case_name: str | None,
    target: Path,
    force: bool = False,
    resume: bool = False,
    say: Say = silent,
    comm: Any = None,
) -> Outcome:
    """Solve a case file into `target`: its base table, one load case, or all of them with their envelope.

    Raises:
        CaseError, GeometryError, FolderError: the question was malformed; nothing was written to `target`, and of the refused load case
            nothing stays in `target`.partial.
        SolveError: a solve failed; what was done so far stays in `target`.partial.
    """
    from heliorack.parallel import world

    comm = world() if comm is None else comm
    examined = examine(read_document(path), str(path), overrides, case_name)
    alone = case_name is not None or not examined.cases
    asked = {"": examined.cases[case_name] if case_name else examined.base} if alone else examined.cases
    work = _on_root(comm, lambda: folder.prepare(target, force, resume))
    if not alone:
        _on_root(comm, lambda: folder.clear(work, keep=asked))
    bodies, summaries, manifests = Bodies(), {}, {}
    for name, case in asked.items():
        place = work / name
        kept = _on_root(comm, lambda place=place, case=case: _finished(place, case))
        if kept is not None:
            summaries[name], manifests[name] = kept
            continue
        try:
            _on_root(comm, lambda place=place, case=case: _open(place, case))
            result = _solve(case, comm, bodies, place, _prefixed(say, name))
        except ValueError:  # a question that is refused
            if comm.rank == 0:
                _discard(place, work)
            raise
        summaries[name] = result.summary()
        manifests[name] = _on_root(comm, lambda place=place, result=result: _write(result, place, path))
        if not alone:
            _on_root(comm, lambda place=place, name=name: folder.write_json(place / folder.MANIFEST, manifests[name]))
    reused = dict.fromkeys(found["mesh_key"] for found in manifests.values() if found.get("mesh") == "cached")
    outcome = Outcome(target, summaries, tuple(reused))
    _on_root(comm, lambda: _close(outcome, work, path, manifests))
    return outcome


def _open(place: Path, case: Case) -> None:
    """Make the folder of a load case ready; of an interrupted run of the very same case its checkpoint stays."""
    place.mkdir(parents=True, exist_ok=True)
    folder.clear(place, keep=[CHECKPOINT, NEIGHBOUR] if _same(place, case) else [])
    save.begin(case, place)


def _discard(place: Path, work: Path) -> None:
    """Remove what a refused load case has begun, and the working folder where nothing else is in it; a checkpoint is worth keeping."""
    if not (place / CHECKPOINT).exists():
        shutil.rmtree(place, ignore_errors=True)
    with suppress(OSError):  # gone already, or other load cases lie there
        work.rmdir()


def _same(place: Path, case: Case) -> bool:
    """Whether a folder was begun for this very case."""
    begun = place / save.CASE
    return begun.exists() and begun.read_text(encoding="utf-8") == save.resolved(case)


def _solve(case: Case, comm: Any, bodies: Bodies, place: Path, say: Say) -> Result:
    """Solve one case; what a library of the solver has to say comes as a SolveError.

    Raises:
        InputError: the state to start from is not of this mesh.
        SolveError: the solve failed.
    """

    def keep(T: Floats) -> None:
        _on_root(comm, lambda: write(T))  # a full disk is then an error of every rank

    def write(T: Floats) -> None:
        temporary = place / f"new_{CHECKPOINT}"
        np.savez(temporary, temperature_K=T)
        temporary.rename(place / CHECKPOINT)

    try:
        start = _on_root(comm, lambda: _checkpoint(place))
        if start is not None or case.run.state is not None:
            points = bodies.of(case, comm, say).assembly.points
            start = _on_root(comm, lambda: stored_state(case, points)) if start is None else start if len(start) == len(points) else None
        return simulate(case, comm, say, bodies, start, keep, _swing(case, comm, bodies, place, say) if start is None else None)
    except (RuntimeError, MemoryError, np.linalg.LinAlgError) as error:  # PETSc and MPI raise RuntimeErrors of their own
        failed = failure(error, place)
        if failed is None:
            raise
        raise failed from error


def failure(error: Exception, place: Path) -> Exception | None:
    """An error of PETSc, MPI or numpy, or of memory, in our words; None for any other."""
    from thermal.linear import SolveError

    library = {"petsc4py": "PETSc", "mpi4py": "MPI", "numpy": "numpy"}.get(type(error).__module__.partition(".")[0])
    if library is None and not isinstance(error, MemoryError):
        return None
    lines = [line.partition("] ")[2] or line for line in str(error).splitlines() if line.strip()]
    said = f"{library}: {lines[-1].strip() if lines else type(error).__name__}" if library else "out of memory"
    return SolveError(
        f"the solve stopped ({said}). Try a coarser mesh (mesh.size_mm), another solver.linear, or more memory; "
        f"what is done lies in {place}, and --resume goes on from there."
    )


def _checkpoint(place: Path) -> Floats | None:
    """Temperatures of an interrupted run's checkpoint, or none."""
    checkpoint = place / CHECKPOINT
    return np.asarray(np.load(checkpoint)["temperature_K"]) if checkpoint.exists() else None


def stored_state(case: Case, points: Floats) -> Floats:
    """Temperatures of the state that the case names.

    Raises:
        InputError: the file is not one of a run, or its nodes are not those of this mesh.
    """
    path = save.inputs(case)["run.state"]
    try:
        stored = np.load(path)
        temperature, theirs = stored["temperature_K"], stored["points_m"]
    except (OSError, KeyError, ValueError, IndexError, TypeError) as error:
        raise save.InputError(f"run.state: {path} is not the state.npz of a run") from error
    if len(theirs) != len(points):
        raise save.InputError(_other_mesh(path, f"{len(theirs)} nodes, this case {len(points)}"))
    if np.abs(theirs - points).max() > NEAR:
        raise save.InputError(_other_mesh(path, "as many nodes as this case, but elsewhere"))
    return np.asarray(temperature, dtype=float)


def stored_swing(path: Path, points: Floats) -> Any:
    """The `march.Swing` in a state.npz on the very same mesh; None where it holds none."""
    from heliorack.march import Swing

    with suppress(OSError, KeyError, ValueError), np.load(path, allow_pickle=False) as stored:
        return Swing(stored["swing_K"], stored["group_swing_K"]) if np.array_equal(stored["points_m"], points) else None
    return None


def _swing(case: Case, comm: Any, bodies: Bodies, place: Path, say: Say) -> Any:
    """Of a like case that a sweep left in the folder of a periodic run."""
    if case.run.kind != "periodic" or not _on_root(comm, lambda: (place / NEIGHBOUR).exists()):
        return None
    points = bodies.of(case, comm, say).assembly.points
    return _on_root(comm, lambda: stored_swing(place / NEIGHBOUR, points))


def _other_mesh(path: Path, how: str) -> str:
    return f"run.state: {path} is of another mesh: it has {how}; give the state.npz of a run with the same parts and the same mesh"


def _finished(place: Path, case: Case) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Summary and manifest of a load case that an interrupted run has completed for the same resolved case."""
    if not (place / folder.MANIFEST).exists() or not _same(place, case):
        return None
    summary, manifest = (json.loads((place / name).read_text(encoding="utf-8")) for name in ("summary.json", folder.MANIFEST))
    return summary, manifest


def _write(result: Result, place: Path, source: Path) -> dict[str, Any]:
    """Everything that a result leaves in its folder but the manifest, which is the answer: it makes the folder whole, so it comes last."""
    from heliorack import report, view

    save.save(result, place)
    view.pictures(place)
    report.write(place)
    for name in (CHECKPOINT, NEIGHBOUR):
        (place / name).unlink(missing_ok=True)
    return save.manifest(result, source)


def _close(outcome: Outcome, work: Path, source: Path, manifests: dict[str, dict[str, Any]]) -> None:
    """Of several cases the envelope and pictures of the hottest; then the manifest, and the folder takes its final name."""
    from heliorack import report

    if "" in manifests:
        folder.finish(outcome.folder, manifests[""])
        return
    whole = envelope(outcome.summaries)
    folder.write_json(work / "summary.json", whole)
    for name in ("picture.png", "orbit.png"):
        shutil.copyfile(work / whole["hottest_case"] / name, work / name)
    report.write_envelope(work)
    manifest = {
        "kind": "load cases",
        "case_file": source.name,
        "load_cases": list(outcome.summaries),
        "hashes": {name: figure for each in manifests.values() for name, figure in each["hashes"].items()},
        "versions": save.versions(),
        "seeds": {},
        "mesh": {name: each.get("mesh") for name, each in manifests.items()},
        "solver": {name: each["solver"] for name, each in manifests.items()},
        "wall_time_s": sum(each["wall_time_s"] for each in manifests.values()),
        "holds": outcome.holds,
        "first_law": {name: each["first_law"] for name, each in manifests.items()},
    }
    folder.finish(outcome.folder, manifest)


def envelope(summaries: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Extremes of every part over all load cases, tightest margin of every limit, and the case each comes from."""
    parts: dict[str, dict[str, Any]] = {}
    limits: dict[tuple[str, str, str], dict[str, Any]] = {}
    for name, summary in summaries.items():
        for part, figures in summary["parts"].items():
            row = parts.setdefault(part, {"min_degC": np.inf, "max_degC": -np.inf, "mass_kg": figures["mass_kg"]})
            if figures["min_degC"] < row["min_degC"]:
                row |= {"min_degC": figures["min_degC"], "min_in": name}
            if figures["max_degC"] > row["max_degC"]:
                row |= {"max_degC": figures["max_degC"], "max_in": name}
        for limit in summary["limits"]:
            key = (limit["on"], limit["at"], limit["side"])
            if key not in limits or limit["margin_K"] < limits[key]["margin_K"]:
                limits[key] = limit | {"in": name}
    first = next(iter(summaries.values()))
    return {
        "title": first["title"],
        "question": first["question"],
        "holds": all(s["holds"] for s in summaries.values()),
        "load_cases": {name: {"holds": s["holds"], "failures": s["failures"]} for name, s in summaries.items()},
        "hottest_case": min(summaries, key=lambda name: _heat_margin(summaries[name])),
        "parts": parts,
        "limits": list(limits.values()),
        "power": {name: s["power"] for name, s in summaries.items()},
        "first_law": {name: s["first_law"] for name, s in summaries.items()},
        "periodic": {name: s["periodic"] for name, s in summaries.items()},
        "assumptions": list(dict.fromkeys(said for s in summaries.values() for said in s["assumptions"])),
    }


def _heat_margin(summary: dict[str, Any]) -> float:
    """Smallest margin to an upper limit [K]; without upper limits, how far the hottest part is below none at all (its negative degC)."""
    margins = [limit["margin_K"] for limit in summary["limits"] if limit["side"] == "max"]
    return min(margins) if margins else -max(part["max_degC"] for part in summary["parts"].values())


def _prefixed(say: Say, name: str) -> Say:
    return (lambda words, fraction: say(f"{name}: {words}", fraction)) if name else say


def _on_root(comm: Any, do: Any) -> Any:
    """Do something on rank 0 only; its answer, or its error, reaches every rank."""
    answer, error = None, None
    if comm.rank == 0:
        try:
            answer = do()
        except Exception as caught:  # goes on at once, on every rank
            error = caught
    answer, error = comm.bcast((answer, error))
    if error is not None:
        raise error
    return answer
