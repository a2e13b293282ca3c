"""The second look at every solution, beside the first law: what no temperature, no cell and no joint can do, in words.

A ledger closes over states that cannot be as well as over any other. Each check asks something of the solution that does not come from
the equations that made it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.coupling.electrical import PowerSide
from heliorack.model.body import Body
from heliorack.model.open_faces import Exposure
from heliorack.model.radiation import Radiating
from orbit.environment import Environment
from power.system.result import PowerResult
from power.timeline import resample
from thermal.radiation.enclosure import Enclosure
from thermal.solve.march import inside
from thermal.solve.model import Model
from thermal.solve.probes import History
from thermal.solve.ways import Emitter, FilmLoad, Held

Floats = NDArray[np.float64]
Triplets = tuple[NDArray[np.int64], NDArray[np.int64], Floats]

HOTTEST_SOLID = 4300.0  #: K; the carbide of tantalum and hafnium melts at some 4200
DRAWN = 1e-9  #: K/s by which heat that is drawn cools a vertex; less is round-off
MORE = 1e-6  #: of the sunlight absorbed that electricity may exceed it by
BACKWARD = 1e-9  #: of the heat through a joint that may flow from cold to hot: round-off
CORNERS = 6  #: of the two triangles that meet in a contact
TIMES = 64  #: moments at which sources are looked at together


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """What the second look is taken at."""

    body: Body
    model: Model
    history: History
    start: float | None  #: coldest temperature at the start of a transient [K]; None where nothing is left of the start
    tolerance: float  #: K, of the solver
    exposure: Exposure
    radiating: Radiating
    env: Environment | None
    side: PowerSide | None
    power: PowerResult | None


def second_look(solved: Solved) -> tuple[str, ...]:
    """Everything about a solution that cannot be; empty when all is well. Collective."""
    found = list(_finite(solved))
    if found:
        return tuple(found)
    looks: Sequence[Callable[[Solved], Iterator[str]]] = (_above_zero, _solid, _above_the_coldest, _electricity, _downhill)
    return tuple(sentence for look in looks for sentence in look(solved))


def _finite(solved: Solved) -> Iterator[str]:
    """No number of the solution is infinite or none."""
    h, names = solved.history, solved.body.assembly.part_names
    for name, low, high in zip(names, h.coldest, h.hottest, strict=False):
        if not np.isfinite(low) or not np.isfinite(high):
            yield f"second look: {name} has temperatures that are no numbers"
    if not np.isfinite(h.mean).all() or not np.isfinite(h.fields).all():
        yield "second look: some temperatures over time are no numbers"
    if solved.power is not None and not (np.isfinite(solved.power.available).all() and np.isfinite(solved.power.balance.from_cells).all()):
        yield "second look: some powers of the array are no numbers"


def _above_zero(solved: Solved) -> Iterator[str]:
    """Nothing is colder than 0 K."""
    for name, low in zip(solved.body.assembly.part_names, solved.history.coldest, strict=False):
        if low < 0.0:
            yield f"second look: {name} comes down to {low - ZERO_CELSIUS:.0f} degC, below absolute zero: more heat is drawn than there is"


def _solid(solved: Solved) -> Iterator[str]:
    """Nothing is hotter than any solid."""
    for name, high in zip(solved.body.assembly.part_names, solved.history.hottest, strict=False):
        if high > HOTTEST_SOLID:
            yield (
                f"second look: {name} reaches {high - ZERO_CELSIUS:.4g} degC, hotter than any solid: its heat has next to no way out; "
                "look at its conductivity, contacts and coatings"
            )


def _above_the_coldest(solved: Solved) -> Iterator[str]:
    """Where no heat is drawn nothing is colder than the coldest sink, fluid, held temperature and start."""
    floor = coldest_surrounding(solved.model, solved.history.times)
    if floor is None or draws_heat(solved.model, solved.history.times):
        return
    floor = floor if solved.start is None else min(floor, solved.start)
    for name, low in zip(solved.body.assembly.part_names, solved.history.coldest, strict=False):
        if low < floor - solved.tolerance:
            yield (
                f"second look: {name} comes down to {low - ZERO_CELSIUS:.2f} degC, below the {floor - ZERO_CELSIUS:.2f} degC of the "
                "coldest sink, film, held temperature and start, although no heat is drawn"
            )


def coldest_surrounding(model: Model, times: Floats) -> float | None:
    """Coldest temperature that a body is tied to from outside [K]; None without any, and where a network ties it to more."""
    if model.attached is not None:
        return None
    found: list[float] = []
    for way in model.ways:
        if (isinstance(way, Emitter) and way.area.any()) or isinstance(way, Enclosure):
            found.append(way.sink)
        elif isinstance(way, FilmLoad):
            found.append(way.fluid)
        elif isinstance(way, Held) and len(way.rows):
            found.append(min(float(way.value(float(t)).min()) for t in times))
    every = [value for rank in model.layout.comm.allgather(found) for value in rank]
    return min(every, default=None)


def draws_heat(model: Model, times: Floats) -> bool:
    """Whether all sources together ever draw heat from a vertex, as solar cells and negative fluxes do."""
    first, last = float(times[0]), float(times[-1])
    moments = np.array([inside(float(t), first, last) for t in times]) if last > first else times
    least = np.full(model.layout.owned, np.inf)
    for i in range(0, len(moments), TIMES):
        least = np.minimum(least, model.brought(moments[i : i + TIMES]).load.min(axis=0))
    return bool(model.layout.sum(float((least < -DRAWN * model.heat_capacity).any())))


def _electricity(solved: Solved) -> Iterator[str]:
    """Cells of no face give more electricity than that face absorbs of sunlight."""
    cells = None if solved.side is None else solved.side.cells
    if cells is None or solved.power is None or solved.env is None or solved.power.split is None:
        return
    given = solved.power.balance
    for i, (face, name) in enumerate(zip(cells.faces, cells.names, strict=True)):
        mine = [zone.face == i for zone in cells.zones]
        light = resample(solved.env.times, absorbed_sunlight(solved, np.array([face])), given.times)
        share = resample(cells.times, solved.power.split[:, mine].sum(axis=1), given.times)
        taken, absorbed = given.mean(given.from_cells * share), given.mean(light)
        if taken > (1 + MORE) * absorbed:
            yield (
                f"second look: cells give {taken:.4g} W of electricity, more than the {absorbed:.4g} W of sunlight that "
                f"{name} absorbs; the array does not fit its faces, or they absorb less than the cells convert"
            )


def absorbed_sunlight(solved: Solved, faces: NDArray[np.int64]) -> Floats:
    """Sunlight that some faces absorb over the revolution, shadows included (n,) [W]; they have coated free area."""
    body, exposure, radiating = solved.body, solved.exposure, solved.radiating
    groups = exposure.on_face(faces)
    area = np.asarray(body.layout.sum(np.asarray(exposure.areas[:, groups].sum(axis=0)).ravel()))
    power: Floats = exposure.direct.values[:, groups] @ (area * exposure.absorptance[groups])
    falls = radiating.falls
    mine = np.isin(radiating.views.face[radiating.views.group], faces)
    if falls is not None and mine.any():
        group = radiating.views.group[mine]
        count = body.count[body.assembly.face_part[radiating.views.face[group]]]
        shaded = falls.arriving()[:, mine] @ (radiating.facet_areas()[mine] * count * radiating.surfaces.absorptance[group])
        power = shaded if not len(groups) else power + shaded
    return np.asarray(power)


def _downhill(solved: Solved) -> Iterator[str]:
    """Heat flows from hot to cold through every facet of a contact and between any two points of a strap, at every recorded moment."""
    names = solved.body.assembly.part_names
    joints = [(f"the contact of {names[f.part_a]} and {names[f.part_b]}", f.triplets, CORNERS**2) for f in solved.body.interfaces.found]
    joints += [(f"the strap {' - '.join(link.between)}", link.triplets, 1) for link in solved.body.straps]
    for name, triplets, block in joints:
        worst = max((uphill(triplets, block, T) for T in solved.history.fields), default=0.0)
        if worst > BACKWARD:
            yield f"second look: heat flows from cold to hot through {name}, {worst:.1e} of what it carries"


def uphill(triplets: Triplets, block: int, T: Floats) -> float:
    """Part of a joint that carries heat from cold to hot: greatest over its blocks of entries, over the sum of all [-].

    With the joint's matrix C, of which rows add up to zero, -C_ij (T_i - T_j) flows from i to j along a fall of T_i - T_j. Heat times
    fall over a block, the entries of one facet of a contact or of one pair of points of a strap, is not negative where heat flows downhill.

    Args:
        triplets: Row, column and value of C [W/K].
        block: Entries of one facet or pair, which stand together.
        T: Of all nodes [K].
    """
    rows, columns, values = triplets
    falls = (-values * (T[rows] - T[columns]) ** 2).reshape(-1, block).sum(axis=1)
    size = float(np.abs(falls).sum())
    return max(0.0, -float(falls.min())) / size if size > 0.0 else 0.0
