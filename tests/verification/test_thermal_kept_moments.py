"""A long transient that goes on from a kept moment ends where one that was never interrupted ends."""

import numpy as np
import pytest
from bodies import Solid

from meshes.join import join
from meshes.structured import structured_box
from thermal.conduction.varying import Law
from thermal.curve import Curve
from thermal.solve.midway import Midway, moments, of_arrays
from thermal.solve.probes import RECORDED
from thermal.solve.settings import Solver
from thermal.solve.solution import Task, solve_transient

EVENTS = [0.0, 1800.0, 3900.0, 5700.0]
LAW = Law((0,), Curve(np.array([150.0, 450.0]), np.array([0.5, 1.5])), Curve(np.array([150.0, 450.0]), np.array([0.7, 1.3])))


def task(laws=()) -> Task:
    """Two plates in contact, one of them in sunlight but for the shadow of each period."""
    a = structured_box((6, 4, 1), (0.3, 0.2, 0.01), name="a")
    b = structured_box((2, 4, 1), (0.1, 0.2, 0.01), (0.3, 0.0, 0.0), name="b")
    solid = Solid(join([a, b]), [167.0, 40.0], [2.4e6, 1.6e6], laws=laws)
    model = solid.model(
        emitters={"[ab]:+z": (0.85, 3.0), "[ab]:-z": (0.6, 200.0)},
        fluxes={"a:+z": lambda t: 0.0 if 1800 < t % 5700 < 3900 else 700.0},
        heat={"b": 10.0},
        contact=400.0,
    )
    return Task(model, solid.volumes, np.array(EVENTS), Solver(tolerance=0.05, linear="direct"), lambda words, share: None)


@pytest.mark.parametrize("laws", [(), (LAW,)])
def test_a_transient_goes_on_from_any_kept_moment(laws):
    """Temperatures, histories and heat sums to 1e-10, of constant properties and of those over temperature; the books close."""
    kept: list[Midway] = []
    whole = task(laws)
    start = np.full(whole.model.layout.owned, 290.0)
    wanted = solve_transient(whole, start, EVENTS, 4.3 * 5700, (), kept.append)
    assert [moment.time for moment in kept] == pytest.approx([5700.0, 2 * 5700.0, 3 * 5700.0, 4 * 5700.0])
    for moment in kept[1:2]:
        found = solve_transient(task(laws), of_arrays(moment.arrays()), EVENTS, 4.3 * 5700, (), lambda later: None)
        assert found.end == pytest.approx(wanted.end, abs=1e-10)
        assert found.steps == wanted.steps
        for name in ("times", "mean", "low", "high", "hottest", "coldest", "frames", "fields", "warmest", "coolest"):
            assert getattr(found.history, name) == pytest.approx(getattr(wanted.history, name), abs=1e-10)
        assert found.ledger.heat() == pytest.approx(wanted.ledger.heat(), rel=1e-10)
        assert found.ledger.stored() == pytest.approx(wanted.ledger.stored(), rel=1e-10)
        assert found.ledger.time_error() == pytest.approx(wanted.ledger.time_error(), rel=1e-6)
        assert found.ledger.closure() < 1e-9
        assert moment.coldest_start == 290.0
        assert moment.recorded.keys() == RECORDED
        of_before = {name: array for name, array in moment.arrays().items() if name != "recorded.warmest_mean_K"}
        with pytest.raises(KeyError, match="warmest_mean_K"):
            of_arrays(of_before)


def test_which_moments_are_kept():
    """None of two periods or fewer, every one of a few, and six at most of a thousand; always ends of periods."""

    def stops(n):
        return [k * 100.0 for k in range(int(n) + 1)] + ([n * 100.0] if n % 1 else [])

    assert moments(stops(2), 100.0) == []
    assert moments(stops(2.5), 100.0) == [100.0, 200.0]
    assert moments(stops(7), 100.0) == [100.0, 200.0, 300.0, 400.0, 500.0, 600.0]
    many = moments(stops(1000), 100.0)
    assert len(many) == 6
    assert many[0] == 14300.0
