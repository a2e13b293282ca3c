"""gmsh at arm's length: what calls it runs in a process of its own, so that a mesher that dies or hangs costs one sentence.

The process is started when first needed and serves all later calls. What the kernel prints stays with it.
"""

import atexit
import os
import pickle
import threading
from collections.abc import Callable
from typing import Any

from meshes.beside import Beside, DiedError, LateError, Tell, answer_all
from meshes.errors import GeometryError

LONGEST = 1800.0  #: s that one call may take
ADVICE = "try another mesh size or move parts apart"


class KernelDiedError(GeometryError):
    """The process of the mesher ended without an answer."""


_lock = threading.Lock()
_kernels: list[Beside] = []  #: the one that serves this process, if any


def run[T](work: Callable[..., T], *args: object, hear: Tell = lambda what: None, longest: float = LONGEST) -> T:
    """What `work(gmsh, tell, *args)` returns or raises, in a session of gmsh of its own.

    Args:
        work: A function of a module; it, its arguments and its result can be pickled.
        hear: Called with what `work` tells.
        longest: Time that it may take [s].

    Raises:
        KernelDiedError: the process ended.
        GeometryError: it took too long, or gmsh is not installed.
    """
    with _lock:
        try:
            found, fault = _kernel().ask((work, args), hear, longest)
        except DiedError as how:
            _forget()
            raise KernelDiedError(f"mesh: the mesher (gmsh) died ({how}); {ADVICE}") from None
        except LateError:
            _forget()
            said = f"mesh: the mesher (gmsh) had no answer after {longest:g} s; try a larger mesh size, or a simpler part"
            raise GeometryError(said) from None
        except KeyboardInterrupt:
            _forget()
            raise
    if fault is not None:
        raise fault
    answer: T = found
    return answer


def started() -> bool:
    """Whether there is a process that calls gmsh for this one."""
    return bool(_kernels)


def restart() -> None:
    """Let the next call find a new process, with nothing left of what went wrong in this one."""
    with _lock:
        _forget()


def _kernel() -> Beside:
    """The process that serves this one; a fork of the one that it served gets its own."""
    if _kernels and not _kernels[0].serves:
        _forget()
    if not _kernels:
        _kernels.append(Beside("meshes.kernel"))
    return _kernels[0]


def _forget() -> None:
    while _kernels:
        _kernels.pop().close()


atexit.register(_forget)


def serve(descriptor: int, parent: int) -> None:
    """As the process that calls gmsh: answer what comes over a socket."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # OpenCASCADE prints what it finds wrong with a file
    answer_all(descriptor, parent, _answer)


def _answer(tell: Tell, question: tuple[Callable[..., Any], tuple[object, ...]]) -> tuple[Any, Exception | None]:
    """What the work returns, and what it raises."""
    from meshes.gmsh_session import session

    work, args = question
    try:
        with session() as gmsh:
            return work(gmsh, tell, *args), None
    except ImportError as error:
        return None, GeometryError(f"mesh: gmsh cannot be used ({error}); install it with `pip install heliorack[mesh]`")
    except Exception as error:  # whatever the work raises goes to its caller
        try:
            pickle.dumps(error)
        except Exception:  # pickle raises what the error's own methods do
            return None, GeometryError(f"mesh: {type(error).__name__}: {error}")
        return None, error
