"""Who solves the load cases of a run: this process one after another, or several side by side."""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from time import monotonic
from types import TracebackType
from typing import Any, Literal

from heliorack.case.case import Case
from heliorack.casefile.errors import CaseError, Problem
from heliorack.run.load_case import LoadCase, Setting
from heliorack.run.simulate import meshed_bodies
from heliorack.runtime.allocator import keep_freed
from heliorack.runtime.beside import PROCESSES, Beside, BesideError, cores, dismiss, taken
from heliorack.runtime.collector import loading
from heliorack.runtime.parallel import world
from heliorack.runtime.progress import Say
from meshes.beside import Tell

LOADED = "heliorack.run.loaded"  #: what processes beside load
LOADED_TO_SHOW = "heliorack.run.loaded_to_show"  #: and any process that waits before pictures are drawn
EACH = 3e9  #: bytes of free memory that a process is given: enough for 500 000 nodes
QUIET = 2.0  #: s without a word after which another load case has its say

Arguments = Mapping[str, tuple[Any, ...]]  #: of a call, by load case
#: Which load cases a process takes: its own and those that nobody has had; of these its even share at most, where what
#: follows stays with it and costs more; or any, where nothing is known of them that is not in their folders.
Whose = Literal["first", "even", "any"]


def processes(asked: int | None, cases: int, comm: Any) -> int:
    """How many processes share the load cases of a run: as asked, else by cores and free memory; one on several ranks.

    Raises:
        CaseError: the environment asks for something that is no number.
    """
    if comm.size > 1 or world().size > 1:
        return 1
    said = os.environ.get(PROCESSES)
    if asked is None and said is not None:
        if not said.isdecimal() or int(said) < 1:
            raise CaseError("environment", [Problem(PROCESSES, said, "is not a whole number of processes from 1 on")])
        asked = int(said)
    return max(1, min(cases, asked or min(_cores(), _room())))


def _cores() -> int:
    return cores()


def _room() -> int:
    """Processes for which there is memory; as many as cores where the system does not tell."""
    try:
        with open("/proc/meminfo", encoding="ascii") as told:
            free = next(int(line.split()[1]) * 1024 for line in told if line.startswith("MemAvailable"))
    except (OSError, StopIteration, ValueError):
        return _cores()
    return int(free / EACH)


class Crew:
    """The load cases of a run, each with the process that solves it from its first solve to its report."""

    def __init__(self, setting: Setting, cases: Mapping[str, Case], say: Say, comm: Any, count: int) -> None:
        """Nothing is solved yet.

        Args:
            setting: What the load cases have in common.
            cases: By name.
            say: Told about progress.
            comm: MPI communicator of this process.
            count: Processes, this one included.
        """
        keep_freed()
        self._setting, self._cases, self._comm = setting, dict(cases), comm
        self._say = say if count == 1 else _Turns(say).say
        self._beside = [taken(LOADED) for _ in range(count - 1)]
        self._serving: dict[Beside, _Serving] = {}
        dismiss()
        self._of: dict[str, Beside | None] = {}  #: the process of each load case, None for this one
        self._meshed = threading.Event()
        bodies = meshed_bodies()
        bodies.meshed = self._meshed.set
        self._mine = {name: LoadCase(setting, name, case, bodies, _prefixed(self._say, name), comm) for name, case in cases.items()}

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for process in self._beside:
            process.close()

    def each(self, call: Callable[..., Any], arguments: Arguments, whose: Whose = "first", idle: str = "") -> dict[str, Any]:
        """What a method of `LoadCase` answers for some load cases, in their order; collective.

        A load case stays with the process that had it first. This process takes the first one, and the others wait for its mesh: it
        is then in the store, and not made twice.

        Args:
            whose: What a process takes that has time; see `Whose`.
            idle: Module that a process loads for the next calls while it waits for the others.

        Raises:
            Exception: of the first load case that has one, in their order, once all that were begun are done.
        """
        if not self._beside or not arguments:  # without any, the others go on waiting for the first mesh
            return {name: call(self._mine[name], *given) for name, given in arguments.items()}
        work = _Work(deque(name for name in arguments if whose == "any" or name not in self._of), arguments, whose, idle)
        for process in self._beside:
            rounds = partial(self._serve, process, call, work), partial(self._idle, process, work)
            self._serving[process] = _Serving(*rounds, self._serving.get(process))
        while (name := self._next(None, work)) is not None:
            work.settle(name, partial(call, self._mine[name], *arguments[name]))
            self._meshed.set()
        self._meshed.set()
        if work.waited_for:
            load(idle)
        for serving in self._serving.values():
            serving.done.wait()
        for name in arguments:
            if name in work.failures:
                raise work.failures[name]
        return {name: work.answers[name] for name in arguments}

    def _next(self, process: Beside | None, work: "_Work") -> str | None:
        """The next load case for a process: one of its own, else one that nobody has had; none after a failure."""
        with work.lock:
            if work.failures:
                return None
            if work.whose == "any":
                return work.free.popleft() if work.free else None
            for name in work.arguments:
                if name not in work.begun and name in self._of and self._of[name] is process:
                    work.begun.add(name)
                    return name
            if not work.free:
                return None
            mine = [its for its, who in self._of.items() if who is process]
            if work.whose == "even" and len(mine) * (1 + len(self._beside)) >= len(self._cases):
                return None
            name = nearest(work.free, mine, self._of, self._cases)
            work.free.remove(name)
            work.begun.add(name)
            self._of[name] = process
            return name

    def _serve(self, process: Beside, call: Callable[..., Any], work: "_Work") -> None:
        """Have a process beside do its part."""
        self._meshed.wait()
        while (name := self._next(process, work)) is not None:
            hear = _prefixed(self._say, name)
            given = (self._setting, name, self._cases[name], call, *work.arguments[name])
            work.settle(name, partial(process.call, _call, *given, hear=hear))

    def _idle(self, process: Beside, work: "_Work") -> None:
        """Have it load what comes next, if others are still at work; nobody waits for it."""
        if work.waited_for:
            with suppress(BesideError, OSError):  # it was ended meanwhile, or its next call says what is wrong with it
                process.call(_load, work.idle, hear=self._say)


