"""gmsh at arm's length: what calls it runs in a process of its own, so that a mesher that dies or hangs costs one sentence.

The process is started when first needed, serves all later calls, and ends with the one that started it. What is called and what comes back
travel as pickles; what the kernel prints stays with it.
"""

import atexit
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, NoReturn

from meshes.errors import GeometryError

LONGEST = 1800.0  #: s that one call may take
LOOK = 1.0  #: s between two looks at whether the process that started this one is still there
START = "import sys; sys.path[:] = {path!r}; from meshes.kernel import serve; serve({ours}, {parent})"

ADVICE = "try another mesh size or move parts apart"

Tell = Callable[[object], None]  #: sends what is known so far to the caller


class KernelDiedError(GeometryError):
    """The process of the mesher ended without an answer."""


class _Kernel:
    """A process that calls gmsh, seen from the one that asks."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            code = START.format(path=sys.path, ours=theirs.fileno(), parent=os.getpid())
            self.process = subprocess.Popen([sys.executable, "-c", code], pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        self.connection = Connection(ours.detach())
        self.owner = os.getpid()

    def end(self) -> None:
        """End the process, whatever it does."""
        self.connection.close()
        if self.owner == os.getpid():
            self.process.kill()
            self.process.wait()


_lock = threading.Lock()
_kernels: list[_Kernel] = []  #: the one that serves this process, if any


def run[T](work: Callable[..., T], *args: object, hear: Tell | None = None, longest: float = LONGEST) -> T:
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
        kernel = _kernel()
        try:
            kernel.connection.send((work, args))
            answer: T = _answer(kernel, hear, longest)
            return answer
        except (KernelDiedError, _LateError, KeyboardInterrupt):
            _forget()
            raise


class _LateError(GeometryError):
    """The mesher took too long."""


def _answer(kernel: _Kernel, hear: Tell | None, longest: float) -> Any:
    until = time.monotonic() + longest
    while True:
        try:
            if not kernel.connection.poll(max(until - time.monotonic(), 0.0)):
                raise _LateError(f"mesh: the mesher (gmsh) had no answer after {longest:g} s; try a larger mesh size, or a simpler part")
            kind, what = kernel.connection.recv()
        except (EOFError, ConnectionError):
            raise KernelDiedError(
                f"mesh: the mesher (gmsh) died ({_how(kernel.process)}); try another mesh size or move parts apart"
            ) from None
        if kind == "result":
            return what
        if kind == "error":
            raise what
        if hear is not None:
            hear(what)


def _how(process: "subprocess.Popen[bytes]") -> str:
    """How a process ended."""
    code = process.wait()
    return f"signal {-code}, {signal.strsignal(-code)}" if code < 0 else f"exit code {code}"


def _kernel() -> _Kernel:
    """The process that serves this one; a fork of the one that it served gets its own."""
    if _kernels and (_kernels[0].owner != os.getpid() or _kernels[0].process.poll() is not None):
        _forget()
    if not _kernels:
        _kernels.append(_Kernel())
    return _kernels[0]


def started() -> bool:
    """Whether there is a process that calls gmsh for this one."""
    return bool(_kernels)


def restart() -> None:
    """Let the next call find a new process, with nothing left of what went wrong in this one."""
    with _lock:
        _forget()


def _forget() -> None:
    while _kernels:
        _kernels.pop().end()


atexit.register(_forget)


def serve(descriptor: int, parent: int) -> None:
    """Answer what comes over a socket until its other end closes, as the process that calls gmsh."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of the terminal: the caller decides
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # OpenCASCADE prints what it finds wrong with a file
    os.dup2(1, 2)
    with suppress(EOFError, ConnectionError), Connection(descriptor) as connection:
        while True:
            work, args = connection.recv()
            connection.send_bytes(_done(connection, work, args))


def _done(connection: Connection, work: Callable[..., Any], args: tuple[object, ...]) -> bytes:
    """The pickled answer."""
    from meshes.gmsh_session import session

    try:
        with session() as gmsh:
            answer = "result", work(gmsh, lambda what: connection.send(("told", what)), *args)
    except ImportError as error:
        answer = "error", GeometryError(f"mesh: gmsh cannot be used ({error}); install it with `pip install heliorack[mesh]`")
    except Exception as error:  # whatever the work raises goes to its caller
        answer = "error", error
    try:
        return pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # pickle raises what the object's own methods do
        return pickle.dumps(("error", GeometryError(f"mesh: {answer[1]} ({error})")))


def _end_with(parent: int) -> NoReturn:
    """End this process, whatever it does, when the one that started it is gone."""
    while os.getppid() == parent:
        time.sleep(LOOK)
    os._exit(1)
