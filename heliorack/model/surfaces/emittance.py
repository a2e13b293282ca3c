"""Coatings of a case whose emittance depends on temperature: on faces that see the sky and the planet alone."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.model.body import Body
from heliorack.model.open_faces import Exposure, face_coatings
from heliorack.model.radiation import Radiating
from meshes.errors import GeometryError
from thermal.curve import Curve
from thermal.heat import Way
from thermal.properties.blanket import outer_coating
from thermal.solve.emittance import VaryingAbsorption, VaryingEmitter
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


def refuse_exchanging(case: Case, body: Body, radiating: Radiating) -> None:
    """Refuse faces that see others: the exchange between surfaces is made for constant emittances.

    Raises:
        GeometryError: there are such faces; names them.
    """
    names = face_coatings(body)
    found = [body.assembly.face_names[face] for face in np.unique(radiating.views.face) if _varying(case, names[face])]
    if found:
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        raise GeometryError(
            f"{', '.join(found[:3])}{more}: infrared_emittance_at is for faces that see no other face and lie under no blanket; take a "
            "coating of constant emittance there"
        )


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
