"""What may become a run folder, told before anything is solved, and without a trace."""

import fcntl
import os

import pytest

from heliorack.runfolder.folder import FolderError, prepare, refuse_taken


def test_a_taken_place_is_refused(tmp_path):
    """A finished run unless it may be replaced, anything else in any case; an empty folder or none will do."""
    (tmp_path / "run").mkdir()
    refuse_taken(tmp_path / "run")
    refuse_taken(tmp_path / "new" / "below" / "run")
    (tmp_path / "run" / "manifest.json").touch()
    with pytest.raises(FolderError, match="holds a finished run; choose another folder with -o, or --force"):
        refuse_taken(tmp_path / "run")
    refuse_taken(tmp_path / "run", force=True)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").touch()
    with pytest.raises(FolderError, match="is not empty and holds no run"):
        refuse_taken(tmp_path / "notes", force=True)


def test_a_place_that_cannot_be_written_is_refused(tmp_path, monkeypatch):
    """Below a file, and where permission is missing; nothing is made on the way."""
    (tmp_path / "file").touch()
    with pytest.raises(FolderError, match=r"file \(Not a directory\); choose another folder"):
        refuse_taken(tmp_path / "file" / "run")
    monkeypatch.setattr(os, "access", lambda place, mode: False)
    with pytest.raises(FolderError, match=r"\(Permission denied\); choose another folder"):
        refuse_taken(tmp_path / "sub" / "run")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("resume", [False, True])
def test_a_folder_that_another_run_writes_is_left_to_it(tmp_path, resume):
    """Its work was removed, and the second of two runs failed at its end; whoever was killed has let go of it."""
    target, work = tmp_path / "run", tmp_path / "run.partial"
    work.mkdir()
    (work / "checkpoint.npz").touch()
    held = os.open(work, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    with pytest.raises(FolderError, match="is being written by another run; let it end, or choose another folder with -o"):
        prepare(target, resume=resume)
    assert (work / "checkpoint.npz").exists()
    os.close(held)
    assert prepare(target, resume=resume) == work
    assert (work / "checkpoint.npz").exists() == resume
    assert prepare(target, resume=resume) == work  # the same process may begin again
