"""A case whose material knows the temperature: closed forms through the public interface, and what is refused or said."""

import re

import numpy as np
import pytest
from bodies import alone
from case_text import box, orbit

from heliorack.case.case import loads
from heliorack.casefile.errors import CaseError
from heliorack.results.heat.exchange import heat_flows
from heliorack.run.simulate import simulate
from meshes.errors import GeometryError
from thermal.errors import SolveError

TABLE = '{ kind = "table", temperatures_degC = [-100, 0, 200], values_W_mK = [60, 100, 180] }'
STEEP = f"""
[materials.steep]
source = "made for this test"
density_kg_m3 = 2700
specific_heat_J_kgK = 900
conductivity_W_mK = 108
conductivity_at = {TABLE}
"""
BAR = box("bar", (100, 10, 10), material="steep", coating="insulated", mesh=20)
HELD = """
[[boundaries]]
kind = "temperature"
faces = "bar:-x"
temperature_degC = 150
[[boundaries]]
kind = "temperature"
faces = "bar:+x"
temperature_degC = 10
"""


def test_steady_bar_by_kirchhoff():
    """100 mm between 150 and 10 degC, k = 100 + 0.4 t: q = (100 * 140 + 0.2 (150^2 - 10^2)) / 0.1 W/m2, whatever the mesh."""
    result = simulate(loads('title = "bar"\n' + BAR + STEEP + HELD + '[run]\nkind = "steady"\n'), alone())
    assert result.heat["held bar:-x"] == pytest.approx((100 * 140 + 0.2 * (150**2 - 10**2)) / 0.1 * 1e-4, rel=1e-9)
    x, t = result.body.assembly.points[:, 0], result.solution.end - 273.15
    theta = 100 * t + 0.2 * t**2
    assert theta == pytest.approx(np.interp(x, [x.min(), x.max()], [theta[x.argmin()], theta[x.argmax()]]), rel=1e-9)
    assert result.mesh_error is not None
    assert np.abs(result.mesh_error.high).max() < 0.2
    assert any("steep: conductivity and heat as their curves" in said for said in result.assumptions)


def test_melting_block_in_sunlight_of_its_own():
    """200 W into 0.27 kg with 150 kJ/kg between 40 and 41 degC, from 20 degC: the specific heat counts beside the latent heat."""
    latent = "latent = { heat_J_kg = 150e3, start_degC = 40, end_degC = 41 }\n"
    block = box("block", (100, 100, 10), material="wax", coating="insulated", mesh=50, more="heat_W = 200")
    wax = f"[materials.wax]\nsource = 'made'\ndensity_kg_m3 = 2700\nspecific_heat_J_kgK = 900\nconductivity_W_mK = 1000\n{latent}"
    wax += '[[boundaries]]\nkind = "film"\nfaces = "block:-z"\nh_W_m2K = 1e-7\nfluid_degC = 20\n'  # a way out, as every case needs
    solid, melting = 0.27 * 900, 0.27 * 150900  # J/K
    ends = ((20, 20 + 4e3 / solid), (150, 40 + (30e3 - 20 * solid) / melting), (300, 41 + (60e3 - 20 * solid - melting) / solid))
    for seconds, degC in ends:
        run = f'[run]\nkind = "transient"\nduration_s = {seconds}\nstart_degC = 20\n[solver]\ntolerance_K = 0.01\n'
        result = simulate(loads('title = "block"\n' + block + wax + run), alone())
        assert result.solution.end - 273.15 == pytest.approx(degC, abs=0.02)
        assert result.closure < 1e-9
        assert result.stored == pytest.approx(200 * seconds, rel=1e-6)


