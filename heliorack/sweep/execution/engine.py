"""Sends the points of a sweep to dask's workers, a few at a time, and puts their answers into the table as they come."""

from __future__ import annotations

import signal
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from heliorack.sweep.execution import reduced_points
from heliorack.sweep.execution.folder import SweepFolder
from heliorack.sweep.execution.order import Order
from heliorack.sweep.execution.point import FULL, fail, solve_point
from heliorack.sweep.execution.progress import Counts, Show, quiet
from heliorack.sweep.execution.workers import ClusterError

if TYPE_CHECKING:
    from heliorack.sweep.design.plan import Plan

LOOK = 2.0  #: s between looks for workers that came or went
BEAT = 0.5  #: s between words of progress while nothing comes
STILLBORN = 3  #: points that end their workers before any point is solved
LEAN = {"distributed.admin.low-level-log-length": 100}  #: length of dask's own records
Connect = Callable[[], AbstractContextManager[Any]]  #: a dask client for as long as it is needed
Task = Callable[..., dict[str, Any]]


class SweepStoppedError(RuntimeError):
    """The sweep ended before all points were settled; the message says why, and that it can go on."""


@dataclass(frozen=True, slots=True)
class SweepOutcome:
    """A sweep of which every point is done or failed."""

    folder: Path
    done: int
    failed: int
    solved: int  #: of these in this session; the rest was whole before
    seconds: float  #: of this session
    reduced: tuple[int, float] | None = None  #: how many of them reduced models answered, and their greatest estimated error [K]
    models: tuple[str, ...] = ()  #: what is said of each

    def json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "folder": str(self.folder),
            "done": self.done,
            "failed": self.failed,
            "solved": self.solved,
            "seconds": round(self.seconds, 2),
            **({} if self.reduced is None else {"by_reduced_models": self.reduced[0], "reduced_error_K": self.reduced[1]}),
        }

    def words(self) -> str:
        """The closing line."""
        failed = f", {self.failed} failed (see message in table.csv; --retry-failed solves them again)" if self.failed else ""
        before = self.done + self.failed - self.solved
        kept = f"; {before} were there before" if before else ""
        line = f"{self.folder}: {self.done} points done{failed}{kept}; {self.seconds:.0f} s"
        if self.reduced is None:
            return line
        count, error = self.reduced
        off = f", estimated to be off by {error:.2g} K" if count else ""
        by = f"{count} points by reduced models{off}; {self.done - count} by all nodes (solved_by in table.csv says why)"
        return "\n".join([line, *self.models, by])


def run_sweep(
    plan: Plan,
    path: Path,
    connect: Connect,
    *,
    fields: bool = False,
    force: bool = False,
    retry_failed: bool = False,
    show: Show = quiet,
    task: Task = solve_point,
    reduced: float | None = None,
) -> SweepOutcome:
    """Solve every point of a plan that is not whole yet.

    Args:
        plan: The points.
        path: Folder of the sweep.
        connect: Makes the client; only called when there is something to solve.
        fields: Keep fields, pictures and report of every point.
        force: The folder may hold another plan, which this one replaces.
        retry_failed: Solve points again that failed before.
        show: Told how far it is.
        task: Called in a worker with the job, a point and the name of its parent, and for points that are solved together with the others
            of these, each with the name of its parent.
        reduced: K, that points may be off which a reduced model answers, made first where enough of them differ in numbers alone; by
            default all are solved in full.

    Raises:
        FolderError: the folder is not for this plan.
        ClusterError: no workers are to be had; what the folder held is as it was.
        SweepStoppedError: interrupted, disk full, or the scheduler went away; a second call goes on.
    """
    began = monotonic()
    sweep = SweepFolder(plan, path, fields, reduced)
    try:
        with _told_to_stop(), _whole_disk(sweep):
            sweep.take(force)
            known = sweep.known(retry_failed)
            counts = Counts.of(len(plan.points), (answer["state"] for answer in known.values()))
            order = Order(plan.points, known.keys())
            before = len(known)
            if sweep.fresh or not order.left:
                sweep.begin(known)
            if order.left:
                with _connected(connect) as client:
                    sweep.begin(known)  # from here on there are workers: what they solve again may go
                    sweep.start_table(known)
                    _solve_left(client, sweep, order, known, counts, show, task)
            sweep.sweep_up()
            answered = sweep.answered_by_models()
            sweep.finish({"seconds": round(monotonic() - began, 2), "solved": len(plan.points) - before})
    except ClusterError:
        sweep.withdraw()
        raise
    finally:
        sweep.release()
    by_models = () if reduced is None else (answered, reduced_points.words(sweep.job))
    return SweepOutcome(path, counts.done, counts.failed, len(plan.points) - before, monotonic() - began, *by_models)


