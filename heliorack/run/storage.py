"""Writing while a run goes on: whole or not at all, and a disk that is full ends the run with what it has kept."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np


class StorageError(RuntimeError):
    """The disk refused a file of a run; says which, why, what is kept and how to go on."""


@contextmanager
def storing(place: Path, what: str) -> Iterator[None]:
    """The disk's refusals in our words.

    Args:
        place: Folder of the run.
        what: Was being written, as "the checkpoint at 5400 s".

    Raises:
        StorageError: a file could not be written.
    """
    try:
        yield
    except OSError as error:
        kept = sorted(path.name for path in place.glob("checkpoint.npz")) if place.exists() else []
        left = f"The last whole checkpoint lies in {place}" if kept else f"Nothing of it is kept yet in {place}"
        raise StorageError(
            f"{what} could not be written ({error.filename or place}: {(error.strerror or str(error)).lower()}). {left}; "
            f"{_room(place)}make room, or move the run to another disk, and go on with --resume."
        ) from error


def write_arrays(path: Path, arrays: Mapping[str, Any]) -> None:
    """Write arrays by way of a temporary name: what lay there before stays until the new file is whole and on the disk.

    Raises:
        OSError: the disk refused.
    """
    temporary = path.with_name(f"new_{path.name}")
    try:
        with temporary.open("wb") as file:
            np.savez(file, **arrays)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def reserve(place: Path, size: int) -> None:
    """See that there is room for so many bytes: VTK aborts the whole process where a disk fills up under it.

    Raises:
        OSError: there is not.
    """
    probe = place / ".room"
    try:
        with probe.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(size, 1))
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)


def _room(place: Path) -> str:
    """How much is free there, in a few words; nothing where that cannot be known."""
    try:
        found = os.statvfs(place)
    except OSError:
        return ""
    return f"{found.f_bavail * found.f_frsize / 1e6:.0f} MB are free there; "
