"""Cases of one mesh by a reduced model: what `solver.reduced` changes of an answer, and what it says of itself."""

import numpy as np
import pytest
from case_text import box, contact, orbit

from heliorack.case.case import loads
from heliorack.results import figures
from heliorack.results.result import Result
from heliorack.run.simulate import meshed_bodies, simulate

CASE = orbit(20) + '[solver]\nlinear = "direct"\n'
CASE += box("panel", (300, 200, 5)) + box("box", (100, 100, 20), (50, 20, 12.5), mesh=30, more="heat_W = 20")
CASE += contact("panel", "box", 300)


@pytest.fixture(scope="module")
def both() -> tuple[Result, Result, Result]:
    """A first solve, a second at twice the heat and another beta by the reduced model that the first taught, and the second in full."""
    bodies = meshed_bodies()
    other = ["parts.box.heat_W=40", "orbit.beta_deg=50"]
    first, second = (simulate(loads(CASE, [*more, "solver.reduced=true"]), bodies=bodies) for more in ([], other))
    return first, second, simulate(loads(CASE, other))


def test_the_first_is_solved_in_full(both):
    """There is nothing to learn from yet."""
    assert both[0].solution.reduced is None


def test_the_second_is_within_what_it_states(both):
    """Twice the heat and a longer day: extremes of parts and mean temperatures lie within the stated error and the tolerance."""
    _, reduced, full = both
    assert reduced.solution.reduced is not None
    found, true = reduced.solution.history, full.solution.history
    assert reduced.solution.reduced.error <= 0.3
    for one, other in ((found.hottest, true.hottest), (found.coldest, true.coldest), (found.mean[0], true.mean[0])):
        assert np.abs(one - other).max() < reduced.solution.reduced.error + 0.05


def test_the_error_is_part_of_the_answer(both):
    """The estimate of the periodic state counts it, and the summary says by how many coordinates the orbit was found."""
    _, reduced, full = both
    said, known = figures.periodic(reduced.solution), figures.periodic(full.solution)
    assert said is not None
    assert known is not None
    assert reduced.solution.reduced is not None
    assert said.estimated_error_K > reduced.solution.reduced.error
    assert said.reduced_to == reduced.solution.reduced.modes
    assert known.reduced_to is None


def test_first_law(both):
    """The ledger of the reduced orbit closes as that of any run, by paths of the full model."""
    _, reduced, full = both
    assert reduced.closure < 1e-9
    assert reduced.heat == pytest.approx(full.heat, rel=2e-3, abs=2e-3 * reduced.throughput)
