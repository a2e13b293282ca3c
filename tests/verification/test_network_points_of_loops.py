"""Published points of coolant loops and exchangers once more, each through a case file: friction, films, exchangers, tubes, branches."""

from math import pi

import pytest
from network_case import STEADY, node, solved, table

from thermal.fluid.coolant import coolant
from thermal.fluid.saturation import saturated


def fluid(name="fixed", density=1000.0, heat=4000.0, conductivity=0.5, viscosity=1e-3):
    """A liquid whose properties do not change."""
    keys = f"density_kg_m3 = {density}\nspecific_heat_J_kgK = {heat}\nconductivity_W_mK = {conductivity}\nviscosity_Pa_s = {viscosity}\n"
    return f"[network.fluids.{name}]\n{keys}"


def run(name, flow, inlet, tube, coolant="fixed"):
    """An open run of one segment from a node."""
    pump = f"{{ flow_kg_s = {flow} }}"
    return table("loops", name=f'"{name}"', fluid=f'"{coolant}"', inlet=f'"{inlet}"', pump=pump, segments=f"[{{ {tube} }}]")


FRICTION = [
    (1e4, 0.0, "colebrook", 0.0308829504),
    (1e5, 1e-4, "colebrook", 0.0185138661),
    (4e3, 0.0, "colebrook", 0.0399070141),
    (1e5, 1e-4, "haaland", 0.0182650530),
    (1e5, 1e-4, "churchill", 0.0184626246),
    (1e3, 0.0, "colebrook", 0.064),
]


@pytest.mark.parametrize(("reynolds", "rough", "by", "factor"), FRICTION)
def test_friction(reynolds, rough, by, factor):
    """Pressure drop of 10 m of 10 mm over that of a factor of one: Darcy's factor by the stated correlation, to 1e-6."""
    speed = reynolds * 1e-3 / (1000 * 0.01)
    tube = f'name = "tube", length_m = 10, diameter_mm = 10, roughness_um = {rough * 1e4}, friction = "{by}", cells = 4'
    text = fluid() + node("inlet", held_degC=20) + run("run", speed * 1000 * pi * 0.005**2, "inlet", tube) + STEADY
    found = solved(text).summary().network.loops["run"]
    assert found.segments["tube"].reynolds == pytest.approx(reynolds, rel=1e-9)
    assert found.pressure_drop_Pa / (10 / 0.01 * 0.5 * 1000 * speed**2) == pytest.approx(factor, rel=1e-6)


FILMS = [
    (1e4, 7.0, "gnielinski", 79.49264509, False),
    (4e3, 20.0, "gnielinski", 45.56774398, False),
    (2e4, 1.4, "gnielinski", 73.52783996, False),
    (1e4, 7.0, "dittus_boelter", 79.390229, False),
    (4e3, 20.0, "dittus_boelter", 58.048076, True),
]


@pytest.mark.parametrize(("reynolds", "prandtl", "by", "nusselt", "warns"), FILMS)
def test_films(reynolds, prandtl, by, nusselt, warns):
    """Film of a 10 mm tube times diameter over conductivity, to 1e-6; outside of its range a warning with the numbers."""
    tube = f'name = "tube", length_m = 1, diameter_mm = 10, node = "wall", film_by = "{by}", cells = 2'
    ends = node("inlet", held_degC=20) + node("wall", held_degC=30)
    text = fluid(conductivity=4 / prandtl) + ends + run("run", reynolds * pi * 0.01 * 1e-3 / 4, "inlet", tube) + STEADY
    found = solved(text).summary()
    assert found.network.loops["run"].segments["tube"].film_W_m2K * 0.01 * prandtl / 4 == pytest.approx(nusselt, rel=1e-6)
    said = [one for one in found.remarks if one.startswith("warning: loop run, tube") and "Re" in one and "4000" in one]
    assert bool(said) == warns


