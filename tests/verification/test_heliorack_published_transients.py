"""Transients with published or exact answers through the public interface of a case file (references N4.1, N4.2, N10)."""

import numpy as np
import pytest
from bodies import alone
from case_text import box
from scipy.optimize import brentq
from scipy.special import erf

from heliorack.case.case import loads
from heliorack.run.simulate import simulate


def material(name: str, k: float, density: float, heat: float) -> str:
    """A table of a material."""
    return (
        f'[materials.{name}]\nsource = "as published"\ndensity_kg_m3 = {density}\nspecific_heat_J_kgK = {heat}\nconductivity_W_mK = {k}\n'
    )


def boundary(kind: str, face: str, **numbers: float) -> str:
    """A table of a boundary."""
    return f'[[boundaries]]\nkind = "{kind}"\nfaces = "{face}"\n' + "".join(f"{key} = {value}\n" for key, value in numbers.items())


def transient(seconds: float, start: float) -> str:
    """A transient from a temperature [K], judged finely."""
    return f'[run]\nkind = "transient"\nduration_s = {seconds}\nstart_degC = {start - 273.15:.6f}\n[solver]\ntolerance_K = 0.002\n'


@pytest.mark.parametrize(
    ("length", "k", "density", "heat", "eps", "start", "sink", "seconds", "surface", "back"),
    [
        (50, 1, 1500, 1000, 0.9, 350, 0.0, 600, 334.9640956, 348.7663829),
        (50, 1, 1500, 1000, 0.9, 350, 0.0, 3600, 313.7533685, 326.4244005),
        (20, 0.343, 1850, 1100, 0.85, 320, 200, 3600, 287.4609154, 294.9634585),
    ],
)
def test_slab_that_radiates_from_one_face(length, k, density, heat, eps, start, sink, seconds, surface, back):
    """N10.2: insulated behind; surface and back by spectral elements, to 0.02 K on cells of a fortieth of the thickness."""
    size = length / 40
    text = 'title = "slab"\n' + box("slab", (length, size, size), material="m", coating="insulated", mesh=size)
    text += material("m", k, density, heat) + boundary("radiation", "slab:+x", emittance=eps, sink_degC=sink - 273.15)
    result = simulate(loads(text + transient(seconds, start)), alone())
    x, T = result.body.assembly.points[:, 0], result.solution.end
    assert T[np.isclose(x, x.max())].mean() == pytest.approx(surface, abs=0.02)
    assert T[np.isclose(x, x.min())].mean() == pytest.approx(back, abs=0.02)


def test_heat_in_a_wall():
    """N10.3, TMAP8 ver-1fa: 1e4 W/m3 in 1.6 m of 10 W/mK, 300 K at one end and none through the other: 1580, 1500, 1260, 860 K."""
    text = 'title = "wall"\n' + box(
        "wall", (1600, 40, 40), material="m", coating="insulated", mesh=40, more=f"heat_W = {1e4 * 1.6 * 0.04**2}"
    )
    text += material("m", 10, 1000, 1000) + boundary("temperature", "wall:+x", temperature_degC=26.85) + '[run]\nkind = "steady"\n'
    result = simulate(loads(text), alone())
    x, T = result.body.assembly.points[:, 0], result.solution.end
    x = x - x.min()
    for at, expected in ((0.0, 1580), (0.4, 1500), (0.8, 1260), (1.2, 860)):
        assert T[np.isclose(x, at, atol=1e-6)].mean() == pytest.approx(expected, abs=0.15)


def test_copper_and_iron():
    """N10.3, TMAP8 ver-1fc: 0.4 m of copper on 0.4 m of iron from 0 K (here 10 K all through), 600 K on the copper, after 150 s."""
    parts = box("copper", (400, 10, 10), material="cu", coating="insulated", mesh=10)
    parts += box("iron", (400, 10, 10), (400, 0, 0), "fe", "insulated", 10)
    text = 'title = "two"\n' + parts + '[[contacts]]\nbetween = ["copper", "iron"]\nbonded = true\n'
    text += material("cu", 401, 8960, 383.8) + material("fe", 80.2, 7870, 447)
    text += boundary("temperature", "copper:-x", temperature_degC=610 - 273.15) + boundary(
        "temperature", "iron:+x", temperature_degC=10 - 273.15
    )
    result = simulate(loads(text + transient(150, 10.0)), alone())
    x, T = result.body.assembly.points[:, 0], result.solution.end - 10.0
    x = x - x.min()
    for at, expected in ((0.09, 378.261896423), (0.2, 171.26045259), (0.4, 26.8257816841)):
        assert T[np.isclose(x, at, atol=1e-6)].mean() == pytest.approx(expected, abs=0.1)


