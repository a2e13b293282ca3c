"""Runs a case file: one case or all its load cases, each into a run folder that is whole or absent."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack import folder
from heliorack.case import Case, examine
from heliorack.document import read as read_document
from heliorack.pipeline import Bodies, Say, silent, simulate
from heliorack.result import Result

Floats = NDArray[np.float64]

CHECKPOINT = "checkpoint.npz"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One or several solved load cases and the folder they went to."""

    folder: Path
    summaries: dict[str, dict[str, Any]]  #: by load case; a single run is under its own name or ""

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
        CaseError, GeometryError, FolderError: the question was malformed; nothing was written to `target`.
        SolveError: a solve failed; what was done so far stays in `target`.partial.
    """
    from heliorack.parallel import world

    comm = world() if comm is None else comm
    examined = examine(read_document(path), str(path), overrides, case_name)
    alone = case_name is not None or not examined.cases
    asked = {"": examined.cases[case_name] if case_name else examined.base} if alone else examined.cases
    work = _on_root(comm, lambda: folder.prepare(target, force, resume))
    bodies, summaries = Bodies(), {}
    results: dict[str, Result] = {}
    for name, case in asked.items():
        place = work / name if name else work
        kept = _on_root(comm, lambda place=place, case=case: _finished(place, case) if resume else None)
        if kept is not None:
            summaries[name] = kept
            continue
        result = _solve(case, comm, bodies, place, resume, _prefixed(say, name))
        results[name] = result
        summaries[name] = result.summary()
        _on_root(comm, lambda place=place, result=result: _write(result, place, path))
    outcome = Outcome(target, summaries)
    _on_root(comm, lambda: _close(outcome, work, path, alone, results))
    return outcome


def _solve(case: Case, comm: Any, bodies: Bodies, place: Path, resume: bool, say: Say) -> Result:
    if comm.rank == 0:
        place.mkdir(parents=True, exist_ok=True)
    start = comm.bcast(_start(case, place, resume) if comm.rank == 0 else None)

    def keep(T: Floats) -> None:
        if comm.rank == 0:
            temporary = place / f"new_{CHECKPOINT}"
            np.savez(temporary, temperature_K=T)
            temporary.rename(place / CHECKPOINT)

    return simulate(case, comm, say, bodies, start, keep)


def _start(case: Case, place: Path, resume: bool) -> Floats | None:
    """Temperatures to start from: an interrupted run's checkpoint, or the state that the case names."""
    if resume and case.run.kind == "periodic" and (place / CHECKPOINT).exists():
        return np.asarray(np.load(place / CHECKPOINT)["temperature_K"])
    if case.run.state is None:
        return None
    state = Path(case.source).parent / case.run.state
    try:
        return np.asarray(np.load(state)["temperature_K"])
    except (OSError, KeyError, ValueError) as error:
        raise folder.FolderError(
            f"run.state = {case.run.state}   cannot be read ({error}); give the state.npz of an earlier run"
        ) from error


def _finished(place: Path, case: Case) -> dict[str, Any] | None:
    """Summary of a load case that an interrupted run has completed for the same resolved case."""
    import json

    from heliorack.document import write

    if not (place / folder.MANIFEST).exists() or (place / "case.toml").read_text(encoding="utf-8") != write(case.document):
        return None
    return dict(json.loads((place / "summary.json").read_text(encoding="utf-8")))


def _write(result: Result, place: Path, source: Path) -> None:
    from heliorack import report, save, view

    save.save(result, place)
    view.pictures(place)
    report.write(place)
    (place / CHECKPOINT).unlink(missing_ok=True)
    folder.write_json(place / folder.MANIFEST, save.manifest(result, source))


def _close(outcome: Outcome, work: Path, source: Path, alone: bool, results: dict[str, Result]) -> None:
    """Envelope, pictures of the hottest case, manifest; then the folder takes its final name."""
    import json

    from heliorack import report, save

    if alone:
        manifest = json.loads((work / folder.MANIFEST).read_text(encoding="utf-8"))
        (work / folder.MANIFEST).unlink()
    else:
        whole = envelope(outcome.summaries)
        folder.write_json(work / "summary.json", whole)
        for name in ("picture.png", "orbit.png"):
            shutil.copyfile(work / whole["hottest_case"] / name, work / name)
        report.write_envelope(work)
        manifest = {
            "kind": "load cases",
            "case_file": source.name,
            "load_cases": list(outcome.summaries),
            "hashes": {source.name: folder.digest(source)},
            "versions": save.versions(),
            "wall_time_s": sum(r.wall_time for r in results.values()),
            "holds": outcome.holds,
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
        "hottest_case": max(summaries, key=lambda name: max(p["max_degC"] for p in summaries[name]["parts"].values())),
        "parts": parts,
        "limits": list(limits.values()),
        "power": {name: s["power"] for name, s in summaries.items()},
        "first_law": {name: s["first_law"] for name, s in summaries.items()},
        "periodic": {name: s["periodic"] for name, s in summaries.items()},
        "assumptions": list(dict.fromkeys(said for s in summaries.values() for said in s["assumptions"])),
    }


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
