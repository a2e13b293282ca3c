"""States of fluids below their freezing point, and which branches of a loop are open."""

import numpy as np
import pytest

from thermal.errors import SolveError
from thermal.fluid.fusion import Fusion
from thermal.network.loops.frozen import MOST, FrozenState, Ways
from thermal.network.loops.liquid import FixedLiquid, LiquidState
from thermal.network.states import RANGE

T_F, CP, SOLID, LATENT = 260.0, 4000.0, 2000.0, 300e3


def law(solid=SOLID, latent=LATENT):
    """One row of a fluid."""
    rows = np.array([0])
    return FrozenState(rows, LiquidState(rows, FixedLiquid("x", 1000.0, CP, 0.5, 1e-3, T_F), T_F), Fusion(latent, solid, None, ""))


def test_heat_from_solid_to_liquid():
    """c y between two temperatures is the heat between them, latent heat in it where it melts between them."""
    one = law()
    y = one.state(np.array([T_F - 20, T_F - 10, T_F, T_F + 10]))
    assert CP * np.diff(y) == pytest.approx([10 * SOLID, 10 * SOLID + LATENT, 10 * CP], rel=1e-12)


@pytest.mark.parametrize(("solid", "latent"), [(SOLID, LATENT), (None, LATENT), (SOLID, None)])
def test_states_are_the_inverse_of_temperatures(solid, latent):
    """And the slopes are those of the law, also where it melts and where nothing is known."""
    one = law(solid, latent)
    y = T_F + np.array([-200.0, -90.0, -40.0, -1e-3, 1e-3, 5.0])
    T, slope = one.temperature(y)
    assert one.state(T) == pytest.approx(y, abs=1e-6)
    assert (one.temperature(y + 1e-4)[0] - T) / 1e-4 == pytest.approx(slope, rel=1e-3, abs=1e-8)
    assert (np.diff(T) > 0).all()


def test_it_melts_over_its_range():
    """Solid below it, half of it in the middle of its heat, liquid at the freezing point."""
    one = law()
    y = T_F - LATENT / CP * np.array([1.2, 0.5, 0.0])
    T, _ = one.temperature(y)
    assert T.tolist() == pytest.approx([T_F - 0.2 * LATENT / SOLID, T_F - RANGE / 2, T_F], abs=1e-5)
    assert one.solid_part(y) == pytest.approx([1.0, 0.5, 0.0], abs=1e-4)


def test_ways_over_time():
    """Two sections, the second of two branches: it flows while the first and one of the second are open, at any time that is asked for."""
    ways = Ways((np.array([0]), np.array([1, 2])), by_state=False)
    assert not ways.flows(0.0)
    ways.settle(np.array([True, False, False]))
    assert ways.opened() is None
    ways.turn(np.array([False, True, False]), 5.0)
    ways.turn(np.array([True, False, True]), 9.0)
    assert [ways.flows(t) for t in (4.9, 5.0, 8.9, 9.0)] == [False, True, True, False]
    assert ways.opened() == 5.0
    assert ways.opened(4.0) is None


def test_a_branch_that_thaws_and_freezes_on_and_on():
    """Is refused with its time."""
    ways = Ways((np.array([0]),), by_state=False)
    for t in range(MOST):
        ways.turn(np.array([True]), float(t))
    with pytest.raises(SolveError, match="thawed and froze again 512 times by t = 512 s"):
        ways.turn(np.array([True]), float(MOST))