def _solve_left(client: Any, sweep: SweepFolder, order: Order, known: dict[int, Any], counts: Counts, show: Show, task: Task) -> None:
    """Solve what is left, by reduced models where the sweep is one of these; `known` is empty then, for it may be large."""
    if sweep.job.reduced is not None:
        order, task = Order(sweep.plan.points, {*known, *_prepared(client, sweep, known, counts, show)}), reduced_points.solve_point
    known.clear()
    _Drive(client, sweep, order, counts, show, task).run()


def _prepared(client: Any, sweep: SweepFolder, known: Collection[int], counts: Counts, show: Show) -> set[int]:
    """Have reduced models made, each in a worker; the points that were solved in full to judge them."""
    points = sweep.plan.points
    index = {point.name: i for i, point in enumerate(points)}
    settled = {points[i].name for i in known}
    lefts = [(group, [point for point in group.points if point.name not in settled]) for group in reduced_points.groups(points)]
    due = [(group, left) for group, left in lefts if reduced_points.worth(sweep.job, group, left)]
    out = [client.submit(reduced_points.make, sweep.job, group, left, pure=False) for group, left in due]
    judged = set[int]()
    counts.workers, counts.teaching = len(client.nthreads()), len(out)
    while out:
        show(counts)
        sleep(BEAT)
        for future in [future for future in out if future.done()]:
            out.remove(future)
            counts.teaching = len(out)
            for name, answer in future.result().items():
                judged.add(index[name])
                sweep.append(index[name], answer)
                counts.add(answer["state"])
    return judged


@contextmanager
def _told_to_stop() -> Iterator[None]:
    """SIGTERM as Ctrl-C: batch systems send it before they kill. Only the main thread of a process may listen."""

    def stop(number: int, frame: Any) -> None:
        raise KeyboardInterrupt

    try:
        old = signal.signal(signal.SIGTERM, stop)
    except ValueError:
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, old)


@contextmanager
def _connected(connect: Connect) -> Iterator[Any]:
    """The client, with a scheduler that keeps no history and local workers that do not hear Ctrl-C: it is for this process to end them.

    Blocked signals are inherited: dask's thread, which starts the workers, begins in here.
    """
    from multiprocessing.resource_tracker import ensure_running

    import dask
    import distributed  # noqa: F401  (brings its settings; first imported below, they would go with the ones of ours)

    ensure_running()  # it would lift the block if it were started by the first worker
    with ExitStack() as stack:
        stack.enter_context(dask.config.set(LEAN))
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            client = stack.enter_context(connect())
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        yield client


@contextmanager
def _whole_disk(sweep: SweepFolder) -> Iterator[None]:
    """What stops a sweep in one sentence; what stopped workers left goes."""
    try:
        yield
    except KeyboardInterrupt:
        sweep.sweep_up()
        raise SweepStoppedError(f"stopped; what is whole lies in {sweep.path}, and the same command goes on from there") from None
    except SweepStoppedError:  # the workers have ended by now, some of them in the middle of a point
        sweep.sweep_up()
        raise
    except OSError as error:
        sweep.sweep_up()
        if error.errno not in FULL:
            raise
        raise SweepStoppedError(
            full_words(f"{error.filename or sweep.path}: {(error.strerror or str(error)).lower()}", sweep.path)
        ) from None


def full_words(said: str, path: Path) -> str:
    """Nothing more can be written."""
    return f"nothing more can be written ({said}); make room, then the same command goes on from what is whole in {path}"


