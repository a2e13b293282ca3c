"""Branches and pumps."""

import numpy as np
import pytest

from thermal.fluid.branches import Branch, split
from thermal.fluid.duct import tube
from thermal.fluid.pump import PumpCurve, operating_point, pump_power
from thermal.fluid.validity import FluidError


def test_equal_branches_share_evenly():
    """Three alike: a third each, at the pressure of one with a third."""
    one = Branch(tube(0.01), 5.0, 1e-5, loss=3.0)
    found = split([one] * 3, 0.3, 997.0, 8.9e-4)
    assert found.flows == pytest.approx([0.1] * 3, rel=1e-12)
    assert found.drop == pytest.approx(one.drop(0.1, 997.0, 8.9e-4), rel=1e-12)


@pytest.mark.parametrize("flow", [1e-4, 0.02, 0.05, 3.0])
def test_there_and_back(flow):
    """The flow of a pressure is that which costs it, laminar, in the transition and turbulent, forwards and backwards."""
    branch = Branch(tube(0.012), 20.0, 1.5e-6, loss=2.0)
    for way in (1, -1):
        assert branch.flow(branch.drop(way * flow, 1000.0, 1e-3), 1000.0, 1e-3) == pytest.approx(way * flow, rel=1e-12)


def test_a_colder_branch_gets_less():
    """Mass is kept and both have one pressure drop, with fittings and roughness of their own."""
    branches = [Branch(tube(0.008), 10.0, loss=20.0), Branch(tube(0.01), 15.0, 3e-5), Branch(tube(0.006), 4.0)]
    found = split(branches, 0.2, 1060.0, 3.7e-3)
    assert sum(found.flows) == pytest.approx(0.2, rel=1e-12)
    drops = [branch.drop(flow, 1060.0, 3.7e-3) for branch, flow in zip(branches, found.flows, strict=True)]
    assert drops == pytest.approx([found.drop] * 3, rel=1e-10)


def test_operating_point():
    """A straight curve 1e5 - 1e8 q and a loop 3e12 q^2: q = (-1e8 + sqrt(1e16 + 1.2e18))/6e12."""
    pump = PumpCurve((0.0, 1e-3), (1e5, 0.0), 0.4)
    q = operating_point(pump, lambda q: 3e12 * q**2)
    assert q == pytest.approx((-1e8 + np.sqrt(1e16 + 1.2e18)) / 6e12, rel=1e-12)
    assert pump_power(q, pump.rise_at(q), 0.4) == pytest.approx(q * 3e12 * q**2 / 0.4, rel=1e-12)


def test_affinity():
    """Half the speed on a loop that goes with the square: half the flow, a quarter of the rise."""
    pump = PumpCurve((0.0, 4e-4, 1e-3), (1e5, 8e4, 1e4), 0.4)
    full, half = (operating_point(pump, lambda q: 3e11 * q**2, speed) for speed in (1.0, 0.5))
    assert half == pytest.approx(full / 2, rel=1e-12)
    assert pump.rise_at(0.0, 0.0) == 0.0


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: PumpCurve((0.0, 1e-3), (1e5, 2e5), 0.4), "falls with flow"),
        (lambda: PumpCurve((0.0,), (1e5,), 0.4), "two points"),
        (lambda: PumpCurve((0.0, 1e-3), (1e5, 0.0), 1.4), "between 0 and 1"),
        (lambda: PumpCurve((0.0, 1e-3), (1e5, 0.0), 0.4).rise_at(2e-3), "says nothing"),
        (lambda: operating_point(PumpCurve((0.0, 1e-3), (1e5, 5e4), 0.4), lambda q: 0.0), "runs out of its curve"),
        (lambda: operating_point(PumpCurve((1e-4, 1e-3), (1e5, 5e4), 0.4), lambda q: 2e5), "too weak"),
        (lambda: split([], 1.0, 1.0, 1.0), "one branch or more"),
    ],
)
def test_refused(make, words):
    """By what is wrong with it."""
    with pytest.raises(FluidError, match=words):
        make()
