"""Sources whose integral is known bring exactly that, wherever the steps lie."""

from dataclasses import replace

import numpy as np
import pytest
from bodies import Solid, audited

from meshes.structured import structured_box
from thermal.signal import Signal

TIMES = np.array([0.0, 7.0, 11.0, 60.0, 61.0, 90.0, 137.0, 200.0])
SAW = Signal(TIMES, np.array([[5.0], [50.0], [0.0], [80.0], [3.0], [3.0], [90.0], [0.0]]))
EXACT = float(np.trapezoid(SAW.values[:, 0], TIMES))


def saw(known: bool):
    """A box that radiates, heated by a saw of kinks between which no step of the march knows to stop."""
    solid = Solid(structured_box((2, 2, 2), (0.05, 0.05, 0.05), name="box"), 100.0, 2e6)
    model = solid.model(emitters={"box:*": (0.9, 3.0)}, heat={"box": lambda t: float(SAW(t)[0])})
    ways = [replace(way, total=SAW.total) if way.path == "heat box" and known else way for way in model.ways]
    return solid, replace(model, ways=ways)


@pytest.mark.parametrize(
    "settings", [{}, {"tolerance": 5.0}, {"scheme": "implicit_euler", "max_step": 13.0}], ids=["rosw", "coarse", "euler"]
)
def test_the_integral_arrives(settings):
    """The path's heat is the integral to 1e-12 with every scheme, coarse or fine, and the first law still closes."""
    solid, model = saw(known=True)
    _, ledger = audited(model, solid.start(300.0), (0.0, 200.0), **settings)
    assert ledger.heat()["heat box"] == pytest.approx(EXACT, rel=1e-12)
    assert ledger.closure() < 1e-9


def test_without_it_the_stages_miss_kinks():
    """The same march by its stages alone is off by more than a thousandth, which no bookkeeping would show."""
    solid, model = saw(known=False)
    _, ledger = audited(model, solid.start(300.0), (0.0, 200.0), tolerance=5.0)
    assert abs(ledger.heat()["heat box"] / EXACT - 1.0) > 1e-3
    assert ledger.closure() < 1e-9


def test_temperatures_come_nearer():
    """Against a march that stops at every kink, the exact integral leaves at most a tenth of the error of the stages alone."""
    solid, model = saw(known=True)
    right, _ = audited(model, solid.start(300.0), tuple(TIMES), tolerance=1e-5)
    errors = []
    for known in (True, False):
        solid, model = saw(known)
        found, _ = audited(model, solid.start(300.0), (0.0, 200.0), tolerance=5.0)
        errors.append(float(np.abs(found - right).max()))
    assert errors[0] < 0.1 * errors[1]