EXCHANGERS = [
    (1, 0.5, "parallel", 0.5179132266),
    (1, 0.5, "counter", 0.5647334016),
    (1, 0.5, "cross_unmixed", 0.5474898339),
    (1, 0.5, "shell_two_tube", 0.5399395561),
    (2, 0.75, "parallel", 0.5541729238),
    (2, 0.75, "counter", 0.7218269911),
    (2, 0.75, "shell_two_tube", 0.6204313520),
    (3, 1, "parallel", 0.4987606239),
    (3, 1, "counter", 0.75),
    (3, 1, "cross_unmixed", 0.6812911081),
    (1.5, 0.25, "parallel", 0.6773160265),
    (1.5, 0.25, "cross_unmixed", 0.7161537580),
    (1.5, 0.25, "shell_two_tube", 0.7044874780),
]
CORE = 'name = "core", length_m = 1, diameter_mm = 10'


def between(conductance, arrangement):
    """An exchanger of the cores of runs `hot` and `cold`."""
    return table("exchangers", name='"x"', between='["hot.core", "cold.core"]', conductance_W_K=conductance, arrangement=f'"{arrangement}"')


@pytest.mark.parametrize(("units", "ratio", "arrangement", "effectiveness"), EXCHANGERS)
def test_exchangers(units, ratio, arrangement, effectiveness):
    """50 K between the inlets: outlet of the stream with the least capacity rate, to 1e-6."""
    ends = node("warm", held_degC=70) + node("cool", held_degC=20)
    runs = run("hot", 0.1 * ratio, "warm", CORE) + run("cold", 0.1, "cool", CORE)
    found = solved(fluid() + ends + runs + between(units * 400 * ratio, arrangement) + STEADY).summary().network
    assert (70 - found.loops["hot"].segments["core"].temperature_degC[-1]) / 50 == pytest.approx(effectiveness, abs=1e-6)


def test_oil_cooler():
    """Concentric tubes of 65.788 m: oil 100 to 60 degC, water 30 to 40.201, 8524 W; Reynolds number and film of the water."""
    oil, water = fluid("oil", 850, 2131, 0.138, 3.25e-2), fluid("water", 1000, 4178, 4178 * 725e-6 / 4.85, 725e-6)
    ends = node("warm", held_degC=100) + node("cool", held_degC=30)
    runs = run("hot", 0.1, "warm", CORE, "oil") + run("cold", 0.2, "cool", CORE.replace("= 10", "= 25"), "water")
    found = solved(oil + water + ends + runs + between(38.1875 * pi * 0.025 * 65.788, "counter") + STEADY).summary().network
    assert found.flows_W["exchanger x"] == pytest.approx(8524, rel=1e-4)
    assert found.loops["cold"].segments["core"].temperature_degC[-1] == pytest.approx(40.2010531, abs=2e-3)
    assert found.loops["cold"].segments["core"].reynolds == pytest.approx(14049.54, rel=1e-6)
    wall = CORE.replace("= 10", "= 25") + ', node = "wall", film_by = "dittus_boelter", cells = 2'
    alone = fluid("water", 1000, 4178, 0.625, 4.85 * 0.625 / 4178) + ends + node("wall", held_degC=60)
    flow = 14049.54 * pi * 0.025 * (4.85 * 0.625 / 4178) / 4
    film = solved(alone + run("cold", flow, "cool", wall, "water") + STEADY).summary().network.loops["cold"].segments["core"]
    assert film.film_W_m2K == pytest.approx(2249.54, rel=1e-4)


RADIATING = [(0.0, "isothermal = true", 278.16819679, 15120.106527), (200.0, "isothermal = true", 283.79135201, 12449.107793)]


@pytest.mark.parametrize(("sink", "across", "outlet", "heat"), [*RADIATING, (200.0, "film_W_m2K = 1500", 287.67486407, None)])
def test_radiating_tube(sink, across, outlet, heat):
    """0.1 kg/s of 4750 J/kgK from 310 K along 20 m of panel, 0.9 x 2 m; isothermal across or through a film: to 0.1 % of the heat."""
    panel = '{ emittance = 0.9, perimeter_m = 2, to = "sky" }'
    tube = f'name = "tube", length_m = 20, diameter_mm = 10, {across}, radiates = {panel}'
    text = fluid(heat=4750) + node("inlet", held_degC=36.85) + node("sky", held_degC=sink - 273.15) + run("run", 0.1, "inlet", tube)
    found = solved(text + STEADY).summary().network
    there = found.loops["run"].segments["tube"].temperature_degC[-1] + 273.15
    assert 475 * (310 - there) == pytest.approx(475 * (310 - outlet), rel=1e-4)
    assert heat is None or found.flows_W["run.tube ~ sky"] == pytest.approx(heat, rel=1e-4)


