"""The numbers of a case that a gradient is taken to, and what a factor on each of them does to the balance of heat."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.casefile.patterns import matching
from heliorack.model.body import Body
from heliorack.model.interfaces import Interface
from heliorack.model.loads import answers
from heliorack.model.open_faces import boundary_of
from heliorack.studies.sensitivity.electricity import Electricity
from heliorack.studies.sensitivity.optics import optics
from heliorack.studies.sensitivity.solved import Solved
from heliorack.studies.sensitivity.targets import SHARE, Target
from thermal.boundary import Film, Flux, Sink
from thermal.conduction.stiffness import stiffness
from thermal.properties.material import Material
from thermal.sensitivity.gradient import Conductors, Gradient, Triplets

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Parameter:
    """One number of a case."""

    path: str  #: as the case file spells it, as far as it is one key of it
    value: float
    unit: str
    #: derivative of a target's figure by its natural logarithm [K]: by what the gradient summed up, and by the target itself
    derivative: Callable[[Gradient, Target], float]
    key: str | None = None  #: of the case file, where the number is that key and nothing else follows it


def conductors(solved: Solved) -> tuple[list[Parameter], Conductors]:
    """Parameters that scale entries of the conduction matrix: materials, contacts, straps and skins."""
    body, case = solved.ready.body, solved.case
    local = body.layout.local_of_node()
    named: list[tuple[str, float, str, Triplets]] = []
    keys: dict[int, str] = {}  #: by place among them
    materials = body.assembly.part_material
    for material in dict.fromkeys(materials):
        parts = [i for i, other in enumerate(materials) if other == material]
        known = case.materials[material]
        tensors = body.conductivity * body.count[:, None, None]
        triplets = stiffness(body.assembly.points, body.assembly.cells, body.assembly.cell_part, tensors, parts)
        if known.conductivity_curve() is None:
            skins = [layer.conduction for layer in body.skins if layer.material == material]
            triplets = _joined([triplets, *skins, *_pressed(case, body, parts)])
        path = f"materials.{material}.conductivity_W_mK{_other_axes(known)}"
        if not _other_axes(known) and _conducts_alone(case, body, material):
            keys[len(named)] = path
        named.append((path, float(known.conductivity), "W/mK", triplets))
    for i, contact in enumerate(case.contacts):
        mine = [face for face in body.interfaces.found if face.contact == i and face.conductance > 0.0]
        if mine:
            area = sum(face.area for face in mine)
            mean = sum(face.area * face.conductance for face in mine) / area
            between = " - ".join(contact.between or contact.faces or ())
            if contact.conductance is not None:
                keys[len(named)] = f"contacts.{i}.conductance_W_m2K"
            named.append((f"contacts.{i} ({between})", mean, "W/m2K", _joined([_counted(body, face) for face in mine])))
    for i, link in enumerate(body.straps):
        if len(body.straps) == len(case.straps):  # else some of them are several pairs of faces
            keys[len(named)] = f"straps.{i}.conductance_W_K"
        named.append((f"strap {i} ({' - '.join(link.between)})", link.conductance, "W/K", link.triplets))
    for i, layer in enumerate(body.skins):
        named.append(
            (
                f"skins.{i}.conduction ({layer.material})",
                layer.thickness * case.materials[layer.material].conductivity,
                "W/K",
                layer.conduction,
            )
        )
    laws = enumerate(case.materials[material] for material in dict.fromkeys(materials))
    curves = {k: one.over(known.conductivity) for k, known in laws if (one := known.conductivity_curve()) is not None}
    made = Conductors.joined([(local[rows], local[columns], values) for *_, (rows, columns, values) in named], curves)
    found = [Parameter(name, value, unit, _conducts(k), keys.get(k)) for k, (name, value, unit, _) in enumerate(named)]
    return found, made


def _pressed(case: Case, body: Body, parts: Sequence[int]) -> Iterator[Triplets]:
    """What joints of pressed surfaces conduct more by a factor on the conductivity of some parts; axes of one part count alike."""
    level = np.trace(body.conductivity, axis1=1, axis2=2) / 3
    mine = np.isin(np.arange(len(level)), parts)
    for face in body.interfaces.found:
        if face.kind != "bolted" or not (mine[face.part_a] or mine[face.part_b]):
            continue
        more, less = (level * np.where(mine, 1 + share, 1.0) for share in (SHARE, -SHARE))
        joint, (a, b) = case.contacts[face.contact], (face.part_a, face.part_b)
        up, down = (joint.coefficient(float(one[a]), float(one[b]), face.area) for one in (more, less))
        rows, columns, values = _counted(body, face)
        yield rows, columns, values * ((up - down) / (SHARE * (up + down)))


def _other_axes(known: Material) -> str:
    """Words on what is scaled together with the conductivity along x: that of other axes, of the copper in a board."""
    if known.board is not None:
        return " with the copper of the board"
    others = [key for key, value in (("k_y_W_mK", known.k_y), ("k_z_W_mK", known.k_z)) if value is not None]
    return f" with {' and '.join(others)}" if others else ""


def _conducts_alone(case: Case, body: Body, material: str) -> bool:
    """Whether nothing but the parts of a material follows its conductivity: no skin, and no joint whose conductance is made of it."""
    made = any(contact.bolted is not None or contact.bolts is not None for contact in case.contacts)
    return not made and not any(layer.material == material for layer in body.skins)


def _counted(body: Body, face: Interface) -> Triplets:
    """What an interface is in the matrix, for all parts that its own stand for."""
    rows, columns, values = face.triplets
    return rows, columns, values * max(body.count[face.part_a], body.count[face.part_b])


def _conducts(k: int) -> Callable[[Gradient, Target], float]:
    return lambda gradient, target: float(gradient.conducts[k])


def _joined(parts: Sequence[Triplets]) -> Triplets:
    rows, columns, values = (np.concatenate([one[i] for one in parts]) for i in range(3))
    return rows, columns, values


def parameters(solved: Solved, electricity: Electricity) -> Iterator[Parameter]:
    """All others."""
    yield from _powers(solved, electricity)
    yield from _capacities(solved)
    yield from _boundaries(solved)
    yield from optics_of(solved)


def optics_of(solved: Solved) -> Iterator[Parameter]:
    """Coatings, blankets and areas of faces."""
    for one in optics(solved):
        key = None if " " in one.path else one.path
        yield Parameter(one.path, one.value, one.unit, _alone(one.derivative), key)


def _powers(solved: Solved, electricity: Electricity) -> Iterator[Parameter]:
    """Compute entries and heat of parts."""
    case, body, loads = solved.case, solved.ready.body, solved.ready.coupling.loads
    fixed = [j for j, entry in enumerate(case.compute) if not answers(entry)]
    period = max(float(loads.times[-1] - loads.times[0]), 1e-300)
    for j, entry in enumerate(case.compute):
        mean = float(np.trapezoid(loads.compute[:, j], loads.times)) / period
        if not loads.compute[:, j].any():
            continue
        heat = _fixed_heat(solved, fixed.index(j)) if j in fixed else _answering_heat(solved, j)
        yield Parameter(f"compute.{entry.name} power", mean, "W", _with_bus(heat, electricity.compute(j), j))
    if solved.ready.side is not None and case.power is not None and case.power.base_load:
        yield Parameter("power.base_load_W", case.power.base_load, "W", _alone(electricity.base_load()))
    share = body.volumes @ np.diag(1 / body.part_volume)
    for part, solid in enumerate(body.solids):
        if solid.heat:
            rows = np.asarray(share[:, part]).ravel() * solid.heat * solid.count
            watts = solid.heat * solid.count
            warmed = _with_bus(_constant(rows), electricity.equipment(watts), None)
            yield Parameter(f"heat of {solid.name}", watts, "W", warmed, f"parts.{solid.name}.heat_W")


def _constant(rows: Floats) -> Callable[[Gradient], float]:
    return lambda gradient: float(rows @ gradient.heat)


def _with_bus(
    heat: Callable[[Gradient], float], bus: Callable[[Gradient], float], entry: int | None
) -> Callable[[Gradient, Target], float]:
    def derivative(gradient: Gradient, target: Target) -> float:
        straight = 0.0 if entry is None else target.direct.get(entry, 0.0)
        return heat(gradient) + bus(gradient) + straight

    return derivative


def _fixed_heat(solved: Solved, column: int) -> Callable[[Gradient], float]:
    at = next(i for i, source in enumerate(solved.model.sources) if source.path == "compute")
    first = sum(source.spread.shape[1] for source in solved.model.sources[:at])
    return lambda gradient: float(gradient.signals[first + column])


def _answering_heat(solved: Solved, j: int) -> Callable[[Gradient], float]:
    device = next(one for one in solved.ready.devices if one.column == j)
    more, less = (device.with_power(1 + share).feedback(solved.ready.body) for share in (SHARE, -SHARE))

    def derivative(gradient: Gradient) -> float:
        feedback = next(one for one in gradient.model.feedbacks if one.name == device.entry.name and one.path == "compute")
        up, down = (more, less) if solved.orbit is not None else (more.at_mean(np.zeros(0)), less.at_mean(np.zeros(0)))
        return gradient.from_feedback(feedback, lambda t, means: (up.rate(t, means) - down.rate(t, means)) / (2 * SHARE))

    return derivative


def _capacities(solved: Solved) -> Iterator[Parameter]:
    """Specific heat of materials; a steady state does not know it, and none is one number where some follow the temperature."""
    varying = solved.ready.body.varying
    if solved.orbit is None or (varying is not None and varying.content is not None):
        return
    body, case, local = solved.ready.body, solved.case, solved.ready.body.layout.local_of_node()
    materials = body.assembly.part_material
    for material in dict.fromkeys(materials):
        known = case.materials[material]
        parts = [i for i, other in enumerate(materials) if other == material]
        stores = np.asarray(body.volumes[:, parts].sum(axis=1)).ravel() * known.density * known.specific_heat
        for layer in body.skins:
            if layer.material == material:
                rows, _, values = layer.capacity
                np.add.at(stores, local[rows], values)
        key = f"materials.{material}.specific_heat_J_kgK"
        yield Parameter(key, known.specific_heat, "J/kgK", _stores(stores), key)


def _stores(stores: Floats) -> Callable[[Gradient, Target], float]:
    return lambda gradient, target: gradient.capacity(stores)


def _boundaries(solved: Solved) -> Iterator[Parameter]:
    """Films, fluxes and sinks of their own."""
    body, case = solved.ready.body, solved.case
    names = body.assembly.face_names
    for i, boundary in enumerate(case.boundaries):
        faces = [j for j, name in enumerate(names) if boundary_of(case.boundaries, name, type(boundary)) == i]
        if isinstance(boundary, Flux):
            faces = [j for j, name in enumerate(names) if matching(boundary.faces, (name,))]
        area = np.asarray(body.faces[:, faces].sum(axis=1)).ravel()
        if isinstance(boundary, Film):
            key = f"boundaries.{i}.h_W_m2K"
            yield Parameter(key, boundary.h, "W/m2K", _film(boundary.h * area, boundary.fluid), key)
        elif isinstance(boundary, Sink):
            key = f"boundaries.{i}.emittance"
            yield Parameter(key, boundary.emittance, "-", _emits(boundary.emittance * area, boundary.sink), key)
        elif isinstance(boundary, Flux):
            rows, key = boundary.flux * area, f"boundaries.{i}.flux_W_m2"
            yield Parameter(key, boundary.flux, "W/m2", _alone(_constant(rows)), key)


def _alone(derivative: Callable[[Gradient], float]) -> Callable[[Gradient, Target], float]:
    return lambda gradient, target: derivative(gradient)


def _film(conductance: Floats, fluid: float) -> Callable[[Gradient, Target], float]:
    return lambda gradient, target: gradient.film(conductance, fluid)


def _emits(area: Floats, sink: float) -> Callable[[Gradient, Target], float]:
    return lambda gradient, target: gradient.emitted(area, sink)
