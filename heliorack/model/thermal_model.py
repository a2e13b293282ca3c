"""From body, optics, boundaries and loads to the thermal model that is marched."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from heliorack.case.case import Case
from heliorack.model.body import Body
from heliorack.model.loads import Loads, heat_sources
from heliorack.model.open_faces import Exposure, boundary_of, face_coatings
from heliorack.model.radiation import Radiating
from heliorack.model.surfaces import emittance as over_temperature
from heliorack.model.surroundings import sink
from meshes.shapes.solid import INSULATED
from orbit.chamber import Chamber
from orbit.environment import Environment
from thermal.boundary import Film, FixedTemperature, Flux, Sink
from thermal.heat import Way
from thermal.network.attached import Attached
from thermal.solve.model import Model
from thermal.solve.ways import Emitter, Feedback, FilmLoad, Held, Source

Floats = NDArray[np.float64]


def assemble_model(
    case: Case,
    body: Body,
    exposure: Exposure,
    radiating: Radiating,
    loads: Loads,
    env: Environment | None,
    extra: Sequence[Source] = (),
    feedbacks: Sequence[Feedback] = (),
    attached: Attached | None = None,
) -> Model:
    """The thermal model of one load case.

    Args:
        exposure: Facets that see Sun, planet and sky alone.
        radiating: Facets that see other facets or lie under a blanket.
        extra: Sources from outside the case's own heat, such as electricity drawn from cells.
        feedbacks: Heat that answers to temperature: heaters and devices.
        attached: A network that is solved with the parts.
    """
    from thermal.conduction import operators as build

    films, emitters, fluxes, held = _boundaries(case, body)
    if isinstance(case.environment, Chamber) and case.environment.film > 0:
        films.append(FilmLoad("air", case.environment.film * _outer_area(case, body), case.environment.air))
    films_on_diagonal = sum((film.conductance for film in films), np.zeros(body.layout.owned))
    reflected = radiating.sources()
    steady, answering = over_temperature.surfaces(case, exposure, sink(case, env))
    ways: list[Way] = [Emitter("space", exposure.areas @ steady, sink(case, env)), *answering, *emitters]
    ways += over_temperature.exchanging(case, body, radiating, radiating.enclosure(), reflected)
    ways += [*films, *environment_sources(exposure), *reflected, *fluxes, *heat_sources(case, body, loads), *extra]
    return Model(
        layout=body.layout,
        M=body.M,
        A=build.coupled(body.layout, body.K, body.couplings, films_on_diagonal),
        ways=[*ways, *feedbacks, *([] if attached is None else attached.ways()), *held],
        attached=attached,
        varying=body.varying,
        zone=build.fullest(body.volumes),
    )


def _outer_area(case: Case, body: Body) -> Floats:
    """Area of each owned row that air touches [m2]: coated free faces without a film of their own."""
    names, given = face_coatings(body), case.boundaries
    outer = [i for i, face in enumerate(body.assembly.face_names) if names[i] != INSULATED and boundary_of(given, face, Film) is None]
    return np.asarray(body.faces[:, outer].sum(axis=1)).ravel()


def environment_sources(exposure: Exposure) -> list[Source]:
    """Absorbed sunlight, albedo and Earth infrared; what emits in the infrared absorbs alike there."""
    if not len(exposure.face):
        return []
    solar, thermal = (exposure.areas @ _diagonal(optic) for optic in (exposure.absorptance, exposure.emittance))
    return [
        Source(path, spread, signal, signal.total)
        for path, spread, signal in (
            ("sun", solar, exposure.falling("direct")),
            ("albedo", solar, exposure.falling("albedo")),
            ("earth_infrared", thermal, exposure.falling("infrared")),
        )
    ]


def _diagonal(values: Floats) -> csr_matrix:
    from scipy.sparse import diags

    return csr_matrix(diags(values))


def _boundaries(case: Case, body: Body) -> tuple[list[FilmLoad], list[Emitter], list[Source], list[Held]]:
    films: list[FilmLoad] = []
    emitters: list[Emitter] = []
    fluxes: list[Source] = []
    held: list[Held] = []
    taken = np.zeros(body.layout.owned, dtype=bool)
    for i, boundary in enumerate(case.boundaries):
        faces = [j for j, name in enumerate(body.assembly.face_names) if boundary_of(case.boundaries, name, type(boundary)) == i]
        if isinstance(boundary, Flux):
            faces = [j for j, name in enumerate(body.assembly.face_names) if fnmatchcase(name, boundary.faces)]
        area = np.asarray(body.faces[:, faces].sum(axis=1)).ravel()
        if isinstance(boundary, Film):
            films.append(FilmLoad(f"film {boundary.faces}", boundary.h * area, boundary.fluid))
        elif isinstance(boundary, Sink):
            emitters.append(Emitter(f"radiation {boundary.faces}", boundary.emittance * area, boundary.sink))
        elif isinstance(boundary, Flux):
            fluxes.append(Source(f"flux {boundary.faces}", csr_matrix(area.reshape(-1, 1)), _constant(boundary.flux)))
        else:
            rows = np.flatnonzero((area > 0) & ~taken)
            taken[rows] = True
            held.append(Held(f"held {boundary.faces}", rows, _held(boundary, len(rows))))
    return films, emitters, fluxes, held


def _constant(value: float) -> Any:
    return lambda times: np.full((len(times), 1), value)


def _held(boundary: FixedTemperature, rows: int) -> Any:
    def value(t: float) -> Floats:
        wave = boundary.amplitude * np.sin(2 * np.pi * t / boundary.period) if boundary.period else 0.0
        return np.full(rows, boundary.temperature + wave)

    return value
