"""Run folders: written beside their final place and renamed when whole. A folder with manifest.json is a result; one without is not."""

import errno
import hashlib
import os
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from heliorack.runfolder.manifest import NAME as MANIFEST
from heliorack.runfolder.manifest import Manifest
from heliorack.runfolder.manifest import content as manifest_content
from heliorack.runfolder.numbered import dumps

CACHE = "HELIORACK_CACHE"  #: environment variable that names the folder of what is kept between runs


class FolderError(ValueError):
    """The output folder cannot be used; says why and what to try."""


def partial(target: Path) -> Path:
    """Where a run lives until it is whole."""
    return target.with_name(target.name + ".partial")


def prepare(target: Path, force: bool = False, resume: bool = False) -> Path:
    """Make the working folder of a run and return it.

    Args:
        target: Final place of the run folder.
        force: A finished run at `target` may be replaced (only once the new one is whole).
        resume: Keep what an interrupted run left.

    Raises:
        FolderError: the target holds a run or anything else, another run is at work there, or no writing is. An empty folder will do.
    """
    refuse_taken(target, force)
    work = partial(target)
    try:
        if work.exists():
            _claim(work)
            if not resume:
                shutil.rmtree(work)
        work.mkdir(parents=True, exist_ok=True)
        _claim(work)
        probe = work / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise FolderError(f"cannot write to {work.parent} ({error.strerror or error}); choose another folder with -o") from error
    return work


_claimed: dict[Path, int] = {}  #: descriptors of working folders that this process has locked; the lock goes with the process


def _claim(work: Path) -> None:
    """Lock a working folder for this process, where the system has such locks.

    Raises:
        FolderError: another process has it.
    """
    try:
        import fcntl
    except ImportError:  # not a Unix
        return
    _release(work)
    there = os.open(work, os.O_RDONLY)
    try:
        fcntl.flock(there, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(there)
        raise FolderError(f"{work} is being written by another run; let it end, or choose another folder with -o") from None
    except OSError:  # a file system without locks
        os.close(there)
        return
    _claimed[work.absolute()] = there


def _release(work: Path) -> None:
    """Give up the lock of a working folder, if this process has it."""
    held = _claimed.pop(work.absolute(), None)
    if held is not None:
        os.close(held)


def refuse_taken(target: Path, force: bool = False) -> None:
    """Refuse a place that holds something else, a finished run that may not be replaced, or one where nothing can be written.

    Raises:
        FolderError: the target is a link, holds a run or anything else, or its folder does not let it be made. An empty folder will do.
    """
    if target.name in ("", ".."):
        raise FolderError(f"{target} cannot become a run folder; give the run a folder of its own with -o")
    if target.is_symlink():  # a finished folder takes the place of its name at once, on a disk that may be another one
        raise FolderError(f"{target} is a link to {target.readlink()}; give the folder itself with -o, or one in it")
    refuse_unwritable(target)
    if (target / MANIFEST).exists() and not force:
        raise FolderError(f"{target} holds a finished run; choose another folder with -o, or --force to replace it")
    if target.is_dir() and any(target.iterdir()) and not (target / MANIFEST).exists():
        raise FolderError(f"{target} is not empty and holds no run (--force replaces run folders only); choose another folder with -o")


def refuse_unwritable(target: Path) -> None:
    """Refuse a place that cannot become a folder.

    Raises:
        FolderError: it is a file, or its folder does not let it be made.
    """
    if target.exists() and not target.is_dir():
        raise FolderError(f"{target} is a file, not a folder; choose another place with -o")
    there = next(place for place in target.absolute().parents if place.exists())
    code = errno.ENOTDIR if not there.is_dir() else 0 if os.access(there, os.W_OK) else errno.EACCES
    if code:
        raise FolderError(f"cannot write to {there} ({os.strerror(code)}); choose another folder with -o")


def refuse_cache() -> None:
    """Refuse a HELIORACK_CACHE in which forms can neither be found nor be compiled, before anything is loaded or meshed.

    Raises:
        FolderError: it is none that can be written, and none that holds compiled forms.
    """
    named = os.environ.get(CACHE)
    if not named or any((Path(named) / "forms").glob("*.so")):
        return
    try:
        Path(named).mkdir(parents=True, exist_ok=True)
        code = 0 if os.access(named, os.W_OK) else errno.EACCES
    except OSError as error:
        code = error.errno or errno.EIO
    if code:
        raise FolderError(
            f"{CACHE}={named}: forms cannot be compiled there ({os.strerror(code)}); let it name a folder that can be written, or unset it"
        )


def finish(target: Path, manifest: Manifest) -> None:
    """Write the manifest last and move the working folder to its final place."""
    work = partial(target)
    write_json(work / MANIFEST, manifest_content(manifest))
    old = target.with_name(target.name + ".replaced")
    if target.exists():
        if old.exists():  # of a run that was killed while it took its place
            shutil.rmtree(old)
        target.rename(old)
    work.rename(target)
    _release(work)
    if old.exists():
        shutil.rmtree(old)


def clear(place: Path, keep: Collection[str] = ()) -> None:
    """Remove everything in a folder but the names in `keep`."""
    for path in place.iterdir():
        if path.name not in keep:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON by way of a temporary name, so that a reader never meets half a file.

    Raises:
        NotFiniteError: a figure that is not a number, or infinite.
    """
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(dumps(content, path), encoding="utf-8")
    temporary.rename(path)


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
