"""Boxes of six thin plates in orbit against published nodal results, as finite elements with contacts along the plates' edges.

Node temperatures of ESATAN-TMS, published with a thesis of TU Delft, "Modular Thermal Analysis for CubeSats and PocketQubes": 408 km,
sub-solar orbit, second orbit from 20 degC. Axes: x zenith, y orbit normal, z velocity. Fluxes as inferred from its plates.
"""

import json

import numpy as np
import pytest
from bodies import alone

from heliorack.case.case import loads
from heliorack.run.simulate import simulate

THICK = 5.0  # mm; the plates lie around the box of their inner sides
COMMON = """
title = "box of plates"
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
sink_K = 0
[attitude]
point = { axis = "-x", at = "nadir" }
align = { axis = "+z", at = "velocity" }
[materials.plate]
density_kg_m3 = 200
specific_heat_J_kgK = 1000
conductivity_W_mK = 3e4
source = "one temperature for each plate"
[coatings.outside]
solar_absorptance = 1
infrared_emittance = EMITTANCE
source = "given"
[coatings.inside]
solar_absorptance = 1
infrared_emittance = EMITTANCE
source = "given"
[run]
kind = "transient"
orbits = 2
start_degC = 20
[solver]
tolerance_K = 0.05
linear = "direct"
"""
PLATE = """
[[parts]]
name = "{name}"
kind = "box"
size_mm = {size}
position_mm = {place}
material = "plate"
coating = "insulated"
coatings = {{ {faces} }}
mesh_mm = 250
transport_limit_W_m = 1e9
"""
TOUCH = """
[[contacts]]
between = ["{a}", "{b}"]
conductance_W_m2K = {h}
partial = true
"""
SIDES = {"x+": (0, 1), "y+": (1, 1), "x-": (0, -1), "y-": (1, -1), "z+": (2, 1), "z-": (2, -1)}


def name(side):
    """A part's name."""
    return side[0] + ("p" if side[1] == "+" else "m")


def box(length, conductors, emittance, inside):
    """A case of six plates whose outer sides are exactly 1 m x 1 m across z and 1 m x `length` along it.

    The four plates along z go around like a windmill, so that each end lies on its neighbour's inner side over the full thickness; the
    plates across z cover half the thickness of their ends.

    Args:
        length: m, along z.
        conductors: W/K between x and y plates, and between those and the z plates.
        inside: Whether the plates radiate inwards.
    """
    t, half, long = THICK, (1000 - THICK) / 2, length * 1000
    text, closed = COMMON.replace("EMITTANCE", str(emittance)), []
    middle = half + t / 2
    places = {"x+": (middle, -t / 2, 0), "y+": (t / 2, middle, 0), "x-": (-middle, t / 2, 0), "y-": (-t / 2, -middle, 0)}
    places |= {"z+": (0, 0, (long + t) / 2), "z-": (0, 0, -(long + t) / 2)}
    for side, (axis, sign) in SIDES.items():
        size = [1000.0, 1000.0, long]
        size[axis] = t
        outer, inner = (f"{'+' if s > 0 else '-'}{'xyz'[axis]}" for s in (sign, -sign))
        faces = f'"{outer}" = "outside"' + (f', "{inner}" = "inside"' if inside else "")
        closed += [f"{name(side)}:{inner}"] if inside else []
        text += PLATE.format(name=name(side), size=size, place=list(places[side]), faces=faces)
    around, across = conductors
    along = around / (t * long * 1e-6)
    ends = across / (t / 2 * (1000 - t / 2) * 1e-6)
    pairs = [("x+", "y+"), ("y+", "x-"), ("x-", "y-"), ("y-", "x+")]
    text += "".join(TOUCH.format(a=name(a), b=name(b), h=along) for a, b in pairs)
    text += "".join(TOUCH.format(a=name(a), b=name(b), h=ends) for a in places if a[0] != "z" for b in ("z+", "z-"))
    return loads(text, [f"radiation.closed={json.dumps(closed)}"])


def extremes(result):
    """Least and greatest mean temperature of each plate in the second orbit [degC]."""
    h = result.solution.history
    second = h.times >= h.times[-1] / 2 - 1e-6
    names = list(result.body.assembly.part_names)
    T = h.mean[second] - 273.15
    return {side: (T[:, names.index(name(side))].min(), T[:, names.index(name(side))].max()) for side in SIDES}


CUBE = {"x+": (-93.823, 96.264), "y+": (-79.583, 5.088), "z+": (-79.958, 91.197), "x-": (-57.653, 32.713), "z-": (-79.996, 99.724)}
BLACK = {"x+": (-90.565, 77.104), "y+": (-78.499, 18.814), "z+": (-79.067, 63.609), "x-": (-59.558, 39.169), "z-": (-79.005, 74.725)}
GREY = {"x+": (8.738, 331.285), "y+": (11.206, 223.854), "z+": (11.775, 274.546), "x-": (15.244, 238.983), "z-": (10.502, 327.284)}


def compared(result, published, tolerance, record_property):
    """Hold the extremes against the published ones."""
    found = extremes(result)
    worst = max(published, key=lambda side: np.abs(np.subtract(found[side], published[side])).max())
    record_property("found", f"{worst}: {found[worst][0]:.2f}/{found[worst][1]:.2f} degC")
    record_property("expected", f"{published[worst][0]:.2f}/{published[worst][1]:.2f} degC")
    record_property("tolerance", f"{tolerance} K")
    for side, wanted in published.items():
        assert found[side] == pytest.approx(wanted, abs=tolerance), side
    assert result.closure < 1e-9


def test_cube_without_radiation_inside(record_property):
    """1 m cube, black outside, 1000 J/K a face, 1 W/K across each edge: least and greatest temperature of orbit 2 within 1 K."""
    result = simulate(box(1, (1.0, 1.0), 1.0, inside=False), alone())
    compared(result, CUBE, 1.0, record_property)


@pytest.mark.parametrize(("emittance", "published"), [(1.0, BLACK), (0.1, GREY)], ids=["black", "grey"])
def test_box_that_radiates_inside(emittance, published, record_property):
    """1 x 1 x 2 m, absorptance 1, emittance 1 or 0.1 outside and inside, no sky seen from inside: extremes of orbit 2 within 1.5 K."""
    result = simulate(box(2, (2.0, 2 / 3), emittance, inside=True), alone())
    compared(result, published, 1.5, record_property)
    assert result.radiation.temperature_error < 0.2