@pytest.mark.full
def test_wax_that_melts_on_a_warm_wall():
    """N4.1, Stefan: wax at its melting point on a wall 20 K above it: 13.00047 mm melted after an hour, by the heat that the wall has given
    less what warmed the melt, and the wall's heat, twice 317.339934 W/m2 times the hour, each to 0.5 %.

    The front of the closed form is 2 lambda sqrt(a t). Latent heat comes within 0.1 K.
    """
    root = brentq(lambda each: each * np.exp(each**2) * erf(each) - 0.2 / np.sqrt(np.pi), 1e-3, 2.0)  # c (Tw - Tm) / L is 0.2
    assert 2 * root * np.sqrt(0.2 / 1.6e6 * 3600) == pytest.approx(13.00047e-3, rel=1e-6)
    text = 'title = "wax"\n' + box("bar", (18, 1, 1), material="m", coating="insulated", mesh=1) + material("m", 0.2, 800, 2000)
    text += "latent = { heat_J_kg = 2e5, start_degC = 29.95, end_degC = 30.05 }\n" + boundary("temperature", "bar:-x", temperature_degC=50)
    result = simulate(loads(text + transient(3600, 303.10).replace("0.002", "0.05")), alone())
    x, T = result.body.assembly.points[:, 0], result.solution.end
    along = np.unique(np.round(x - x.min(), 7))
    mean = np.array([T[np.abs(x - x.min() - each) < 1e-6].mean() for each in along])
    given = result.heat["held bar:-x"] / 1e-6
    assert given == pytest.approx(2 * 317.339934 * 3600, rel=5e-3)
    warmed = 1.6e6 * np.trapezoid(np.maximum(mean - 303.2, 0.0), along)
    assert (given - warmed) / 1.6e8 == pytest.approx(13.00047e-3, rel=5e-3)


@pytest.mark.full
def test_water_that_freezes_on_a_cold_wall():
    """N4.2, Neumann: water of 278.15 K on a wall of 263.15: 20.50311 mm of ice after an hour to 0.5 %; 272.90884 K at 20 mm
    to 0.15 K, half a millimetre behind the front on cells of 2, and 0.05 K at 10 mm.

    The ice by the heat that the wall has taken, 2 k (Tm - Tw) sqrt(t / (pi a)) / erf(lambda), less what cooled without freezing.
    Latent heat comes within 0.2 K about 0 degC.
    """
    ice, water = (2.22, 2050), (0.556, 4200)
    at = "temperatures_degC = [-20, -0.1, 0.1, 20]"
    text = 'title = "ice"\n' + box("bar", (70, 2, 2), material="m", coating="insulated", mesh=2) + material("m", water[0], 1000, water[1])
    text += f'conductivity_at = {{ kind = "table", {at}, values_W_mK = [{ice[0]}, {ice[0]}, {water[0]}, {water[0]}] }}\n'
    text += f'specific_heat_at = {{ kind = "table", {at}, values_J_kgK = [{ice[1]}, {ice[1]}, {water[1]}, {water[1]}] }}\n'
    text += "latent = { heat_J_kg = 333500, start_degC = -0.1, end_degC = 0.1 }\n" + boundary("temperature", "bar:-x", temperature_degC=-10)
    result = simulate(loads(text + transient(3600, 278.15).replace("0.002", "0.05")), alone())
    x, T = result.body.assembly.points[:, 0], result.solution.end
    along = np.unique(np.round(x - x.min(), 7))
    mean = np.array([T[np.abs(x - x.min() - each) < 1e-6].mean() for each in along])
    per_area = -result.heat["held bar:-x"] / 4e-6
    cooled = np.where(mean < 273.15, 1e3 * (5 * water[1] + (273.15 - mean) * ice[1]), 1e3 * (278.15 - mean) * water[1])
    assert (per_area - np.trapezoid(cooled, along)) / 333500e3 == pytest.approx(20.50311e-3, rel=5e-3)
    assert np.interp(0.020, along, mean) == pytest.approx(272.90883743, abs=0.15)
    middle = 263.15 + 10 * erf(0.010 / (2 * np.sqrt(2.22 / 2.05e6 * 3600))) / erf(0.1641870714)
    assert np.interp(0.010, along, mean) == pytest.approx(middle, abs=0.05)
    taken = 2 * 2.22 * 10 * np.sqrt(3600 / (np.pi * 2.22 / 2.05e6)) / erf(0.1641870714)
    assert per_area == pytest.approx(taken, rel=5e-3)
