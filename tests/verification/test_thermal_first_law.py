"""First law: every path is accumulated by itself, and together they are the heat stored."""

from itertools import pairwise

import numpy as np
import pytest
from bodies import Solid, audited

from meshes.join import join
from meshes.structured import structured_box
from thermal.solve.steady import steady_state


def everything() -> tuple[Solid, object]:
    """Two parts in contact with a held sine, a film, emission, a varying flux and heat in a volume."""
    a = structured_box((3, 2, 2), (0.01, 0.02, 0.03), name="a")
    b = structured_box((4, 2, 2), (0.02, 0.02, 0.03), (0.01, 0.0, 0.0), name="b")
    solid = Solid(join([a, b]), [167.0, 0.3], [2.4e6, 2e6])
    return solid, solid.model(
        held={"a:-x": lambda t: 320 + 10 * np.sin(t / 50)},
        films={"b:+x": (30.0, 290.0)},
        emitters={"[ab]:[+-]y": (0.8, 3.0)},
        fluxes={"b:+z": lambda t: 500 * np.cos(t / 80)},
        heat={"b": 3.0},
        contact=500.0,
    )


@pytest.mark.parametrize("settings", [{}, {"scheme": "implicit_euler", "max_step": 10.0}], ids=["rosw", "implicit_euler"])
def test_paths_add_up_to_what_is_stored(settings):
    """Closure below 1e-9 of the throughput with a direct solver, by the integrator's own weights; so for each scheme and start."""
    solid, model = everything()
    for start in (320.0, 250.0):
        _, ledger = audited(model, solid.start(start), (0.0, 200.0, 500.0), **settings)
        assert ledger.closure() < 1e-9
        assert ledger.duration == pytest.approx(500.0)


def test_known_paths():
    """3 W for 500 s are 1500 J; the cosine flux on 6 cm2 brings 500 x 80 sin(500/80) x 6e-4 J, to the tolerance of the march."""
    solid, model = everything()
    _, ledger = audited(model, solid.start(320.0), (0.0, 500.0), tolerance=1e-3)
    assert ledger.heat()["heat b"] == pytest.approx(1500.0, rel=1e-12)
    assert ledger.heat()["flux b:+z"] == pytest.approx(500 * 80 * np.sin(500 / 80) * 0.02 * 0.02, abs=1e-3)


def test_time_error_falls_with_the_tolerance():
    """The same paths by Gauss points of the dense output: their error more than halves with every tenth of the tolerance."""
    solid, model = everything()
    errors = [audited(model, solid.start(320.0), (0.0, 500.0), tolerance=tol)[1].time_error() for tol in (1e-1, 1e-2, 1e-3, 1e-4, 1e-5)]
    assert errors[0] < 1e-2
    assert errors[-1] < 1e-5
    assert all(fine < coarse / 2 for coarse, fine in pairwise(errors))


def test_what_a_held_face_gives_reaches_the_film():
    """A bar between a held end and a film, in steady state from the start: held = -film = U A (T - T_fluid) t to 1e-9.

    1/U = L/k + 1/h with L = 0.03 m over two parts (the contact included).
    """
    a = structured_box((2, 1, 1), (0.01, 0.01, 0.01), name="a")
    b = structured_box((2, 1, 1), (0.02, 0.01, 0.01), (0.01, 0.0, 0.0), name="b")
    solid = Solid(join([a, b]), [167.0, 5.0], 2e6)
    model = solid.model(held={"a:-x": 350.0}, films={"b:+x": (40.0, 300.0)}, contact=800.0)
    T = steady_state(model, solid.start(320.0), 0.0, "direct")
    _, ledger = audited(model, T, (0.0, 1000.0))
    heat = 1e-4 * 50.0 / (0.01 / 167 + 1 / 800 + 0.02 / 5 + 1 / 40) * 1000
    assert ledger.heat()["held a:-x"] == pytest.approx(heat, rel=1e-9)
    assert ledger.heat()["film b:+x"] == pytest.approx(-heat, rel=1e-9)
    assert ledger.closure() < 1e-9
    assert ledger.time_error() < 1e-9