def test_closed_loop_of_120_kw():
    """122.4 kW (2 % of it the pump's) at 2 kg/s of 4750 J/kgK, 0.88 x 2 m x 100 m to 220 K: 354.2219 and 341.3377 K."""
    panel = '{ emittance = 0.88, perimeter_m = 2, to = "sky" }'
    tubes = (
        '{ name = "plate", length_m = 1, diameter_mm = 40, heat_W = 122400, cells = 4 }, '
        f'{{ name = "panel", length_m = 100, diameter_mm = 40, isothermal = true, radiates = {panel} }}'
    )
    text = fluid(heat=4750) + node("sky", held_degC=-53.15)
    text += table("loops", name='"outer"', fluid='"fixed"', pump="{ flow_kg_s = 2 }", segments=f"[{tubes}]") + STEADY
    found = solved(text).summary().network.loops["outer"].segments
    assert found["plate"].temperature_degC[-1] + 273.15 == pytest.approx(354.22191636, abs=0.005)
    assert found["panel"].temperature_degC[-1] + 273.15 == pytest.approx(341.33770583, abs=0.005)


def test_laminar_branches():
    """8 mm x 10 m beside 10 mm x 15 m: 0.3805748266 of a laminar flow goes through the first."""
    tubes = [
        f'{{ name = "{n}", branch = "{n}", length_m = {L}, diameter_mm = {d}, cells = 2 }}' for n, L, d in (("a", 10, 8), ("b", 15, 10))
    ]
    text = fluid() + node("inlet", held_degC=20) + STEADY
    more = {"inlet": '"inlet"', "pump": "{ flow_kg_s = 0.002 }", "segments": f"[{', '.join(tubes)}]"}
    found = solved(text + table("loops", name='"run"', fluid='"fixed"', **more)).summary().network.loops["run"].segments
    assert found["a"].flow_kg_s / 0.002 == pytest.approx(0.3805748266, rel=1e-6)


SATURATED = [
    ("ammonia", 0.0, 429247.8, 1261773.2, 1.70164e-4, 1.24520e11),
    ("ammonia", 30.0, 1166536.1, 1144587.3, 1.25599e-4, 1.04961e11),
    ("water", 60.0, 19946.4, 2357654.5, 4.66016e-4, 3.29813e11),
]


@pytest.mark.parametrize(("fluid", "at", "pressure", "latent", "viscosity", "merit"), SATURATED)
def test_saturated(fluid, at, pressure, latent, viscosity, merit):
    """Pressure of the accumulator, latent heat by the quality behind a heater, viscosity of the liquid by its Reynolds number: to 0.1 %.

    The merit number rho sigma h / mu, with the density and surface tension in it, by the capillary limit of a wick: 2 K A / (r L) of it.
    """
    wick = "{ pore_radius_mm = 0.3, permeability_m2 = 1e-9, area_mm2 = 20, vapour_radius_mm = 100 }"
    keys = {"conductance_W_K": 5, "fluid": f'"{fluid}"', "wick": wick, "effective_length_m": 0.95}
    ends = node("box", held_degC=at) + node("sink", held_degC=at - 0.1)
    pipe = solved(ends + table("heat_pipes", name='"hp"', between='["box", "sink"]', **keys) + STEADY).summary().network.heat_pipes["hp"]
    assert pipe.limit_W == pytest.approx(2 * 1e-9 * 20e-6 / 0.3e-3 / 0.95 * merit, rel=1e-3)
    tubes = (
        '{ name = "feed", length_m = 0.01, diameter_mm = 10, cells = 1 }, '
        f'{{ name = "plate", length_m = 0.01, diameter_mm = 10, cells = 4, heat_W = {0.5 * 0.01 * latent} }}'
    )
    keys = {"inlet": '"inlet"', "pump": "{ flow_kg_s = 0.01 }", "two_phase": f"{{ set_point_degC = {at} }}", "segments": f"[{tubes}]"}
    text = node("inlet", held_degC=at - 1e-4) + table("loops", name='"run"', fluid=f'"{fluid}"', **keys) + STEADY
    found = solved(text).summary().network.loops["run"]
    assert found.segments["feed"].pressure_bar[0] * 1e5 == pytest.approx(pressure, rel=1e-3)
    assert found.segments["plate"].quality[-1] == pytest.approx(0.5, rel=1e-3)
    assert 4 * 0.01 / (pi * 0.01 * found.segments["feed"].reynolds) == pytest.approx(viscosity, rel=1e-3)
    assert float(saturated(coolant(fluid), temperature=at + 273.15).pressure) == pytest.approx(pressure, rel=1e-5)


