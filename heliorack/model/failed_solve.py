"""What in a case may have made its solve fail: heat without a way out, more drawn than comes, joints of next to nothing."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from heliorack.casefile.errors import listed
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.model.body import Body
from heliorack.model.heat_sinks import joined
from heliorack.model.open_faces import face_coatings
from heliorack.model.radiation import Radiating
from meshes.shapes.solid import INSULATED
from thermal.conduction.operators import fullest
from thermal.constants import STEFAN_BOLTZMANN
from thermal.solve.linear import ShiftedSolver
from thermal.solve.model import Model
from thermal.solve.ways import FilmLoad, Held

Floats = NDArray[np.float64]

USUAL = 300.0  #: K at which ways of heat are judged
GLOWING = 2000.0  #: K above which no part of a satellite is
ROUNDING = 1e-6  #: of the heat that a joint may lose by the round-off of its temperatures
UNDERSHOT = 1e-3  #: of the warmest that is given, by which a mesh may swing below 0 K
SHORTEST = 1e-3  #: s in which a part may come to the temperature of its surroundings
APART = 1000.0  #: K between a part and what it is tied to that no joint of a satellite has


def causes(body: Body, model: Model, radiating: Radiating) -> tuple[str, ...]:
    """Sentences about the heat of each group of joined parts and each part, worst kinds first; collective.

    Args:
        body: Meshed.
        model: With every way of heat at its mean over the period.
        radiating: Radiation between the parts.
    """
    found = _Balance(body, model, radiating)
    first = (*found.groups(), *found.parts(), *found.poor(), *found.stiff(), *found.covered(), *found.given_hot(), *found.light())
    return (*first, *found.undershoot()) or tuple(found.drawn())


def warming(body: Body, model: Model, radiating: Radiating, parts: Sequence[int]) -> tuple[str, ...]:
    """How fast parts warm up that nothing cools, in sentences by group of joined parts; collective. Arguments as of `causes`."""
    found, said = _Balance(body, model, radiating), []
    for group in dict.fromkeys(int(found.label[i]) for i in parts):
        mine = np.flatnonzero(found.label == group)
        heat, capacity = float(found.brought[mine].sum()), float(found.capacity[mine].sum())
        name = listed([found.names[i] for i in mine], "and", most=6)
        if heat > 0.0 and capacity > 0.0:
            said.append(f"{name}: {heat:.4g} W into {capacity:.4g} J/K, {heat / capacity:.3g} K/s: {capacity / heat:.3g} s for each kelvin")
    return tuple(said)


class _Balance:
    """Heat brought to each part and what its ways carry off at `USUAL`."""

    def __init__(self, body: Body, model: Model, radiating: Radiating) -> None:
        self.body, self.model, self.names = body, model, body.assembly.part_names
        T = np.full(model.layout.owned, USUAL)
        rows = fullest(body.volumes)
        emitting = model.derivatives(0.0, T)
        carries = model.loss(emitting) + model.fixed_conductance()  # W/K, exchange with other parts left out
        sent = model.outside(0.0, np.zeros_like(T))[0]  # at 0 K: what sources bring and sinks send
        fixed = model.fixed_conductance().copy()
        held = np.zeros(model.layout.owned)
        held[model.held_rows()] = 1.0
        sources = model.brought(np.zeros(1)).load[0]
        for feedback in model.feedbacks:
            sources = sources + feedback.weights @ feedback.rate(0.0, np.full(feedback.weights.shape[1], USUAL))
        columns = (sources, sent, carries, fixed, held, model.heat_capacity)
        count = len(self.names)
        by_part = model.layout.sum(np.array([np.bincount(rows, weights=column, minlength=count) for column in columns]))
        self.brought, self.at_zero, self.carries, self.fixed, self.held, self.capacity = by_part
        self.label = joined(body, radiating)

    def groups(self) -> Iterator[str]:
        """Groups that draw more heat than comes, or that would have to glow to be rid of it."""
        for group in dict.fromkeys(self.label.tolist()):
            mine = np.flatnonzero(self.label == group)
            if self.held[mine].any():
                continue
            name = listed([self.names[i] for i in mine], "and", most=4)
            heat, cold = float(self.brought[mine].sum()), float(self.at_zero[mine].sum())
            if cold < 0:
                yield f"{name}: {-cold:.4g} W more is drawn than sunlight, loads and surroundings bring at 0 K, so no temperature balances"
                continue
            emits = float((self.carries[mine] - self.fixed[mine]).sum()) / (4 * USUAL**3)  # sigma x emittance x area [W/K4]
            films = float(self.fixed[mine].sum())
            if heat > emits * GLOWING**4 + films * GLOWING:
                area = emits / STEFAN_BOLTZMANN
                yield (
                    f"{name}: {heat:.4g} W is brought to an emittance times area of {area:.3g} m2 and films of {films:.3g} W/K, which "
                    f"do not reject it at {GLOWING - ZERO_CELSIUS:.0f} degC"
                )

    def parts(self) -> Iterator[str]:
        """Parts that are tied to all else by next to nothing."""
        ties = np.zeros(len(self.names))
        for face in self.body.interfaces.found:
            ties[[face.part_a, face.part_b]] += face.conductance * face.area
        for link in self.body.straps:
            ties[list(link.parts)] += link.conductance
        for bond in self.body.assembly.bonds:
            ties[[bond.part_a, bond.part_b]] = np.inf
        for i, name in enumerate(self.names):
            total, heat = ties[i] + self.carries[i], abs(self.brought[i])
            if not self.held[i] and heat > total * APART:
                yield (
                    f"{name}: {heat:.4g} W crosses {total:.2g} W/K of contacts, straps and surfaces together, {heat / total:.2g} K apart"
                    if total > 0
                    else f"{name}: {heat:.4g} W has no contact, strap or surface to cross"
                )

    def poor(self) -> Iterator[str]:
        """Parts of a material that does not carry their heat even straight through their thinnest side."""
        for i, (name, solid) in enumerate(zip(self.names, self.body.solids, strict=True)):
            sides, conductivity = np.sort(np.asarray(solid.size, dtype=float)), float(self.body.conductivity[i].max())
            through, heat = conductivity * sides[1] * sides[2] / sides[0], self.brought[i] / self.body.count[i]
            if heat > through * APART:
                yield (
                    f"{name}: {heat:.4g} W is brought to a material of {conductivity:.2g} W/mK, {heat / through:.2g} K apart through its "
                    f"{sides[0] * 1e3:.3g} mm; look at the conductivity of {solid.material}"
                )

    def stiff(self) -> Iterator[str]:
        """Joints of which the round-off alone is more than the heat there is."""
        heat = float(np.abs(self.brought).sum() + self.carries.sum())
        named = [(f"{self.names[f.part_a]} - {self.names[f.part_b]}", f.conductance * f.area) for f in self.body.interfaces.found]
        named += [(" - ".join(link.between), link.conductance) for link in self.body.straps]
        for name, conductance in named:
            lost = conductance * USUAL * float(np.finfo(float).eps)
            if lost > ROUNDING * heat:
                yield f"{name}: a joint of {conductance:.2g} W/K loses {lost:.2g} W by round-off alone; bond the parts, or give what it is"

    def covered(self) -> Iterator[str]:
        """Parts whose coated faces all lie under others."""
        coated: dict[int, list[int]] = {}
        for face, name in enumerate(face_coatings(self.body)):
            if name != INSULATED:
                coated.setdefault(int(self.body.assembly.face_part[face]), []).append(face)
        for part, faces in coated.items():
            if (self.body.face_area[faces] <= 0).all():
                names = listed([self.body.assembly.face_names[face] for face in faces], "and", most=3)
                yield f"{self.names[part]}: its coated faces ({names}) are covered whole by other parts and radiate nothing"

    def given_hot(self) -> Iterator[str]:
        """Faces, fluids and surroundings that are given hotter than any solid."""
        ways = self.model.ways
        given = [(way.path, float(way.value(0.0).max(initial=0.0))) for way in ways if isinstance(way, Held)]
        given += [(way.path, way.fluid) for way in ways if isinstance(way, FilmLoad)]
        for path, hottest in dict(found for rank in self.model.layout.comm.allgather(given) for found in rank).items():
            if hottest > GLOWING:
                yield f"{path}: given at {hottest - ZERO_CELSIUS:.4g} degC, hotter than any part of a satellite can be"

    def light(self) -> Iterator[str]:
        """Parts of next to no heat capacity."""
        for name, stores, carries in zip(self.names, self.capacity, self.carries, strict=True):
            if stores < carries * SHORTEST:
                yield (
                    f"{name}: {stores:.2g} J/K of heat capacity follow the {carries:.2g} W/K of its surfaces within "
                    f"{stores / carries:.2g} s; look at density, specific heat and size"
                )

    def undershoot(self) -> Iterator[str]:
        """Parts that conduction from what is held and from fluids alone leaves below 0 K: cells that are too wide for the jump."""
        model, layout = self.model, self.model.layout
        fluids = [way for way in model.ways if isinstance(way, FilmLoad)]
        given = [float(value) for rank in layout.comm.allgather(model.held_values(0.0)) for value in rank] + [way.fluid for way in fluids]
        if not given:
            return
        films = sum((way.conductance * way.fluid for way in fluids), np.zeros(layout.owned))
        with ShiftedSolver(model) as solver:
            solver.refresh(model.emission_slope(0.0, np.full(layout.owned, USUAL)))  # to 0 K: it brings nothing below that
            T = layout.gather(solver.solve(0.0, films, model.held_values(0.0)))
        cells, of_part = self.body.assembly.cells, self.body.assembly.cell_part
        warm, cold = max(given), min(given)
        for part, name in enumerate(self.names):
            low = float(T[cells[of_part == part]].min())
            if low < -UNDERSHOT * warm:
                yield (
                    f"{name}: beside faces and fluids held at {warm - ZERO_CELSIUS:.4g} and {cold - ZERO_CELSIUS:.4g} degC its mesh swings "
                    f"to {-low:.3g} K below absolute zero: the cells are too wide for so steep a jump. Try a smaller mesh_mm, down to the "
                    "part's thickness, or leave a distance between the two"
                )

    def drawn(self) -> Iterator[str]:
        """Parts that heat is drawn from, and how much colder than what feeds them each would be: a last resort, where all else is sound."""
        for i, name in enumerate(self.names):
            if self.brought[i] < 0:
                yield (
                    f"{name}: {-self.brought[i]:.4g} W more is drawn from it than its sources bring; what reaches the place by conduction "
                    f"does not keep it above 0 K"
                )