def nearest(free: Iterable[str], mine: Iterable[str], taken: Iterable[str], cases: Mapping[str, Case]) -> str:
    """The first free load case on an orbit that a process knows, with the Sun over its years and the light on it; else on a new one.

    Args:
        free: Load cases to choose from.
        mine: Those of the process.
        taken: Those of all processes.
        cases: By name.
    """
    known, others = [cases[name].orbit for name in mine], [cases[name].orbit for name in taken]

    def strange(name: str) -> int:
        orbit = cases[name].orbit
        return 0 if orbit in known else 1 if orbit not in others else 2

    return min(free, key=strange)


@dataclass(slots=True, eq=False)
class _Work:
    """One round of calls."""

    free: deque[str]  #: load cases that no process has had yet; with "any", in this round
    arguments: Arguments
    whose: Whose
    idle: str  #: module to load while waiting
    begun: set[str] = field(default_factory=set)
    answers: dict[str, Any] = field(default_factory=dict)
    failures: dict[str, Exception] = field(default_factory=dict)
    lock: Any = field(default_factory=threading.Lock)

    @property
    def waited_for(self) -> bool:
        """Whether there is something to load while another process is still at work."""
        return bool(self.idle) and not self.failures and len(self.answers) < len(self.arguments)

    def settle(self, name: str, work: Callable[[], Any]) -> None:
        """Keep what comes of one."""
        try:
            answer = work()
        except Exception as error:  # raised by `Crew.each`, where the other processes have come to rest
            with self.lock:
                self.failures[name] = error
        else:
            with self.lock:
                self.answers[name] = answer


class _Serving(threading.Thread):
    """What one process beside does in a round, and then in its own time."""

    def __init__(self, work: Callable[[], None], idle: Callable[[], None], before: "_Serving | None") -> None:
        """Begin once it has come to the end of `before`."""
        super().__init__(daemon=True)
        self._work, self._idle, self._before, self.done = work, idle, before, threading.Event()
        self.start()

    def run(self) -> None:
        """As told."""
        if self._before is not None:
            self._before.join()
            self._before = None
        try:
            self._work()
        finally:
            self.done.set()
        self._idle()


_here: dict[str, LoadCase] = {}  #: of a process beside: its load cases, which share meshed bodies


def _call(tell: Tell, setting: Setting, name: str, case: Case, call: Callable[..., Any], *arguments: Any) -> Any:
    """In a process beside: a method of one of its load cases."""
    if name not in _here:
        bodies = next((known.bodies for known in _here.values()), None) or meshed_bodies()
        _here[name] = LoadCase(setting, name, case, bodies, tell, world())
    return call(_here[name], *arguments)


def load(module: str) -> None:
    """Load what will be needed soon; whoever needs it says what is wrong with it."""
    with suppress(ImportError), loading():
        import_module(module)


def _load(_: Tell, module: str) -> None:
    """In a process beside: the same."""
    load(module)


class _Turns:
    """Passes on what load cases side by side have to say, one of them at a time, so that a bar does not jump between them."""

    def __init__(self, say: Say) -> None:
        self._say, self._lock, self._known = say, threading.Lock(), set[str]()
        self._speaker, self._heard = "", -QUIET

    def say(self, words: str, fraction: float) -> None:
        """A word of one."""
        name, now = words.partition(": ")[0], monotonic()
        with self._lock:
            if name in self._known and name != self._speaker and now - self._heard < QUIET:
                return
            self._known.add(name)
            self._speaker, self._heard = name, now
            self._say(words, fraction)


def _prefixed(say: Say, name: str) -> Say:
    return (lambda words, fraction: say(f"{name}: {words}", fraction)) if name else say
