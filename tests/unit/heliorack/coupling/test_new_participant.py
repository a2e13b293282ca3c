"""A participant that the house does not know: one class, and bus, temperatures and the satellite's ledger take it in."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from bodies import alone
from command.powered import POWERED
from lump_case import BLOCK, FILM, FLUID, ORBIT

from heliorack.case.case import loads
from heliorack.coupling.coupled import Coupling, Flows, Outlet, State
from heliorack.model.loads import mean_over, spread_over
from heliorack.run.simulate import simulate
from thermal.signal import Signal


@dataclass(frozen=True, eq=False)
class Pump:
    """Draws the more the warmer its part is, and gives all of it to that part."""

    body: object
    part: str
    watts: float  #: at 290 K
    growth: float  #: W/K
    name: str = "pump"

    def outlets(self):
        return [Outlet("pump", "pump", spread_over(self.part, self.body))]

    def respond(self, now):
        times = now.loads.times
        T = np.full(len(times), 290.0)
        if now.orbit is not None:
            h = now.orbit.history
            T = np.interp(times, h.times, mean_over(self.part, self.body, h.mean))
        power = self.watts + self.growth * (T - 290.0)
        settled = now.memory is not None and np.abs(power - now.memory).max() <= 1e-5 * power.max()
        drawn = replace(now.loads, others={**now.loads.others, self.name: power})
        return Flows(drawn, {"pump": Signal(times, power[:, None])}, bool(settled), memory=power)


def test_its_watts_are_on_the_bus_and_its_heat_in_both_ledgers():
    """Bus and body see the same joules, which depend on the temperature found; the satellite's ledger closes to its limit."""
    case = loads(POWERED)
    plain = simulate(case, alone())
    pumped = simulate(case, alone(), participants=lambda case, body: [Pump(body, "server", 6.0, 0.02)])
    assert pumped.solution.periodic.converged
    h, times = pumped.solution.history, pumped.loads.times
    T = np.interp(times, h.times, mean_over("server", pumped.body, h.mean))
    expected = 6.0 + 0.02 * (T - 290.0)
    assert np.ptp(expected) > 0.01
    assert pumped.loads.others["pump"] == pytest.approx(expected, rel=1e-5)
    assert pumped.heat["pump"] == pytest.approx(float(np.trapezoid(expected, times)), rel=1e-4)
    b = pumped.power.balance
    known = {
        name: result.loads.compute @ (1 / result.loads.efficiency) + result.loads.heaters
        for name, result in (("plain", plain), ("pumped", pumped))
    }
    more = b.integral(b.load) - plain.power.balance.integral(plain.power.balance.load)
    assert more == pytest.approx(float(np.trapezoid(expected + known["pumped"] - known["plain"], times)), rel=1e-6)
    assert pumped.satellite.closure < 1e-6
    assert "pump" not in pumped.satellite.lines
    assert pumped.closure < 1e-9
    assert pumped.solution.end.mean() > plain.solution.end.mean() + 0.5


def test_without_a_bus_its_loop_is_solved_all_the_same():
    """A block with one temperature, cooled by a film: F (T - Tf) = w + g (T - 290) in closed form."""
    case = loads(BLOCK + ORBIT)
    found = simulate(case, alone(), participants=lambda case, body: [Pump(body, "chip", 1.0, 0.5 * FILM)])
    exact = (1.0 - 0.5 * FILM * 290.0 + FILM * FLUID) / (0.5 * FILM)
    assert found.solution.periodic.converged
    assert found.solution.end == pytest.approx(exact, abs=5e-3)
    assert found.heat["pump"] == pytest.approx(FILM * (exact - FLUID) * found.duration(), rel=1e-3)


def test_names_are_their_own():
    twice = (Pump(None, "chip", 1.0, 0.0), Pump(None, "chip", 1.0, 0.0))
    with pytest.raises(ValueError, match="two participants of one name among pump, pump"):
        Coupling(twice, [0.0, 1.0], State(None))
