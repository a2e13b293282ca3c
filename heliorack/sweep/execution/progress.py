"""How far a sweep is, on standard error: a live line on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

EVERY = 10.0  #: s between plain lines


@dataclass(slots=True)
class Counts:
    """Points of a sweep by what became of them."""

    points: int
    done: int = 0
    failed: int = 0
    running: int = 0
    workers: int = 0
    teaching: int = 0  #: reduced models that are being made
    settled_before: int = 0  #: when this session began
    began: float = field(default_factory=monotonic)

    @classmethod
    def of(cls, points: int, states: Iterable[str]) -> Counts:
        """Counts at the beginning of a session."""
        found = cls(points)
        for state in states:
            found.add(state)
        found.settled_before = found.settled
        return found

    @property
    def settled(self) -> int:
        """Points done or failed."""
        return self.done + self.failed

    def add(self, state: str) -> None:
        """One point more."""
        if state == "done":
            self.done += 1
        else:
            self.failed += 1

    def rate(self) -> float:
        """Points per second in this session; 0 before the first."""
        return (self.settled - self.settled_before) / max(monotonic() - self.began, 1e-9)

    def left(self) -> float | None:
        """Time left [s]; None before the first point."""
        rate = self.rate()
        return (self.points - self.settled) / rate if rate > 0 else None

    def words(self) -> str:
        """All of it in one line."""
        if not self.workers and self.settled < self.points:
            return f"{self.settled} of {self.points} points; waiting for workers"
        if self.teaching:
            return f"{self.settled} of {self.points} points; {self.teaching} reduced models being made"
        left, rate = self.left(), self.rate()
        speed = f"{rate:.1f} points/s" if rate >= 1 else f"{60 * rate:.1f} points/min"
        time = "" if left is None else f", {speed}, {clock(left)} left"
        failed = f", {self.failed} failed" if self.failed else ""
        return f"{self.settled} of {self.points} points{failed}, {self.running} running{time}"


Show = Callable[[Counts], None]


def quiet(counts: Counts) -> None:
    """Says nothing."""


def clock(seconds: float) -> str:
    """A time in words.

    >>> clock(42), clock(130), clock(9000)
    ('42 s', '2 min 10 s', '2 h 30 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min {whole % 60} s" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60} min"


@contextmanager
def sweep_progress() -> Iterator[Show]:
    """Yield what is to be told the counts."""
    if not sys.stderr.isatty():
        yield _Lines().show
        return
    bar = _Bar()
    try:
        yield bar.show
    finally:
        bar.close()


class _Lines:
    """A plain line every `EVERY` seconds."""

    def __init__(self) -> None:
        self.began = self.last = monotonic()

    def show(self, counts: Counts) -> None:
        now = monotonic()
        if now - self.last >= EVERY:
            self.last = now
            print(f"{now - self.began:5.0f} s  {counts.words()}", file=sys.stderr, flush=True)


class _Bar:
    """A bar of rich; it goes when the sweep ends."""

    def __init__(self) -> None:
        self.live: Any = None
        self.task: Any = None

    def show(self, counts: Counts) -> None:
        if self.live is None:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

            columns = (BarColumn(), TextColumn("{task.description}", markup=False), TextColumn("elapsed"), TimeElapsedColumn())
            self.live = Progress(*columns, console=Console(stderr=True), transient=True)
            self.task = self.live.add_task("", total=counts.points)
            self.live.start()
        self.live.update(self.task, description=counts.words(), completed=counts.settled)

    def close(self) -> None:
        if self.live is not None:
            self.live.stop()
