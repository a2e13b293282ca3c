"""Coatings and blankets: where faces see the sky alone by their own columns, where they see one another by the radiosity done again.

The matrices of the exchange are algebra of the optics, without any tracing. They are made with each optic a little more and a little less,
and the difference stands for the derivative (to the square of `SHARE`): the same matrices that the solve has, reflected paths included.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from heliorack.model.open_faces import face_coatings
from heliorack.model.radiation import Radiating
from heliorack.model.surroundings import sink
from heliorack.model.thermal_model import environment_sources
from heliorack.studies.sensitivity.solved import Solved
from meshes.shapes.solid import INSULATED
from thermal.radiation.enclosure import Enclosure, Surfaces
from thermal.sensitivity.gradient import Gradient, over_steps
from thermal.solve.ways import Source

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

SHARE = 1e-3  #: by which an optic is more and less


@dataclass(frozen=True, slots=True, eq=False)
class Optic:
    """One number of a surface; `derivative` is that of a figure by its natural logarithm [K]."""

    path: str
    value: float
    unit: str
    derivative: Callable[[Gradient], float]


def optics(solved: Solved) -> Iterator[Optic]:
    """Every coating in use, every blanket, and every face whose area is free to change."""
    radiating, body, case = solved.ready.radiating, solved.ready.body, solved.case
    names = face_coatings(body)
    seen = [names[face] for face in radiating.views.face]
    outer = np.array([case.blankets[name].outer if name in case.blankets else name for name in seen], dtype=object)
    own = np.zeros(len(seen), dtype=bool) if radiating.surfaces.sunned is None else radiating.surfaces.sunned
    exposed = np.array(solved.ready.exposure.coating, dtype=object)
    mirrors = _mirrors(radiating)
    for name in dict.fromkeys([*exposed.tolist(), *(one for one in outer.tolist() if one != INSULATED)]):
        open_, seeing = exposed == name, outer == name
        if not (mirrors and seeing.any()):
            yield _absorptance(solved, name, open_, seeing)
        if name not in varying_coatings(solved):
            yield _emittance(solved, name, open_, seeing & ~own)
    for name in dict.fromkeys(one for one in seen if one in case.blankets):
        mine = np.array([one == name for one in seen])
        blanket = case.blankets[name]
        for field, value, unit in (("effective", blanket.effective_emittance, "-"), ("conductance", blanket.conductance, "W/m2K")):
            if value > 0.0:
                key = {"effective": "effective_emittance", "conductance": "conductance_W_m2K"}[field]
                yield Optic(f"blankets.{name}.{key}", value, unit, _of_exchange(solved, field, mine))
    yield from _areas(solved)


def varying_coatings(solved: Solved) -> list[str]:
    """Coatings whose emittance follows the temperature; no single number of them is a parameter."""
    return [name for name, coating in solved.case.coatings.items() if coating.infrared_emittance_at is not None]


def _mirrors(radiating: Radiating) -> bool:
    """Whether mirror-like reflections were traced, with absorptances as they are."""
    return radiating.falls is not None and radiating.falls.mirrored is not None


def notes(solved: Solved) -> list[str]:
    """What has no gradient, in sentences."""
    said = []
    if _mirrors(solved.ready.radiating):
        said.append("solar absorptance of coatings that see other faces: not differentiated (mirror-like reflections are traced with it)")
    varying = solved.ready.body.varying
    if varying is not None and varying.content is not None and solved.orbit is not None:
        said.append("specific heats: not differentiated, since some follow the temperature")
    used = set(face_coatings(solved.ready.body)) & set(varying_coatings(solved))
    if used:
        said.append(f"emittance of {', '.join(sorted(used))}: it follows the temperature, so no single number of it is varied")
    return said


def _absorptance(solved: Solved, name: str, exposed: Mask, seeing: Mask) -> Optic:
    exposure, radiating = solved.ready.exposure, solved.ready.radiating
    values = np.concatenate([exposure.absorptance[exposed], radiating.surfaces.absorptance[seeing]])
    of_exchange = _of_exchange(solved, "absorptance", seeing)

    def derivative(gradient: Gradient) -> float:
        sun, albedo = (_columns(solved, gradient, i) for i in (0, 1))
        found = float(sun[exposed].sum() + albedo[exposed].sum()) if exposed.any() else 0.0
        return found + of_exchange(gradient)

    return Optic(f"coatings.{name}.solar_absorptance", float(values.mean()), "-", derivative)


def _emittance(solved: Solved, name: str, exposed: Mask, seeing: Mask) -> Optic:
    exposure, radiating = solved.ready.exposure, solved.ready.radiating
    values = np.concatenate([exposure.emittance[exposed], radiating.surfaces.emittance[seeing]])
    values = values[values > 0.0]
    of_exchange = _of_exchange(solved, "emittance", seeing)

    def derivative(gradient: Gradient) -> float:
        return _emitted(solved, gradient, exposed) + of_exchange(gradient)

    return Optic(f"coatings.{name}.infrared_emittance", float(values.mean()) if len(values) else 0.0, "-", derivative)


def _emitted(solved: Solved, gradient: Gradient, groups: Mask) -> float:
    """By a factor on the emittance of groups that see the sky alone: what they send out, and the infrared that they absorb."""
    if not groups.any():
        return 0.0
    exposure = solved.ready.exposure
    area = np.asarray(exposure.areas[:, np.flatnonzero(groups)] @ exposure.emittance[groups])
    infrared = _columns(solved, gradient, 2)[groups].sum()
    return gradient.emitted(area, sink(solved.case, solved.ready.env)) + float(infrared)


def _columns(solved: Solved, gradient: Gradient, which: int) -> Floats:
    """Derivative by a factor on the sun (0), albedo (1) or infrared (2) of each group that sees the sky alone."""
    count = len(solved.ready.exposure.face)
    return gradient.signals[which * count : (which + 1) * count] if environment_sources(solved.ready.exposure) else np.zeros(count)


def _areas(solved: Solved) -> Iterator[Optic]:
    """Faces that see the sky alone: their radiating and absorbing area."""
    body, exposure = solved.ready.body, solved.ready.exposure
    bound, varied = set(solved.ready.radiating.views.face.tolist()), varying_coatings(solved)
    for face in dict.fromkeys(exposure.face.tolist()):
        mine = exposure.face == face
        if face in bound or any(exposure.coating[g] in varied for g in np.flatnonzero(mine)):
            continue

        def derivative(gradient: Gradient, mine: Mask = mine) -> float:
            lit = sum(float(_columns(solved, gradient, which)[mine].sum()) for which in (0, 1))
            return lit + _emitted(solved, gradient, mine)

        yield Optic(f"area of {body.assembly.face_names[face]}", float(body.face_area[face]), "m2", derivative)


def places(solved: Solved) -> list[int]:
    """Places among the model's sources of those that are reflected among faces."""
    first = len(environment_sources(solved.ready.exposure))
    return list(range(first, first + len(solved.ready.radiating.sources())))[1:]