def test_beyond_its_table():
    """Refused by part, temperature and range; held on only where the table says so, and then said."""
    hot = HELD.replace("150", "260")
    with pytest.raises(
        SolveError, match=r"bar: 260.0 degC is above the 200 degC up to which the curves of steep over temperature are known"
    ):
        simulate(loads('title = "bar"\n' + BAR + STEEP + hot + '[run]\nkind = "steady"\n'), alone())
    holding = STEEP.replace("180] }", '180], beyond = "hold" }')
    result = simulate(loads('title = "bar"\n' + BAR + holding + hot + '[run]\nkind = "steady"\n'), alone())
    q = (100 * 190 + 0.2 * (200**2 - 10**2) + 180 * 60) / 0.1 * 1e-4
    assert result.heat["held bar:-x"] == pytest.approx(q, rel=1e-9)
    assert any("known from -100 to 200 degC and holds its end value beyond" in said for said in result.assumptions)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("[-100, 0, 200]", "[0, -100, 200]", "must rise: 0 is followed by -100"),
        ("[60, 100, 180]", "[60, 100]", "3 temperatures_degC and 2 values"),
        ("[60, 100, 180]", "[60, -100, 180]", "must be above 0"),
        ('"table"', '"spline"', "table"),
        ("conductivity_W_mK = 108", "conductivity_W_mK = 300", "= 300   is none of the values over temperature, which go from 60 to 180"),
        (
            TABLE,
            '{ kind = "polynomial", coefficients = [100, -1], lowest_degC = -50, highest_degC = 50 }',
            "must be positive all over its range",
        ),
        ("source =", "latent = { heat_J_kg = 1e5, start_degC = 50, end_degC = 50 }\nsource =", "0.05 K at least"),
        ("[materials.steep]", '[[skins]]\non = "bar:+z"\nthickness_mm = 1\nmaterial = "steep"\n[materials.steep]', "a skin does not know"),
    ],
)
def test_what_is_refused(before, after, words):
    """Unsorted, unpaired and negative tables, kinds that do not exist, a number that its own table never takes, skins."""
    with pytest.raises(CaseError, match=words):
        loads('title = "bar"\n' + BAR + STEEP.replace(before, after) + HELD + '[run]\nkind = "steady"\n')


SHINY = """
[coatings.shiny]
source = "made for this test"
solar_absorptance = 0.2
infrared_emittance = 0.5
infrared_emittance_at = { kind = "table", temperatures_degC = [-73.15, 26.85, 126.85], values = [0.4, 0.5, 0.8] }
"""
PLATE = box("plate", (100, 100, 2), material="copper", coating="shiny", mesh=100, more="heat_W = 12")


def test_emittance_of_a_plate_in_deep_space():
    """12 W over 0.0208 m2: sigma eps(T) T^4 is the flux, with eps = 0.5 + 0.003 (T - 300) there."""
    result = simulate(loads('title = "plate"\n' + PLATE + SHINY + '[run]\nkind = "steady"\n'), alone())
    T, flux = float(result.solution.end.mean()), 12 / 0.0208
    assert 300 < T < 400
    assert pytest.approx(flux, rel=2e-4) == 5.670374419e-8 * (0.5 + 0.003 * (T - 300)) * (T**4 - 2.7**4)
    assert result.closure < 1e-9
    assert any("shiny: emittance over the surface's temperature" in said for said in result.assumptions)
    flows = heat_flows(result)
    assert flows is not None
    assert flows.bodies[0].space_area_m2 == pytest.approx(0.0208 * (0.5 + 0.003 * (T - 300)), rel=1e-4)


def test_emittance_in_orbit():
    """Earth infrared is absorbed as it is emitted: over its nominal share by eps(T) / eps; the periodic state's ledger closes."""
    nominal = SHINY[: SHINY.index("infrared_emittance_at")]
    heat = {}
    for name, coating in (("over temperature", SHINY), ("nominal", nominal)):
        result = simulate(loads('title = "plate"\n' + orbit(75) + PLATE.replace("= 12", "= 6") + coating), alone())
        assert result.closure < 1e-9
        heat[name] = result.heat["earth_infrared"]
        if name == "over temperature":
            T = result.solution.history.mean[:, 0]
    mean = np.interp(T, [200, 300, 400], [0.4, 0.5, 0.8]).mean() / 0.5
    assert heat["over temperature"] / heat["nominal"] == pytest.approx(mean, rel=0.02)
    assert abs(mean - 1) > 0.03


HOLLOW = """
title = "a block in a closed shell"
[[parts]]
name = "shell"
kind = "enclosure"
size_mm = [300, 300, 300]
wall_mm = 10
material = "copper"
coating = "insulated"
inside_coating = "grey"
mesh_mm = 60
[coatings.grey]
source = "made for this test"
solar_absorptance = 0.2
infrared_emittance = 0.6
infrared_emittance_at = { kind = "table", temperatures_degC = [-150, 300], values = [0.15, 0.6] }
[radiation]
cluster_mm = 100
closed = ["shell:in*"]
[run]
kind = "steady"
[[boundaries]]
kind = "temperature"
faces = "shell:[-+]?"
temperature_degC = 7
"""


