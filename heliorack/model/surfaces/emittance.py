"""Coatings of a case whose emittance depends on temperature: on faces that see the sky and the planet alone, and on others."""

from collections.abc import Iterator, Sequence
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.model.body import Body
from heliorack.model.open_faces import Exposure, face_coatings
from heliorack.model.optics import own_sinks
from heliorack.model.radiation import Radiating
from meshes.errors import GeometryError
from thermal.curve import Curve
from thermal.heat import Way
from thermal.properties.blanket import outer_coating
from thermal.radiation.enclosure import Enclosure
from thermal.radiation.varying_enclosure import VaryingEnclosure
from thermal.solve.emittance import VaryingAbsorption, VaryingEmitter, VaryingInfrared
from thermal.solve.probes import History
from thermal.solve.ways import Source

Floats = NDArray[np.float64]


def _varying(case: Case, name: str) -> bool:
    """Whether a coating has an emittance over temperature, or a blanket such an outer layer."""
    if name not in case.coatings and name not in case.blankets:
        return False
    return outer_coating(name, case.coatings, case.blankets).infrared_emittance_at is not None


def surfaces(case: Case, exposure: Exposure, sink: float) -> tuple[Floats, list[Way]]:
    """Emittance of the groups that have a constant one (g,), 0 elsewhere; and what the others send out and absorb."""
    emittance = exposure.emittance.copy()
    ways: list[Way] = []
    for name in dict.fromkeys(exposure.coating):
        if not _varying(case, name):
            continue
        mine = np.array([other == name for other in exposure.coating])
        coating = case.coatings[name]
        over = coating.emittance_curve().over(coating.infrared_emittance)
        areas = exposure.areas[:, np.flatnonzero(mine)]
        nominal, emittance = emittance[mine], np.where(mine, 0.0, emittance)
        ways.append(VaryingEmitter("space", areas @ nominal, sink, over))
        ways.append(VaryingAbsorption(_infrared(exposure, areas, nominal, mine), over))
    return emittance, ways


def _infrared(exposure: Exposure, areas: Floats, nominal: Floats, mine: NDArray[np.bool_]) -> Source:
    from scipy.sparse import csr_matrix, diags

    signal = exposure.infrared
    return Source("earth_infrared", csr_matrix(areas @ diags(nominal)), lambda times: signal(times)[..., mine])


def exchanging(case: Case, body: Body, radiating: Radiating, enclosure: Enclosure | None, sources: Sequence[Source]) -> list[Way]:
    """The exchange between faces that see one another, and what those of varying emittance absorb of the planet's infrared for it.

    Args:
        enclosure: With nominal emittances.
        sources: What falls on its groups from outside.

    Raises:
        GeometryError: an emittance over temperature lies under a blanket, or sees blankets that conduct; names the faces.
    """
    if enclosure is None:
        return []
    names, found = face_coatings(body), body.assembly.face_names
    groups = [names[face] for face in radiating.views.face]
    varies = np.array([_varying(case, name) for name in groups], dtype=bool)
    varies &= ~own_sinks(case, body)[radiating.views.face]
    under = varies & np.isfinite(enclosure.surfaces.effective)
    if under.any() or (varies.any() and enclosure.conducting):
        wrong = [found[face] for face in np.unique(radiating.views.face[under if under.any() else varies])]
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        raise GeometryError(
            f"{', '.join(wrong[:3])}{more}: infrared_emittance_at is for faces that lie under no blanket and see none with "
            "conductance_W_m2K; take a coating of constant emittance there, or leave the conductance out"
        )
    over = []
    for name in dict.fromkeys(group for group, one in zip(groups, varies, strict=True) if one):
        coating = case.coatings[name]
        mine = np.flatnonzero(varies & np.array([group == name for group in groups]))
        over.append((mine, coating.emittance_curve().over(coating.infrared_emittance)))
    if not over:
        return [enclosure]
    given = {one.name: getattr(enclosure, one.name) for one in fields(Enclosure) if one.init}
    made = VaryingEnclosure(**given, over=tuple(over))
    return [made, *(VaryingInfrared(made, source) for source in sources if source.path == "earth_infrared")]


def sentences(case: Case, body: Body) -> Iterator[str]:
    """What is taken for granted."""
    for name in dict.fromkeys(face_coatings(body)):
        if _varying(case, name):
            law = case.coatings[name].infrared_emittance_at
            assert law is not None
            yield (
                f"{name}: emittance over the surface's temperature; infrared is absorbed with that of the same temperature, pictures of "
                "absorbed infrared have the nominal one"
            )
            if law.beyond == "hold":
                low, high = (end - ZERO_CELSIUS for end in _ends(law.curve()))
                yield f'{name}: its emittance is known from {low:.4g} to {high:.4g} degC and holds its end value beyond (beyond = "hold")'


def outside(case: Case, body: Body, history: History) -> list[str]:
    """A sentence for each face that has been colder or hotter in a kept field than its coating knows."""
    said, assembly = [], body.assembly
    for face, name in enumerate(face_coatings(body)):
        if not _varying(case, name) or not body.face_area[face] > 0:
            continue
        law = case.coatings[name].infrared_emittance_at
        if law is None or law.beyond == "hold":
            continue
        nodes = np.unique(assembly.facets[assembly.facet_face == face])
        low, high = float(history.fields[:, nodes].min()), float(history.fields[:, nodes].max())
        lowest, highest = _ends(law.curve())
        for beyond, at, word, end in ((low < lowest, low, "below", lowest), (high > highest, high, "above", highest)):
            if beyond:
                said.append(
                    f"{assembly.face_names[face]}: {at - ZERO_CELSIUS:.1f} degC is {word} the {end - ZERO_CELSIUS:.4g} degC to which the "
                    f"emittance of {name} is known"
                )
    return said


def _ends(curve: Curve) -> tuple[float, float]:
    return curve.lowest, curve.highest
