"""What a run leaves about radiation on its surface is what the model used, and its pictures show it."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from case_text import orbit
from sample_run import write_run

from heliorack.case.case import loads
from heliorack.results import surface_figures
from heliorack.results.result import Result
from heliorack.results.surface_figures import MOST_TIMES
from heliorack.run.simulate import simulate
from heliorack.runfolder import summary, surface_file
from heliorack.runfolder.fields import ViewError
from heliorack.runfolder.quantity import FIELDS, RADIATION
from heliorack.runfolder.surface_file import WHOLE, Skin, Sky, SurfaceError
from heliorack.runtime.graphics import off_screen, pyvista_off_screen
from heliorack.visuals import view
from heliorack.visuals.labels import tags
from heliorack.visuals.sun_animation import film, sunlight, turned, when

CASE = """
title = "a box over a plate"
"""
CASE += orbit(20, ("+z", "sun"), ("+x", "nadir"))
CASE += """
[radiation]
rays = 4096
sun_rays = 16
[[parts]]
name = "plate"
kind = "plate"
width_mm = 400
length_mm = 400
thickness_mm = 4
material = "al_6061"
coating = "z93"
mesh_mm = 40
[[parts]]
name = "lid"
kind = "box"
size_mm = [200, 200, 20]
position_mm = [0, 0, 112]
material = "al_6061"
coating = "z306"
coatings = { "-x" = "insulated" }
heat_W = 5
mesh_mm = 60
[run]
kind = "steady"
"""


@pytest.fixture(scope="module")
def result() -> Result:
    """The steady state of a lid that shades the middle of a plate; the Sun stands over both."""
    return simulate(loads(CASE))


@pytest.fixture(scope="module")
def run_dir(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample run folder with the surface of that result."""
    folder = write_run(tmp_path_factory.mktemp("runs") / "hot", case="hot")
    surface_file.write(surface_figures.skin(result), folder / surface_file.NAME)
    return folder


@pytest.fixture(scope="module")
def skin(run_dir: Path) -> Skin:
    """The surface as it is read back."""
    return surface_file.read(run_dir)


def absorbed_heat(result: Result, skin: Skin, key: str) -> float:
    """Mean over the surface times its free area [W]."""
    values = skin.fields[key]
    area = skin.surface(FIELDS[key]).areas() * result.body.free
    return float(np.nansum(values * area))


@pytest.mark.parametrize(
    ("key", "path", "line"),
    [
        ("absorbed_solar", "sun", "sun"),
        ("absorbed_albedo", "albedo", "albedo"),
        ("absorbed_infrared", "infrared", "earth_infrared"),
    ],
)
def test_facets_carry_what_the_model_absorbs(result: Result, skin: Skin, key: str, path: str, line: str) -> None:
    """Facet by facet what the exchange absorbs, and in sum the heat of the ledger."""
    mine, absorbed = skin.fields[key][result.radiation.views.facets], result.radiation.absorbed(path)
    known = np.isfinite(mine)
    assert known.sum() > 100
    assert mine[known] == pytest.approx(absorbed[known], rel=1e-6, abs=1e-6)
    heat = result.heat[line] / result.duration()
    assert heat > 0
    assert absorbed_heat(result, skin, key) == pytest.approx(heat, rel=1e-5)


def test_insulated_faces_have_no_value(result: Result, skin: Skin) -> None:
    """Not a number on the insulated face alone; its view of space is kept, since others are reflected there."""
    a = result.body.assembly
    insulated = np.array(a.face_names)[a.facet_face] == "lid:-x"
    assert insulated.any()
    for quantity in RADIATION[:3]:
        assert np.isnan(skin.fields[quantity.key]).tolist() == insulated.tolist()


def test_view_to_space_is_one_where_nothing_stands_in_front(result: Result, skin: Skin) -> None:
    """The back of the plate sees space alone; under the middle of the lid little is left."""
    a = result.body.assembly
    names, values = np.array(a.face_names)[a.facet_face], skin.fields["view_to_space"]
    assert values[names == "plate:-z"] == pytest.approx(1.0)
    assert values[names == "lid:+z"] == pytest.approx(1.0)
    assert np.nanmax(values[names == "lid:-z"]) < 0.6
    assert 0 < values[names == "plate:+z"].min() < 0.6 < values[names == "plate:+z"].max() <= 1


def test_the_lid_shades_the_middle_of_the_plate(result: Result, skin: Skin) -> None:
    """With the Sun overhead the shadow is the square below the lid; the back faces away; in eclipse all is dark."""
    a, sky = result.body.assembly, skin.sky
    names = np.array(a.face_names)[a.facet_face]
    corners = skin.points[skin.triangles]
    reach = np.abs(corners[:, :, :2]).max(axis=2)
    upper = names == "plate:+z"
    noon = int(np.argmax(sky.flux))
    assert sky.sun[noon] == pytest.approx([0, 0, 1], abs=1e-6)
    assert (sky.visible[noon][upper & (reach.max(axis=1) < 0.099)] == 0).all()
    assert (sky.visible[noon][upper & (reach.min(axis=1) > 0.101)] == WHOLE).all()
    assert (sky.visible[noon][names == "plate:-z"] == 0).all()
    falls = sunlight(skin, noon, turned(skin, noon))
    assert falls[names == "lid:+z"] == pytest.approx(sky.flux[noon])
    dark = int(np.argmin(sky.illumination))
    assert sky.illumination[dark] == 0
    assert (sky.visible[dark] == 0).all()
    assert "in eclipse" in when(sky, dark)
    assert len(sky.times) == MOST_TIMES


