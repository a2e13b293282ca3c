"""The folder of a sweep: its plan, one run folder per point, the table that grows, and the manifest when all is done.

    plan.json      what was asked; written first
    case.toml      the case that every point changes
    NAME/          a point that is whole (an ordinary run folder)
    NAME.failed.json
    table.csv      a row per point that is done or failed; in the order of the plan once all are
    table.parquet  the same a few seconds later, where pyarrow is installed
    manifest.json, sweep.json   written last

The folders of the points are the truth; the table is made from them whenever a sweep goes on.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from heliorack.case.files import changed
from heliorack.casefile import document
from heliorack.casefile.errors import listed
from heliorack.runfolder import folder, manifest, numbered
from heliorack.sweep.design import plan_file
from heliorack.sweep.design.plan_file import PlanFile
from heliorack.sweep.execution.parquet import Mirror, as_text
from heliorack.sweep.execution.point import CASE, FAILED, FIGURES, PARTIAL, REDUCED, Job, digest, has_fields, solve_point

if TYPE_CHECKING:
    from heliorack.sweep.design.plan import Plan, Point

PLAN, SWEEP, TABLE, PARQUET = plan_file.NAME, "sweep.json", "table.csv", "table.parquet"
BEGUN = {".lock", f"{PLAN}.tmp", f"{CASE}.tmp", "jobs"}  #: all that a sweep may leave which was killed before it wrote its plan


@dataclass(frozen=True, slots=True)
class PointRecord:
    """What a sweep asks of the manifest of a point."""

    digest: str  #: of the point that it answers
    figures: dict[str, manifest.Setting]  #: its row of the table
    guess: str | None = None  #: point whose state was the first guess


class SweepFolder:
    """A sweep's folder, opened by one process at a time."""

    def __init__(self, plan: Plan, path: Path, fields: bool = False, reduced: float | None = None) -> None:
        self.plan, self.path = plan, path
        self.job = Job(str(path.resolve()), str(Path(plan.source).resolve()), plan.base, fields, reduced)
        self.columns = ("point", "state", "case", *plan.axes, *FIGURES, *(() if reduced is None else REDUCED), "message")
        self._lock: IO[str] | None = None
        self._table: IO[bytes] | None = None
        self.fresh = self._made = False  # whether it held no sweep, and whether it was there, when it was taken
        self._mirror = Mirror(path / TABLE, path / PARQUET, plan)

    def open(self, force: bool = False) -> None:
        """Take the folder and make it ready for this plan; of an earlier sweep of the same plan everything whole stays.

        Args:
            force: The folder may hold another plan: points that both share stay, the others go.

        Raises:
            FolderError: it holds something else, or another process runs a sweep in it.
        """
        self.take(force)
        self.begin(self.known())

    def take(self, force: bool = False) -> None:
        """Hold the folder, and make it where there is none; nothing in it changes.

        Args:
            force: The folder may hold another plan.

        Raises:
            FolderError: it holds something else, or another process runs a sweep in it.
        """
        if self.path.is_file():
            raise folder.FolderError(f"{self.path} is a file, not a folder; choose another place with -o")
        known = self.path / PLAN
        if self.path.is_dir() and not known.exists() and not {item.name for item in self.path.iterdir()} <= BEGUN:
            raise folder.FolderError(f"{self.path} is not empty and holds no sweep; choose another folder with -o")
        if known.exists() and not force:
            self._same_plan(plan_file.read(self.path))
        with self._writable():
            self._made = not self.path.exists()
            self.path.mkdir(parents=True, exist_ok=True)
            self._alone()
        self.fresh = not known.exists()

    def withdraw(self) -> None:
        """Leave no trace in a folder that was fresh when it was taken: no worker ever came. Logs of jobs stay, and so does all else."""
        if not self.fresh:
            return
        self.close_table()
        for name in (CASE, PLAN, TABLE, PARQUET, ".lock"):
            (self.path / name).unlink(missing_ok=True)
        with suppress(OSError):
            (self.path / "jobs").rmdir()
        if self._made:
            with suppress(OSError):
                self.path.rmdir()

    @contextmanager
    def _writable(self) -> Iterator[None]:
        try:
            yield
        except PermissionError as error:
            raise folder.FolderError(f"cannot write to {self.path} ({error.strerror}); choose another folder with -o") from error

    def ready(self) -> bool:
        """Whether the folder was opened for this plan."""
        try:
            return plan_file.read(self.path).digest == self._digest()
        except (folder.FolderError, numbered.DamagedError):
            return False

    def _same_plan(self, begun: PlanFile) -> None:
        if begun.digest == self._digest():
            return
        now = f"{len(self.plan.points)} points over {', '.join(self.plan.axes) or 'nothing'}"
        then = f"{begun.points} points over {', '.join(begun.axes) or 'nothing'}"
        what = "another case or other values" if now == then else f"{then}, not {now}"
        other = changed(begun.files, self.plan.files)
        if other:
            raise folder.FolderError(
                f"{self.path} holds a sweep that was begun with other contents of {listed(other, 'and')}; choose another folder with -o, "
                "or --force to go on: points whose case names what has changed are solved again, the others stay"
            )
        raise folder.FolderError(
            f"{self.path} holds a sweep of another plan ({what}); choose another folder with -o, or --force to take this plan: "
            "points that both share stay, the others are removed"
        )

    def _digest(self) -> str:
        from heliorack.sweep.design.plan import digest as digest_of

        return digest_of([self.plan.base, [(point.name, digest(self.job, point)) for point in self.plan.points]])

    def _alone(self) -> None:
        """Hold the folder; the lock dies with this process. A file system without locks lets everybody in."""
        import fcntl

        self._lock = (self.path / ".lock").open("a")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise folder.FolderError(
                f"another process runs a sweep in {self.path}; wait for it, or choose another folder with -o"
            ) from None
        except OSError:
            return

    def begin(self, known: Collection[int]) -> None:
        """Write plan and case, and remove what is not whole, not of the plan, or to be solved anew.

        Args:
            known: Points that need not be solved. Where they are all, a sweep of the same plan stays closed.

        Raises:
            FolderError: the folder cannot be written to.
        """
        with self._writable():
            if len(known) < len(self.plan.points) or not self.ready():
                for name in (SWEEP, manifest.NAME):
                    (self.path / name).unlink(missing_ok=True)
            if not self.ready():
                (self.path / PARQUET).unlink(missing_ok=True)
            self._write_plan()
            self._remove_others()
            self._remove_unknown(known)

    def _write_plan(self) -> None:
        about = PlanFile(
            kind="sweep plan",
            title=self.plan.title,
            case_file=self.plan.source,
            points=len(self.plan.points),
            skipped=self.plan.skipped,
            axes=self.plan.axes,
            designs=tuple(self.plan.designs),
            files=self.plan.files,
            digest=self._digest(),
        )
        temporary = self.path / f"{CASE}.tmp"
        temporary.write_text(document.write(self.plan.document), encoding="utf-8")
        temporary.rename(self.path / CASE)
        folder.write_json(self.path / PLAN, about.json())

    def _remove_others(self) -> None:
        """What is not whole, or not of the plan."""
        names = {point.name for point in self.plan.points}
        for item in self.path.iterdir():
            other = item.name.endswith(FAILED) and item.name.removesuffix(FAILED) not in names
            if item.is_dir() and (item.name.endswith(PARTIAL) or (item.name not in names and (item / manifest.NAME).exists())):
                shutil.rmtree(item)
            elif other or item.name.endswith(".tmp"):
                item.unlink()

    def _remove_unknown(self, known: Collection[int]) -> None:
        """Folders and records of points that are to be solved; a folder without fields stays until it is replaced."""
        present = {item.name for item in self.path.iterdir()}
        for i, point in enumerate(self.plan.points):
            failed, there = f"{point.name}{FAILED}", point.name in present
            if failed in present and (i not in known or there):
                (self.path / failed).unlink(missing_ok=True)
            if i not in known and there and self.whole(point) is None and not self._lacks_fields(point):
                shutil.rmtree(self.path / point.name)

    # --------------------------------------------------------------------------------------------------------------- points

    def known(self, retry_failed: bool = False) -> dict[int, dict[str, Any]]:
        """Answers of points that need not be solved, by position in the plan; of points that are solved together all or none.

        Nothing is touched.

        Args:
            retry_failed: Points that failed are to be solved.
        """
        found = {}
        present = {item.name for item in self.path.iterdir()}
        for i, point in enumerate(self.plan.points):
            failed = self.path / f"{point.name}{FAILED}"
            if point.name in present:
                answer = self.whole(point)
                if answer is not None:
                    found[i] = answer
                    continue
            if failed.name in present and not retry_failed:
                record = _read(failed)
                if record.get("digest") == digest(self.job, point):
                    found[i] = {"state": "failed", "message": record["message"]}
        names = {self.plan.points[i].name for i in found}
        return {i: answer for i, answer in found.items() if names.issuperset(self.plan.points[i].together)}

    def whole(self, point: Point) -> dict[str, Any] | None:
        """Answer of a point whose folder holds all that is asked for, fields too where they are; None for any other.

        One that a reduced model answered is not, where all nodes are asked for or its error is more than is asked for now.
        """
        found = self._manifest(point)
        if found is None or (self.job.fields and not has_fields(self.path / point.name)):
            return None
        error = found.figures.get("reduced_error_K")
        if isinstance(error, int | float) and (self.job.reduced is None or error > self.job.reduced):
            return None
        return {"state": "done", "figures": found.figures, "guess": found.guess}

    def _manifest(self, point: Point) -> PointRecord | None:
        """The manifest of this very point; None where the folder is another's or not there."""
        try:
            found = numbered.read(PointRecord, self.path / point.name / manifest.NAME)
        except (OSError, numbered.DamagedError):
            return None
        return found if found.digest == digest(self.job, point) else None

    def _lacks_fields(self, point: Point) -> bool:
        """Whether the folder of a point is this very point's, without the fields that are asked for."""
        return self._manifest(point) is not None and self.job.fields and not has_fields(self.path / point.name)

    def sweep_up(self) -> None:
        """Remove what stopped workers left."""
        for item in self.path.glob(f"*{PARTIAL}"):
            shutil.rmtree(item, ignore_errors=True)

    def answered_by_models(self) -> tuple[int, float]:
        """How many points reduced models answered, and the greatest of their estimated errors [K]."""
        errors = [answer.get("figures", {}).get("reduced_error_K") for answer in self.known().values()]
        found = [float(error) for error in errors if error is not None]
        return len(found), max(found, default=0.0)

    # ---------------------------------------------------------------------------------------------------------------- table

    def row(self, i: int, answer: dict[str, Any]) -> dict[str, Any]:
        """A row of the table; it takes one line."""
        point = self.plan.points[i]
        first = {"point": point.name, "state": answer["state"], "case": point.case}
        said = answer.get("message")
        return first | point.values | answer.get("figures", {}) | {"message": said and " ".join(said.split())}

    def start_table(self, known: dict[int, dict[str, Any]]) -> None:
        """Write the table anew with what is known, and leave it open for more rows."""
        self.close_table()
        temporary = self.path / f"{TABLE}.tmp"
        lines = [
            self._line(dict(zip(self.columns, self.columns, strict=True))),
            *(self._line(self.row(i, known[i])) for i in sorted(known)),
        ]
        temporary.write_bytes(b"".join(lines))
        temporary.rename(self.path / TABLE)
        self._table = (self.path / TABLE).open("ab", buffering=0)

    def append(self, i: int, answer: dict[str, Any]) -> None:
        """One more row, in one write: whoever reads the table meets whole rows."""
        assert self._table is not None
        line = self._line(self.row(i, answer))
        if self._table.write(line) != len(line):
            raise OSError(28, os.strerror(28), str(self.path / TABLE))
        self._mirror.keep_up()

    def mirror(self) -> None:
        """Bring the Parquet table up to the rows there are, if it can be written."""
        self._mirror.write()

    def _line(self, row: dict[str, Any]) -> bytes:
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerow([as_text(row.get(column)) for column in self.columns])
        return out.getvalue().encode()

    def finish(self, about: dict[str, Any]) -> None:
        """All points are settled: the table in the order of the plan, Parquet beside it, sweep.json and the manifest last."""
        from heliorack.results import writer

        known = self.known()
        self.start_table(known)
        self.close_table()
        self.mirror()
        states = [answer["state"] for answer in known.values()]
        figures = {"done": states.count("done"), "failed": states.count("failed")}
        figures["holds"] = sum(bool(answer.get("figures", {}).get("holds")) for answer in known.values())
        whole = plan_file.read(self.path).json() | {"kind": "sweep", "versions": writer.versions()} | figures | about
        folder.write_json(self.path / SWEEP, whole)

    def close_table(self) -> None:
        """Let go of the table."""
        if self._table is not None:
            self._table.close()
            self._table = None

    def release(self) -> None:
        """Let go of the folder."""
        self.close_table()
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def _read(path: Path) -> dict[str, Any]:
    """A JSON file; empty when it is missing or damaged."""
    with suppress(OSError, ValueError):
        found = json.loads(path.read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    return {}


def solve_alone(plan: Plan, path: Path, i: int, fields: bool = False) -> dict[str, Any]:
    """Solve one point of a folder that is made ready, without dask, and those of its design that share its sizes.

    Its parent's state is the first guess where it is there by now.

    Raises:
        FolderError: the folder is not ready for this plan.
    """
    from heliorack.sweep.execution.order import parents

    sweep = SweepFolder(plan, path, fields)
    if not sweep.ready():
        raise folder.FolderError(f"{path} is not made ready for this sweep; heliorack sweep run --emit-job-array does that")
    index = {point.name: j for j, point in enumerate(plan.points)}
    design = [index[name] for name in plan.points[i].together] or [i]
    known = [sweep.whole(plan.points[j]) for j in design]
    if None not in known:
        return known[design.index(i)] or {}
    up = parents(plan.points)
    first, *others = ((plan.points[j], None if (k := up[j]) is None else plan.points[k].name) for j in design)
    answer = solve_point(sweep.job, *first, others)
    return [answer, *answer.pop("others", ())][design.index(i)]
