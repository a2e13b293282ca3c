"""The satellite's ledger closes where both of its sides are right, and says so where one is not."""

import numpy as np
import pytest

from heliorack.coupling.consumers import scaled
from heliorack.coupling.energy_ledger import satellite
from thermal.heat import Category
from thermal.solve.ledger import Entry

OUTSIDE, WITHIN, STORED = Category.OUTSIDE, Category.WITHIN, Category.STORED
KINDS = {"sun": OUTSIDE, "space": OUTSIDE, "film box:-x": OUTSIDE, "radiation box:+x": OUTSIDE, "wax": STORED}
EMITTERS = ("space", "radiation box:+x")


def entries(heat):
    """What the ledger of a march says of each path [J]."""
    return [Entry(path, "radiated" if path in EMITTERS else path, KINDS.get(path, WITHIN), q) for path, q in heat.items()]


# 100 J of sunlight; 30 J leave the cells as electricity: 20 J come back as heat of compute, 4 J as losses, 5 J are charged, 1 J is sent out
HEAT = {"sun": 100.0, "space": -90.0, "electricity": -30.0, "compute": 20.0, "regulators": 4.0}
ELECTRIC = {"stored_charge": -5.0, "sent_out": -1.0}


def test_a_right_ledger_closes():
    found = satellite(entries(HEAT), 4.0, ELECTRIC, 10.0)
    assert found.lines == pytest.approx({"sun": 10.0, "radiated": -9.0, "stored_heat": -0.4, "stored_charge": -0.5, "sent_out": -0.1})
    assert found.throughput == pytest.approx(10.0)
    assert found.closure < 1e-15
    assert found.closes


@pytest.mark.parametrize(("path", "off"), [("compute", 0.01), ("electricity", -0.01), ("battery", 1.0)])
def test_a_wrong_path_shows(path, off):
    """Heat that the bus does not know of, or electricity that it did not get, is stored in the body and nowhere accounted for."""
    wrong = HEAT | {path: HEAT.get(path, 0.0) + off}
    found = satellite(entries(wrong), sum(wrong.values()), ELECTRIC, 10.0)
    assert found.closure == pytest.approx(abs(off) / 100.0, rel=0.02)
    assert not found.closes


def test_films_and_sinks_stand_by_name():
    found = satellite(entries({"radiation box:+x": -3.0, "space": -1.0, "film box:-x": 4.0}), 0.0, {}, 1.0)
    assert found.lines == {"radiated": -4.0, "film box:-x": 4.0, "stored_heat": 0.0}


def test_what_a_store_takes_up_is_stored():
    """Wax that melts takes 3 J from the mesh; the satellite still has them."""
    found = satellite(entries({"sun": 5.0, "wax": -3.0}), 2.0, {}, 1.0)
    assert found.lines == {"sun": 5.0, "stored_heat": -5.0}
    assert found.closes


def test_a_course_with_another_energy():
    """Shape kept, energy as asked; spread evenly where there was nothing to scale."""
    times = np.array([0.0, 1.0, 3.0])
    assert scaled(np.array([0.0, 2.0, 0.0]), times, 6.0) == pytest.approx([0.0, 4.0, 0.0])
    assert scaled(np.zeros(3), times, 6.0) == pytest.approx([2.0, 2.0, 2.0])
