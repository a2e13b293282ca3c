"""Radiation between parts through the command line against closed forms: plates face to face, shadows, blankets, mirrors, solar arrays."""

import numpy as np
import pytest
from command.cli_runner import SIGMA, case, solved
from command.plates import COLD, LAMP, LOW, NOON, SHEET, STEADY, coating, held, part

from heliorack.runfolder import surface_file
from meshes.measure import area_vectors
from thermal.radiation.analytic import polygon_factor

pytestmark = [pytest.mark.xdist_group("radiation"), pytest.mark.usefixtures("without_pictures")]


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """A cache of its own for every test."""
    monkeypatch.setenv("HELIORACK_CACHE", str(tmp_path / "cache"))


def square(side, z, up):
    """Corners of a square, seen from above against the clock where it faces up."""
    at = np.array([(-1, -1, z), (1, -1, z), (1, 1, z), (-1, 1, z)]) * (side / 2, side / 2, 1)
    return at if up else at[::-1]


def two_surfaces(F, emittances, temperatures):
    """Flux that leaves each of two equal grey surfaces of view factor F [W/m2]; the sky is at 0 K."""
    eps, E = np.array(emittances), SIGMA * np.array(temperatures) ** 4
    J = np.linalg.solve(np.array([[1.0, -(1 - eps[0]) * F], [-(1 - eps[1]) * F, 1.0]]), eps * E)
    return J - F * J[::-1]


def test_plates_face_to_face(tmp_path, record_property):
    """400 K of emittance 0.8 over 300 K of 0.3, all else insulated; far from the edges 276.92526232 W/m2."""
    side, gap = 0.6, 0.006
    plates = part("low", (600, 600, 4), (0, 0, -2), "insulated", 'coatings = { "+z" = "dark" }', mesh=100)
    plates += part("high", (600, 600, 4), (0, 0, 8), "insulated", 'coatings = { "-z" = "bright" }', mesh=100)
    optics = coating("dark", 0.5, 0.8) + coating("bright", 0.5, 0.3)
    fixed = held("low:+z", 400) + held("high:-z", 300)
    text = COLD + SHEET + plates + fixed + STEADY + optics + "[radiation]\nrays = 16384\n"
    heat = solved(case(tmp_path, text), tmp_path / "run")["heat_W"]
    F = polygon_factor(square(side, 0.0, True), square(side, gap, False))
    assert 0.97 < F < 0.99
    assert two_surfaces(1.0, (0.8, 0.3), (400, 300)) == pytest.approx([276.92526232, -276.92526232], rel=1e-9)
    expected = two_surfaces(F, (0.8, 0.3), (400, 300)) * side**2
    found = [heat["held low:+z"], heat["held high:-z"]]
    record_property("expected", [f"{value:.3f} W" for value in expected])
    record_property("found", [f"{value:.3f} W" for value in found])
    record_property("tolerance", "0.5 %")
    assert found == pytest.approx(expected, rel=5e-3)
    assert heat["space"] == pytest.approx(-sum(found), abs=1e-6)


def absorbed(folder, face, field="absorbed_solar"):
    """Orbit means on the facets that face a direction of a part, such as ("roof", "+z") [W/m2]."""
    skin = surface_file.read(folder)
    normals = area_vectors(skin.points, skin.triangles)
    mine = (skin.part == skin.part_names.index(face[0])) & (normals[:, "xyz".index(face[1][1])] * float(face[1][0] + "1") > 0)
    return skin.fields[field][mine & (np.abs(normals[:, "xyz".index(face[1][1])]) > 0.9 * np.linalg.norm(normals, axis=1))]


def test_plate_in_the_shadow_of_another(tmp_path):
    """The Sun straight above all along: the plate below gets none at all, what the roof gets is its absorptance times the flux."""
    parts = part("roof", (300, 300, 6), (0, 0, 40), "dark", mesh=100) + part("floor", (100, 100, 6), (0, 0, 0), "dark", mesh=50)
    text = NOON + SHEET + parts + STEADY + coating("dark", 0.6, 0.8)
    found = solved(case(tmp_path, text), tmp_path / "run")
    assert (absorbed(tmp_path / "run", ("roof", "+z")) == np.float32(0.6 * 1361)).all()
    for side in ("-x", "+x", "-y", "+y", "-z", "+z"):
        assert (absorbed(tmp_path / "run", ("floor", side)) == 0).all()
    assert found["heat_W"]["sun"] == pytest.approx(0.6 * 1361 * 0.09, rel=1e-9)
    assert np.isfinite(found["parts"]["floor"]["mean_degC"])


