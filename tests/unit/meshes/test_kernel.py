"""gmsh runs in a process of its own: what dies or hangs there costs a sentence, and the next call works."""

import os
import signal
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest

from meshes import kernel
from meshes.errors import GeometryError
from meshes.occ import tetrahedra
from meshes.shapes.solid import Solid


def volume_of_box(gmsh, tell, size):
    tell("drawn")
    return gmsh.model.occ.getMass(3, gmsh.model.occ.addBox(0, 0, 0, *size))


def die(gmsh, tell):
    os.kill(os.getpid(), signal.SIGSEGV)


def hang(gmsh, tell):
    time.sleep(60)


def fail(gmsh, tell):
    print("noise of the kernel")
    raise KeyError("a face")


def process(gmsh, tell):
    return os.getpid()


def test_a_call_returns_tells_and_raises(capfd):
    heard = []
    assert kernel.run(volume_of_box, (1.0, 2.0, 3.0), hear=heard.append) == pytest.approx(6.0)
    assert heard == ["drawn"]
    with pytest.raises(KeyError, match="a face"):
        kernel.run(fail)
    assert capfd.readouterr() == ("", "")


def test_one_process_serves_all_calls_and_is_not_this_one():
    assert kernel.run(process) == kernel.run(process) != os.getpid()


@pytest.mark.parametrize(
    ("work", "words"), [(die, r"the mesher \(gmsh\) died \(signal 11, Seg.*\); try"), (hang, r"no answer after 0\.2 s; try")]
)
def test_death_and_delay_are_said_and_the_next_call_works(work, words):
    with pytest.raises(GeometryError, match=words):
        kernel.run(work, longest=0.2 if work is hang else 60.0)
    assert kernel.run(volume_of_box, (1.0, 1.0, 1.0)) == pytest.approx(1.0)


class Deadly(np.ndarray):
    """Edge lengths that kill the mesher until there is a mark."""

    def tolist(self):
        if not (mark := mark_of(os.getppid())).exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGSEGV)
        return super().tolist()


def mark_of(owner):
    return Path(tempfile.gettempdir()) / f"heliorack-deadly-{owner}"


def test_a_mesher_that_dies_is_asked_for_another_size():
    """The first size kills it; the mesh is that of the second."""
    box = [Solid(name="box", kind="box", size=(0.1, 0.1, 0.1), centre=(0.0, 0.0, 0.0), material="al")]
    whole = tetrahedra(box, np.array([0.02]), [(0, 1)])
    try:
        again = tetrahedra(box, np.array([0.02]).view(Deadly), [(0, 1)])
    finally:
        mark_of(os.getpid()).unlink()
    finer = tetrahedra(box, np.array([0.02 * 0.97]), [(0, 1)])
    assert len(again[1]) == pytest.approx(len(finer[1]), rel=0.02)
    assert not np.array_equal(again[0], whole[0])
