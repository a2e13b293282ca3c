"""Coolant loops against closed forms: radiating tubes, closed loops, branches, transport, exchangers."""

import numpy as np
import pytest
from loops import WATER, Plumbing, fixed
from networks import floats, heated, marched

from thermal.network.flows import Exchange, Instant
from thermal.network.loops.exchanger import Exchanger, Side
from thermal.network.loops.hydraulics import flowing
from thermal.network.loops.liquid import FixedLiquid
from thermal.network.loops.pump import Pump, Valve
from thermal.network.steady import steady_state

LIQUID = FixedLiquid("ammonia", 600.0, 4750.0, 0.5, 2e-4)


def outlet_of_radiating_tube(cells, sink, film=None):
    """0.1 kg/s of 4750 J/kgK from 310 K along 20 m of a panel that radiates 0.9 x 2 m; through a film or isothermal across."""
    p = Plumbing()
    space, inlet = p.row(held=sink), p.row(held=310.0)
    tube = p.segment("tube", cells, 20.0, 0.010)
    loop = p.loop([tube], fixed(0.1), LIQUID, inlet)
    if film is None:
        p.glow(loop, "tube", space, 0.9 * 2 * 20.0)
    else:
        walls = np.array([p.row() for _ in range(cells)])
        p.film(loop, "tube", walls, film)
        p.flows.append(Exchange(walls, np.full(cells, space), np.full(cells, 0.9 * 2 * 20.0 / cells), ["panel"] * cells))
    net = p.network()
    T = steady_state(net, np.full(len(net.names), 300.0))
    return T[tube.rows[-1]]


@pytest.mark.parametrize(
    ("sink", "film", "outlet"), [(0.0, None, 278.16819679), (200.0, None, 283.79135201), (200.0, 1500.0, 287.67486407)]
)
def test_radiating_tube(sink, film, outlet):
    """Outlet of a radiating tube by the implicit closed form, and by ODE with a film: second order in the cells, 1e-4 of the heat at 20."""
    errors = [outlet_of_radiating_tube(n, sink, film) - outlet for n in (10, 20, 40)]
    assert abs(errors[1]) < 1.1e-4 * (310 - outlet)
    assert errors[0] / errors[1] == pytest.approx(4, abs=0.2)
    assert errors[1] / errors[2] == pytest.approx(4, abs=0.2)


@pytest.mark.parametrize(
    ("heat", "flow", "emittance", "length", "sink", "hot", "cold"),
    [(2050.0, 0.1, 0.9, 5.0, 200.0, 275.94470429, 271.62891482), (122400.0, 2.0, 0.88, 100.0, 220.0, 354.22191636, 341.33770583)],
)
def test_closed_loop(heat, flow, emittance, length, sink, hot, cold):
    """Source = radiator: temperatures before and behind the radiating tube to 0.01 K."""
    p = Plumbing()
    space = p.row(held=sink)
    plate, tube = p.segment("plate", 1, 1.0, 0.01), p.segment("tube", 40, length, 0.01, section=1)
    loop = p.loop([plate, tube], fixed(flow), LIQUID)
    p.glow(loop, "tube", space, emittance * 2 * length)
    p.heat(loop, "plate", heat)
    net = p.network()
    T = steady_state(net, np.full(len(net.names), 300.0))
    assert T[plate.rows[-1]] == pytest.approx(hot, abs=0.01)
    assert T[tube.rows[-1]] == pytest.approx(cold, abs=0.01)


