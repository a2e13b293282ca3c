"""Workers that are jobs of a batch system, by dask-jobqueue: what to ask for, and what to do when a job is refused or ends."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any

from heliorack.casefile.errors import listed, suggest
from heliorack.sweep.execution.workers import NO_DASHBOARD, ONE_THREAD, QUIET, UNMANAGED, ClusterError, WorkersLostError, closing

JOBS = 4  #: by default
LOOK = 2.0  #: s between looks at the jobs
GONE = 30.0  #: s without any of its workers after which a job counts as ended, where the batch system is not asked
AGAIN = 30.0  #: s before a batch system that refused a job is asked again
STILLBORN = 3  #: jobs in a row that end before their worker reports
LOGS = "jobs"  #: folder of the jobs' logs in that of the sweep
CARRIED = ("HELIORACK_CACHE", "PYTHONPATH", "XDG_CACHE_HOME")  #: variables that jobs get whatever the batch system passes on


@dataclass(frozen=True, slots=True)
class System:
    """A batch system."""

    name: str
    cluster: str  #: class of dask_jobqueue
    submit: str  #: the command that must be there
    keys: tuple[str, ...]  #: of its own, beside `KEYS`


SYSTEMS = {
    "slurm": System("Slurm", "SLURMCluster", "sbatch", ("account", "job_cpu", "job_mem")),
    "pbs": System("PBS", "PBSCluster", "qsub", ("account", "resource_spec")),
    "lsf": System("LSF", "LSFCluster", "bsub", ("project", "ncpus", "mem", "use_stdin")),
    "sge": System("Grid Engine", "SGECluster", "qsub", ("project", "resource_spec")),
}
KEYS = ("queue", "walltime", "memory", "cores", "processes", "interface", "python", "local_directory", "directive", "prologue")
WHOLE = ("cores", "processes", "job_cpu", "ncpus", "mem")  #: numbers
MANY = {"directive": "job_extra_directives", "prologue": "job_script_prologue"}  #: keys that may come again, by name in dask_jobqueue


def parse(kind: str, text: str) -> dict[str, Any]:
    """Options of a batch system as written on the command line.

    >>> parse("slurm", "queue=debug,cores=2,directive=--constraint=avx2")
    {'queue': 'debug', 'cores': 2, 'job_extra_directives': ['--constraint=avx2']}

    Raises:
        ClusterError: a key that is not known, or a value that is none.
    """
    known, found = (*KEYS, *SYSTEMS[kind].keys), dict[str, Any]()
    for item in filter(None, (item.strip() for item in text.split(","))):
        key, equals, value = item.partition("=")
        if not equals or not value:
            raise ClusterError(f"--{kind} {item}: expected KEY=VALUE,..., as in --{kind} queue=normal,walltime=01:00:00,memory=4GB")
        if key not in known:
            meant = suggest(key, known)
            raise ClusterError(
                f"--{kind} {key}: unknown key; {f'did you mean {meant}?' if meant else f'known are {listed(known, most=20)}'}"
            )
        if key in MANY:
            found.setdefault(MANY[key], []).append(value)
        else:
            found[key] = _whole(kind, key, value) if key in WHOLE else value
    return found


def _whole(kind: str, key: str, value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise ClusterError(f"--{kind} {key}={value}: expected a whole number, at least 1")
    return int(value)


def asked(kind: str, text: str, ranks: int, folder: Path) -> dict[str, Any]:
    """Arguments of dask-jobqueue: by default a job of one process, `ranks` cores and 2 GB for each of them.

    What the options leave out is taken from the user's `jobqueue.yaml`, where that says it.

    Raises:
        ClusterError: a malformed option.
    """
    from dask import config
    from dask.utils import parse_bytes

    site = {key.replace("-", "_"): value for key, value in config.get(f"jobqueue.{kind}", {}).items() if value}
    found = {"cores": ranks} | {key: site[key] for key in ("cores", "processes", "memory") if key in site} | parse(kind, text)
    found.setdefault("processes", max(1, found["cores"] // ranks))
    found.setdefault("memory", f"{2 * found['cores']}GB")
    try:
        parse_bytes(found["memory"])
    except ValueError:
        raise ClusterError(f"--{kind} memory={found['memory']}: expected an amount, as 4GB") from None
    if found["processes"] * ranks > found["cores"]:
        raise ClusterError(
            f"--{kind} cores={found['cores']}: {found['processes']} processes of {ranks} ranks need {found['processes'] * ranks} cores"
        )
    carried = {name: os.environ[name] for name in CARRIED if name in os.environ}
    settings = {f"DASK_{key.upper().replace('.', '__')}": str(value) for key, value in UNMANAGED.items()}
    exports = [f"export {name}={shlex.quote(value)}" for name, value in (ONE_THREAD | settings | carried).items()]
    found["job_script_prologue"] = [*exports, *site.get("job_script_prologue", []), *found.get("job_script_prologue", [])]
    found["worker_extra_args"] = [*site.get("worker_extra_args", []), "--nthreads", "1", "--no-dashboard"]
    return found | {"log_directory": str((folder / LOGS).absolute()), "job_name": "heliorack", "death_timeout": 60}


def ready(kind: str, options: str, ranks: int, folder: Path) -> tuple[Any, dict[str, Any]]:
    """Class and arguments of the cluster, once it is known that jobs can be submitted from here; nothing is.

    Raises:
        ClusterError: dask-jobqueue or the submit command is missing, or an option is malformed.
    """
    system = SYSTEMS[kind]
    maker = _maker(system)
    arguments = asked(kind, options, ranks, folder)
    if shutil.which(system.submit) is None:
        raise ClusterError(
            f"--{kind}: there is no {system.submit} on this machine; run the sweep where jobs of {system.name} are submitted"
        )
    return maker, arguments


@contextmanager
def jobs(kind: str, options: str, count: int | None, ranks: int, folder: Path) -> Iterator[Any]:
    """Yield a client whose workers are jobs; they are submitted again when they end before the sweep does.

    Raises:
        ClusterError: dask-jobqueue or the batch system is missing, an option is malformed, or the first jobs are refused.
        WorkersLostError: later, when no job is left and no more can be had.
    """
    maker, arguments = ready(kind, options, ranks, folder)
    from distributed import Client

    record, number = _Record(), count or JOBS
    try:
        cluster = maker(
            job_cls=_recorded(maker.job_cls, record),
            scheduler_options=NO_DASHBOARD,
            silence_logs=QUIET,
            **arguments,
        )
    except (ValueError, TypeError, RuntimeError) as error:
        raise ClusterError(f"--{kind}: {_last_line(error)}") from error
    with _logs(folder / LOGS), closing(cluster), Client(cluster, set_as_default=False) as client:
        _first(cluster, record, kind)
        keeper = _Keeper(kind, cluster, record, number, folder / LOGS)
        keeper.start()
        try:
            yield client
        except Exception as error:
            if keeper.trouble is None:
                raise
            raise WorkersLostError(keeper.trouble) from error
        finally:
            keeper.stop.set()
            keeper.join()


@contextmanager
def _logs(place: Path) -> Iterator[None]:
    """Logs of jobs are of use when something went wrong; what a job says when it is ended is not."""
    yield
    shutil.rmtree(place, ignore_errors=True)


def _first(cluster: Any, record: _Record, kind: str) -> None:
    """Submit one job and wait for what the batch system says to it: as good as what it would say to all."""
    cluster.scale(jobs=1)
    record.answered.wait()
    if record.refused is not None:
        raise ClusterError(f"{SYSTEMS[kind].name} did not take the job: {record.refused}; change what --{kind} asks for")


def _maker(system: System) -> Any:
    try:
        import dask_jobqueue
    except ImportError:
        raise ClusterError(f"jobs of {system.name} need dask-jobqueue: pip install dask-jobqueue") from None
    return getattr(dask_jobqueue, system.cluster)


def _last_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[-1]


@dataclass(slots=True)
class _Record:
    """What the batch system said."""

    answered: Event = field(default_factory=Event)  #: it said something
    refused: str | None = None  #: to the job submitted last; none if it was taken
    when: float = 0.0  #: of the refusal


def _recorded(kind: Any, record: _Record) -> Any:
    """A job of dask-jobqueue that keeps what was said when it was submitted."""

    class Recorded(kind):
        async def start(self) -> None:
            try:
                await super().start()
            except (RuntimeError, ValueError, OSError) as error:
                record.refused, record.when = _said(str(error)), monotonic()
                raise
            else:
                record.refused = None
            finally:
                record.answered.set()

        async def close(self) -> None:
            from distributed.core import Status

            await super().close()
            self.status = Status.closed  # which dask-jobqueue leaves out

    return Recorded


def _said(error: str) -> str:
    """The words of a submit command without its name before each line.

    >>> _said("Command exited\\nstderr:\\nsbatch: error: invalid partition specified: x\\nsbatch: error: Batch job submission failed\\n")
    'invalid partition specified: x; Batch job submission failed'
    """
    lines = [line.strip() for line in error.partition("stderr:\n")[2].splitlines() if line.strip()]
    words = [line.partition(": error: ")[2] or line for line in lines]
    return "; ".join(words) or (error.strip().splitlines() or ["no word of why"])[-1]


class _Keeper(Thread):
    """Looks after the jobs: those that ended are submitted again, and when that is of no use the scheduler closes, which ends the sweep."""

    def __init__(self, kind: str, cluster: Any, record: _Record, count: int, logs: Path) -> None:
        super().__init__(name="jobs of a sweep", daemon=True)
        self.kind, self.cluster, self.record, self.count, self.logs = kind, cluster, record, count, logs
        self.stop = Event()
        self.trouble: str | None = None
        self._worked: dict[str, float] = {}  # when a worker of a job was seen last [s]
        self._stillborn: list[str] = []

    def run(self) -> None:
        while not self.stop.wait(LOOK) and self.trouble is None:
            with suppress(OSError, TimeoutError, subprocess.SubprocessError):
                self._look()
        if self.trouble is not None:
            self.cluster.close()

    def _look(self) -> None:
        out = {name: str(job.job_id) for name, job in list(self.cluster.workers.items()) if job.job_id}
        present = [str(worker["name"]) for worker in self.cluster.scheduler_info["workers"].values()]
        known, now = waiting(self.kind), monotonic()
        for name, job in out.items():
            if any(each == str(name) or each.startswith(f"{name}-") for each in present):
                self._worked[job] = now
                self._stillborn.clear()
            elif (known is not None and job not in known) or now - self._worked.get(job, now) > GONE:
                self._ended(name, job)
        self._renew()

    def _ended(self, name: Any, job: str) -> None:
        self.cluster.loop.add_callback(self.cluster.workers.pop, name, None)
        if job not in self._worked:
            self._stillborn.append(job)
        if len(self._stillborn) >= STILLBORN:
            self.trouble = f"{STILLBORN} jobs in a row ended before their worker reported; the last one, {job}, {self._log(job)}"

    def _renew(self) -> None:
        if self.record.refused is not None:
            if not [job for job in list(self.cluster.workers.values()) if job.job_id]:
                self.trouble = f"no job is left and {SYSTEMS[self.kind].name} takes no more: {self.record.refused}"
            if monotonic() - self.record.when < AGAIN:
                return
            for name, job in list(self.cluster.workers.items()):
                if not job.job_id:
                    self.cluster.loop.add_callback(self.cluster.workers.pop, name, None)
        self.cluster.scale(jobs=self.count)  # submits those of its plan that are not there

    def _log(self, job: str) -> str:
        """The last words of a job."""
        for path in sorted(self.logs.glob(f"*{job}*")):
            lines = [line for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
            if lines:
                return f"said: {lines[-1].strip()} ({path})"
        return f"left no word (its log would be in {self.logs})"


def waiting(kind: str) -> set[str] | None:
    """Numbers of this user's jobs that run or wait; none where the batch system is not asked."""
    if kind != "slurm":
        return None
    words = ["squeue", "--noheader", "--format=%A", "--me", "--states=PENDING,CONFIGURING,RUNNING,SUSPENDED,STOPPED,REQUEUED,REQUEUE_HOLD"]
    said = subprocess.run(words, capture_output=True, text=True, check=False, timeout=30)
    return set(said.stdout.split()) if said.returncode == 0 else None