def test_emittances_of_a_closed_cavity():
    """A copper block with 20 W in a copper shell: the state that constant emittances give which are those of the two temperatures.

    It is near that of evenly lit surfaces, 1/eps1(T1) + A1/A2 (1/eps2(T2) - 1) between them; a cube in a cube is lit unevenly.
    """
    block = box("block", (120, 120, 120), material="copper", coating="shiny", mesh=60, more="heat_W = 20")
    result = simulate(loads(HOLLOW + block + SHINY), alone())
    names = list(result.body.assembly.part_names)
    inner, outer = (float(result.solution.history.mean[-1, names.index(name)]) for name in ("block", "shell"))
    first, second = float(np.interp(inner, [200, 300, 400], [0.4, 0.5, 0.8])), 0.3 + 0.001 * (outer - 273.15)
    areas = 6 * 0.12**2, 6 * 0.28**2
    flux = 5.670374419e-8 * (inner**4 - outer**4) / (1 / first + areas[0] / areas[1] * (1 / second - 1))
    assert 330 < inner < 400
    assert areas[0] * flux == pytest.approx(20.0, rel=0.02)
    assert result.closure < 1e-9
    assert any("shiny: emittance over the surface's temperature" in said for said in result.assumptions)
    constant = re.sub(r"infrared_emittance_at = .*", "", HOLLOW + block + SHINY)
    for was, now in ((0.6, second), (0.5, first)):
        constant = constant.replace(f"infrared_emittance = {was}", f"infrared_emittance = {now!r}")
    still = simulate(loads(constant), alone())
    assert float(still.solution.history.mean[-1, names.index("block")]) == pytest.approx(inner, abs=0.02)


@pytest.mark.full
def test_emittances_of_faces_that_see_one_another_in_orbit():
    """A warm fin on a plate under Earth infrared and Sun: the ledger closes; colder than at nominal emittances, and sends out as much.

    But for what more it takes up of the Earth's infrared: 3 per cent.
    """
    fin = box("fin", (4, 100, 100), (0, 0, 51), material="copper", coating="shiny", mesh=50)
    base = box("base", (200, 100, 2), material="copper", coating="shiny", mesh=50, more="heat_W = 20")
    contact = '[[contacts]]\nbetween = ["fin", "base"]\nconductance_W_m2K = 2000\n'
    sent, warm = [], []
    for coating in (SHINY, SHINY[: SHINY.index("infrared_emittance_at")]):
        result = simulate(loads('title = "fin"\n' + orbit(30) + base + fin + contact + coating), alone())
        assert result.closure < 1e-9
        assert result.solution.periodic.converged
        assert result.radiation.views.count
        T = result.solution.history.mean[:, :2]
        sent.append((np.interp(T, [200, 300, 400], [0.4, 0.5, 0.8] if not warm else [0.5] * 3) * T**4).mean())
        warm.append(T.mean())
    assert warm[0] < warm[1] - 5.0
    assert 1.0 < sent[0] / sent[1] < 1.05


def test_emittance_is_refused():
    """Under a blanket, above 1, and beyond its table."""
    steady = '[run]\nkind = "steady"\n'
    blanket = '[blankets.wrap]\nsource = "made for this test"\nouter = "shiny"\neffective_emittance = 0.03\n'
    with pytest.raises(GeometryError, match=r"plate:.* infrared_emittance_at is for faces that lie under no blanket"):
        simulate(loads('title = "plate"\n' + PLATE.replace('"shiny"', '"wrap"') + blanket + SHINY + steady), alone())
    with pytest.raises(CaseError, match="must be above 0 and at most 1"):
        loads('title = "plate"\n' + PLATE + SHINY.replace("0.8]", "1.8]") + steady)
    short = SHINY.replace(", 126.85", "").replace(", 0.8", "")
    with pytest.raises(SolveError, match=r"plate:.* degC is above the 26.85 degC to which the emittance of shiny is known"):
        simulate(loads('title = "plate"\n' + PLATE + short + steady), alone())