def test_box_in_a_blanket(tmp_path, record_property):
    """One face in the light, 1 W inside: the box settles where six outer layers, each massless, pass what they get."""
    alpha, eps, through, side, heat, lamp = 0.4, 0.7, 0.05, 0.1, 1.0, 1000.0
    wrap = f'[blankets.wrap]\nouter = "foil"\neffective_emittance = {through}\nsource = "test"\n' + coating("foil", alpha, eps)
    box = part("box", (100, 100, 100), (0, 0, 0), "wrap", f"heat_W = {heat}")
    found = solved(case(tmp_path, LAMP + SHEET + box + STEADY + wrap), tmp_path / "run")
    # outer layer: alpha S + e* E_box = (eps + e*) E_outer; box: sum of A e* (E_box - E_outer) = heat
    shine = np.array([lamp * alpha, 0, 0, 0, 0, 0])
    E = (heat / side**2 + through * shine.sum() / (eps + through)) / (6 * through * eps / (eps + through))
    expected = (E / SIGMA) ** 0.25
    record_property("expected", f"{expected:.3f} K")
    record_property("found", f"{found['parts']['box']['mean_degC'] + 273.15:.3f} K")
    record_property("tolerance", "0.05 K")
    assert found["parts"]["box"]["mean_degC"] + 273.15 == pytest.approx(expected, abs=0.05)
    assert found["heat_W"]["sun"] == pytest.approx(side**2 * lamp * alpha * through / (eps + through), rel=1e-9)
    assert found["heat_W"]["space"] == pytest.approx(-heat - found["heat_W"]["sun"], rel=1e-9)


def mirrored(tmp_path, specular, name):
    """Sunlight that a wall takes up beside a plate at 45 degrees which absorbs nothing; on the wall only the inner side is coated."""
    plate = part("mirror", (100, 100, 1), (0, 0, 0), "silver", "rotation_deg = [0, -45, 0]\n", mesh=50)
    wall = part("wall", (2, 400, 400), (-150, 0, 0), "insulated", 'coatings = { "+x" = "black" }', mesh=100)
    optics = coating("silver", 0.0, 0.1, f"specular_fraction = {specular}\n") + coating("black", 1.0, 0.9)
    found = solved(case(tmp_path, LAMP + SHEET + plate + wall + STEADY + optics), tmp_path / name)
    return found["heat_W"]["sun"]


def test_mirror_lights_its_neighbour(tmp_path, record_property):
    """All light that meets a perfect mirror ends in the wall, which the lamp itself does not reach: in = out."""
    expected = 1000 * 0.1 * 0.1 * np.cos(np.pi / 4)
    found = mirrored(tmp_path, 1.0, "mirror")
    record_property("expected", f"{expected:.4f} W")
    record_property("found", f"{found:.4f} W")
    record_property("tolerance", "1 %")
    assert found == pytest.approx(expected, rel=0.01)
    assert mirrored(tmp_path, 0.0, "white") < 0.5 * expected


def test_open_model_answers_as_if_alone(tmp_path):
    """Two parts in one run, no exchange: each as in a run of its own."""
    parts = {"a": part("a", (100, 100, 20), (0, 0, 0), more="heat_W = 3"), "b": part("b", (80, 60, 40), (0, 0, 50), "a276")}
    runs = {"a": parts["a"], "b": parts["b"], "both": parts["a"] + parts["b"]}
    open_sky = '[radiation]\nmodel = "open"\n'
    found = {name: solved(case(tmp_path, LOW + SHEET + text + STEADY + open_sky), tmp_path / name) for name, text in runs.items()}
    for path in ("sun", "albedo", "earth_infrared"):
        alone = found["a"]["heat_W"][path] + found["b"]["heat_W"][path]
        assert found["both"]["heat_W"][path] == pytest.approx(alone, rel=1e-9)
    for name in ("a", "b"):
        assert found["both"]["parts"][name]["mean_degC"] == pytest.approx(
            found[name]["parts"][name]["mean_degC"], abs=1e-5
        )  # Newton steps end there
    seen = solved(case(tmp_path, LOW + SHEET + runs["both"] + STEADY), tmp_path / "seen")
    assert seen["parts"]["a"]["mean_degC"] != pytest.approx(found["a"]["parts"]["a"]["mean_degC"], abs=0.1)


def test_shadow_lowers_the_power_of_an_array(tmp_path, record_property):
    """Another part over half of the cells: half the peak, at the same temperature of the cells."""
    array = part("array", (200, 100, 4), (0, 0, 0), worn="gaas_cells", mesh=50) + held("array:+z", 300)
    power = '[power]\ncell = "azur_3g30"\nbattery = "lg_mj1"\narray_faces = "array:+z"\narray_area_m2 = 0.02\n'
    text = NOON + SHEET + array + power + "[radiation]\nsun_rays = 64\n"
    shade = part("shade", (100, 200, 4), (50, 0, 20), mesh=50)
    free = solved(case(tmp_path, text), tmp_path / "free")["power"]["array_peak_W"]
    shaded = solved(case(tmp_path, text + shade), tmp_path / "shaded")["power"]["array_peak_W"]
    unseen = solved(case(tmp_path, text.replace("sun_rays = 64", 'model = "open"') + shade), tmp_path / "unseen")["power"]["array_peak_W"]
    record_property("expected", "0.5")
    record_property("found", f"{shaded / free:.4f}")
    record_property("tolerance", "0.01")
    assert shaded / free == pytest.approx(0.5, abs=0.01)
    assert unseen == pytest.approx(free, rel=1e-9)
