"""Conductivity and heat capacity that depend on temperature: closed forms, orders in space and time, and the first law."""

from functools import cache

import numpy as np
import pytest
from bodies import Solid, audited, orders, rowwise, run

from meshes.join import join
from meshes.structured import structured_box
from thermal.conduction.varying import Law
from thermal.curve import Curve
from thermal.properties.of_temperature import Latent
from thermal.solve.periodic import periodic_state
from thermal.solve.probes import Recorder
from thermal.solve.settings import Solver
from thermal.solve.steady import steady_state

K, RHO_C, LENGTH = 150.0, 2.4e6, 0.2  # W/mK, J/m3K, m
B, D = 4e-3, 3e-3  # 1/K, growth of conductivity and capacity
BENT = Law(
    (0,),
    Curve(np.array([100.0, 600.0]), 1 + B * np.array([-200.0, 300.0])),
    Curve(np.array([100.0, 600.0]), 1 + D * np.array([-200.0, 300.0])),
)


@cache
def slab(cells: int) -> Solid:
    """A bar along x of the material above."""
    return Solid(structured_box((cells, 1, 1), (LENGTH, LENGTH / cells, LENGTH / cells), name="bar"), K, RHO_C, laws=[BENT])


def test_steady_slab_by_kirchhoff():
    """k = k0 (1 + b (T - 300)) between 250 and 400 K: Theta = s + b s^2/2 of s = T - 300 is linear in x; nodes are exact on any mesh."""
    solid = slab(7)
    model = solid.model(held={"bar:-x": 250.0, "bar:+x": 400.0})
    T = steady_state(model, solid.start(300.0), 0.0, "direct")
    x = solid.assembly.points[solid.layout.nodes][:, 0] / LENGTH
    theta = (1 - x) * (-50 + B * 50**2 / 2) + x * (100 + B * 100**2 / 2)
    assert pytest.approx(300 + (np.sqrt(1 + 2 * B * theta) - 1) / B, abs=1e-7) == T
    flux = model.conducted(T)[solid.area("bar:-x") > 0].sum()
    assert flux == pytest.approx(-K * LENGTH / 7**2 * (150 + B * (100**2 - 50**2) / 2), rel=1e-9)


def manufactured(cells: int):
    """The bar with the source that makes T = 300 + (40 + 20 sin(w t)) cos(pi x / L) its answer."""
    solid, w, p = slab(cells), 2 * np.pi / 900, np.pi / LENGTH
    x = solid.assembly.points[solid.layout.nodes][:, 0]

    def exact(t):
        return 300 + (40 + 20 * np.sin(w * t)) * np.cos(p * x)

    def source(t):
        a, c, s = 40 + 20 * np.sin(w * t), np.cos(p * x), np.sin(p * x)
        stored = RHO_C * (1 + D * a * c) * 20 * w * np.cos(w * t) * c
        carried = K * (B * (a * p * s) ** 2 - (1 + B * a * c) * a * p**2 * c)
        return stored - carried

    volume = np.asarray(solid.volumes.sum(axis=1)).ravel()
    return solid.model(ways=[rowwise("made", volume, source)]), exact


def test_manufactured_solution_converges_in_space():
    """Second order in the size of cells, with time steps too short to count."""
    cells = [6, 12, 24]
    errors = []
    for n in cells:
        model, exact = manufactured(n)
        errors.append(np.abs(run(model, exact(0.0), (0.0, 600.0), fixed_steps=60) - exact(600.0)).max())
    assert orders([1 / n for n in cells], errors) == pytest.approx([2, 2], abs=0.15)


def test_manufactured_solution_converges_in_time():
    """Third order in the time step on one mesh, whatever the frozen properties in its matrix."""
    model, exact = manufactured(6)
    fine = run(model, exact(0.0), (0.0, 600.0), fixed_steps=160)
    counts = [10, 20, 40]
    errors = [np.abs(run(model, exact(0.0), (0.0, 600.0), fixed_steps=n) - fine).max() for n in counts]
    assert min(orders([1 / n for n in counts], errors)) > 2.5


def lit(cells: int = 6):
    """The bar in sunlight on one end from 300 to 1200 s, radiating from both."""
    solid = slab(cells)
    model = solid.model(
        fluxes={"bar:+x": lambda t: 9e4 if 300 < t < 1200 else 0.0},
        emitters={"bar:+x": (0.9, 3.0), "bar:-x": (0.9, 3.0)},
        heat={"bar": 5.0},
    )
    return solid, model


def test_order_across_the_edges_of_eclipse():
    """Better than second order through a jump of the load both ways, with k(T) and cp(T); the ledger closes by enthalpy."""
    solid, model = lit()
    events, ends = (0.0, 300.0, 1200.0, 1800.0), []
    for n in (4, 8, 16, 64):
        T, ledger = audited(model, solid.start(320.0), events, fixed_steps=n)
        assert ledger.closure() < 1e-9
        assert ledger.stored() == pytest.approx(model.heat_capacity @ (model.reduced(T) - model.reduced(solid.start(320.0))), rel=1e-9)
        ends.append(T)
    errors = [np.abs(T - ends[-1]).max() for T in ends[:-1]]
    assert min(orders([1 / 4, 1 / 8, 1 / 16], errors)) > 2.2