def _of_exchange(solved: Solved, field: str, mine: Mask) -> Callable[[Gradient], float]:
    """Derivative by a factor on one optic of some groups that see others."""
    if not mine.any():
        return lambda gradient: 0.0
    made = _Stencil(solved, field, mine)
    return made.derivative


class _Stencil:
    """Enclosures and sources with one optic a little more and less; made when they are asked for, for all targets."""

    def __init__(self, solved: Solved, field: str, mine: Mask) -> None:
        self.solved, self.field, self.mine = solved, field, mine
        self._places: list[int] = []
        self._emission: Floats | None = None  #: change of the emission of the vertices [m2]
        self._arriving: list[Floats] = []  #: by stage (g,), change of what arrives [W/m2]
        self._signals: list[Floats] = []  #: by step, change of the sources' signals at its stages
        self._infrared: list[Floats] = []  #: by stage (g,), change of the planet's infrared [W/m2], where emittances vary

    def derivative(self, gradient: Gradient) -> float:
        """Of a figure by the natural logarithm of the optic."""
        model = gradient.model
        if self._emission is None:
            self._emission = self._moved(gradient)
        found = gradient.from_arriving(self._arriving) - model.sigma * float(self._emission @ gradient.fourth)
        found += gradient.from_signals(self._places, self._signals) + gradient.from_unlike(self._infrared)
        if self.field == "absorptance" and self._places:
            found += self._direct(gradient, self._places[0] - 1)
        return found

    def _moved(self, gradient: Gradient) -> Floats:
        """What the optic changes at the stages, which are the same of all targets; returns that of the emission."""
        sigma, stages = gradient.model.sigma, gradient.stages
        emission, arriving, signals, infrared = [], [], [], []
        for weight, enclosure, sources in self._stencil():
            emission.append(weight * enclosure.emission)
            arriving.append(weight * np.array([enclosure.arriving(sigma, at.t, at.emissive, at.inner) for at in gradient.moments]))
            over = over_steps(sources)
            signals.append([weight * over(one.start, one.end, one.times) for one in stages] if sources else [])
            given = [source for source in sources if source.path == "earth_infrared"]
            none = np.zeros_like(enclosure.areas)
            infrared.append([weight * sum((one.rate(np.array([at.t]))[0] for one in given), none) for at in gradient.moments])
        self._infrared = list(np.sum(infrared, axis=0))
        self._arriving, self._places = list(np.sum(arriving, axis=0)), places(self.solved)
        self._signals = [np.sum(of_step, axis=0) for of_step in zip(*signals, strict=True)]
        return np.asarray(np.sum(emission, axis=0))

    def _stencil(self) -> Iterator[tuple[float, Enclosure, list[Source]]]:
        radiating, times = self.solved.ready.radiating, self.solved.ready.question.task.times
        full = float(getattr(radiating.surfaces, self.field)[self.mine].max()) * (1 + SHARE) > 1.0 and self.field != "conductance"
        points = ((0.0, 1.5), (-SHARE, -2.0), (-2 * SHARE, 0.5)) if full else ((SHARE, 0.5), (-SHARE, -0.5))
        for share, weight in points:
            one = radiating.with_surfaces(_scaled(radiating.surfaces, self.field, self.mine, 1 + share))
            enclosure, sources = one.enclosure(), one.sources()[1:]
            assert enclosure is not None
            if self.solved.orbit is None:
                enclosure, sources = enclosure.at_mean(times), [source.at_mean(times) for source in sources]
            yield weight / SHARE, enclosure, sources

    def _direct(self, gradient: Gradient, place: int) -> float:
        """Sunlight that the facets absorb themselves at first incidence, in proportion to their absorptance."""
        sources = gradient.model.sources
        first = sum(source.spread.shape[1] for source in sources[:place])
        radiating = self.solved.ready.radiating
        surfaces, group = radiating.surfaces, radiating.views.group
        lit = np.where(surfaces.bare, surfaces.absorptance, 0.0)[group] > 0
        columns = gradient.signals[first : first + sources[place].spread.shape[1]]
        return float(columns[self.mine[group[lit]]].sum())


def _scaled(surfaces: Surfaces, field: str, mine: Mask, factor: float) -> Surfaces:
    values = np.where(mine, factor, 1.0) * getattr(surfaces, field)
    if field != "absorptance":
        return replace(surfaces, **{field: values})
    left = np.divide(1 - values, 1 - surfaces.absorptance, out=np.ones_like(values), where=surfaces.absorptance < 1)
    return replace(surfaces, absorptance=values, diffuse=surfaces.diffuse * left)