def test_branches():
    """0.1 kg/s of water over 8 mm x 10 m and 10 mm x 15 m, Blasius: shares to 1e-6, pressure drop; laminar at a thousandth of the flow."""

    def branches_of(total, pump=None):
        p = Plumbing()
        inlet = p.row(held=300.0)
        a = p.segment("a", 3, 10.0, 0.008, branch=0, friction="blasius")
        b = p.segment("b", 3, 15.0, 0.010, branch=1, friction="blasius")
        loop = p.loop([a, b], pump or fixed(total), FixedLiquid("water", 997.0, 4180.0, 0.6, 8.9e-4), inlet)
        net = p.network()
        return flowing(loop, Instant(net, 0.0, np.full(len(net.names), 300.0)))

    turbulent = branches_of(0.1)
    assert turbulent.branches[0] == pytest.approx(0.0407579422, rel=1e-8)
    assert turbulent.drops[:3].sum() == pytest.approx(14113.850957, rel=1e-8)
    assert turbulent.drops[3:].sum() == pytest.approx(14113.850957, rel=1e-8)
    assert branches_of(1e-3).branches[0] / 1e-3 == pytest.approx(0.3805748266, rel=1e-8)
    by_curve = branches_of(0.0, Pump(curve=(floats(0.0, 0.1, 0.2), floats(20000.0, 14113.850957, 1000.0))))
    assert by_curve.branches.sum() == pytest.approx(0.1, rel=1e-8)


def test_three_branches_have_one_pressure_drop():
    """Three unlike branches: flows add up to the whole, drops agree to 1e-9."""
    p = Plumbing()
    inlet = p.row(held=300.0)
    segments = [p.segment(f"s{i}", 2, 5.0 + i, 0.006 + 0.002 * i, branch=i, roughness=2e-6) for i in range(3)]
    loop = p.loop(segments, fixed(0.2), WATER, inlet)
    net = p.network()
    found = flowing(loop, Instant(net, 0.0, np.full(len(net.names), 300.0)))
    assert found.branches.sum() == pytest.approx(0.2, rel=1e-12)
    assert found.drops.reshape(3, 2).sum(axis=1) == pytest.approx(np.full(3, found.drops[:2].sum()), rel=1e-8)


def test_transport():
    """0.8 m/s over 12 m past a wall, NTU 1.7: a step of the inlet is half way at the end after 15.0 s (1 %), and exp(-NTU) of itself."""
    diameter, cells = 0.01, 150
    flow = WATER.density * np.pi * diameter**2 / 4 * 0.8
    p = Plumbing()
    wall = p.row(held=300.0)
    inlet = p.row(held=([0.0, 1.0, 1.0, 60.0], [300.0, 300.0, 310.0, 310.0]))
    tube = p.segment("tube", cells, 12.0, diameter)
    loop = p.loop([tube], fixed(flow), WATER, inlet)
    coefficient = 1.7 * flow * WATER.specific_heat / (np.pi * diameter * 12.0)
    p.film(loop, "tube", wall, coefficient)
    record = marched(p.network(), np.full(len(p.capacity), 300.0), [0.0, 1.0, 60.0], tolerance=1e-4)
    out = record.temperatures()[:, tube.rows[-1]] - 300.0
    assert out[-1] / 10 == pytest.approx(np.exp(-1.7), abs=1e-4)
    assert np.interp(0.5 * out[-1], out, record.times) - 1.0 == pytest.approx(15.0, rel=0.01)
    assert record.closure() < 1e-9


@pytest.mark.parametrize(("arrangement", "effectiveness"), [("counter", 0.7218269911), ("shell_two_tube", 0.6204313520)])
def test_exchanger_between_two_runs(arrangement, effectiveness):
    """NTU 2, rates 0.75 to 1: the outlets that the effectiveness says, heat of one the heat of the other."""
    p = Plumbing()
    hot_in, cold_in = p.row(held=350.0), p.row(held=300.0)
    sides = []
    for inlet, flow in ((hot_in, 0.075), (cold_in, 0.1)):
        segment = p.segment(f"side{inlet}", 1, 0.1, 0.01)
        sides.append((p.loop([segment], fixed(flow), WATER, inlet), segment))
    p.flows.append(Exchanger("x", (Side(sides[0][0], 0), Side(sides[1][0], 0)), 2 * 0.075 * 4180, arrangement))
    net = p.network()
    T = steady_state(net, np.full(len(net.names), 320.0))
    hot, cold = T[sides[0][1].rows[0]], T[sides[1][1].rows[0]]
    assert (350 - hot) / 50 == pytest.approx(effectiveness, abs=1e-9)
    assert (cold - 300) / 50 == pytest.approx(0.75 * effectiveness, abs=1e-9)


