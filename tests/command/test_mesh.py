"""`heliorack mesh`: its report, study and pictures, and the meshes that runs keep for one another."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from command import cli_runner
from command.cli_runner import FLYING, case, here, read
from matplotlib.image import imread

from heliorack.case.case import loads
from heliorack.runtime import cache
from heliorack.runtime.graphics import off_screen, pyvista_off_screen
from heliorack.studies.mesh_report import cost
from heliorack.studies.mesh_summary import body_of
from heliorack.visuals.mesh_drawing import BOND, CONTACT, FREE, drawing

BENCH = cli_runner.BENCH + '[run]\nkind = "steady"\n'
BONDED = BENCH.replace("conductance_W_m2K = 200\n", "bonded = true\n")


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own for every test; compiled forms stay where they are."""
    folder = tmp_path / "cache"
    monkeypatch.setattr(cache, "cache_folder", lambda: folder)
    return folder


@pytest.fixture
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a display."""
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)


def test_where_meshes_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """HELIORACK_CACHE, then XDG_CACHE_HOME, then ~/.cache."""
    monkeypatch.undo()
    monkeypatch.setenv("HELIORACK_CACHE", "/a/b")
    assert cache.cache_folder() == Path("/a/b")
    monkeypatch.delenv("HELIORACK_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/c")
    assert cache.cache_folder() == Path("/c/heliorack")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache.cache_folder() == Path.home() / ".cache/heliorack"


@pytest.mark.usefixtures("without_pictures")
def test_a_second_run_takes_the_mesh_of_the_first(tmp_path: Path, own_cache: Path) -> None:
    """The manifest says so and names the file; results are the same to the last digit; standard error says it too."""
    path = case(tmp_path, BENCH)
    for name in ("one", "two"):
        done = here("run", path, "-o", tmp_path / name)
        assert done.exit_code == 0, done.output
        assert ("mesh reused" in done.stderr) == (name == "two")
    first, second = (read(tmp_path / name, "manifest.json") for name in ("one", "two"))
    assert (first["mesh"], second["mesh"]) == ("made", "cached")
    assert first["mesh_key"] == second["mesh_key"]
    assert (own_cache / "meshes" / f"{first['mesh_key']}.npz").exists()
    assert read(tmp_path / "one")["parts"] == read(tmp_path / "two")["parts"]


def test_the_report(tmp_path: Path) -> None:
    """Volumes are those of the drawing, areas too; what touches is not free; contacts have their kind, area and conductance."""
    found = json.loads(here("mesh", case(tmp_path, BENCH), "--report", "--json").stdout)
    for row in found["parts"]:
        assert row["volume_mm3"] == pytest.approx(row["drawn_mm3"], rel=1e-9)
    assert {row["part"]: row["drawn_mm3"] for row in found["parts"]} == pytest.approx({"plate": 360000, "server": 400000, "pack": 240000})
    faces = {row["face"]: (row["area_mm2"], row["free_mm2"]) for row in found["faces"]}
    assert faces["plate:+z"] == pytest.approx((60000, 60000 - 10000 - 6000))
    assert faces["server:-z"] == pytest.approx((10000, 0))
    contacts = {row["between"]: row for row in found["contacts"]}
    assert contacts["plate - server"]["area_mm2"] == pytest.approx(10000)
    assert contacts["plate - server"]["conductance_W_K"] == pytest.approx(10)
    assert contacts["plate - pack"]["coverage"] == pytest.approx(1)
    assert 0 < found["quality"]["minimum"] <= found["quality"]["one_percent"] <= found["quality"]["median"] <= 1
    assert found["cost"]["rows"] == found["nodes"]
    assert "solves of cubes" in found["cost"]["basis"]


def test_the_report_in_words(tmp_path: Path) -> None:
    """Quality, faces and cost with their units."""
    said = here("mesh", case(tmp_path, BENCH), "--report").stdout
    for words in ("1 % quantile", "drawn_mm3", "plate:+z", "conductance_W_K", "steady run: about", "GB", "expect a factor of two"):
        assert words in said


def test_the_cost_grows_as_it_was_measured(tmp_path: Path) -> None:
    """A steady run is cheaper than a periodic one; four times the rows cost more than four times the time."""
    coarse = loads(FLYING)
    fine = loads(FLYING, ["mesh.refine=2"])
    small, large = (cost(each, body_of(each)) for each in (coarse, fine))
    ratio = large["rows"] / small["rows"]
    assert large["run_s"] > ratio * small["run_s"]
    assert large["memory_bytes"] > small["memory_bytes"]
    steady = loads(BENCH)
    assert cost(steady, body_of(steady))["run_s"] < 0.1 * small["run_s"]


def test_the_study(tmp_path: Path) -> None:
    """Three meshes, each quantity with its error; in words with the notes that explain it."""
    path = case(tmp_path, BENCH)
    found = json.loads(here("mesh", path, "--study", "--json").stdout)
    assert [row["nodes"] for row in found["meshes"]] == sorted(row["nodes"] for row in found["meshes"])
    assert [row["quantity"] for row in found["quantities"]] == ["hottest point of all", "server, hottest", "server, coldest"]
    assert all(row["error_K"] >= 0 for row in found["quantities"])
    said = here("mesh", path, "--study").stdout
    assert "extrapolated_degC" in said
    assert "grid convergence index" in said


@pytest.mark.parametrize("text", [BENCH, BONDED])
def test_what_is_drawn_is_the_skin_of_every_part(text: str) -> None:
    """Areas of each part's triangles are those of its box; contacts are drawn from both sides, and so are bonds."""
    body = body_of(loads(text))
    drawn = drawing(body)
    a, b, c = (drawn.surface.points[drawn.surface.triangles[:, i]] for i in range(3))
    area = 0.5e6 * np.linalg.norm(np.cross(b - a, c - a), axis=1)
    by_part = [area[drawn.surface.part == i].sum() for i in range(3)]
    assert by_part == pytest.approx([2 * (60000 + 1800 + 1200), 2 * (10000 + 4000 + 4000), 2 * (6000 + 2400 + 4000)])
    bonded = 6000 if text is BONDED else 0
    assert area[drawn.kind == BOND].sum() == pytest.approx(2 * bonded)
    assert area[drawn.kind == CONTACT].sum() == pytest.approx(2 * (16000 - bonded))
    assert (drawn.kind == FREE).any()


