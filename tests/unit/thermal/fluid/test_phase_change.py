"""Fronts against their equations, packs and thermostats against integrations."""

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp

from thermal.constants import STEFAN_BOLTZMANN
from thermal.fluid.phase_change import Pack, PackHistory, Phase, front
from thermal.fluid.thermostat import Conducting, Radiating, thermostat_cycle
from thermal.fluid.validity import FluidError

ICE, WATER = Phase(2.22, 1000.0, 2050.0), Phase(0.556, 1000.0, 4200.0)


def derivative(function, x: float, step: float) -> float:
    """Of fourth order."""
    return (8 * (function(x + step) - function(x - step)) - function(x + 2 * step) + function(x - 2 * step)) / (12 * step)


@pytest.mark.parametrize(
    ("near", "far", "wall", "start"),
    [(ICE, WATER, 263.15, 278.15), (WATER, ICE, 320.0, 250.0), (ICE, WATER, 173.15, 273.65), (WATER, None, 300.0, 273.15)],
)
def test_front_is_fed_by_both_sides(near, far, wall, start):
    """Freezing and melting: heat in less heat out at the front is rho h times its speed; beside it the equation of conduction holds."""
    latent, t = 333500.0, 1800.0
    solved = front(near, latent, wall, 273.15, far, start)
    s = solved.position(t).item()
    step = s * 1e-3
    inner = derivative(lambda x: solved.temperature(x, t), s - 3 * step, step)
    outer = derivative(lambda x: solved.temperature(x, t), s + 3 * step, step)
    speed = derivative(lambda time: solved.position(time).item(), t, 1.0)
    fed = -near.conductivity * inner + (far.conductivity * outer if far else 0.0)
    assert fed == pytest.approx(np.sign(wall - 273.15) * 1000.0 * latent * speed, rel=0.01)
    for phase, x in ((near, 0.5 * s),) + (((far, 1.5 * s),) if far else ()):
        rate = derivative(lambda time, x=x: solved.temperature(x, time), t, 1.0)
        bend = derivative(lambda y: derivative(lambda z: solved.temperature(z, t), y, step), x, step)
        assert rate == pytest.approx(phase.diffusivity * bend, rel=1e-4)


def test_heat_of_a_front():
    """One phase: what came through the wall is what melted and what warmed, to 1e-9; the front is there when it says."""
    wax = front(Phase(0.2, 800.0, 2000.0), 2e5, 320.0, 300.0)
    t = 3600.0
    s = wax.position(t).item()
    warmed = quad(lambda x: 800.0 * (2e5 + 2000.0 * (wax.temperature(x, t) - 300.0)), 0, s)[0]
    assert 2 * t * wax.wall_flux(t).item() == pytest.approx(warmed, rel=1e-9)
    assert wax.position(wax.reaches(0.01)).item() == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("wall", "start", "far", "words"),
    [
        (270.0, 260.0, ICE, "no front"),
        (300.0, 290.0, ICE, "no front"),
        (273.15, 273.15, None, "no front"),
        (300.0, 260.0, None, "other phase"),
    ],
)
def test_no_front(wall, start, far, words):
    """Nothing melts when both temperatures are on one side."""
    with pytest.raises(FluidError, match=words):
        front(WATER, 333500.0, wall, 273.15, far, start)


def test_enthalpy_of_a_pack():
    """There and back in all three states."""
    pack = Pack(2.0, 2e5, 301.15, 1800.0, 2200.0)
    T = np.array([280.0, 301.15, 301.15, 330.0])
    h = pack.enthalpy(T, [0.0, 0.25, 1.0, 1.0])
    assert pack.temperature(h) == pytest.approx(T)
    assert pack.melted(h) == pytest.approx([0.0, 0.25, 1.0, 1.0])
    with pytest.raises(FluidError, match="above zero"):
        Pack(0.0, 2e5, 301.15, 1800.0, 2200.0)


@pytest.mark.parametrize(("start", "heat", "conductance"), [(295.15, 150.0, 5.0), (310.0, 10.0, 5.0), (295.15, 80.0, 0.0)])
def test_pack_against_an_integration(start, heat, conductance):
    """Melting, freezing and without losses: dH/dt in enthalpy from one event to the next, to 1e-6 of each time."""
    pack = Pack(2.0, 2e5, 301.15, 1800.0, 2200.0)
    history = PackHistory(pack, start, heat, conductance, 293.15)
    melts = start < pack.melting
    ends = [0.0, pack.mass * pack.latent]

    def right(_: float, h: np.ndarray) -> np.ndarray:
        return heat - conductance * (pack.temperature(h) - 293.15)

    events = [lambda _, h, level=level: h[0] - level for level in ends]
    solved = solve_ivp(right, (0, 4e4), pack.enthalpy([start]), events=events, rtol=1e-10, atol=1e-4, max_step=5.0)
    begins, stops = (solved.t_events[0][0], solved.t_events[1][0]) if melts else (solved.t_events[1][0], solved.t_events[0][0])
    assert (history.begins, history.lasts) == pytest.approx((begins, stops - begins), rel=1e-6)
    found = [history.temperature(t) for t in solved.t[::50]]
    assert found == pytest.approx(pack.temperature(solved.y[0, ::50]), abs=1e-4)


def test_a_pack_that_never_melts():
    """Its end temperature is below melting, or its heat stops at it."""
    pack = Pack(2.0, 2e5, 301.15, 1800.0, 2200.0)
    assert PackHistory(pack, 295.15, 30.0, 5.0, 293.15).begins == np.inf
    assert PackHistory(pack, 295.15, 39.9, 5.0, 293.15).temperature(1e6) < 301.15


@pytest.mark.parametrize("lump", [Conducting(2000.0, 1.5, 250.0), Radiating(2000.0, 0.05, 0.0), Radiating(2000.0, 0.05, 220.0)])
@pytest.mark.parametrize("besides", [0.0, 6.0])
def test_thermostat_against_an_integration(lump, besides):
    """Both parts of the cycle by an ODE with events, to 1e-7."""
    cycle = thermostat_cycle(lump, 60.0, 263.15, 268.15, besides)

    def part(start: float, end: float, heat: float) -> float:
        def reached(_: float, T: np.ndarray) -> float:
            return T[0] - end

        reached.terminal = True
        return solve_ivp(
            lambda _, T: [lump.net(T[0], heat) / 2000.0], (0, 1e5), [start], events=reached, rtol=1e-11, atol=1e-10, max_step=50.0
        ).t_events[0][0]

    assert cycle.on == pytest.approx(part(263.15, 268.15, 60.0 + besides), rel=1e-7)
    assert cycle.off == pytest.approx(part(268.15, 263.15, besides), rel=1e-7)


def test_thermostats_that_do_not_cycle():
    """Too weak: always on. Warm enough: never. Reversed: refused."""
    lump = Radiating(2000.0, 0.05, 0.0)
    hold = 0.05 * STEFAN_BOLTZMANN * 268.15**4
    assert thermostat_cycle(lump, hold * 0.99, 263.15, 268.15).duty == 1.0
    idle = thermostat_cycle(lump, 60.0, 263.15, 268.15, heat=20.0)
    assert (idle.duty, idle.mean) == (0.0, 0.0)
    with pytest.raises(FluidError, match="must be above"):
        thermostat_cycle(lump, 60.0, 268.15, 263.15)