def test_glycol_of_half():
    """50 % of glycol at 20 degC: 1064.9287 kg/m3, 3312.042 J/kgK, 3.69321 mPa s by rise, fall of pressure and Reynolds number, to 0.1 %."""
    tube = "length_m = 2, diameter_mm = 10, cells = 1"
    tubes = f'{{ name = "feed", {tube} }}, {{ name = "on", {tube} }}, {{ name = "hot", {tube}, heat_W = 10 }}'
    keys = {"fraction": 0.5, "inlet": '"inlet"', "pump": "{ flow_kg_s = 0.02 }", "segments": f"[{tubes}]"}
    text = node("inlet", held_degC=20) + table("loops", name='"run"', fluid='"water_glycol"', **keys) + STEADY
    found = solved(text).summary().network.loops["run"].segments
    assert 4 * 0.02 / (pi * 0.01 * found["feed"].reynolds) == pytest.approx(3.69321e-3, rel=1e-3)
    assert 10 / 0.02 / (found["hot"].temperature_degC[-1] - found["on"].temperature_degC[-1]) == pytest.approx(3312.042, rel=1e-3)
    fall = (found["feed"].pressure_bar[0] - found["on"].pressure_bar[-1]) * 1e5
    assert 128 * 3.69321e-3 * 2 * 0.02 / (pi * 0.01**4 * fall) == pytest.approx(1064.9287, rel=1e-3)


@pytest.mark.parametrize(
    ("held", "behind", "said"), [(15, 15, None), (-20, None, "all the main way"), (100, None, "around as far as it may")]
)
def test_a_valve_that_cannot_hold_its_mixture_says_so(held, behind, said):
    """800 W past 3 m of wall at 0 degC: 15 degC is held; colder or warmer than both ways a warning has what the mixture has."""
    tubes = [
        'name = "main", branch = "main", length_m = 3, diameter_mm = 10, cells = 20, node = "wall", film_W_m2K = 3000',
        'name = "around", branch = "around", length_m = 1, diameter_mm = 10, cells = 2',
        'name = "plate", length_m = 1, diameter_mm = 10, cells = 2, heat_W = 800',
    ]
    more = f'pump = {{ flow_kg_s = 0.05 }}\nbypass = {{ main = "main", bypass = "around", mixed_degC = {held}, least = 0.05 }}\n'
    text = f'[[network.loops]]\nname = "loop"\nfluid = "fixed"\n{more}segments = [{", ".join(f"{{ {one} }}" for one in tubes)}]\n'
    found = solved(fluid() + node("wall", held_degC=0) + text + STEADY).summary()
    warned = [one for one in found.remarks if "its valve sends the flow" in one]
    assert bool(warned) == (said is not None)
    assert said is None or said in warned[0]
    after = found.network.loops["loop"].segments["plate"].temperature_degC[-1] - 800 / 200
    assert behind is None or after == pytest.approx(behind, abs=1e-6)
