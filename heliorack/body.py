"""The meshed body of a case: assembly, matrices, and weights of parts and faces; what stays the same while loads and optics change."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.case import Case
from heliorack.contacts import bonded, conductances
from meshes.assembly import Assembly
from meshes.parts import all_solids
from meshes.solid import Solid

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """Geometry made discrete; arrays of the assembly are the same on every rank."""

    assembly: Assembly
    solids: tuple[Solid, ...]  #: in the order of `assembly.part_names`
    mesh: Any
    layout: Any
    M: Any
    K: Any
    contacts: tuple[float, ...]  #: W/m2K of each touch
    volumes: Any  #: (owned, parts) vertex volumes [m3]
    faces: Any  #: (owned, faces) vertex areas of the free part of each face [m2]
    part_volume: Floats  #: (parts,) m3
    face_area: Floats  #: (faces,) m2, free part
    conductivity: Floats  #: (parts, 3, 3) body axes [W/mK]
    density: Floats  #: (parts,) kg/m3

    @property
    def part_mass(self) -> Floats:
        """Mass of each part [kg]."""
        return self.part_volume * self.density


def build_body(case: Case, comm: Any, say: Callable[[str], None] = lambda words: None) -> Body:
    """Mesh the parts and assemble capacity and conduction.

    Raises:
        GeometryError: what is wrong with the geometry, before anything is solved.
    """
    from meshes.assemble import assemble
    from meshes.distribute import distribute
    from thermal import build

    say("meshing")
    assembly = assemble(case.parts, case.mesh, lambda a, b: bonded(case.contacts, a, b), comm)
    contacts = tuple(conductances(case.contacts, assembly))
    solids = {solid.name: solid for solid in all_solids(case.parts)}
    materials = [case.materials[name] for name in assembly.part_material]
    turned = assembly.part_rotation
    conductivity = turned @ np.array([m.tensor() for m in materials]) @ np.swapaxes(turned, 1, 2)
    say("assembling")
    mesh = distribute(assembly, comm)
    layout, M, K = build.operators(mesh, assembly.cell_part, conductivity, np.array([m.density * m.specific_heat for m in materials]))
    volumes = build.part_weights(layout, assembly.points, assembly.cells, assembly.cell_part, len(materials))
    free = np.where(assembly.facet_touch < 0, assembly.facet_face, -1)
    faces = build.face_weights(layout, assembly.points, assembly.facets, free, len(assembly.face_names))
    return Body(
        assembly=assembly,
        solids=tuple(solids[name] for name in assembly.part_names),
        mesh=mesh,
        layout=layout,
        M=M,
        K=K,
        contacts=contacts,
        volumes=volumes,
        faces=faces,
        part_volume=np.asarray(layout.sum(np.asarray(volumes.sum(axis=0)).ravel())),
        face_area=np.asarray(layout.sum(np.asarray(faces.sum(axis=0)).ravel())),
        conductivity=conductivity,
        density=np.array([m.density for m in materials]),
    )
