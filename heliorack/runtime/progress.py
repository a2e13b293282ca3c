"""Progress on standard error: a bar with elapsed time and time left on a terminal; elsewhere a line per load case and one a minute."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

Say = Callable[[str, float], None]

PATIENCE = 2.0  #: s without a word; shorter runs need none
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
    """A bar of rich, from the first word after `PATIENCE`; it goes when the run ends."""

    def __init__(self) -> None:
        self.began = monotonic()
        self.live: Any = None
        self.task: Any = None
        self.name = ""

    def say(self, words: str, fraction: float) -> None:
        if self.live is None:
            if monotonic() - self.began < PATIENCE:
                return
            self._open()
        name = words.partition(": ")[0] if ": " in words else ""
        if name != self.name:  # another load case: time left starts afresh
            self.name = name
            self.live.reset(self.task)
        self.live.update(self.task, description=words, completed=min(max(fraction, 0.0), 1.0))

    def _open(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("elapsed"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
        )
        self.live = Progress(*columns, console=Console(stderr=True), transient=True)
        self.task = self.live.add_task("", total=1.0)
        self.live.start()

    def close(self) -> None:
        if self.live is not None:
            self.live.stop()


def silent(words: str, fraction: float) -> None:
    """Progress that nobody hears."""
