"""What stops a solve, in our words and with the physical cause that can be found."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from thermal.errors import SolveError, StarvedError

if TYPE_CHECKING:
    from heliorack.run.prepare import Prepared

STOPS = (RuntimeError, MemoryError, np.linalg.LinAlgError)  #: PETSc and MPI raise RuntimeErrors of their own
LIBRARIES = {"petsc4py": "PETSc", "mpi4py": "MPI", "numpy": "numpy"}


@contextmanager
def in_words() -> Iterator[None]:
    """What a library of the solver raises comes as a SolveError.

    Raises:
        SolveError: a library stopped, or memory was short.
    """
    try:
        yield
    except STOPS as error:
        said = of_library(error)
        if said is None:
            raise
        raise SolveError(said) from error


@contextmanager
def explained(ready: "Prepared") -> Iterator[None]:
    """The same, with the physical cause where one can be found.

    Raises:
        SolveError: the solve failed.
    """
    try:
        yield
    except STOPS as error:
        said = str(error) if isinstance(error, SolveError) else of_library(error)
        if said is None:
            raise
        found = _causes(ready, error)
        if isinstance(error, SolveError) and not found:
            raise
        raise SolveError("\n".join([said, *(["Physical cause:"] if found else []), *(f"  {sentence}" for sentence in found)])) from error


def _causes(ready: "Prepared", error: Exception) -> tuple[str, ...]:
    """Physical causes; none where the search for them stops as the solve did, or would have one rank wait for another."""
    from heliorack.model import failed_solve

    if isinstance(error, StarvedError):
        return ()  # it says its own
    ours = isinstance(error, SolveError)
    if isinstance(error, MemoryError) or (not ours and ready.body.layout.comm.size > 1):
        return ()
    try:
        return failed_solve.causes(ready.body, ready.model.at_mean(ready.question.task.times), ready.radiating)
    except STOPS:
        if ready.body.layout.comm.size > 1:
            raise
        return ()


def of_library(error: BaseException | None) -> str | None:
    """An error of PETSc, MPI or numpy, or of memory, in our words; None for any other."""
    library = LIBRARIES.get(type(error).__module__.partition(".")[0])
    if library is None and not isinstance(error, MemoryError):
        return None
    lines = [line.partition("] ")[2] or line for line in str(error).splitlines() if line.strip()]
    said = f"{library}: {lines[-1].strip() if lines else type(error).__name__}" if library else "out of memory"
    return f"the solve stopped ({said}). Try a coarser mesh (mesh.size_mm), another solver.linear, or more memory."


def failure(error: Exception, place: Path) -> SolveError | None:
    """An error of a library in our words, with what is left of the run; None for any other.

    Args:
        error: Of a library, or what `in_words` and `explained` made of it.
        place: Where the checkpoint lies.
    """
    said = str(error) if isinstance(error, SolveError) and of_library(error.__cause__) else of_library(error)
    return None if said is None else SolveError(f"{said}\nWhat is done lies in {place}, and --resume goes on from there.")