def test_parts_on_joints_turn_in_the_film(skin: Skin) -> None:
    """A quarter turn about z through the pivot takes +x to +y; points on no joint stay."""
    quarter = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    points = np.array([[2.0, 0.0, 0.0], [1.0, 1.0, 0.0], [5.0, 5.0, 5.0]])
    one = np.ones(1)
    sky = Sky(0 * one, 1.0, np.array([[1.0, 0, 0]]), one, one, np.full((1, 1), WHOLE, np.uint8), np.array([0, 0, -1], np.int16),
              np.array([[1.0, 0.0, 0.0]]), quarter[None, None])  # fmt: skip
    still = Skin(points, np.array([[0, 1, 2]]), np.zeros(1, np.int64), ("wing",), {}, sky)
    assert turned(still, 0) == pytest.approx(np.array([[1.0, 1, 0], [0, 0, 0], [5, 5, 5]]))


def test_labels_of_parts_give_means(skin: Skin) -> None:
    """The label of the plate is its area mean; a part without a value has a dash, and "-" is no unit."""
    surface = skin.surface(FIELDS["view_to_space"])
    mine = surface.part == 0
    assert surface.labelled()[0] == pytest.approx(np.average(surface.value[mine], weights=surface.areas()[mine]))
    found = tags(["plate", "lid1", "lid2"], {0: 0.943, 1: np.nan, 2: np.nan}, None, "-", 2)
    assert [tag.words for tag in found] == ["plate  0.94", "lid1..2  –"]


@pytest.mark.parametrize("key", [quantity.key for quantity in RADIATION])
def test_pictures_of_fields(run_dir: Path, tmp_path: Path, key: str) -> None:
    """Every field is drawn at the size of the other pictures, in several colours, and the heading names it."""
    from matplotlib.image import imread

    view.show(run_dir, tmp_path / f"{key}.png", "hottest", key)
    image = imread(tmp_path / f"{key}.png")
    assert image.shape[:2] == (1000, 1600)
    body = image[200:850, 300:1300, :3].reshape(-1, 3)
    assert len(np.unique(np.round(body, 1), axis=0)) > 8
    assert FIELDS[key].title in view.radiation_words(summary.read(run_dir), FIELDS[key])


def test_film_shows_light_and_eclipse(skin: Skin, tmp_path: Path) -> None:
    """As many frames as moments; yellow pixels in sunlight, none on the body in eclipse."""
    from PIL import Image

    sky = skin.sky
    some = np.array([np.argmax(sky.flux), np.argmin(sky.flux)])
    few = replace(
        sky, times=sky.times[some], sun=sky.sun[some], flux=sky.flux[some], illumination=sky.illumination[some],
        visible=sky.visible[some], rotation=sky.rotation[:, some],
    )  # fmt: skip
    folder = write_run(tmp_path / "run")
    surface_file.write(replace(skin, sky=few), folder / surface_file.NAME)
    film(folder, tmp_path / "shadows.gif")
    with Image.open(tmp_path / "shadows.gif") as moving:
        assert moving.n_frames == 2
        yellow = []
        for k in range(2):
            moving.seek(k)
            r, g, b = np.moveaxis(np.asarray(moving.convert("RGB"), dtype=int)[120:600, :1150], 2, 0)
            yellow.append(int(((r > 180) & (g > 160) & (b < 110)).sum()))
    assert yellow[0] > 5000
    assert yellow[1] == 0


def test_runs_without_the_file(tmp_path: Path) -> None:
    """One sentence that says what to do."""
    old = write_run(tmp_path / "old")
    with pytest.raises(SurfaceError, match=r"holds no surface\.vtp: the run was made before .* run the case again"):
        view.show(old, tmp_path / "a.png", "hottest", "absorbed_solar")
    (old / surface_file.NAME).write_text("<VTKFile>")
    with pytest.raises(SurfaceError, match="cannot be read"):
        surface_file.read(old)


def test_film_needs_a_sun(tmp_path: Path) -> None:
    """On a bench nothing shines; the fields are zero, the views remain."""
    text = CASE[: CASE.index("[orbit]")] + CASE[CASE.index("[radiation]") :]
    folder = write_run(tmp_path / "bench")
    surface_file.write(surface_figures.skin(simulate(loads(text))), folder / surface_file.NAME)
    found = surface_file.read(folder)
    assert np.nanmax(found.fields["absorbed_solar"]) == 0
    assert np.nanmin(found.fields["view_to_space"]) < 0.6
    with pytest.raises(ViewError, match="no Sun in this run"):
        film(folder, tmp_path / "a.gif")


def test_the_window_shows_a_field(run_dir: Path, skin: Skin) -> None:
    """No slider: a mean over the orbit has no moments; parts are ticked as before, and the heading gives the extremes."""
    if off_screen() is None and not os.environ.get("HELIORACK_CI"):
        pytest.skip("no off-screen OpenGL; on Debian, apt-get install libegl1 libgl1-mesa-dri")
    pyvista_off_screen()
    from heliorack.visuals.window import Scene

    scene = Scene(run_dir, "hottest", off_screen=True, quantity=FIELDS["view_to_space"])
    scene.furnish()
    assert "view factor to space and planet" in scene.heading()
    assert scene.heading().endswith("to 1")
    assert scene.body().n_cells == len(skin.triangles)
    scene.ticking(["lid"])(False)
    assert scene.body().n_cells == int((skin.part == 0).sum())
    scene.plotter.close()
