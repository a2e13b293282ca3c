"""How far a sweep is, from its folder alone: while it runs, after a kill, and when it is done."""

from __future__ import annotations

import json
import os
import re
import socket
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from heliorack.sweep.design import plan_file

MANIFEST, FAILED, PARTIAL = "manifest.json", ".failed.json", ".partial"
RECENT = 20  #: points from whose ends the rate is taken
WORKER = re.compile(r"-(?P<host>[^/]+?)-(?P<pid>\d+)\.partial$")  #: end of the name of a folder that a worker is at


@dataclass(frozen=True, slots=True)
class Failed:
    """A point that could not be solved."""

    point: str
    message: str


@dataclass(frozen=True, slots=True)
class Status:
    """Points of a sweep by what became of them."""

    folder: Path
    title: str
    state: Literal["finished", "running", "stopped"]
    points: int
    skipped: int  #: combinations that a constraint leaves out
    done: int
    running: int  #: folders that a living process is at, as far as this machine can tell
    failures: tuple[Failed, ...]
    rate: float | None  #: points per second over the last few; None before two are settled

    @property
    def left(self) -> int:
        """Points that are neither done nor failed."""
        return max(self.points - self.done - len(self.failures), 0)

    @property
    def seconds_left(self) -> float | None:
        """At that rate [s]."""
        return self.left / self.rate if self.rate else None

    def json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "folder": str(self.folder),
            "title": self.title,
            "state": self.state,
            "points": self.points,
            "skipped": self.skipped,
            "done": self.done,
            "running": self.running,
            "failed": len(self.failures),
            "left": self.left,
            "rate_per_min": None if self.rate is None else round(60 * self.rate, 3),
            "time_left_s": None if self.seconds_left is None else round(self.seconds_left),
            "failures": [{"point": failed.point, "message": failed.message} for failed in self.failures],
        }

    def words(self) -> str:
        """For people."""
        from heliorack.sweep.execution.progress import clock

        parts = [f"{self.done} done", *([f"{self.running} running"] if self.running else [])]
        parts += [f"{len(self.failures)} failed", f"{self.left} left"]
        skipped = f" ({self.skipped} combinations skipped)" if self.skipped else ""
        lines = [f"{self.title or self.folder}: {self.state}", f"{self.points} points{skipped}: {', '.join(parts)}"]
        if self.rate is not None and self.left:
            speed = f"{60 * self.rate:.1f} points/min" if self.rate < 1 else f"{self.rate:.1f} points/s"
            lines.append(f"{speed}, {clock(self.left / self.rate)} left" + (" once it goes on" if self.state == "stopped" else ""))
        if self.state == "stopped":
            lines.append(
                "no process of this machine is at it; the same heliorack sweep run goes on from what is whole"
                if self.left
                else "every point is settled; the same heliorack sweep run closes the table"
            )
        for message, names in self.by_message().items():
            more = f" and {len(names) - 1} more" if len(names) > 1 else ""
            lines.append(f"failed   {names[0]}{more}:\n         " + message.strip().replace("\n", "\n         "))
        if self.failures:
            lines.append("heliorack sweep run --retry-failed solves them again")
        return "\n".join(lines)

    def by_message(self) -> dict[str, list[str]]:
        """Points that failed, by message; messages that differ only in their numbers count as one."""
        alike: dict[str, tuple[str, list[str]]] = {}
        for failed in self.failures:
            shape = re.sub(r"-?\d+(\.\d+)?(e-?\d+)?", "#", failed.message)
            alike.setdefault(shape, (failed.message, []))[1].append(failed.point)
        return dict(alike.values())


def status(folder: Path) -> Status:
    """Read how far a sweep is.

    Raises:
        FolderError: the folder holds no sweep.
        FormatError: of a form that this version does not read.
    """
    plan = plan_file.read(folder)
    ends, busy, failures = [], [], []
    for item in sorted(folder.iterdir()):
        if item.name.endswith(PARTIAL):
            busy.append(item.name)
        elif item.name.endswith(FAILED):
            failures.append(Failed(item.name.removesuffix(FAILED), _message(item)))
            ends += _moment(item)
        elif item.is_dir():
            ends += _moment(item / MANIFEST)
    done = len(ends) - len(failures)
    finished = (folder / "sweep.json").exists() and len(ends) >= plan.points
    running = 0 if finished else sum(_lives(name) for name in busy)
    return Status(
        folder=folder,
        title=plan.title,
        state="finished" if finished else "running" if running or _held(folder / ".lock") else "stopped",
        points=plan.points,
        skipped=plan.skipped,
        done=done,
        running=running,
        failures=tuple(failures),
        rate=rate(ends),
    )


def rate(ends: list[float]) -> float | None:
    """Points per second, from the moments [s] at which they were settled: the last few, without pauses that dwarf the others.

    >>> rate([0.0, 2.0, 4.0]), rate([1.0]), rate([0.0, 1000.0, 1001.0, 1002.0])
    (0.5, None, 1.0)
    """
    last = sorted(ends)[-RECENT:]
    gaps = sorted(b - a for a, b in pairwise(last))
    if not gaps:
        return None
    usual = 10 * gaps[(len(gaps) - 1) // 2]
    counted = [gap for gap in gaps if gap <= usual] if usual else gaps
    return len(counted) / sum(counted) if sum(counted) > 0 else None


def _moment(path: Path) -> list[float]:
    """When a file was written [s]; nothing where it is not there (any more)."""
    with suppress(OSError):
        return [path.stat().st_mtime]
    return []


def _message(path: Path) -> str:
    """The message of a failed point; a record that goes away or is damaged says so."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return str(json.loads(path.read_text(encoding="utf-8"))["message"])
    return "its record cannot be read"


def _lives(name: str) -> bool:
    """Whether a process is at a folder in the making; one of another machine is believed to live."""
    host = socket.gethostname()
    worker = WORKER.search(name)
    if worker is None:
        return True
    pid = int(worker["pid"])
    if not name.removesuffix(f"-{pid}{PARTIAL}").endswith(f"-{host}"):
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _held(lock: Path) -> bool:
    """Whether a process of this machine holds the sweep: by the kernel's list, since trying the lock could refuse a sweep that starts."""
    with suppress(OSError):
        inode = lock.stat().st_ino
        held = Path("/proc/locks").read_text(encoding="ascii").splitlines()
        return any("FLOCK" in line and line.split()[-3].endswith(f":{inode}") for line in held)
    return False