def test_parts_are_drawn_apart_across_their_joints() -> None:
    """The boxes rise from the plate, side by side as before; twice the factor is twice the way, and back is back."""
    drawn = drawing(body_of(loads(BENCH)))
    assert drawn.moves[0].tolist() == [0, 0, 0]
    assert drawn.moves[1:, :2].tolist() == [[0, 0], [0, 0]]
    assert drawn.moves[1, 2] == drawn.moves[2, 2] > 0.02
    twice = drawn.exploded(2.0)
    assert np.ptp(twice.surface.points[twice.part_of_node == 1], axis=0) == pytest.approx([0.1, 0.1, 0.04])
    assert twice.surface.centres() == pytest.approx(drawn.surface.centres() + 2 * drawn.moves)
    assert twice.exploded(0.0).surface.points == pytest.approx(drawn.surface.points, abs=1e-15)


@pytest.mark.parametrize("graphics", [True, False])
def test_pictures_show_the_parts(tmp_path: Path, graphics: bool, monkeypatch: pytest.MonkeyPatch, no_display: None) -> None:
    """Not blank: the body fills a good part of the picture; drawn apart, contacts show in their colour. By VTK or without it."""
    if graphics and off_screen() is None:
        (pytest.fail if os.environ.get("HELIORACK_CI") else pytest.skip)(
            "no off-screen OpenGL; on Debian, apt-get install libegl1 libgl1-mesa-dri"
        )
    if not graphics:
        monkeypatch.setattr("heliorack.runtime.graphics.off_screen", lambda: None)
    path = case(tmp_path, BENCH)
    orange = []
    for name, options in (("whole.png", ()), ("apart.png", ("--exploded", "1"))):
        assert here("mesh", path, "--png", tmp_path / name, *options).exit_code == 0
        image = imread(tmp_path / name)[..., :3]
        assert image.shape[:2] == (1000, 1600)
        body = image[100:900, 300:1300]
        assert (body.min(axis=2) < 0.95).mean() > 0.1
        assert len(np.unique((body * 255).astype(np.uint8).reshape(-1, 3), axis=0)) > 10
        orange.append(((body[..., 0] > 0.8) & (body[..., 1] > 0.4) & (body[..., 1] < 0.65) & (body[..., 2] < 0.25)).mean())
    assert orange[1] > 0.005
    assert orange[1] > 3 * orange[0]


@pytest.mark.skipif(
    off_screen() is None and not os.environ.get("HELIORACK_CI"),
    reason="no off-screen OpenGL; on Debian, apt-get install libegl1 libgl1-mesa-dri",
)
def test_the_window_follows_slider_and_boxes() -> None:
    """What slider, boxes and keys do to the body that is drawn."""
    pyvista_off_screen()
    from heliorack.visuals.mesh_window import MeshScene

    scene = MeshScene("two boxes", drawing(body_of(loads(BENCH))), off_screen=True)
    scene.furnish()
    whole, height = scene.body().n_cells, np.ptp(np.asarray(scene.body().points)[:, 2])
    scene.draw_apart(1.0)
    assert np.ptp(np.asarray(scene.body().points)[:, 2]) > 1.3 * height
    scene.ticking((1,))(False)
    assert 0 < scene.body().n_cells < whole
    scene.toggle_contacts()
    assert scene.body().n_cells < whole / 2
    for members in ((0,), (2,)):
        scene.ticking(members)(False)
    assert scene.body().n_cells == 0
    scene.plotter.close()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--study", "--report"), "--study runs meshes of its own"),
        (("--exploded", "1"), "--exploded belongs to --png or --view"),
        (("--png", "mesh.jpg"), "must end in .png"),
        (("--png", "mesh.png", "--exploded", "-1"), "--exploded"),
        (("--view",), "no display to open a window on; draw to a file instead: --png FILE"),
        (("--set", "mesh.refine=0"), "mesh.refine"),
        (("--set", "mesh.curvature=3"), "mesh.curvature"),
    ],
)
def test_malformed_questions(tmp_path: Path, options: tuple[str, ...], words: str, no_display: None) -> None:
    """Each is exit 2, in words, before anything is meshed."""
    done = here("mesh", case(tmp_path, BENCH), *options)
    assert done.exit_code == 2
    assert words in done.output


def test_a_window_and_a_picture_are_refused_before_meshing(tmp_path: Path, no_display: None, own_cache: Path) -> None:
    """No display: nothing is meshed in vain."""
    here("mesh", case(tmp_path, BENCH), "--view")
    assert not own_cache.exists()
