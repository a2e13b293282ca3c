"""Published node temperatures of a cube and a box in orbit, from case files of nodes alone."""

import numpy as np
import pytest
from network_case import glow, node, solved, table, tie

from thermal.radiation.analytic import polygon_factor

# ESATAN-TMS in "Modular Thermal Analysis for CubeSats and PocketQubes", MSc thesis, TU Delft; z is velocity, x zenith; fluxes inferred
ORBIT = """
[orbit]
kind = "beta"
altitude_km = 408
beta_deg = 0
[environment]
solar_flux_W_m2 = 1413.55
albedo = 0.306
earth_ir_W_m2 = 238
planet_radius_km = 6371
shadow = "cylinder"
[attitude]
point = { axis = "+z", at = "velocity" }
align = { axis = "+x", at = "zenith" }
[run]
kind = "transient"
orbits = 2
start_degC = 20
[coatings.outside]
solar_absorptance = 1
infrared_emittance = EPS
source = "test"
"""
NORMALS = {"xp": (1, 0, 0), "yp": (0, 1, 0), "zp": (0, 0, 1), "xm": (-1, 0, 0), "ym": (0, -1, 0), "zm": (0, 0, -1)}
NAMES = list(NORMALS)


def opposite(one, other):
    """Whether two faces lie opposite one another."""
    return one[0] == other[0]


def face_node(name, area, capacity):
    """A node that is one face."""
    face = f'[{{ area_m2 = {area}, normal = {[float(x) for x in NORMALS[name]]}, coating = "outside" }}]'
    return node(name, capacity_J_K=capacity, faces=face)


def extremes(text):
    """Coldest and hottest of each face over the second orbit [degC]."""
    result = solved(text)
    assert result.record.closure() < 1e-9
    late = np.array(result.record.times) >= result.built.env.period
    T = result.record.temperatures()[late] - 273.15
    return {name: (T[:, result.built.nodes[name]].min(), T[:, result.built.nodes[name]].max()) for name in NAMES}


CUBE = {"xp": (-93.823, 96.264), "yp": (-79.583, 5.088), "zp": (-79.958, 91.197), "xm": (-57.653, 32.713), "zm": (-79.996, 99.724)}


def test_cube():
    """1 m, 1000 J/K, 1 W/K between neighbours, no radiation inside: extremes of orbit 2 within 1 K."""
    pairs = [(a, b) for i, a in enumerate(NAMES) for b in NAMES[i + 1 :] if not opposite(a, b)]
    text = ORBIT.replace("EPS", "1") + "".join(face_node(name, 1, 1000) for name in NAMES) + "".join(tie(a, b, 1) for a, b in pairs)
    found = extremes(text)
    for name, wanted in CUBE.items():
        assert found[name] == pytest.approx(wanted, abs=1.0), name


BOX = {
    1.0: {"xp": (-90.565, 77.104), "yp": (-78.499, 18.814), "zp": (-79.067, 63.609), "xm": (-59.558, 39.169), "zm": (-79.005, 74.725)},
    0.1: {"xp": (8.738, 331.285), "yp": (11.206, 223.854), "zp": (11.775, 274.546), "xm": (15.244, 238.983), "zm": (10.502, 327.284)},
}


def areas():
    """m2 of each face of the box, 1 x 1 x 2 m with 2 m along z."""
    return np.array([1.0 if name[0] == "z" else 2.0 for name in NAMES])


def corners(name):
    """Corners of an inner face, right-handed about its normal, which points inwards."""
    size, axis, normal = np.array([1.0, 1.0, 2.0]), "xyz".index(name[0]), -np.array(NORMALS[name], dtype=float)
    u, v = (np.eye(3)[(axis + k) % 3] * size for k in (1, 2))
    start = size * np.eye(3)[axis] if name[1] == "p" else np.zeros(3)
    found = np.array([start, start + u, start + u + v, start + v])
    return found if normal @ np.cross(u, v) > 0 else found[::-1]


def inside(eps):
    """GR [m2] between the inner faces of the box: Gebhart's factors of grey diffuse faces."""
    F = np.array([[0.0 if a == b else polygon_factor(corners(a), corners(b)) for b in NAMES] for a in NAMES])
    assert F.sum(axis=1) == pytest.approx(np.ones(6), abs=1e-9)
    B = np.linalg.solve(np.eye(6) - (1 - eps) * F, eps * F)
    return eps * areas()[:, None] * B


@pytest.mark.parametrize("eps", [1.0, 0.1])
def test_box_with_grey_radiation_inside(eps):
    """1 x 1 x 2 m, emittance inside and outside: extremes of orbit 2 within 1.5 K."""
    GR = inside(eps)
    text = ORBIT.replace("EPS", str(eps))
    for name, area in zip(NAMES, areas(), strict=True):
        text += face_node(name, area, 1000 if name[0] == "z" else 2000)
    for i, a in enumerate(NAMES):
        for j in range(i + 1, 6):
            b = NAMES[j]
            text += glow(a, b, float(GR[i, j]))
            if not opposite(a, b):
                text += tie(a, b, 2 / 3 if "z" in (a[0], b[0]) else 2)
    found = extremes(text)
    for name, wanted in BOX[eps].items():
        assert found[name] == pytest.approx(wanted, abs=1.5), name


LOOP = """
[network.fluids.coolant]
density_kg_m3 = 600
specific_heat_J_kgK = 4750
"""


@pytest.mark.parametrize("capacity", [5000, 50000])
def test_periodic_loop_in_three_orbits(capacity):
    """A plate heated in part of the orbit and a radiator in the light, tied by a loop: the third orbit from the steady state repeats."""
    text = ORBIT.replace("EPS", "0.9").replace('kind = "transient"\norbits = 2\nstart_degC = 20', 'kind = "periodic"')
    ends = [("plate", "plate"), ("tube", "panel")]
    segments = [f'{{ name = "{a}", length_m = 9, diameter_mm = 10, node = "{b}", film_W_m2K = 2000, cells = 15 }}' for a, b in ends]
    text += LOOP + table("loops", name='"inner"', fluid='"coolant"', pump="{ flow_kg_s = 0.1 }", segments=f"[{', '.join(segments)}]")
    heat = "{ times_s = [0, 2000, 2000], heat_W = [3000, 3000, 500] }"
    faces = ", ".join(f'{{ area_m2 = 4, normal = [0.0, {y}, 0.0], coating = "outside" }}' for y in (1.0, -1.0))
    text += node("plate", capacity_J_K=capacity, heat_over_time=heat) + node("panel", capacity_J_K=capacity / 2, faces=f"[{faces}]")
    result = solved(text)
    assert result.periodic.converged
    assert result.periodic.orbits <= 3
    assert result.periodic.change_per_orbit_K < 0.005
    assert result.record.closure() < 1e-9
