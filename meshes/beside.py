"""A process beside this one that answers questions, and ends with the one that started it, however that ends. Knows neither gmsh nor cases.

Questions and answers travel as pickles; on its way to an answer it may tell its caller something.
"""

import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, NoReturn

LOOK = 1.0  #: s between two looks at whether the process that started this one is still there
START = "import sys; sys.path[:] = {path!r}; from {module} import serve; serve({theirs}, {parent})"

Tell = Callable[..., None]  #: sends its arguments to the caller


class DiedError(RuntimeError):
    """The process ended without an answer; says how."""


class LateError(RuntimeError):
    """It had no answer in the time that it was given."""


class Beside:
    """The process, seen from the one that asks; one question at a time."""

    def __init__(self, module: str, environment: Mapping[str, str] | None = None) -> None:
        """Start it; it loads what it needs while nobody waits.

        Args:
            module: Its function `serve(descriptor, parent)` is what the process runs; see `answer_all`.
            environment: Its variables; those of this process by default.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            code = START.format(path=sys.path, module=module, theirs=theirs.fileno(), parent=os.getpid())
            files: dict[str, Any] = {"pass_fds": [theirs.fileno()], "stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
            self._process = subprocess.Popen([sys.executable, "-c", code], env=environment, **files)
        self._connection = Connection(ours.detach())
        self._owner = os.getpid()

    @property
    def serves(self) -> bool:
        """Whether it is there, and for this process: not for the one that this is a fork of."""
        return self._owner == os.getpid() and self._process.poll() is None

    def ask(self, question: object, hear: Tell, longest: float | None = None) -> Any:
        """The answer to a question, `hear` being called with what is told on the way.

        Args:
            longest: Time that it may take [s]; any by default.

        Raises:
            DiedError: the process ended.
            LateError: it took too long, and goes on.
        """
        until = None if longest is None else time.monotonic() + longest
        try:
            self._connection.send(question)
            while self._connection.poll(None if until is None else max(until - time.monotonic(), 0.0)):
                told, what = self._connection.recv()
                if not told:
                    return what
                hear(*what)
        except (EOFError, ConnectionError):
            code = self._process.wait()
            raise DiedError(f"signal {-code}, {signal.strsignal(-code)}" if code < 0 else f"exit code {code}") from None
        raise LateError

    def close(self) -> None:
        """End it, whatever it does."""
        if self._owner == os.getpid():
            self._process.kill()
            self._process.wait()
        self._connection.close()


def answer_all(descriptor: int, parent: int, answer: Callable[[Tell, Any], object]) -> None:
    """As the process beside: answer what comes over a socket until its other end closes.

    Args:
        answer: Of a way to tell something and a question; raises nothing, and what it returns can be pickled.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of the terminal: the caller decides
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    with suppress(EOFError, ConnectionError), Connection(descriptor) as connection:
        while True:
            found = answer(lambda *words: connection.send((True, words)), connection.recv())
            connection.send_bytes(pickle.dumps((False, found), pickle.HIGHEST_PROTOCOL))


def _end_with(parent: int) -> NoReturn:
    """End this process, whatever it does, when the one that started it is gone."""
    while os.getppid() == parent:
        time.sleep(LOOK)
    os._exit(1)
