"""Unstructured grids of VTK and ParaView (.vtu, .vtk)."""

import re
from pathlib import Path
from typing import Any

import numpy as np

from meshes.cad.imported import Label
from meshes.cad.raw_mesh import Block, ContentError, Groups, Labels, RawMesh, numbered, one_group

SUFFIXES = (".vtu", ".vtk")
#: VTK's number of a kind of cell: how it is called and how many corners it has, 0 without a volume; corners come first
SOLID = {
    10: ("tetrahedron", 4), 11: ("voxel", 8), 12: ("hexahedron", 8), 13: ("wedge", 6), 14: ("pyramid", 5), 24: ("quadratic tetrahedron", 4),
    25: ("quadratic hexahedron", 8), 26: ("quadratic wedge", 6), 27: ("quadratic pyramid", 5), 29: ("triquadratic hexahedron", 8),
    31: ("quadratic-linear wedge", 6), 32: ("biquadratic wedge", 6), 33: ("biquadratic hexahedron", 8), 37: ("triquadratic pyramid", 5),
    71: ("Lagrange tetrahedron", 4), 72: ("Lagrange hexahedron", 8), 73: ("Lagrange wedge", 6), 74: ("Lagrange pyramid", 5),
}  # fmt: skip
STRANGE = {
    15: "pentagonal prism", 16: "hexagonal prism", 41: "convex point set", 42: "polyhedron", 79: "Bezier tetrahedron",
    80: "Bezier hexahedron", 81: "Bezier wedge", 82: "Bezier pyramid",
}  # fmt: skip
ADDRESS = re.compile(r"^vtk\w+ \(0x[0-9a-f]+\): ")  #: who speaks, before what VTK says
VOXEL = [0, 1, 3, 2, 4, 5, 7, 6]  #: a voxel counts its corners line by line
FLAT = {1: "vertices", 2: "vertices", 3: "lines", 4: "lines", 5: "triangles", 7: "polygons", 9: "quadrangles"}


def read_vtk(path: Path, groups: str | None, usual: tuple[str, ...]) -> RawMesh:
    """The grid of a file.

    Args:
        groups: Cell data that tells groups apart; None: the first of `usual` that is there.

    Raises:
        ValueError: not readable, other than an unstructured grid, a kind of cell that has no corners here, no such cell data.
    """
    from vtkmodules.util.numpy_support import vtk_to_numpy

    grid = _grid(path)
    if grid.GetNumberOfCells() == 0 or grid.GetPoints() is None:
        raise ValueError("it holds no cells")
    points = np.asarray(vtk_to_numpy(grid.GetPoints().GetData()), dtype=np.float64)
    kinds = np.asarray(vtk_to_numpy(grid.GetCellTypes())).ravel()
    offsets = np.asarray(vtk_to_numpy(grid.GetCells().GetOffsetsArray()), dtype=np.int64)
    nodes = np.asarray(vtk_to_numpy(grid.GetCells().GetConnectivityArray()), dtype=np.int64)
    if len(nodes) and not (nodes.min() >= 0 and nodes.max() < len(points)):
        raise ValueError(f"a cell names point {nodes.max()}, and there are {len(points)}")
    strange = sorted({STRANGE[k] for k in np.unique(kinds).tolist() if k in STRANGE})
    if strange:
        raise ContentError(f"holds cells of type {', '.join(strange)}; cut them into tetrahedra (in ParaView: Filters, Tetrahedralize)")
    group, labels, sets = _groups(grid.GetCellData(), groups, usual, len(kinds))
    blocks = []
    length = np.diff(offsets)
    for kind, size in sorted(set(zip(kinds.tolist(), length.tolist(), strict=True))):
        rows = np.flatnonzero((kinds == kind) & (length == size))
        name, corners = SOLID.get(kind, (FLAT.get(kind, f"cells of VTK type {kind}"), 0))
        found = nodes[offsets[rows][:, None] + np.arange(size)]
        blocks.append(Block(name, corners, found[:, VOXEL] if kind == 11 else found, group[rows]))
    return RawMesh(points, np.arange(len(points)), tuple(blocks), labels, sets)


def _grid(path: Path) -> Any:
    """The unstructured grid of a file; what VTK complains of becomes an error."""
    from vtkmodules.vtkCommonCore import vtkLogger
    from vtkmodules.vtkIOLegacy import vtkUnstructuredGridReader
    from vtkmodules.vtkIOXML import vtkXMLUnstructuredGridReader

    reader = vtkXMLUnstructuredGridReader() if path.suffix.lower() == ".vtu" else vtkUnstructuredGridReader()
    reader.SetFileName(str(path))
    faults: list[str] = []

    def hear(caller: Any, event: str, text: str = "") -> None:
        said = " ".join(" ".join(text.split("\n")[-3:]).split()) if text else event
        faults.append(ADDRESS.sub("", said))

    setattr(hear, "CallDataType", "string0")  # noqa: B010  # VTK hands the text over only to what asks for it so
    reader.AddObserver("ErrorEvent", hear)
    cutoff = vtkLogger.GetCurrentVerbosityCutoff()
    vtkLogger.SetStderrVerbosity(vtkLogger.VERBOSITY_OFF)  # its parser and its pipeline would speak for themselves
    try:
        reader.Update()
    finally:
        vtkLogger.SetStderrVerbosity(cutoff)
    if faults:
        raise ValueError(f"{faults[0]} Is the file whole?")
    return reader.GetOutput()


def _groups(data: Any, name: str | None, usual: tuple[str, ...], count: int) -> tuple[Any, Labels, Groups]:
    """Set of each cell (count,), labels and sets, by an array of numbers or of words."""
    there = [data.GetAbstractArray(i).GetName() for i in range(data.GetNumberOfArrays())]
    known = [key for key in ((name,) if name else usual) if key in there]
    if name and not known:
        raise ContentError(f"has no cell data '{name}'; it has {', '.join(map(str, there)) or 'none'}")
    if not known:
        return np.zeros(count, dtype=np.int64), *one_group()
    array = data.GetAbstractArray(known[0])
    if array.GetNumberOfComponents() != 1:
        raise ValueError(f"cell data '{known[0]}' has {array.GetNumberOfComponents()} numbers for each cell, and groups go by one")
    if array.IsA("vtkStringArray"):
        words, index = np.unique([array.GetValue(i) for i in range(count)], return_inverse=True)
        labels = tuple(Label((str(word),)) for word in words)
        return index.astype(np.int64), labels, tuple(frozenset({i}) for i in range(len(labels)))
    from vtkmodules.util.numpy_support import vtk_to_numpy

    values = np.asarray(vtk_to_numpy(array))
    if not np.isfinite(values).all() or (values != np.round(values)).any():
        odd = values[values != np.round(values)][:1].tolist() or ["infinity"]
        raise ValueError(f"cell data '{known[0]}' holds {odd[0]}; groups go by whole numbers")
    return numbered(values.astype(np.int64))
