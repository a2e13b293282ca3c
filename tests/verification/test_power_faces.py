"""An array on several faces is the sum of its faces, each with its own angle to the Sun and its own temperature."""

import numpy as np
import pytest
from case_text import orbit

from heliorack.case import loads
from heliorack.run.simulate import simulate
from power.solar.cell import cell

SIX_U = (
    'title = "6U: two wings and a body panel, one wing turned away"'
    + orbit(20, point=("+x", "sun"), align=("+z", "orbit_normal"), preset="mean")
    + """
[radiation]
model = "open"
[[parts]]
name = "body"
kind = "box"
size_mm = [100, 226, 340]
material = "server_box"
coating = "z93"
coatings = { "+x" = "gaas_cells" }
heat_W = 8
mesh_mm = 120
[[parts]]
name = "lit"
kind = "box"
size_mm = [4, 200, 340]
position_mm = [0, 300, 0]
rotation_deg = [0, 0, 50]
material = "al_6061"
coating = "z306"
coatings = { "+x" = "gaas_cells" }
mesh_mm = 200
[[parts]]
name = "away"
kind = "box"
size_mm = [4, 200, 340]
position_mm = [0, -300, 0]
rotation_deg = [0, 0, 180]
material = "al_6061"
coating = "z306"
coatings = { "+x" = "gaas_cells" }
mesh_mm = 200
[power]
cell = "azur_3g30"
battery = "lg_mj1"
array_faces = ["body:+x", "lit:+x", "away:+x"]
array_area_m2 = 0.1
"""
)
AREAS = np.array([0.226 * 0.34, 0.2 * 0.34, 0.2 * 0.34])  # m2
COSINES = np.array([1.0, np.cos(np.radians(50.0)), 0.0])


def test_six_units_by_hand(record_property):
    """0.1 m2 over three faces by area: P = sum of S cos / 1367 x Vmp(T) Imp(T) / A_cell x packing x area, to 0.1 %; drawn likewise."""
    result = simulate(loads(SIX_U))
    power, history = result.power, result.solution.history
    sheet = cell("azur_3g30")
    t = power.balance.times[power.balance.given]
    usual = np.median(power.sunlight[power.sunlight > 0.5 * power.sunlight.max()])
    lit = np.abs(power.sunlight / usual - 1.0) < 1e-6  # beside the penumbra values stand for what falls between the times
    faces = history.mean[:, len(result.body.assembly.part_names) :][:, :3]
    warm = np.stack([np.interp(t, history.times, column) for column in faces.T], axis=1) - 301.15
    one = (sheet.vmp[0] + sheet.dvmp[0] * warm) * (sheet.imp[0] + sheet.dimp[0] * warm) / sheet.area
    by_hand = 0.1 * AREAS / AREAS.sum() * 0.9 * 1361.0 / 1367.0 * COSINES * one
    assert by_hand[lit].min(axis=0)[0] > 5.0
    worst = np.abs(power.available[lit] / by_hand[lit].sum(axis=1) - 1.0).max()
    record_property("quantity", "power of three faces against the sum by hand, worst relative deviation")
    record_property("expected", 0.0)
    record_property("found", float(worst))
    record_property("tolerance", 1e-3)
    assert worst < 1e-3
    assert power.split[lit] == pytest.approx(by_hand[lit] / by_hand[lit].sum(axis=1, keepdims=True), abs=1e-3)
    mean = 0.1 * 0.9 * 1361.0 / 1367.0 * (AREAS @ COSINES) / AREAS.sum()
    common = warm @ (AREAS / AREAS.sum())
    alike = mean * (sheet.vmp[0] + sheet.dvmp[0] * common) * (sheet.imp[0] + sheet.dimp[0] * common) / sheet.area
    assert np.abs(alike[lit] / power.available[lit] - 1.0).max() > 0.01
