"""A process beside this one that calls functions for it: what load cases run side by side in."""

import os
from collections.abc import Callable
from typing import Any

import meshes.beside
from heliorack.runtime.parallel import carried, rebuilt
from meshes.beside import DiedError, Tell, answer_all

RANKS = ("PMI_", "PMIX_", "OMPI_")  #: what tells MPI that a process is one of several


class BesideError(RuntimeError):
    """The process ended without an answer."""


class Beside:
    """The process, seen from the one that asks; one call at a time."""

    def __init__(self) -> None:
        """Start it; it loads what it needs while nobody waits."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(RANKS)}
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


def serve(descriptor: int, parent: int) -> None:
    """As the process beside: answer what comes over a socket."""
    answer_all(descriptor, parent, _answer)


def _answer(tell: Tell, question: tuple[Callable[..., Any], tuple[Any, ...]]) -> tuple[Any, tuple[Any, ...] | None]:
    """What a function returns, and what it raises, as errors go to another process."""
    function, arguments = question
    try:
        return function(tell, *arguments), None
    except Exception as error:  # whatever it raises goes to its caller
        return None, carried(error)