def test_bypass_holds_the_mixture():
    """A valve round a radiator: the mixture behind it has the set point to 1e-6 K, and what the radiator loses is what the plate gives."""
    p = Plumbing()
    space = p.row(held=200.0)
    plate = p.segment("plate", 2, 1.0, 0.01)
    main = p.segment("radiator", 20, 10.0, 0.01, section=1, branch=0)
    bypass = p.segment("bypass", 1, 0.5, 0.008, section=1, branch=1)
    back = p.segment("back", 2, 1.0, 0.01, section=2)
    loop = p.loop([plate, main, bypass, back], fixed(0.1), LIQUID, valve=Valve(1, 1, 2, 285.0))
    p.glow(loop, "radiator", space, 0.9 * 2 * 10.0)
    p.heat(loop, "plate", 2000.0)
    net = p.network()
    T = steady_state(net, np.full(len(net.names), 290.0))
    now = Instant(net, 0.0, net.states(T))
    assert 0.0 < flowing(loop, now).opening < 1.0
    assert T[back.rows[-1]] == pytest.approx(285.0, abs=1e-6)
    assert net.by_path(net.rates(now)).sum() == pytest.approx(0.0, abs=1e-6)


def test_pump_that_stops_leaves_a_fluid_at_rest():
    """Behind a stop each cell follows its own wall alone: the far one keeps its heat, the near one loses it by exp(-hA t/C)."""
    p = Plumbing()
    cold = p.row(held=250.0)
    near, far = p.segment("near", 1, 1.0, 0.01), p.segment("far", 1, 1.0, 0.01, section=1)
    loop = p.loop([near, far], Pump(0.05, turns=((100.0, False),)))
    p.film(loop, "near", cold, 500.0)
    p.heat(loop, "far", 100.0)
    net = p.network()
    T = steady_state(net, np.full(len(net.names), 300.0))
    record = marched(net, T, [0.0, 100.0, 150.0], tolerance=1e-6)
    end = record.temperatures()[-1]
    capacity = loop.capacities()[0]
    area = np.pi * 0.01
    assert end[near.rows[0]] - 250 == pytest.approx((T[near.rows[0]] - 250) * np.exp(-500 * area * 50 / capacity), abs=1e-4)
    assert end[far.rows[0]] == pytest.approx(T[far.rows[0]] + 100.0 * 50 / capacity, abs=1e-4)
    assert record.closure() < 1e-9


def test_tabulated_fluid_keeps_the_first_law():
    """Ammonia whose specific heat changes, films by correlation, a pump that heats: a transient from 250 K closes to 1e-9."""
    from thermal.fluid.coolant import coolant
    from thermal.fluid.table import liquid_table

    p = Plumbing()
    space, wall = p.row(held=200.0), p.row(capacity=5000.0)
    plate, tube = p.segment("plate", 5, 2.0, 0.008), p.segment("tube", 10, 10.0, 0.010, section=1)
    loop = p.loop([plate, tube], Pump(0.05, efficiency=0.3), liquid_table(coolant("ammonia"), 20e5, high=310.0), reference=270.0)
    p.film(loop, "plate", wall)
    p.glow(loop, "tube", space, 0.9 * 2 * 10.0)
    p.flows.append(heated(wall, 3000.0))
    net = p.network()
    record = marched(net, np.where(np.arange(len(net.names)) == space, 200.0, 250.0), [0.0, 3000.0], tolerance=1e-3)
    assert record.closure() < 1e-9
    assert record.by_path()["pump coolant"] > 0
    T = record.temperatures()[-1]
    steady = steady_state(net, T)
    assert pytest.approx(steady, abs=0.05) == T
