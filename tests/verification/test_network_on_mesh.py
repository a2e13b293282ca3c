"""A network attached to a meshed body by films, in one system with it."""

from dataclasses import replace

import numpy as np
import pytest
from bodies import audited, bar, run
from networks import attached, floats, heated, marched, radiating, rows, stepped, tied
from scipy.optimize import brentq
from scipy.sparse import csr_matrix

from thermal.network.march import March
from thermal.network.mean import at_mean
from thermal.network.network import Held, Network
from thermal.network.periodic import periodic_state
from thermal.network.states import PhaseChange
from thermal.network.steady import steady_state
from thermal.network.switches import Phases
from thermal.signal import constant
from thermal.solve.lumped import lumped
from thermal.solve.periodic_march import Constant, PeriodicMarch
from thermal.solve.settings import Solver
from thermal.solve.solution import Task, solve_steady
from thermal.solve.ways import Feedback

LONG, WIDE, H = 0.1, 0.05, 100.0
AREA = WIDE**2


def quiet(words, done):
    """Say nothing."""


def task(model, solid, period, tolerance):
    """The model as it is marched."""
    return Task(model, solid.volumes, np.array([0.0, period]), Solver(tolerance=tolerance), quiet)


@pytest.mark.parametrize(("biot", "centre", "surface"), [(1.0, 0.9506417785, 0.6433907845), (10.0, 0.8292547308, 0.1224822381)])
def test_wall_cooled_by_a_node(biot, centre, surface):
    """Half thickness 1 from 1 to a boundary node at 0: sums over the roots of z tan z = Bi at Fo = 0.2, to 1e-4.

    Source: Incropera and DeWitt, Fundamentals of Heat and Mass Transfer, 5.5.
    """
    solid = bar(64, 1.0, 1 / 64, 1.0, 1.0)
    model = attached(solid, [("bar:+x", 0, biot)], [0.0], kept=[(0, 0.0)])
    found = run(model, solid.start(1.0), (0.0, 0.2), tolerance=1e-5)
    assert solid.at(found, 0.0, 0.0, 0.0) == pytest.approx(centre, abs=1e-4)
    assert solid.at(found, 1.0, 0.0, 0.0) == pytest.approx(surface, abs=1e-4)


def stirred(biot, ratio, t):
    """Temperatures of centre, surface and fluid of a wall at 1 beside a fluid at 0 with `ratio` times its heat capacity, k = rho c = L = 1.

    Modes cos(z x) exp(-z^2 t) with f = B cos z/(B - R z^2) in the fluid; sin z (R z^2 - B) = B R z cos z; orthogonal with weight R of f.
    """

    def border(z):
        return np.sin(z) * (ratio * z**2 - biot) - biot * ratio * z * np.cos(z)

    grid = np.linspace(1e-3, 60.0, 6000)
    at = np.flatnonzero(np.diff(np.sign(border(grid))))
    z = np.array([brentq(border, grid[i], grid[i + 1], xtol=1e-13) for i in at])
    f = biot * np.cos(z) / (biot - ratio * z**2)
    part = np.sin(z) / z / (0.5 + np.sin(2 * z) / (4 * z) + ratio * f**2) * np.exp(-(z**2) * t)
    rest = 1 / (1 + ratio)
    return rest + part.sum(), rest + (part * np.cos(z)).sum(), rest + (part * f).sum()


@pytest.mark.parametrize(("biot", "ratio"), [(1.0, 0.5), (5.0, 3.0)])
def test_wall_beside_a_stirred_fluid(biot, ratio):
    """Both cool and warm each other as the modes of wall and fluid together say, to 2e-4."""
    solid = bar(64, 1.0, 1 / 64, 1.0, 1.0)
    model = attached(solid, [("bar:+x", 0, biot)], [ratio / 64**2], start=0.0)
    found = run(model, solid.start(1.0), (0.0, 0.3), tolerance=1e-5)
    centre, surface, fluid = stirred(biot, ratio, 0.3)
    assert solid.at(found, 0.0, 0.0, 0.0) == pytest.approx(centre, abs=2e-4)
    assert solid.at(found, 1.0, 0.0, 0.0) == pytest.approx(surface, abs=2e-4)
    assert found[-1] == pytest.approx(fluid, abs=2e-4)


