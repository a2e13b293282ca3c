"""Cycles, and the lift that saves most."""

import numpy as np
import pytest

from thermal.fluid.coolant import coolant
from thermal.fluid.heat_pump import Radiator, best_lift, carnot_fraction, vapour_compression
from thermal.fluid.pipes.loop_heat_pipe import LoopHeatPipe
from thermal.fluid.validity import FluidError


def test_a_cycle_is_below_carnot_and_closes():
    """Without losses and with a small lift near Carnot, never above; superheat and subcooling take more heat."""
    fluid = coolant("r134a")
    assert 0.95 < vapour_compression(fluid, 293.15, 298.15, 1.0).of_carnot < 1.0
    plain, more = vapour_compression(fluid, 280.0, 320.0, 0.7), vapour_compression(fluid, 280.0, 320.0, 0.7, superheat=5.0, subcooling=8.0)
    assert more.heat > plain.heat
    assert more.discharge > plain.discharge > 320.0
    ideal = vapour_compression(fluid, 280.0, 320.0, 1.0)
    assert plain.work == pytest.approx(ideal.work / 0.7)


@pytest.mark.parametrize(
    ("cold", "hot", "efficiency", "words"),
    [
        (293.15, 380.0, 0.7, r"critical point, 101\.06 degC"),
        (300.0, 290.0, 0.7, "asked was 26.85 degC to 16.85 degC"),
        (280.0, 300.0, 1.2, "between 0 and 1"),
    ],
)
def test_no_cycle(cold, hot, efficiency, words):
    """Above the critical point nothing condenses."""
    with pytest.raises(FluidError, match=words):
        vapour_compression(coolant("r134a"), cold, hot, efficiency)


def test_the_price_is_where_the_verdict_turns():
    """A permille below it a pump pays, a permille above it none does; and with a pump that weighs something, later."""
    radiator = Radiator(1.8, 220.0, 5.0)
    work = carnot_fraction(0.5)
    turns = best_lift(300.0, radiator, 0.01, work, 500.0).turns_at
    assert best_lift(300.0, radiator, turns * 0.999, work, 500.0).pays
    dear = best_lift(300.0, radiator, turns * 1.001, work, 500.0)
    assert not dear.pays
    assert (dear.hot, dear.mass) == (300.0, dear.without)
    assert "no pump is best" in dear.words()
    heavy = best_lift(300.0, radiator, 0.01, work, 500.0, stage_mass=5e-4)
    assert heavy.turns_at < turns
    assert not heavy.pays


def test_the_best_is_the_least_of_a_fine_grid():
    """With a real cycle, whose work is not proportional to the lift: no grid point is lighter."""
    fluid = coolant("r1233zd(e)")

    def work(cold: float, hot: float) -> float:
        return 1 / vapour_compression(fluid, cold, hot, 0.7).cop

    radiator = Radiator(1.7, 230.0, 8.0)
    found = best_lift(295.0, radiator, 0.005, work, 430.0)
    grid = [8.0 * radiator.area(1 + work(295.0, T), T) + 0.005 * work(295.0, T) for T in np.linspace(296.0, 430.0, 120)]
    assert found.pays
    assert found.mass <= min(grid) + 1e-12


def test_law_of_a_small_lift():
    """With a sink of 0 K a small lift shrinks the radiator only if eta > 1/4: below, no price of power is low enough for a small one."""
    radiator = Radiator(1.8, 0.0, 1.0)
    for eta, smaller in ((0.24, False), (0.26, True)):
        lifted = radiator.area(1 + carnot_fraction(eta)(300.0, 300.3), 300.3)
        assert (lifted < radiator.area(1.0, 300.0)) == smaller


def test_heat_colder_than_its_sink_needs_a_pump():
    """It pays at any price."""
    found = best_lift(250.0, Radiator(1.8, 260.0, 5.0), 0.02, carnot_fraction(0.5), 450.0)
    assert found.pays
    assert found.hot > 260.0
    with pytest.raises(FluidError, match="gives nothing"):
        Radiator(1.8, 260.0, 5.0).area(1.0, 250.0)
    with pytest.raises(FluidError, match="hotter than"):
        best_lift(300.0, Radiator(1.8, 0.0, 5.0), 0.02, carnot_fraction(0.5), 290.0)


def test_loop_heat_pipe():
    """Heat and difference are inverse on, before and beyond the curve; backwards it carries nothing."""
    pipe = LoopHeatPipe((20.0, 100.0, 300.0), (5.0, 14.0, 15.0), start=10.0, limit=340.0)
    q = np.array([5.0, 20.0, 60.0, 100.0, 220.0, 300.0, 330.0])
    assert pipe.carried(pipe.difference(q)) == pytest.approx(q, rel=1e-12)
    assert pipe.difference(100.0).item() == pytest.approx(100 / 14)
    assert pipe.carried([-3.0, 0.0]) == pytest.approx([0.0, 0.0])
    assert pipe.remarks(q)[0].words() == "the curve of the loop heat pipe is used at Q [W] = 5 to 330; its source states 20 to 300"
    assert LoopHeatPipe((100.0,), (12.0,)).carried(5.0).item() == 60.0


@pytest.mark.parametrize(
    ("heat", "conductance", "words"),
    [((10.0, 100.0), (1.0, 20.0), "more than one heat"), ((10.0,), (1.0, 2.0), "for each"), ((0.0, 1.0), (1.0, 1.0), "above zero")],
)
def test_curves_that_are_none(heat, conductance, words):
    """Refused by what is wrong."""
    with pytest.raises(FluidError, match=words):
        LoopHeatPipe(heat, conductance)
    with pytest.raises(FluidError, match="one way"):
        LoopHeatPipe((10.0,), (1.0,)).difference(-1.0)
