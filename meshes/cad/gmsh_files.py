"""Mesh files that gmsh reads: .msh of all its versions, .unv and .med. The functions take the gmsh module with an open session."""

from pathlib import Path
from typing import Any

import numpy as np

from meshes.assembly import Ids
from meshes.beside import Tell
from meshes.cad.imported import Label
from meshes.cad.raw_mesh import Block, RawMesh, Sets, numbered, one_group, rows_of

SUFFIXES = (".msh", ".unv", ".med")
HEADERS = (b"$MeshFormat", b"$NOD", b"$Comments", b"$ParametricNodes")  #: of .msh; gmsh runs anything else as a script
GEOMETRICAL = "gmsh:geometrical"  #: asks for the volumes of the geometry in place of the physical groups
PHYSICAL = "gmsh:physical"
DATA = (PHYSICAL, GEOMETRICAL)
WITHOUT = "no group"


def read_gmsh(gmsh: Any, _: Tell, path: Path, groups: str | None) -> RawMesh:
    """The file as gmsh understands it.

    Raises:
        ValueError: not a mesh file of its format.
        Exception: whatever gmsh finds fault with; it raises nothing more specific.
    """
    old = False
    if path.suffix.lower() == ".msh":
        start = path.open("rb").read(64)
        if not start.startswith(HEADERS):
            raise ValueError("it does not begin with $MeshFormat")
        old = start.startswith(b"$NOD") or (start.startswith(b"$MeshFormat") and start.split()[1][:1] in (b"1", b"2"))
    elif path.suffix not in (path.suffix.lower(), path.suffix.upper()):
        raise ValueError(f"gmsh knows the file by its suffix; call it {path.suffix.lower()}")
    elif path.suffix.lower() == ".unv" and path.open("rb").read(200).split()[:1] != [b"-1"]:
        raise ValueError("it does not begin with -1, as a universal file does")
    by_volume = groups == GEOMETRICAL
    # version 2 and before list a cell once for each of its groups, and under their number once the tags are switched
    switched = old and not by_volume
    gmsh.option.setNumber("Mesh.SwitchElementTags", switched)
    views = set(gmsh.view.getTags())
    gmsh.model.add("file")
    try:
        gmsh.merge(str(path))
        return _raw(gmsh.model, path, by_volume or switched, _titles(gmsh.model, path, old))
    finally:
        gmsh.model.remove()
        for tag in set(gmsh.view.getTags()) - views:
            gmsh.view.remove(tag)
        gmsh.option.setNumber("Mesh.SwitchElementTags", 0)


def _raw(model: Any, path: Path, by_tag: bool, titles: dict[int, str]) -> RawMesh:
    tags, coordinates, _ = model.mesh.getNodes()
    number = np.asarray(tags, dtype=np.int64)
    points = np.asarray(coordinates, dtype=np.float64).reshape(-1, 3)
    blocks: list[tuple[str, int, Ids]] = []
    volumes: list[int] = []
    for dim, tag in model.getEntities():
        kinds, _, nodes = model.mesh.getElements(dim, tag)
        for kind, found in zip(kinds, nodes, strict=True):
            name, _, _, count, _, corners = model.mesh.getElementProperties(kind)
            rows = rows_of(number, np.asarray(found, dtype=np.int64).reshape(-1, count), path.name)
            blocks.append((name, int(corners) if dim == 3 else 0, rows))
            volumes.append(tag)
    solid = [tag for tag, (_, corners, _) in zip(volumes, blocks, strict=True) if corners]
    if by_tag:
        labels, sets, of = _by_tag(solid, titles)
    else:
        labels, sets, of = _by_group(model, solid, titles)
    made = [
        Block(name, corners, rows, np.full(len(rows), of.get(tag, 0) if corners else 0, dtype=np.int64))
        for tag, (name, corners, rows) in zip(volumes, blocks, strict=True)
    ]
    return RawMesh(points, number, tuple(made), labels, sets)


def _by_tag(solid: list[int], titles: dict[int, str]) -> tuple[tuple[Label, ...], tuple[frozenset[int], ...], dict[int, int]]:
    """Groups that are the entities themselves; a file whose cells all bear the number 0 has no groups."""
    if set(solid) <= {0}:
        return (Label(("all", "0")),), (frozenset({0}),), {}
    index, labels, sets = numbered(np.array(solid, dtype=np.int64), titles)
    return labels, sets, dict(zip(solid, index.tolist(), strict=True))


def _by_group(model: Any, solid: list[int], titles: dict[int, str]) -> tuple[tuple[Label, ...], tuple[frozenset[int], ...], dict[int, int]]:
    """Physical groups, of which a volume may be in none or several."""
    known = sorted({int(tag) for _, tag in model.getPhysicalGroups(3)})
    if not known:
        labels, alone = one_group()
        return labels, alone, {}
    place = {tag: i for i, tag in enumerate(known)}
    labels = tuple(Label((titles[tag], str(tag)) if titles.get(tag) else (str(tag),)) for tag in known)
    found, of = Sets(), {}
    for tag in solid:
        mine = [place[int(group)] for group in model.getPhysicalGroupsForEntity(3, tag)]
        of[tag] = found.of(mine or [len(known)])
    if any(len(known) in groups for groups in found.all):
        labels = (*labels, Label((WITHOUT, "0")))
    return labels, found.all, of


def _titles(model: Any, path: Path, old: bool) -> dict[int, str]:
    """Names of physical groups of volumes by number; those of old files stand in their text, for gmsh loses them with switched tags."""
    if not old:
        return {int(tag): model.getPhysicalName(3, tag).strip() for _, tag in model.getPhysicalGroups(3)}
    _, found, rest = path.read_bytes().partition(b"$PhysicalNames")
    titles = {}
    if found:
        for line in rest.partition(b"$EndPhysicalNames")[0].decode("utf-8", "replace").splitlines():
            words = line.split(maxsplit=2)
            if len(words) == 3 and words[0] == "3":
                titles[int(words[1])] = words[2].strip().strip('"')
    return titles