class _Drive:
    """The loop: keeps every worker busy, and settles what comes back. It remembers only points that are out."""

    def __init__(self, client: Any, sweep: SweepFolder, order: Order, counts: Counts, show: Show, task: Task) -> None:
        self.client, self.sweep, self.order, self.counts, self.show, self.task = client, sweep, order, counts, show, task
        self.out: dict[str, tuple[Any, int, str]] = {}  # future, point and worker by key
        self.load: dict[str, int] = {}  # points out by worker
        self.answers: SimpleQueue[Any] = SimpleQueue()
        self.looked = -LOOK
        self.solved = False
        self.ended = 0  # points that ended their workers, while none was solved
        self.token = uuid4().hex[:12]  # another sweep may use the same scheduler

    def run(self) -> None:
        """Until every point is settled."""
        try:
            while self.order.left or self.out:
                self._look()
                self._fill()
                self.counts.running, self.counts.workers = min(len(self.out), len(self.load)), len(self.load)
                self.show(self.counts)
                with suppress(Empty):
                    self._settle(self.answers.get(timeout=BEAT))
        finally:
            if self.out:
                with suppress(Exception):
                    self.client.cancel([future for future, _, _ in self.out.values()], force=True)
            self.out.clear()
            self.sweep.mirror()

    def _look(self) -> None:
        """Which workers there are."""
        now = monotonic()
        if now - self.looked < (LOOK if self.load else BEAT):
            return
        self.looked = now
        try:
            workers = self.client.nthreads()
        except (OSError, TimeoutError) as error:  # the errors of dask's connections are of these kinds
            raise self._lost() from error
        self.load = {worker: self.load.get(worker, 0) for worker in workers}
        self.order.forget(workers)

    def _lost(self) -> SweepStoppedError:
        return SweepStoppedError(
            f"the scheduler went away; what is whole lies in {self.sweep.path}, and the same command goes on from there"
        )

    def _fill(self) -> None:
        """One point for every idle worker; a second one, to be at hand, while there are plenty."""
        for depth in (0, 1):
            if depth and self.order.left <= len(self.load):
                return
            for worker in [name for name, out in self.load.items() if out == depth]:
                i = self.order.take(worker)
                if i is None:
                    return
                self._submit(i, worker)

    def _submit(self, i: int, worker: str) -> None:
        points, parent = self.order.points, self.order.parent[i]
        guess = None if parent is None else points[parent].name
        key = f"point-{self.token}-{i}"
        given: list[Any] = [self.sweep.job, points[i], guess]
        others = [(points[j], None if (up := self.order.parent[j]) is None else points[up].name) for j in self.order.others(i)]
        given += [others] if others else []
        future = self.client.submit(self.task, *given, key=key, workers=[worker], allow_other_workers=True, pure=False)
        self.out[key] = (future, i, worker)
        self.load[worker] += 1
        future.add_done_callback(self.answers.put)

    def _settle(self, future: Any) -> None:
        _, i, worker = self.out.pop(future.key)
        if worker in self.load:
            self.load[worker] -= 1
        for j, answer in self._answers(future, i).items():
            if answer["state"] == "full":
                raise SweepStoppedError(full_words(answer["message"], self.sweep.path))
            self.solved |= answer["state"] == "done"
            self.sweep.append(j, answer)
            self.counts.add(answer["state"])
            self.order.settle(j)

    def _answers(self, future: Any, i: int) -> dict[int, dict[str, Any]]:
        """What a worker said of a point and of those that it solved together with it."""
        others, first = self.order.others(i), self._answer(future, i)
        more = first.pop("others", None) or [fail(self.sweep.job, self.sweep.plan.points[j], first["message"]) for j in others]
        return {i: first} | dict(zip(others, more, strict=True))

    def _answer(self, future: Any, i: int) -> dict[str, Any]:
        """What a worker said; of a point that ended its worker, or that dask could not run, a record is made here."""
        from distributed import KilledWorker

        if future.status not in ("finished", "error"):
            raise self._lost()
        if future.status == "finished":
            return future.result()
        error = future.exception()
        if isinstance(error, KilledWorker):
            self.ended += 1
            if self.ended >= STILLBORN and not self.solved:
                raise SweepStoppedError(
                    "every worker ends before it solves a point (memory? a full disk? an MPI that does not start?); "
                    f"heliorack sweep point CASE 1 -o {self.sweep.path} says more"
                )
            return fail(self.sweep.job, self.sweep.plan.points[i], "the process that solved this point ended, time and again (memory?)")
        return fail(self.sweep.job, self.sweep.plan.points[i], f"{type(error).__name__}: {error}")
