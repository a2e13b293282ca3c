"""Progress on standard error: a bar with elapsed time and time left on a terminal; elsewhere a line per load case and one a minute."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from typing import Any

Say = Callable[[str, float], None]

PATIENCE = 2.0  #: s without a word; shorter runs need none
STARTING = "starting"
WIDEST = 46  #: columns of what is being done; the times beside it stay whole on a terminal of 100
ALMOST = 0.999  #: of a step: a bar of rich that is full keeps its time from then on
MINUTE = 60.0  #: s between lines on what a long run does, where there is no terminal


@contextmanager
def progress(quiet: bool = False) -> Iterator[Say]:
    """Yield `say(words, fraction)`; words that start with "name: " belong to load case `name`.

    Args:
        quiet: Say nothing: ranks of an MPI run other than the first.
    """
    if quiet:
        yield _nothing
    elif sys.stderr.isatty():
        bar = _Bar()
        try:
            yield bar.say
        finally:
            bar.close()
    else:
        yield _Lines().say


def _nothing(words: str, fraction: float) -> None:
    """Says nothing."""


class _Lines:
    """One plain line per load case, the first after `PATIENCE`, and every minute one with what is being done and how far it is."""

    def __init__(self) -> None:
        self.began = self.last = monotonic()
        self.said: set[str] = set()

    def say(self, words: str, fraction: float) -> None:
        name = words.partition(": ")[0] if ": " in words else ""
        now = monotonic()
        if now - self.began < PATIENCE:
            return
        new, late = name not in self.said, now - self.last >= MINUTE
        if not new and not late:
            return
        self.said.add(name)
        self.last = now
        done = f", {100 * min(max(fraction, 0.0), 1.0):.0f} %" if late and fraction > 0 else ""
        print(f"{now - self.began:5.0f} s  {words if late or not name else name}{done}", file=sys.stderr, flush=True)


class _Bar:
    """A bar of rich, after `PATIENCE` even where nothing was said yet; it goes when the run ends."""

    def __init__(self) -> None:
        self.began = monotonic()
        self.live: Any = None
        self.task: Any = None
        self.words, self.name, self.done = STARTING, "", 0.0
        self.lock = threading.Lock()
        self.late = threading.Timer(PATIENCE, self._late)  # loading the solvers can take longer than that, and says nothing
        self.late.daemon = True
        self.late.start()

    def say(self, words: str, fraction: float) -> None:
        with self.lock:
            if self.live is None:
                if monotonic() - self.began < PATIENCE:
                    self.words = words
                    return
                self._open()
            done = min(max(fraction, 0.0), ALMOST)
            name = words.partition(": ")[0] if ": " in words else ""
            if name != self.name or done < self.done:  # another load case, or its next step: time left starts afresh
                self.live.reset(self.task)
            self.name, self.done = name, done
            self.live.update(self.task, description=words, completed=done)

    def _late(self) -> None:
        with self.lock:
            if self.live is None:
                self._open()

    def _open(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
        from rich.table import Column

        columns = (
            TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis", max_width=WIDEST)),
            BarColumn(),
            TaskProgressColumn(),
            _elapsed_column(self.began),
            TextColumn("left"),
            TimeRemainingColumn(),
        )
        self.live = Progress(*columns, console=Console(stderr=True), transient=True)
        self.task = self.live.add_task(self.words, total=1.0)
        self.live.start()

    def close(self) -> None:
        self.late.cancel()
        with self.lock:
            if self.live is not None:
                self.live.stop()


def _elapsed_column(began: float) -> Any:
    """Time since the run began, whatever step it is at; that of rich would begin anew at each step and stand still where one is done."""
    from rich.progress import ProgressColumn, Task
    from rich.text import Text

    class Elapsed(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"elapsed {timedelta(seconds=int(monotonic() - began))}")

    return Elapsed()


def silent(words: str, fraction: float) -> None:
    """Progress that nobody hears."""
