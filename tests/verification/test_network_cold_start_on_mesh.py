"""A loop that starts frozen on faces of a meshed plate: heat, flow before and after, restart."""

import numpy as np
import pytest
from bodies import alone
from case_text import box

from heliorack.case.case import loads
from heliorack.results.network_history import of_loops
from heliorack.run.simulate import simulate

CP, SOLID, LATENT, HEAT, FLOW, START = 4000.0, 2000.0, 300e3, 400.0, 0.02, -20.0
PLATE = box("plate", (300, 100, 6), coating="insulated", mesh=50, more=f"heat_W = {HEAT}")
CASE = f"""
[network.fluids.x]
density_kg_m3 = 1000
specific_heat_J_kgK = {CP}
freezing_degC = 0
boiling_degC = 100
latent_heat_J_kg = {LATENT}
solid_specific_heat_J_kgK = {SOLID}
[[network.loops]]
name = "coolant"
fluid = "x"
pump = {{ flow_kg_s = {FLOW} }}
cold_start = {{}}
segments = [
  {{ name = "tube", length_m = 0.3, diameter_mm = 8, tubes = 6, film_W_m2K = 800, faces = "plate:+z", along = [1, 0, 0], cells = 4 }},
  {{ name = "back", length_m = 0.5, diameter_mm = 8, cells = 3, heat_W = 50, start_degC = 1 }},
]
[run]
kind = "transient"
duration_s = 240
start_degC = {START}
"""
TUBE, BACK = (1000 * np.pi / 4 * 8e-3**2 * length for length in (6 * 0.3, 0.5))  # kg


def test_a_plate_thaws_the_loop_on_it():
    """No flow before the last cell is liquid, the pump's after; heat of plate and fluid is what was put in; both ledgers close.

    The time is that of a plate of one temperature and one cell, marched by hand.
    """
    result = simulate(loads(f'title = "plate"\n{PLATE}{CASE}'), alone())
    network, loop = result.network, result.network.built.loops["coolant"]
    record, metal = network.record, result.case.materials["al_6061"]
    (event,) = record.turned
    assert event.what.startswith("thawed at tube, ")
    assert event.what.endswith("the last of its way: its pump moves it")
    plate = metal.density * metal.specific_heat * 0.3 * 0.1 * 0.006
    film = 800 * 6 * np.pi * 8e-3 * 0.3
    assert event.time == pytest.approx(by_hand(plate, film), rel=1.5e-2)
    times, flow = np.array(record.times), of_loops(network, len(record.times))["loop coolant flow_kg_s"]
    assert (flow[times < event.time] == 0.0).all()
    assert flow[times >= event.time] == pytest.approx(FLOW)
    T = record.temperatures()[-1][loop.rows] - 273.15
    fluid = TUBE * (SOLID * -START + LATENT + CP * T[:4].mean()) + BACK * CP * (T[4:].mean() - 1)
    warmed = plate * (result.solution.history.mean[-1, 0] - 273.15 - START)
    assert fluid + warmed == pytest.approx((HEAT + 50) * 240.0, rel=1e-6)
    assert result.closure < 1e-9
    assert record.closure() < 1e-9
    assert network.summary().network.loops["coolant"].thaw.thawed_s == event.time
    assert not result.failures


def by_hand(plate, film):
    """When a lump on another is thawed: explicit steps of 10 ms, the fluid by its enthalpy [s]."""
    wall, heat, t, h = START, TUBE * SOLID * START, 0.0, 0.01
    while heat < TUBE * LATENT:
        T = heat / TUBE / SOLID if heat < 0 else 0.0
        q = film * (wall - T)
        wall += h * (HEAT - q) / plate
        heat += h * q
        t += h
    return t