def test_what_is_recorded_inside_steps():
    """Means and fields at sampled times are those of the dense output at that time, and within the error of a finer march."""
    solid, model = lit()
    events, samples = (0.0, 300.0, 1200.0), np.linspace(0, 1200, 41)
    recorder = Recorder(solid.layout, solid.volumes, samples, samples)
    fine = Recorder(solid.layout, solid.volumes, samples, samples)
    for one, settings in ((recorder, {"fixed_steps": 16}), (fine, {"fixed_steps": 64})):
        one.start(0.0, solid.start(320.0))
        run(model, solid.start(320.0), events, [one.observe], **settings)
    found, exact = recorder.history(), fine.history()
    weight = np.asarray(solid.volumes.sum(axis=1)).ravel()
    means = solid.layout.scatter(found.fields[17]) @ weight / weight.sum()
    assert found.mean[17, 0] == pytest.approx(means, abs=1e-9)
    later = samples > 450.0  # right behind the jump at 300 s no long step follows the root of time
    assert found.fields[later] == pytest.approx(exact.fields[later], abs=0.1)
    assert found.mean == pytest.approx(exact.mean, abs=0.02)


def test_error_control_and_euler_agree():
    """The same transient by error control, and by implicit Euler at first order."""
    solid, model = lit()
    events = (0.0, 300.0, 1200.0, 1800.0)
    exact = run(model, solid.start(320.0), events, fixed_steps=64)
    assert run(model, solid.start(320.0), events, tolerance=0.02) == pytest.approx(exact, abs=0.02)
    found = []
    for n in (20, 40):
        T, ledger = audited(model, solid.start(320.0), events, scheme="implicit_euler", fixed_steps=n)
        assert ledger.closure() < 1e-9
        found.append(np.abs(T - exact).max())
    assert orders([1 / 20, 1 / 40], found) == pytest.approx([1], abs=0.2)


def test_periodic_state():
    """The orbit repeats, and its heat balances."""
    solid, model = lit()
    found = periodic_state(model, solid.start(320.0), lambda: (0.0, 300.0, 1200.0, 1800.0), Solver(linear="direct", tolerance=0.02))
    assert found.converged
    again = run(model, found.end, (0.0, 300.0, 1200.0, 1800.0), tolerance=2e-3)
    assert again == pytest.approx(found.end, abs=0.02)


def test_melting_lump():
    """Heated evenly, a body melts for as long as its latent heat takes: T by enthalpy, with steps that cross the melting."""
    melting = Latent(180e3, 300.0, 302.0).beside(Curve(np.array([200.0, 400.0]), np.array([2000.0, 2000.0])))
    solid = Solid(structured_box((1, 1, 1), (0.1, 0.1, 0.1), name="wax"), 0.3, 800 * 2000.0, laws=[Law((0,), None, melting.over(2000.0))])
    model = solid.model(heat={"wax": 100.0})
    for settings in ({"tolerance": 0.01}, {"fixed_steps": 7}, {"scheme": "implicit_euler", "fixed_steps": 50}):
        T, ledger = audited(model, solid.start(295.0), (0.0, 1200.0), **settings)
        assert pytest.approx(np.full(len(T), 300.0 + (120e3 / 0.8 - 2000 * 5) / (2000 + 90e3)), abs=1e-6) == T
        assert ledger.closure() < 1e-9


def test_two_slabs_in_contact():
    """A slab of k = k0 (1 + b (T - 300)) on one of constant k through a contact: one flux through all three, and nodes exact."""
    hot = structured_box((4, 1, 1), (0.05, 0.02, 0.02), name="hot")
    cold = structured_box((3, 1, 1), (0.04, 0.02, 0.02), (0.05, 0.0, 0.0), name="cold")
    solid = Solid(join([hot, cold]), [K, 20.0], laws=[Law((0,), BENT.conductivity)])
    model = solid.model(held={"hot:-x": 420.0, "cold:+x": 280.0}, contact=900.0)
    T = steady_state(model, solid.start(300.0), 0.0, "direct")
    x = solid.assembly.points[solid.layout.nodes][:, 0]
    upper = T[solid.area("hot:-x") > 0].mean(), T[(x == 0.05) & (T > 390)].mean()
    lower = T[(x == 0.05) & (T < 390)].mean()
    fluxes = [K / 0.05 * (1 + B * (np.mean(upper) - 300)) * (upper[0] - upper[1]), 900 * (upper[1] - lower), 20 / 0.04 * (lower - 280)]
    assert fluxes == pytest.approx([fluxes[0]] * 3, rel=1e-8)
