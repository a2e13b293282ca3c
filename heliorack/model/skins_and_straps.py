"""Skins on faces and straps between faces: what conducts without a mesh of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.casefile.patterns import matching, pairs
from meshes.assembly import Assembly
from meshes.errors import GeometryError
from meshes.measure import facet_areas
from thermal.conduction.skin import Skin, surface_capacity, surface_conduction
from thermal.conduction.strap import strap_coupling
from thermal.properties.material import Material

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Triplets = tuple[Ids, Ids, Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A skin on its faces."""

    faces: tuple[str, ...]
    material: str
    thickness: float  #: m
    area: float  #: m2, contacts included
    part_mass: Floats  #: (p,) kg of it on each part
    conduction: Triplets  #: W/K
    capacity: Triplets  #: J/K


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """A strap between two faces."""

    between: tuple[str, str]  #: faces
    conductance: float  #: W/K
    areas: tuple[float, float]  #: m2, free part of either end
    parts: tuple[int, int]  #: parts at either end
    triplets: Triplets  #: W/K


def layers(case: Case, assembly: Assembly) -> tuple[Layer, ...]:
    """Skins of a case, in order.

    Raises:
        GeometryError: a skin that finds no facets.
    """
    area = facet_areas(assembly)
    return tuple(_layer(i, skin, case.materials[skin.material], assembly, area) for i, skin in enumerate(case.skins))


def _layer(i: int, skin: Skin, material: Material, assembly: Assembly, area: Floats) -> Layer:
    faces = matching(skin.on, assembly.face_names)
    rows = _on(assembly, faces)
    if not len(rows):
        raise GeometryError(f"skins.{i}: {skin.on} has no area left: no such face, or all of it is bonded to other parts")
    facets, parts = assembly.facets[rows], assembly.face_part[assembly.facet_face[rows]]
    return Layer(
        faces=faces,
        material=skin.material,
        thickness=skin.thickness,
        area=float(area[rows].sum()),
        part_mass=material.density * skin.thickness * np.bincount(parts, area[rows], len(assembly.part_names)),
        conduction=surface_conduction(assembly.points, facets, material.conductivity * skin.thickness),
        capacity=surface_capacity(assembly.points, facets, material.density * material.specific_heat * skin.thickness),
    )


def links(case: Case, assembly: Assembly, free: Floats) -> tuple[Link, ...]:
    """Straps of a case, in order, one for each pair of faces; their ends are the free parts of the faces.

    Args:
        free: Free fraction of each facet, (f,).

    Raises:
        GeometryError: a strap whose end has no free area, or patterns that do not pair off.
    """
    area = facet_areas(assembly)
    found = []
    for i, strap in enumerate(case.straps):
        try:
            between = pairs(strap.between[0], strap.between[1], assembly.face_names)
        except ValueError as error:
            raise GeometryError(f"straps.{i}: {error}") from error
        found += [_link(i, faces, strap.conductance, assembly, free, area) for faces in between]
    return tuple(found)


def _link(i: int, faces: tuple[str, str], conductance: float, assembly: Assembly, free: Floats, area: Floats) -> Link:
    rows_a, rows_b = (_on(assembly, [face]) for face in faces)
    areas = tuple(float(free[rows] @ area[rows]) for rows in (rows_a, rows_b))
    for face, size in zip(faces, areas, strict=True):
        if size <= 0:
            raise GeometryError(f"straps.{i}: {face} has no free area to end on; other parts cover all of it")
    facets, parts = assembly.facets, [int(assembly.face_part[assembly.face_names.index(face)]) for face in faces]
    triplets = strap_coupling(assembly.points, facets[rows_a], free[rows_a], facets[rows_b], free[rows_b], conductance)
    return Link(faces, conductance, (areas[0], areas[1]), (parts[0], parts[1]), triplets)


def skin_rows(found: Sequence[Layer]) -> list[dict[str, object]]:
    """One row for each skin, for `heliorack mesh`."""
    return [
        {
            "on": ", ".join(layer.faces),
            "material": layer.material,
            "thickness_mm": layer.thickness * 1e3,
            "area_mm2": layer.area * 1e6,
            "mass_kg": float(layer.part_mass.sum()),
        }
        for layer in found
    ]


def strap_rows(found: Sequence[Link]) -> list[dict[str, object]]:
    """One row for each strap, for `heliorack mesh`."""
    return [
        {
            "between": " - ".join(link.between),
            "conductance_W_K": link.conductance,
            "area_a_mm2": link.areas[0] * 1e6,
            "area_b_mm2": link.areas[1] * 1e6,
        }
        for link in found
    ]


def sentences(skins: Sequence[Layer], straps: Sequence[Link]) -> tuple[str, ...]:
    """What skins and straps take for granted."""
    said = []
    if skins:
        said.append("skins: no temperature difference through the thickness; conductivity alike in both directions along the face")
    if straps:
        said.append("straps: half of the resistance at either end, spread over the free area of the face; no heat capacity, no radiation")
    return tuple(said)


def _on(assembly: Assembly, faces: Sequence[str]) -> Ids:
    """Facets on the named faces."""
    numbers = [assembly.face_names.index(name) for name in faces]
    return np.flatnonzero(np.isin(assembly.facet_face, numbers))
