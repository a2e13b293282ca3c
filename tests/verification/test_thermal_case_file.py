"""A case text through the whole chain gives the NAFEMS benchmarks."""

import numpy as np
import pytest
from bodies import alone

from heliorack.case.case import loads
from heliorack.run.simulate import simulate

BAR = """
title = "bar"
[[parts]]
name = "bar"
kind = "box"
size_mm = [100, 10, 10]
material = "steel_nafems"
coating = "insulated"
mesh_mm = 20
"""
T2 = """
[[boundaries]]
kind = "temperature"
faces = "bar:-x"
temperature_degC = 726.85
[[boundaries]]
kind = "radiation"
faces = "bar:+x"
emittance = 0.98
sink_degC = 26.85
"""


def ends(result):
    """Temperatures of the nodes at either end of the bar [K]."""
    x = result.body.assembly.points[:, 0]
    return result.solution.end[np.isclose(x, x.min())], result.solution.end[np.isclose(x, x.max())]


def test_radiating_bar():
    """NAFEMS T2 with the CODATA radiation constant: 927.003950 K at the radiating end, 40585.804 W/m2, to 1e-6 K."""
    result = simulate(loads(BAR + T2 + '[run]\nkind = "steady"\n'), alone())
    held, radiating = ends(result)
    assert held == pytest.approx(1000.0, abs=1e-9)
    assert radiating == pytest.approx(927.003950, abs=1e-6)
    assert result.heat["radiation bar:+x"] == pytest.approx(-40585.804 * 1e-4, rel=1e-7)
    assert result.heat["held bar:-x"] == pytest.approx(40585.804 * 1e-4, rel=1e-7)
    assert result.closure < 1e-9


def test_radiating_bar_as_a_transient():
    """The same from 26.85 degC: after 2500 s within 0.5 K of the target, after 20000 s within the tolerance of the march."""
    for seconds, tolerance in ((2500, 0.5), (20000, 0.01)):
        run = f'[run]\nkind = "transient"\nduration_s = {seconds}\nstart_degC = 26.85\n[solver]\ntolerance_K = 0.01\n'
        result = simulate(loads(BAR + T2 + run), alone())
        assert ends(result)[1] == pytest.approx(927.003950, abs=tolerance)
        assert result.closure < 1e-9


def test_film_and_flux():
    """A flux of 1000 W/m2 at one end, a film of 50 W/m2K to 20 degC at the other: 20 + q/h, and q L/k more at the heated end."""
    boundaries = """
    [[boundaries]]
    kind = "flux"
    faces = "bar:-x"
    flux_W_m2 = 1000
    [[boundaries]]
    kind = "film"
    faces = "bar:+x"
    h_W_m2K = 50
    fluid_degC = 20
    [run]
    kind = "steady"
    """
    result = simulate(loads(BAR + boundaries), alone())
    heated, cooled = ends(result)
    assert cooled == pytest.approx(293.15 + 1000 / 50, abs=1e-6)
    assert heated == pytest.approx(293.15 + 1000 / 50 + 1000 * 0.1 / 55.6, abs=1e-6)
    assert result.heat["flux bar:-x"] == pytest.approx(0.1, rel=1e-12)


def test_sine_at_one_end():
    """NAFEMS T3 from a case: 36.60 degC at 0.08 m after 32 s, within 0.5 K on a 2 mm mesh of unstructured tetrahedra."""
    case = """
    title = "driven bar"
    [[parts]]
    name = "bar"
    kind = "box"
    size_mm = [100, 4, 4]
    position_mm = [50, 0, 0]
    material = "nafems_t3"
    coating = "insulated"
    mesh_mm = 2
    [[boundaries]]
    kind = "temperature"
    faces = "bar:-x"
    temperature_degC = 0
    [[boundaries]]
    kind = "temperature"
    faces = "bar:+x"
    temperature_degC = 0
    amplitude_K = 100
    period_s = 80
    [run]
    kind = "transient"
    duration_s = 32
    start_degC = 0
    [solver]
    tolerance_K = 0.01
    """
    result = simulate(loads(case), alone())
    points, T = result.body.assembly.points, result.solution.end
    near = np.abs(points[:, 0] - 0.08) < 4e-3
    line = np.polyfit(points[near, 0] - 0.08, T[near], 2)
    assert line[-1] - 273.15 == pytest.approx(36.603116, abs=0.5)


def test_a_heater_that_is_too_weak_says_so():
    """0.1 W on a bar that radiates to 300 K hold no 200 degC."""
    heater = '[[heaters]]\nname = "h"\nparts = "bar"\npower_W = 0.1\non_below_degC = 200\noff_above_degC = 210\n[run]\nkind = "steady"\n'
    radiates = T2.partition("temperature_degC = 726.85\n")[2]
    said = [one for one in simulate(loads(BAR + radiates + heater), alone()).remarks if one.startswith("warning: heater h is on all")]
    assert said
    assert said[0].endswith("below its 200.0 degC: it is too weak")
