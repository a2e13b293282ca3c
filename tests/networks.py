"""Small thermal networks for tests."""

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_matrix

from thermal.network.attached import Attached
from thermal.network.flows import Conduction, Exchange, Source
from thermal.network.march import March
from thermal.network.network import Held, Network
from thermal.network.record import Record
from thermal.signal import Signal, constant


def rows(*numbers):
    """Row numbers."""
    return np.array(numbers, dtype=np.int64)


def floats(*values):
    """Values as an array."""
    return np.array(values, dtype=float)


def tied(*ties):
    """Conductors (row, row, W/K)."""
    return Conduction(rows(*(a for a, _, _ in ties)), rows(*(b for _, b, _ in ties)), floats(*(g for *_, g in ties)), ["tie"] * len(ties))


def radiating(*ties):
    """Radiative conductors (row, row, m2)."""
    return Exchange(rows(*(a for a, _, _ in ties)), rows(*(b for _, b, _ in ties)), floats(*(g for *_, g in ties)), ["glow"] * len(ties))


def heated(row, watts):
    """Constant heat into a row."""
    return Source(rows(row), constant(floats(watts)), [f"heat {row}"])


def stepped(row, edge, period, before, after):
    """Heat that jumps at `edge`."""
    return Source(rows(row), Signal(floats(0, edge, edge, period), np.array([[before], [before], [after], [after]])), [f"heat {row}"])


def network(capacity, flows, held=(), laws=()):
    """A network of rows by capacity; `held` are (row, K)."""
    kept = Held(rows(*(r for r, _ in held)), constant(floats(*(T for _, T in held)))) if held else None
    return Network([f"n{i}" for i in range(len(capacity))], floats(*capacity), flows, kept, laws)


def marched(net, T, events, tolerance=1e-5, switches=(), max_step=np.inf):
    """Record of a march from temperatures."""
    record = Record(net)
    march = March(net, switches, tolerance, max_step)
    for step in march.run(net.seated(events[0], net.states(floats(*T))), events):
        record.observe(step)
    return record


def attached(solid, films, capacity, flows=(), kept=(), start=300.0, **dress):
    """A solid's model with a network behind it.

    Args:
        solid: Of `bodies`.
        films: (face, row, W/m2K) each.
        capacity: Of the rows [J/K].
        flows: Between the rows.
        kept: (row, K) each of rows that are held.
        start: Of the free rows [K].
        dress: As `Solid.model` takes it.
    """
    areas = [solid.area(face) for face, _, _ in films]
    whole = [float(solid.layout.sum(float(area.sum()))) for area in areas]
    walls = np.arange(len(capacity), len(capacity) + len(films))
    ends = rows(*(row for _, row, _ in films)), walls
    film = Conduction(*ends, floats(*(h * a for (*_, h), a in zip(films, whole, strict=True))), [f"film {face}" for face, _, _ in films])
    held = Held(rows(*(r for r, _ in kept)), constant(floats(*(T for _, T in kept)))) if kept else None
    names = [f"n{i}" for i in range(len(capacity) + len(films))]
    net = Network(names, np.append(floats(*capacity), np.zeros(len(films))), [film, *flows], held, walls=walls)
    weights = csr_matrix(np.stack([area / a for area, a in zip(areas, whole, strict=True)], axis=1))
    behind = Attached(net, solid.layout, weights, np.full(len(net.free), start))
    ways = [*dress.pop("ways", ()), *behind.ways()]
    return replace(solid.model(**dress, ways=ways), attached=behind)
