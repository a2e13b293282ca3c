"""A thousand orbits in one transient: neither temperatures, nor the ledger, nor memory drift."""

import resource
from pathlib import Path

import numpy as np
import pytest
from bodies import alone
from case_text import box, contact, orbit
from thorough import many

from heliorack.case.case import loads
from heliorack.run.simulate import simulate
from thermal.solve.midway import Midway

CASE = (
    orbit(0)
    + box("panel", (300, 200, 6), more="heat_W = 10")
    + box("server", (100, 100, 40), (0, 0, 23), more="heat_W = 20")
    + contact("panel", "server")
    + '[[heaters]]\nname = "keeper"\nparts = "server"\npower_W = 20\non_below_degC = 10\noff_above_degC = 14\n'
)
ORBITS = many(1000, 250)
PAGE = resource.getpagesize()


def resident():
    """MB of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 1e6


@pytest.mark.full
def test_a_thousand_orbits_drift_nowhere(record_property):
    """The last orbit is the periodic state of the same case to 0.02 K, the first law closes to 1e-9, and memory stays where it was.

    (`make verify-ci`: 250 orbits.)
    """
    seen: list[tuple[float, float]] = []

    def say(words, share):
        seen.append((share, resident()))

    kept: list[Midway] = []
    text = f'{CASE}[run]\nkind = "transient"\norbits = {ORBITS}\nstart_degC = 20\n'
    result = simulate(loads(text), alone(), say, checkpoint=kept.append)
    periodic = simulate(loads(CASE), alone())
    law = result.summary().first_law
    assert law.closure < 1e-9
    assert law.time_error < 1e-3
    ends = [moment.temperature for moment in kept[1:]] + [result.solution.end]
    drifts = [float(np.abs(T - ends[-1]).max()) for T in ends]
    record_property("drift_K", drifts)
    assert max(drifts) < 0.01
    assert ends[-1] == pytest.approx(periodic.solution.end, abs=0.02)
    early = np.mean([mb for share, mb in seen if 0.05 < share < 0.15])
    late = np.mean([mb for share, mb in seen if share > 0.9])
    record_property("grown_MB", late - early)
    assert late - early < 20.0
