"""A session of gmsh: its options, and a model of its own, left as they were found."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

OPTIONS = {
    "General.Terminal": 0,
    "General.NumThreads": 1,  # same mesh every time
    "Mesh.Algorithm3D": 1,  # Delaunay: HXT took 15 s where it took 0.8 s on a rack of thin plates
    "Mesh.MeshSizeMin": 0,  # a floor would blow up thin plates
    "Mesh.MeshSizeMax": 1e22,
    "Mesh.MeshSizeFactor": 1,
    "Mesh.MeshSizeFromCurvature": 0,
    "Mesh.MeshSizeFromPoints": 1,
    "Mesh.MeshSizeExtendFromBoundary": 1,
    "Mesh.ElementOrder": 1,
    "Mesh.RandomSeed": 1,
}


@contextmanager
def session() -> Iterator[Any]:
    """The gmsh module with a model of its own and our options, left as it was found."""
    import gmsh

    ours = not gmsh.isInitialized()
    if ours:
        gmsh.initialize(readConfigFiles=False, interruptible=False)
    before = {name: gmsh.option.getNumber(name) for name in OPTIONS}
    try:
        for name, value in OPTIONS.items():
            gmsh.option.setNumber(name, value)
        gmsh.model.add("heliorack")
        yield gmsh
    finally:
        gmsh.model.remove()
        for name, value in before.items():
            gmsh.option.setNumber(name, value)
        if ours:
            gmsh.finalize()
