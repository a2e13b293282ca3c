"""What the surfaces of a case show to radiation: coatings and blankets by face, optics by group, and what is taken for granted of them."""

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.model.body import Body
from heliorack.model.open_faces import boundary_of, face_coatings
from meshes.measure import face_areas
from meshes.shapes.solid import INSULATED
from thermal.boundary import Sink
from thermal.properties.blanket import optics, outer_coating
from thermal.radiation.enclosure import Surfaces
from thermal.radiation.view_factors import Views

Floats = NDArray[np.float64]


def own_sinks(case: Case, body: Body) -> NDArray[np.bool_]:
    """Faces that a boundary tells to what they radiate, (faces,)."""
    return np.array([boundary_of(case.boundaries, face, Sink) is not None for face in body.assembly.face_names], dtype=bool)


def optics_of(
    case: Case, names: list[str], sun: Floats | None = None, sinks: NDArray[np.bool_] | None = None
) -> tuple[Surfaces, tuple[str, ...]]:
    """Optics of groups by the names of their coatings or blankets, and sentences about what is extrapolated.

    An insulated surface reflects all sunlight, and sends back as infrared all infrared that it meets.

    Args:
        names: Of each group, (g,).
        sun: Equivalent time in the Sun at end of life [s], (g,).
        sinks: Groups with a sink of their own, (g,): to others they are as insulated ones in the infrared, and absorb sunlight as coated.
    """
    n = len(names)
    worn = np.array([g for g, name in enumerate(names) if name != INSULATED], dtype=np.int64)
    alpha, eps, effective, conductance, specular = np.zeros(n), np.ones(n), np.zeros(n), np.zeros(n), np.zeros(n)
    shown, said = optics([names[g] for g in worn], case.coatings, case.blankets, case.life, None if sun is None else sun[worn])
    alpha[worn], eps[worn] = shown.T
    for g in worn:
        blanket = case.blankets.get(names[g])
        effective[g], conductance[g] = (np.nan, 0.0) if blanket is None else (blanket.effective_emittance, blanket.conductance)
        specular[g] = outer_coating(names[g], case.coatings, case.blankets).specular_fraction
    own = np.zeros(n, dtype=bool) if sinks is None else sinks
    eps, effective = np.where(own, 1.0, eps), np.where(own, 0.0, effective)
    return Surfaces(alpha, eps, effective, conductance, (1 - alpha) * (1 - specular), own), said


def assumptions(case: Case, body: Body, views: Views, surfaces: Surfaces) -> tuple[str, ...]:
    """What the radiation of a case takes for granted of its surfaces, in sentences."""
    said = []
    if case.radiation.model == "open":
        said.append("radiation: every face sees space and planet as if no other part were there; no shadows and no exchange between parts")
    elif views.factors:
        said.append("radiation: grey and diffuse in the infrared; reflected sunlight is diffuse after its first diffuse reflection")
        uneven = len(set(body.count[body.assembly.face_part[views.face]])) > 1
        if uneven:
            said.append("radiation: parts that stand for unequal numbers (count) shade but do not heat one another")
        blind = (surfaces.effective == 0) & (surfaces.conductance == 0) & (surfaces.absorptance == 0)
        if blind.any():
            area = float(views.areas[blind].sum())
            said.append(
                f"radiation: insulated faces (here {area:.4g} m2) reflect sunlight and re-radiate infrared, all of it and diffusely"
            )
    said += _buried(body)
    partly = body.free[(body.free > 0) & (body.free < 1)]
    if len(partly):
        said.append(f"radiation: {len(partly)} facets that another part covers in part radiate from their free part alone")
    return tuple(said)


def _buried(body: Body) -> list[str]:
    """Coated faces that lie in a contact, whole or in part, with the area that does not radiate."""
    names = face_coatings(body)
    buried = np.maximum(face_areas(body.assembly) * body.count[body.assembly.face_part] - body.face_area, 0.0)
    found = [i for i, name in enumerate(names) if name != INSULATED and buried[i] > 1e-9]
    if not found:
        return []
    most = sorted(found, key=lambda i: -buried[i])[:3]
    named = ", ".join(f"{body.assembly.face_names[i]} {buried[i]:.3g} m2" for i in most)
    more = f" and {len(found) - len(most)} more" if len(found) > len(most) else ""
    return [f"radiation: coated area that lies in contacts does not radiate, {buried[found].sum():.3g} m2: {named}{more}"]