def both(conductivity=1e5, comm=None):
    """A bar that heats a node, which loses its heat through a node without capacity and by radiation; and the same as lumps alone."""
    solid = bar(8, LONG, WIDE, conductivity, 2e6, comm)
    ties, more = tied((0, 1, 0.4), (1, 2, 0.6)), [stepped(0, 1200.0, 3600.0, 30.0, 0.0), radiating((0, 2, 0.01))]
    given = {"heat": {"bar": 10.0}, "emitters": {"bar:-x": (0.5, 200.0)}}
    model = attached(solid, [("bar:+x", 0, H)], [800.0, 0.0, 0.0], [ties, *more], [(2, 280.0)], **given)
    lumps = [tied((3, 0, H * AREA), (0, 1, 0.4), (1, 2, 0.6)), *more, heated(3, 10.0), radiating((3, 4, 0.5 * AREA))]
    held = Held(rows(2, 4), constant(floats(280.0, 200.0)))
    alike = Network(["node", "joint", "sink", "bar", "space"], floats(800.0, 0.0, 0.0, 2e6 * LONG * AREA, 0.0), lumps, held)
    return solid, model, alike


def test_a_part_that_conducts_well_is_a_node():
    """Over an hour with a jump, bar and node move as in the network of two lumps, to 2 mK (1e5 W/mK leave 0.2 mK within the bar)."""
    solid, model, alike = both()
    found, ledger = audited(model, solid.start(300.0), (0.0, 1200.0, 3600.0), tolerance=1e-4)
    wanted = marched(alike, [300.0, 300.0, 280.0, 300.0, 200.0], (0.0, 1200.0, 3600.0)).temperatures()[-1]
    assert solid.layout.gather(found).mean() == pytest.approx(wanted[3], abs=2e-3)
    assert found[-2:] == pytest.approx(wanted[:2], abs=2e-3)
    assert ledger.network is not None
    assert ledger.network.closure() < 1e-12
    assert ledger.closure() < 1e-9


def test_first_law_of_both_sides():
    """Mesh and network close each to 1e-9, and what a film takes from one it brings to the other, to 1e-12."""
    solid, model, _ = both(100.0)
    _, ledger = audited(model, solid.start(300.0), (0.0, 1200.0, 3600.0))
    assert ledger.network is not None
    assert ledger.closure() < 1e-9
    assert ledger.network.closure() < 1e-9
    assert ledger.heat()["film bar:+x"] == pytest.approx(-ledger.network.by_path()["film bar:+x"], rel=1e-12)
    assert ledger.time_error() < 1e-3
    assert ledger.network.time_error() < 1e-3


def test_first_law_beside_held_rows():
    """Films and a thermostat that touch rows held at a temperature: what holds them is counted to 1e-9 of the throughput too."""
    solid = bar(8, LONG, WIDE, 100.0, 2e6)
    thermostat = Feedback(
        "heater",
        csr_matrix(solid.spread("bar")[:, None]),
        lambda t, mean: 20.0 * np.clip((320.0 - mean) / 40.0, 0.0, 1.0),
        lambda t, mean: np.where((mean > 280.0) & (mean < 320.0), -0.5, 0.0),
    )
    films = [("bar:+y", 0, 2 * H)]
    more = {"held": {"bar:-x": 310.0}, "ways": [thermostat]}
    model = attached(solid, films, [50.0, 0.0], [tied((0, 1, 0.5))], [(1, 260.0)], **more)
    _, ledger = audited(model, solid.start(300.0), (0.0, 600.0))
    assert ledger.network is not None
    assert ledger.closure() < 1e-9
    assert ledger.network.closure() < 1e-9


def test_steady_state_of_both():
    """All heat of the bar goes through film and node to the sink: temperatures in series, to 1e-9 of the heat."""
    solid = bar(8, LONG, WIDE, 100.0)
    model = attached(solid, [("bar:+x", 0, H)], [0.0, 0.0], [tied((0, 1, 0.5))], [(1, 280.0)], heat={"bar": 10.0})
    found = solve_steady(task(model, solid, 1.0, 1e-3))
    node = 280.0 + 10.0 / 0.5
    wall = node + 10.0 / (H * AREA)
    assert found.last[-1] == pytest.approx(node, abs=1e-8)
    mean, far = (float(solid.area(face) @ found.last[:-1]) / AREA for face in ("bar:+x", "bar:-x"))
    assert mean == pytest.approx(wall, abs=1e-7)
    assert far == pytest.approx(wall + 10.0 * LONG / (2 * 100.0 * AREA), abs=1e-7)
    assert found.ledger.closure() < 1e-9


