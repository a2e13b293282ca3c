"""Files that a case names are there, regular and of bounded size, and the tables among them can be read."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from heliorack.casefile.errors import NOTHING
from heliorack.casefile.messages import Fault, Location
from heliorack.checks.context import Facts
from heliorack.checks.measured_file import read_measured
from orbit.attitude.quaternions import read_quaternions
from orbit.kinds.oem import read_oem
from power.computing.schedule import read_schedule

LARGEST = 1 << 30  #: bytes of a file of geometry or of a state; tables are bounded by their readers


def files(facts: Facts) -> Iterator[Fault]:
    """Every file that a table without faults names."""
    for at, name in facts.files.items():
        table = next((facts.reading.built[at[:n]] for n in (2, 1) if at[:n] in facts.reading.built), None)
        if table is None:
            continue  # a table with faults of its own
        said = unusable(facts.folder, name)
        if said:
            yield Fault(at, name, said)
            continue
        try:
            _reader(at, facts)(facts.folder / name)
        except OSError as error:
            yield Fault(at, name, f"cannot be read ({(error.strerror or str(error)).lower()})")
        except ValueError as error:
            yield Fault(at, name, str(error).removeprefix(f"{'.'.join(map(str, at))} "))


def unusable(folder: Path, name: str, most: int = LARGEST) -> str:
    """What is wrong with a file before it is opened; empty if nothing is. A pipe or a device is never opened."""
    if not name or "\0" in name:
        return "is no name of a file; paths start at the folder of the case file"
    try:
        about = (folder / name).stat()
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            return f"no such file in {folder}; paths start at the folder of the case file"
        return f"cannot be read ({(error.strerror or str(error)).lower()})"
    if not stat.S_ISREG(about.st_mode):
        return "is a folder, a pipe or a device; expected a regular file"
    if about.st_size > most:
        return f"holds {about.st_size / 2**20:.0f} MiB; expected at most {most / 2**20:.0f} MiB"
    return ""


def _reader(at: Location, facts: Facts) -> Callable[[Path], Any]:
    """What reads the file at a location; geometry and states are read by those who use them."""
    match at:
        case ("orbit", *_):
            return read_oem
        case ("attitude", *_):
            return read_quaternions
        case ("compute", *_):
            return read_schedule
        case ("measured", *_):
            told = facts.reading.built[("measured",)]
            columns = {tc.name: tc.column or tc.name for _, tc in facts.reading.items("thermocouples")}
            return lambda path: read_measured(path, told, columns)
    return lambda path: NOTHING
