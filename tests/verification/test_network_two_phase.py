"""Two-phase ammonia loops from case files: heat by latent transport, quality, dry-out, subcooling, and the panel that they need."""

import numpy as np
import pytest
from network_case import STEADY, node, solved, table

from heliorack.case.case import loads
from heliorack.casefile.errors import CaseError
from thermal.fluid.coolant import coolant
from thermal.fluid.saturation import saturated

SIGMA = 5.670374419e-8
BOTH = saturated(coolant("ammonia"), temperature=303.15)


def boiler(flow, inlet):
    """An open run that takes 120 kW at a set point of 30 degC."""
    tube = '[{ name = "plate", length_m = 4, diameter_mm = 12, tubes = 4, heat_W = 120000, cells = 20 }]'
    more = {"two_phase": "{ set_point_degC = 30 }", "inlet": '"inlet"', "pump": f"{{ flow_kg_s = {flow} }}"}
    return node("inlet", held_degC=inlet) + table("loops", name='"run"', fluid='"ammonia"', segments=tube, **more) + STEADY


@pytest.mark.parametrize(("flow", "inlet"), [(0.1747354650, 29.999999), (0.1688335918, 25.0)])
def test_latent_heat(flow, inlet):
    """120 kW into ammonia at 30 degC leave it with a quality of 0.6, from boiling liquid and from 25 degC: to 0.1 %."""
    run = solved(boiler(flow, inlet)).summary().network.loops["run"]
    assert run.segments["plate"].quality[-1] == pytest.approx(0.6, rel=1e-3)
    assert run.segments["plate"].temperature_degC[-1] == pytest.approx(30.0, abs=1e-6)


def loop(heat, width, pump="{ flow_kg_s = 0.18, efficiency = 0.3 }", length=100):
    """A closed loop at 30 degC: an evaporator, and a panel that radiates to 200 K."""
    plate = '{ name = "plate", length_m = 4, diameter_mm = 12, tubes = 4, node = "chips", film_W_m2K = 8000, cells = 20 }'
    panel = f'{{ emittance = 0.9, perimeter_m = {width}, to = "sky" }}'
    tube = f'{{ name = "panel", length_m = {length}, diameter_mm = 10, tubes = 8, isothermal = true, radiates = {panel}, cells = 60 }}'
    more = {"two_phase": "{ set_point_degC = 30, subcooling_K = 1 }", "pump": pump}
    nodes = node("chips", capacity_J_K=5000, heat_W=heat) + node("sky", held_degC=-73.15)
    return nodes + table("loops", name='"outer"', fluid='"ammonia"', segments=f"[{plate}, {tube}]", **more) + STEADY


def test_closed_loop_finds_its_subcooling():
    """A panel a little larger than 20 kW need at 30 degC: the rest of it subcools, all heat and pump power is radiated, and closes."""
    result = solved(loop(20000, 0.6))
    found = result.summary()
    outer = found.network.loops["outer"]
    assert found.failures == ()
    assert outer.set_point_degC == pytest.approx(30.0)
    assert outer.quality_max == pytest.approx((20000 + outer.pump_W) / 0.18 / float(BOTH.latent_heat), abs=0.05)
    assert outer.subcooling_K > 1.0
    assert found.network.flows_W["outer.panel ~ sky"] == pytest.approx(20000 + outer.pump_W, rel=1e-8)
    full = 0.9 * SIGMA * 0.6 * 100 * (303.15**4 - 200**4)
    assert 20000 < full < 23000
    assert result.record.closure() < 1e-9
    film = 20000 / (8000 * 4 * 4 * 3.141592653589793 * 0.012)
    assert 30 + 0.6 * film < found.parts["chips"].max_degC < 30 + film  # the plate begins with the subcooled liquid


def test_panel_too_small_is_dry_out_and_no_subcooling():
    """Half of the panel: the walls dry out and the pump takes vapour; both fail with figures."""
    said = " ".join(solved(loop(20000, 0.3)).failures)
    assert "dries out" in said
    assert "loses its subcooling" in said


BAD = [
    ({"set_point_degC = 30 }": "set_point_degC = 140 }"}, "above the critical point of ammonia"),
    ({'"ammonia"': '"water_glycol"'}, "a two-phase loop needs a fluid that boils"),
]


@pytest.mark.parametrize(("swap", "words"), BAD)
def test_bad_set_points_are_refused(swap, words):
    """A set point above the critical point; a fluid whose data are of the liquid alone."""
    text = boiler(0.17, 25.0)
    for old, new in swap.items():
        text = text.replace(old, new)
    with pytest.raises(CaseError, match=words):
        loads(text)


def test_films_must_be_given():
    """No correlation of boiling films is believed."""
    with pytest.raises(CaseError, match="films of a fluid that boils"):
        loads(loop(20000, 0.6).replace("film_W_m2K = 8000, ", ""))


@pytest.mark.parametrize(("hot", "conductance"), [(60.0, 2000.0), (45.0, 8000.0)])
def test_exchanger_that_boils_one_side(hot, conductance):
    """A liquid of 0.1 kg/s and 4000 J/kgK through an exchanger whose other side boils: 1 - exp(-NTU) of its way to the set point.

    What it loses is quality of the ammonia; to 0.1 %, as the kink of its temperature is rounded.
    """
    rate = 0.1 * 4000.0
    heat = rate * (hot - 30.0) * (1 - np.exp(-conductance / rate))
    tubes = '[{ name = "core", length_m = 1, diameter_mm = 10 }]'
    fluid = "[network.fluids.plain]\ndensity_kg_m3 = 1000\nspecific_heat_J_kgK = 4000\n"
    one = table("loops", name='"warm"', fluid='"plain"', inlet='"hot"', pump="{ flow_kg_s = 0.1 }", segments=tubes)
    more = {"two_phase": "{ set_point_degC = 30 }", "inlet": '"cold"', "pump": "{ flow_kg_s = 0.05 }"}
    other = table("loops", name='"boiler"', fluid='"ammonia"', segments=tubes, **more)
    between = table("exchangers", name='"x"', between='["warm.core", "boiler.core"]', conductance_W_K=conductance)
    result = solved(fluid + node("hot", held_degC=hot) + node("cold", held_degC=29.999999) + one + other + between + STEADY)
    found = result.summary().network
    assert found.flows_W["exchanger x"] == pytest.approx(heat, rel=1e-3)
    assert found.loops["warm"].segments["core"].temperature_degC[-1] == pytest.approx(hot - heat / rate, abs=0.02)
    quality = found.loops["boiler"].segments["core"].quality[-1]
    assert quality == pytest.approx(heat / (0.05 * float(BOTH.latent_heat)), rel=2e-3)
    assert result.record.closure() < 1e-9