def test_lumps_begin_the_steady_state():
    """Bar and nodes as lumps are the network of two lumps to 1e-6 K, and the steady state of the bar that conducts well to 2 mK."""
    solid, model, alike = both()
    model = replace(model, zone=np.zeros(solid.layout.owned, dtype=np.int64))
    mean = model.at_mean(np.array([0.0, 3600.0]))
    found = lumped(mean, solid.start(300.0), 0.0)
    wanted = steady_state(at_mean(alike), np.full(5, 300.0))
    assert found[0] == pytest.approx(wanted[3], abs=1e-6)
    assert found[-2:] == pytest.approx(wanted[:2], abs=1e-6)
    assert solve_steady(task(model, solid, 3600.0, 1e-3)).last == pytest.approx(found, abs=2e-3)


def test_a_network_of_many_nodes():
    """A chain of 120 nodes, whose matrices are sparse, is the one conductor that it adds up to; in time both ledgers close."""
    solid, links = bar(8, LONG, WIDE, 100.0, 2e6), 120
    chain = tied(*((i, i + 1, 0.5 * links) for i in range(links)))
    model = attached(solid, [("bar:+x", 0, H)], [5.0] * links + [0.0], [chain], [(links, 280.0)], heat={"bar": 10.0})
    steady = solve_steady(task(model, solid, 1.0, 1e-3))
    assert steady.last[-links] == pytest.approx(280.0 + 10.0 / 0.5, abs=1e-7)
    _, ledger = audited(model, solid.start(300.0), (0.0, 600.0))
    assert ledger.network is not None
    assert ledger.closure() < 1e-9
    assert ledger.network.closure() < 1e-9


def test_a_pack_behind_a_film():
    """The lumped pack of 2 kg and 200 kJ/kg, its 150 W through a mesh without weight: it begins and ends to melt when it should, to 0.1 %.

    It melts over 0.01 K there, its phase by its state; 600 s later it is warm to 0.05 K, and both sides close to 1e-9.
    """
    solid = bar(4, LONG, WIDE, 1e4, 2e3)
    model = attached(solid, [("bar:+x", 0, 1e5)], [4000.0, 0.0], [tied((0, 1, 5.0))], [(1, 293.15)], 295.15, heat={"bar": 150.0})
    law = PhaseChange(rows(0), floats(301.15), floats(100.0), floats(1.0), rows(0), by_state=True)
    net = replace(model.attached.network, laws=[law])
    model = replace(model, attached=replace(model.attached, network=net, alarms=[Phases(law, ("pack",))]))
    start, length = 192.929645, 3636.363636
    found, ledger = audited(model, solid.start(295.15), (0.0, start + length + 600.0), tolerance=1e-3)
    told = [(one.what, one.time) for one in ledger.network.turned]
    assert [what for what, _ in told] == ["melts or freezes", "is liquid"]
    assert told[0][1] == pytest.approx(start, rel=1e-3)
    assert told[1][1] - told[0][1] == pytest.approx(length, rel=1e-3)
    assert law.temperature(found[-1:])[0][0] == pytest.approx(312.757936, abs=0.05)
    assert ledger.closure() < 1e-9
    assert ledger.network.closure() < 1e-9


def test_a_pack_in_the_steady_state():
    """All of it molten where the heat asks for 303.15 K."""
    solid = bar(4, LONG, WIDE, 1e4, 2e3)
    model = attached(solid, [("bar:+x", 0, 1e5)], [4000.0, 0.0], [tied((0, 1, 5.0))], [(1, 293.15)], 295.15, heat={"bar": 50.0})
    law = PhaseChange(rows(0), floats(301.15), floats(100.0), floats(0.5), rows(0), by_state=True)
    model = replace(model, attached=replace(model.attached, network=replace(model.attached.network, laws=[law])))
    found = solve_steady(task(model, solid, 1.0, 1e-3))
    assert law.temperature(found.last[-1:])[0][0] == pytest.approx(303.15, abs=1e-7)
    assert law.state(floats(303.15))[0] == pytest.approx(found.last[-1], abs=1e-6)


def test_periodic_state_of_both():
    """A bar that conducts well repeats as the network of two lumps does, found by its own search, to 10 mK; it closes."""
    solid, model, alike = both()
    events = (0.0, 1200.0, 3600.0)
    found = PeriodicMarch(task(model, solid, 3600.0, 3e-3), Constant(events)).solve()
    lumps = periodic_state(March(alike, (), 1e-4), alike.seated(0.0, np.full(5, 300.0)), events, 1e-4, 20)
    assert found.periodic is not None
    assert found.periodic.converged
    assert found.periodic.orbits <= 5
    assert found.last[-2:] == pytest.approx(lumps.end[:2], abs=1e-2)
    assert found.history.mean[-1, 0] == pytest.approx(lumps.end[3], abs=1e-2)
    assert found.ledger.closure() < 1e-9
    assert found.ledger.network is not None
    assert found.ledger.network.closure() < 1e-9
