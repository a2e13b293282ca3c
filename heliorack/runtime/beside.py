"""A process beside this one that calls functions for it: what load cases run side by side in."""

import os
import re
import signal
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import meshes.beside
from heliorack.runtime.allocator import keep_freed
from heliorack.runtime.collector import collect_seldom, loading
from heliorack.runtime.parallel import carried, rebuilt
from meshes.beside import DiedError, Tell, answer_all

RANKS = ("PMI_", "PMIX_", "OMPI_")  #: what tells MPI that a process is one of several


LOADS = "HELIORACK_BESIDE_LOADS"  #: environment variable of the process beside: what it loads before the first call


class BesideError(RuntimeError):
    """The process ended without an answer."""


class Beside:
    """The process, seen from the one that asks; one call at a time."""

    def __init__(self, loads: str = "") -> None:
        """Start it; it loads what it needs while nobody waits.

        Args:
            loads: Module that it loads before the first call.
        """
        environment = {name: value for name, value in os.environ.items() if not name.startswith(RANKS)} | {LOADS: loads}
        self._process = meshes.beside.Beside("heliorack.runtime.beside", environment)

    def call(self, function: Callable[..., Any], *arguments: Any, hear: Tell) -> Any:
        """What `function(tell, *arguments)` returns there, `hear` being called with what it tells.

        Raises:
            Exception: what the function raises.
            BesideError: the process ended.
        """
        try:
            found, fault = self._process.ask((function, arguments), hear)
        except DiedError as how:
            said = f"a process that solved load cases died ({how}); it may have run out of memory: try --processes 1"
            raise BesideError(said) from None
        if fault is not None:
            raise rebuilt(*fault)
        return found

    def close(self) -> None:
        """End it, whatever it does."""
        self._process.close()


_ahead: list[Beside] = []  #: that nobody has asked for yet
PROCESSES = "HELIORACK_PROCESSES"  #: environment variable for how many, where the command line does not say
LOAD_CASE = re.compile(r"^[ \t]*\[[ \t]*cases[ \t]*\.[ \t]*([^].]+)", re.MULTILINE)


def start_ahead(case_file: Path, processes: int | None, loads: str) -> None:
    """Start what the load cases of a file will be solved in, for `taken`, as early as that can be guessed.

    Args:
        processes: Asked for, this one included.
        loads: Module that they load.
    """
    said = os.environ.get(PROCESSES)
    if any(name.startswith(RANKS) for name in os.environ) or (processes is None and said is not None and not said.isdecimal()):
        return
    try:
        cases = len(set(LOAD_CASE.findall(case_file.read_text(encoding="utf-8"))))
    except (OSError, ValueError):  # whoever reads it says so
        return
    count = processes if processes is not None else cores() if said is None else int(said)
    _ahead.extend(Beside(loads) for _ in range(min(count, cases, cores()) - 1))


def taken(loads: str) -> Beside:
    """A process that loads a module: one started ahead, or a new one."""
    return _ahead.pop() if _ahead else Beside(loads)


def dismiss() -> None:
    """End those that were started ahead and not taken."""
    while _ahead:
        _ahead.pop().close()


def cores() -> int:
    """Processors that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def serve(descriptor: int, parent: int) -> None:
    """As the process beside: answer what comes over a socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of the terminal: the caller decides, from the first import on
    collect_seldom()
    keep_freed()
    if loads := os.environ.pop(LOADS, ""):
        with loading():
            import_module(loads)
    answer_all(descriptor, parent, _answer)


def _answer(tell: Tell, question: tuple[Callable[..., Any], tuple[Any, ...]]) -> tuple[Any, tuple[Any, ...] | None]:
    """What a function returns, and what it raises, as errors go to another process."""
    function, arguments = question
    try:
        return function(tell, *arguments), None
    except Exception as error:  # whatever it raises goes to its caller
        return None, carried(error)
