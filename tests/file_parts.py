"""The committed STEP assembly as a part of a test, and what is asked of any part that a file describes."""

from pathlib import Path

from meshes.cad.imported import Piece
from meshes.cad.step import Step
from meshes.measure import face_areas
from meshes.settings import MeshSettings

DATA = Path(__file__).parent / "data"
COARSE = MeshSettings(size=8e-3)


def module(**given):
    """The committed assembly as a part."""
    pieces = tuple(
        Piece(name=name, match=name, count=n, material="m") for name, n in (("plate", 1), ("chip", 2), ("post", 1), ("strip", 1))
    )
    return Step(**({"name": "module", "file": str(DATA / "module.step"), "coating": "z93", "solids": pieces} | given))


def areas(assembly):
    """Area of every face [mm2] that has any."""
    return {name: area * 1e6 for name, area in zip(assembly.face_names, face_areas(assembly), strict=True) if area > 0}
