"""The meshed body of a case: assembly, matrices, and weights of parts and faces; what stays the same while loads and optics change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags

from heliorack.case.case import Case
from heliorack.model.counted_parts import free_beside_all_feet
from heliorack.model.interfaces import Interfaces, bonded, interfaces
from heliorack.model.materials import over_temperature
from heliorack.model.near_misses import near_misses, near_words
from heliorack.model.skins_and_straps import Layer, Link, layers, links, sentences
from heliorack.runtime.cache import mesh_store, mesh_words
from heliorack.runtime.parallel import on_first
from meshes.assembly import Assembly
from meshes.errors import GeometryError
from meshes.parts import all_solids
from meshes.shapes.solid import Solid
from meshes.spacing import Spacing
from thermal.layout import Layout

if TYPE_CHECKING:
    from dolfinx.mesh import Mesh
    from mpi4py.MPI import Comm
    from petsc4py.PETSc import Mat

    from thermal.conduction.varying import Varying

Floats = NDArray[np.float64]
Triplets = tuple[NDArray[np.int64], NDArray[np.int64], Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """Geometry made discrete; arrays of the assembly are the same on every rank."""

    assembly: Assembly
    solids: tuple[Solid, ...]  #: in the order of `assembly.part_names`
    mesh: Mesh  #: distributed over the ranks
    layout: Layout
    M: Mat  #: capacity of the rows [J/K], skins included
    K: Mat  #: conduction between the rows [W/K], skins included
    interfaces: Interfaces  #: where parts lie on each other, matching or not
    skins: tuple[Layer, ...]
    straps: tuple[Link, ...]
    volumes: csr_matrix  #: (owned, parts) vertex volumes [m3]
    faces: csr_matrix  #: (owned, faces) vertex areas of the free part of each face [m2]
    part_volume: Floats  #: (parts,) m3
    face_area: Floats  #: (faces,) m2, free part
    conductivity: Floats  #: (parts, 3, 3) body axes [W/mK]
    density: Floats  #: (parts,) kg/m3
    varying: Varying | None  #: properties over temperature, of which M, K, conductivity and contacts have the nominal values
    count: Floats  #: (parts,) how many equal parts each stands for; volumes, faces, M and K count them all, conductivity is that of one

    @property
    def contacts(self) -> tuple[float, ...]:
        """Mean conductance of each touch of the assembly [W/m2K]."""
        return self.interfaces.by_touch(self.assembly)

    @property
    def free(self) -> Floats:
        """Free fraction of each facet, (f,): what of it radiates and sees the environment."""
        return self.interfaces.free

    @property
    def couplings(self) -> list[Triplets]:
        """Triplets of all contacts and straps [W/K]."""
        counted = [
            (rows, columns, values * max(self.count[face.part_a], self.count[face.part_b]))
            for face in self.interfaces.found
            for rows, columns, values in (face.triplets,)
        ]
        return counted + [link.triplets for link in self.straps]

    @property
    def part_mass(self) -> Floats:
        """Mass of each part with its skins [kg]."""
        return self.part_volume * self.density + sum((layer.part_mass for layer in self.skins), np.zeros(len(self.density)))


def build_body(case: Case, comm: Comm, say: Callable[[str], None] = lambda words: None, spacing: Spacing | None = None) -> Body:
    """Mesh the parts, finer where `spacing` asks for it, and assemble capacity and conduction.

    Raises:
        GeometryError: what is wrong with the geometry, before anything is solved.
    """
    from meshes.assemble import assemble
    from meshes.distribute import distribute
    from thermal.conduction import operators
    from thermal.conduction.varying import varying

    say("meshing")
    assembly = on_first(comm, lambda: assemble(case.parts, case.mesh, lambda a, b: bonded(case.contacts, a, b), mesh_store(), spacing))
    solids = {solid.name: solid for solid in all_solids(case.parts)}
    materials = [case.materials[name] for name in assembly.part_material]
    turned = assembly.part_rotation
    conductivity = turned @ np.array([m.tensor() for m in materials]) @ np.swapaxes(turned, 1, 2)
    count = counts(assembly, solids)
    found = interfaces(case.contacts, assembly, conductivity)
    found = replace(found, free=free_beside_all_feet(assembly, found, count))
    skins, straps = layers(case, assembly), links(case, assembly, found.free)
    near = near_words(list(near_misses(assembly, found.free)))
    said = (*assembly.assumptions, *near, *found.assumptions, *sentences(skins, straps), *count_words(assembly, count))
    assembly = replace(assembly, assumptions=said)
    say(mesh_words(assembly))
    mesh = distribute(assembly, comm)
    refuse_unequal(assembly, count, skins, straps)
    rho_c = np.array([m.density * m.specific_heat for m in materials], dtype=float)
    counted = conductivity * count[:, None, None]
    layout, M, K = operators.operators(mesh, assembly.cell_part, counted, rho_c * count)
    if skins:
        bare = np.zeros(layout.owned)
        M = operators.coupled(layout, M, [layer.capacity for layer in skins], bare)
        K = operators.coupled(layout, K, [layer.conduction for layer in skins], bare)
    volumes = operators.part_weights(layout, assembly.points, assembly.cells, assembly.cell_part, len(materials))
    volumes = (volumes @ diags(count)).tocsr()
    laws, capacities = over_temperature.laws(assembly.part_material, case.materials), M.getDiagonal().array.copy()
    faces = operators.face_weights(layout, assembly.points, assembly.facets, assembly.facet_face, len(assembly.face_names), found.free)
    faces = (faces @ diags(count[assembly.face_part])).tocsr()
    return Body(
        assembly=assembly,
        solids=tuple(solids[name] for name in assembly.part_names),
        mesh=mesh,
        layout=layout,
        M=M,
        K=K,
        varying=varying(mesh, layout, assembly.cell_part, counted, laws, capacities, (volumes @ diags(rho_c)).tocsr()),
        interfaces=found,
        skins=skins,
        straps=straps,
        volumes=volumes,
        faces=faces,
        part_volume=np.asarray(layout.sum(np.asarray(volumes.sum(axis=0)).ravel())),
        face_area=np.asarray(layout.sum(np.asarray(faces.sum(axis=0)).ravel())),
        conductivity=conductivity,
        density=np.array([m.density for m in materials]),
        count=count,
    )


def counts(assembly: Assembly, solids: Mapping[str, Solid]) -> Floats:
    """How many equal parts each part stands for, (parts,)."""
    return np.array([float(solids[name].count) for name in assembly.part_names])


def refuse_unequal(assembly: Assembly, count: Floats, skins: Sequence[Layer], straps: Sequence[Link]) -> None:
    """Refuse what the multiplication of flows cannot serve.

    Raises:
        GeometryError: a bond between parts of unequal count, or a skin or strap in a case with counted parts.
    """
    names = assembly.part_names
    uneven = [f"{names[b.part_a]} - {names[b.part_b]}" for b in assembly.bonds if count[b.part_a] != count[b.part_b]]
    if uneven:
        raise GeometryError(f"{', '.join(uneven)}: parts that stand for unequal numbers (count) cannot be bonded; give a conductance")
    if (count > 1).any() and (skins or straps):
        raise GeometryError("skins and straps do not go with parts that stand for several (count); write those parts out, or use a contact")


def count_words(assembly: Assembly, count: Floats) -> tuple[str, ...]:
    """What a counted part takes for granted, by part."""
    return tuple(
        f"{name} stands for {n:g} equal parts: flows, heat, mass and what its feet cover are multiplied; view and surroundings are those "
        "of the stated position; the others are not drawn: they shade and hide nothing, and what their feet cover is taken evenly from "
        "the face"
        for name, n in zip(assembly.part_names, count, strict=True)
        if n > 1
    )
