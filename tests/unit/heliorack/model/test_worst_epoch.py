"""The hottest and the coldest date of the year: of the faces of the case, not of a small sphere."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from case_text import box

from heliorack.case.case import load
from heliorack.model.flat_faces import coated_faces, plain_faces
from heliorack.model.surroundings import surroundings
from heliorack.model.worst_epoch import dated_orbit
from heliorack.studies.orbital_heating import face_means, orbit_figures
from orbit.calendar import calendar, sphere_heat
from orbit.settings import chosen_epoch

DUSK = """
title = "worst dates"
[orbit]
kind = "sun_synchronous"
altitude_km = 550
ltan_h = 18
epoch = "hottest"
[environment]
solar = "seasonal"
albedo = 0.3
earth_ir_W_m2 = 235
[attitude]
point = { axis = "-z", at = "nadir" }
align = { axis = "+x", at = "velocity" }
"""
EDGE = Path(__file__).resolve().parents[4] / "cases" / "edge_node.toml"


def case_of(folder, text, epoch="hottest"):
    file = folder / "worst.toml"
    file.write_text(DUSK.replace('"hottest"', f'"{epoch}"') + text)
    return load(file)


def absorbed(case, epoch):
    """What all coated faces take up over the revolution at a date [W]."""
    env = surroundings(replace(case, orbit=case.orbit.at_date(epoch, case.environment.planet_radius)))
    return sum(row["area_m2"] * row["absorbed_W_m2"] for row in face_means(env, coated_faces(case)).values())


@pytest.mark.parametrize(
    ("epoch", "sign", "coating"),
    [("coldest", -1, "{}"), ("hottest", 1, '{ "-y" = "insulated", "+x" = "insulated" }'), ("coldest", -1, '{ "+y" = "insulated" }')],
    ids=["all round", "towards the Sun", "away from it"],
)
def test_no_other_date_is_worse(tmp_path, epoch, sign, coating):
    """Against the faces' own heat on seven dates of the year; the watts that are said are those of the date."""
    case = case_of(tmp_path, box("panel", (500, 400, 20), coating="black_anodize", more=f"coatings = {coating}"), epoch)
    found = dated_orbit(case)
    at = absorbed(case, found.orbit.epoch)
    others = [absorbed(case, datetime(2027, 1, 3, tzinfo=UTC) + timedelta(days=52 * k)) for k in range(7)]
    assert sign * at >= sign * max(others, key=lambda heat: sign * heat) - 2e-3 * at
    (said,) = found.said
    assert float(said.split(" heat, ")[1].split(" W")[0]) == pytest.approx(at, rel=3e-3)


def test_a_lone_ball_is_the_small_sphere(tmp_path):
    """Facets of equal area stand for it: sunlight and albedo of the closed form, and the date is within days of its own."""
    ball = '[[parts]]\nname = "ball"\nkind = "sphere"\nradius_mm = 100\nmaterial = "al_6061"\ncoating = "z93"\n'
    case = case_of(tmp_path, ball)
    found = dated_orbit(case)
    year = calendar(case.orbit, radius=case.environment.planet_radius)
    heat = sphere_heat(year, 0.3, case.environment.planet_radius)
    i = int(np.abs(year.days - (found.orbit.epoch - year.start) / timedelta(days=1)).argmin())
    assert heat[i] == pytest.approx(heat.max(), rel=2e-3)
    area = sum(face.area for face in plain_faces(case, rounded=True))
    assert area == pytest.approx(4 * np.pi * 0.1**2, rel=0.02)


def test_parts_that_heat_cannot_reach_do_not_count(tmp_path):
    """A large wing beside a box with a limit leaves its date alone; a strap between them brings it in."""
    panel = box("panel", (500, 400, 20), more='coatings = { "+y" = "insulated" }') + '[[limits]]\non = "panel"\nmax_degC = 50\n'
    wing = box("wing", (2000, 20, 2000), (0, 2000, 0), coating="black_anodize")
    strap = '[[straps]]\nbetween = ["panel:+z", "wing:-y"]\nconductance_W_K = 1\n'
    alone, beside, tied = (dated_orbit(case_of(tmp_path, text)) for text in (panel, panel + wing, panel + wing + strap))
    assert alone == beside
    assert tied.orbit.epoch != alone.orbit.epoch
    assert "of panel, wing absorb" in tied.said[0]


def test_faces_of_a_node_are_those_of_a_box(tmp_path):
    """A node with the three faces of a box that are not insulated has its date and its watts; a case of nodes alone had none."""
    sides = {"+x": (0.4 * 0.02, [1, 0, 0]), "-y": (0.5 * 0.02, [0, -1, 0]), "+z": (0.5 * 0.4, [0, 0, 1])}
    insulated = ", ".join(f'"{side}" = "insulated"' for side in ("-x", "+y", "-z"))
    faces = ", ".join(f'{{ area_m2 = {area}, normal = {normal}, coating = "z93" }}' for area, normal in sides.values())
    panel, lump = (
        dated_orbit(case_of(tmp_path, text))
        for text in (
            box("panel", (500, 400, 20), more=f"coatings = {{ {insulated} }}"),
            f'[[network.nodes]]\nname = "panel"\ncapacity_J_K = 100\nfaces = [{faces}]\n',
        )
    )
    assert panel == lump


def test_hottest_of_the_shipped_panel_is_not_its_coldest_season():
    """A small sphere took 27 July, at which the panel absorbs least of the year."""
    case = load(EDGE)
    named = {epoch: replace(case, orbit=replace(case.orbit, epoch=epoch)) for epoch in ("hottest", "coldest")}
    found = {epoch: dated_orbit(one).orbit.epoch for epoch, one in named.items()}
    ball = chosen_epoch(named["hottest"].orbit, case.environment)
    assert absorbed(case, found["hottest"]) > absorbed(case, ball) + 0.2
    assert absorbed(case, found["coldest"]) < absorbed(case, found["hottest"]) - 0.2


def test_what_was_meant_is_said(tmp_path):
    """In the assumptions of a run and of `heliorack orbit`; a given date says nothing, a case without faces says that a sphere speaks."""
    case = case_of(tmp_path, box("panel", (500, 400, 20)))
    assert any("epoch hottest: 20" in said and "faces of panel absorb most heat" in said for said in surroundings(case).assumptions)
    figures = orbit_figures(case)
    assert any("faces of panel absorb most heat" in said for said in figures["assumptions"])
    assert figures["epoch"].startswith(f"{dated_orbit(case).orbit.epoch:%Y-%m-%d}")
    assert dated_orbit(case_of(tmp_path, box("panel", (500, 400, 20)), "longest_eclipse")).said == ()
    cold = '[[boundaries]]\nkind = "temperature"\nfaces = "panel:+z"\ntemperature_degC = 20\n'
    bare = case_of(tmp_path, box("panel", (500, 400, 20), coating="insulated") + cold)
    assert "small sphere" in dated_orbit(bare).said[0]
