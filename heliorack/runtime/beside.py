"""A process beside this one that calls functions for it: what load cases run side by side in.

Functions, arguments and answers travel as pickles; on its way a function may tell its caller something. The process ends with the one that
started it, however that ends.
"""

import os
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

from heliorack.runtime.parallel import carried, rebuilt

LOOK = 1.0  #: s between two looks at whether the process that started this one is still there
START = "import sys; sys.path[:] = {path!r}; from heliorack.runtime.beside import serve; serve({theirs}, {parent})"
RANKS = ("PMI_", "PMIX_", "OMPI_")  #: what tells MPI that a process is one of several

Tell = Callable[..., None]  #: sends its arguments to the caller


class BesideError(RuntimeError):
    """The process ended without an answer."""


class Beside:
    """The process, seen from the one that asks; one call at a time."""

    def __init__(self) -> None:
        """Start it; it loads what it needs while nobody waits."""
        ours, theirs = socket.socketpair()
        environment = {name: value for name, value in os.environ.items() if not name.startswith(RANKS)}
        with theirs:
            code = START.format(path=sys.path, theirs=theirs.fileno(), parent=os.getpid())
            files: dict[str, Any] = {"pass_fds": [theirs.fileno()], "stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
            self._process = subprocess.Popen([sys.executable, "-c", code], env=environment, **files)
        self._connection = Connection(ours.detach())

    def call(self, function: Callable[..., Any], *arguments: Any, hear: Tell) -> Any:
        """What `function(tell, *arguments)` returns there, `hear` being called with what it tells.

        Raises:
            Exception: what the function raises.
            BesideError: the process ended.
        """
        try:
            self._connection.send((function, arguments))
            while True:
                kind, what = self._connection.recv()
                if kind == "told":
                    hear(*what)
                elif kind == "error":
                    raise rebuilt(*what)
                else:
                    return what
        except (EOFError, OSError) as error:
            if isinstance(error, OSError) and self._process.poll() is None:
                raise  # the function's own
            code = self._process.wait()
            how = f"signal {-code}, {signal.strsignal(-code)}" if code < 0 else f"exit code {code}"
            said = f"a process that solved load cases died ({how}); it may have run out of memory: try --processes 1"
            raise BesideError(said) from None

    def close(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.wait()
        self._connection.close()


def serve(descriptor: int, parent: int) -> None:
    """Answer what comes over a socket until its other end closes, as the process beside."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of the terminal: the caller decides
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    with suppress(EOFError, ConnectionError), Connection(descriptor) as connection:
        while True:
            function, arguments = connection.recv()
            try:
                answer: tuple[str, Any] = "result", function(lambda *words: connection.send(("told", words)), *arguments)
            except Exception as error:  # whatever it raises goes to its caller
                answer = "error", carried(error)
            connection.send(answer)


def _end_with(parent: int) -> NoReturn:
    """End this process, whatever it does, when the one that started it is gone."""
    while os.getppid() == parent:
        time.sleep(LOOK)
    os._exit(1)
