"""Pictures come from run folders alone, show the right moment, and name every part once."""

import json
import os
import re
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sample_run import BOXES, rewrite, set_manifest, summary, write_run

from heliorack.casefile.patterns import siblings
from heliorack.runfolder.envelope import envelope
from heliorack.runfolder.fields import ViewError, moment, read_surface, run_folder
from heliorack.runfolder.manifest import content
from heliorack.runtime import graphics
from heliorack.runtime.graphics import GraphicsError, off_screen, pyvista_off_screen
from heliorack.visuals import labels, orbit_curves, picture, view
from heliorack.visuals.labels import best_octant, callouts, isometric, seen_parts, spread, tags

NEEDS_OPENGL = pytest.mark.skipif(
    off_screen() is None and not os.environ.get("HELIORACK_CI"),
    reason="no off-screen OpenGL; on Debian, apt-get install libegl1 libgl1-mesa-dri",
)


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One tiny finished run."""
    return write_run(tmp_path_factory.mktemp("runs") / "hot", case="hot")


@pytest.fixture
def no_graphics(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without off-screen OpenGL and without a display."""
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(graphics, "off_screen", lambda: None)


def size(png: Path) -> tuple[int, int]:
    """Width and height from the header of a PNG file."""
    head = png.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", head[16:24])


def test_pictures_are_written_before_the_manifest_exists(tmp_path: Path) -> None:
    """A run that is being written has no manifest yet."""
    folder = write_run(tmp_path / "run.partial", finished=False)
    view.pictures(folder)
    assert size(folder / "picture.png") == picture.SIZE
    assert size(folder / "orbit.png")[0] == 1200


def test_pictures_without_opengl_are_painted_instead(tmp_path: Path, no_graphics: None) -> None:
    """A missing libEGL must not cost a solved run its report."""
    folder = write_run(tmp_path / "run", finished=False)
    view.pictures(folder)
    assert size(folder / "picture.png") == picture.SIZE
    with pytest.raises(GraphicsError, match="apt-get install libegl1 libgl1-mesa-dri"):
        pyvista_off_screen()


@NEEDS_OPENGL
@pytest.mark.parametrize(("room", "middle"), [((0.9, 0.7), (-0.1, 0.0)), ((0.5, 0.3), (0.8, -0.6)), ((1.5, 1.2), (0.9, 0.5))])
def test_vtk_and_the_painter_see_the_same(run_dir: Path, room: tuple[float, float], middle: tuple[float, float]) -> None:
    """Both renderers put the body on the same pixels, small in a corner and reaching out of the picture too: VTK draws a piece of it."""
    surface = read_surface(run_dir / "fields/frame_001.vtu")
    camera = isometric(surface.points, (1, 1, 1), room, middle)
    drawn = picture.render(surface, camera, (10.0, 70.0)).min(axis=2) < 250
    sampled = seen_parts(camera, surface.points[surface.triangles], surface.part, *(n // 5 for n in picture.SIZE))[::-1] >= 0
    assert np.mean(drawn[2::5, 2::5] != sampled) < 0.01


def test_hottest_and_coldest_moments(run_dir: Path) -> None:
    """The temperatures swing as a sine: hottest at a quarter of the orbit, coldest at three quarters."""
    assert moment(run_dir, "hottest").time == pytest.approx(1425)
    assert moment(run_dir, "coldest").time == pytest.approx(4275)
    assert moment(run_dir, "1300").time == pytest.approx(1425)


@pytest.mark.parametrize(
    ("at", "words"), [("noon", "give hottest, coldest or a time in seconds"), ("9000", "from 0 to 5700 s"), ("nan", "from 0")]
)
def test_moments_that_are_none(run_dir: Path, at: str, words: str) -> None:
    """A bad moment is a malformed question."""
    with pytest.raises(ViewError, match=words):
        view.show(run_dir, run_dir / "never.png", at)
    assert not (run_dir / "never.png").exists()


def test_folders_that_are_no_results(tmp_path: Path) -> None:
    """A folder without a manifest is not a result, whatever else it holds."""
    with pytest.raises(ViewError, match="holds no finished run"):
        view.show(tmp_path, tmp_path / "a.png", "hottest")
    (tmp_path / "manifest.json").write_text('{"kind": "run"}')
    with pytest.raises(ViewError, match=r"fields\.pvd"):
        view.show(tmp_path, tmp_path / "a.png", "hottest")


def test_a_set_of_load_cases_shows_its_hottest(tmp_path: Path) -> None:
    """The envelope's folder stands for the case that it names."""
    hot = write_run(tmp_path / "hot")
    (tmp_path / "manifest.json").write_text(json.dumps(content(set_manifest("hot"))))
    (tmp_path / "summary.json").write_text(json.dumps(envelope({"hot": summary()}).json()))
    assert run_folder(tmp_path) == hot
    assert run_folder(hot) == hot


def test_a_window_needs_a_display(run_dir: Path, no_graphics: None) -> None:
    """Without one the user is told what works instead."""
    with pytest.raises(ViewError, match="--png"):
        view.show(run_dir, None, "hottest")


@NEEDS_OPENGL
def test_the_window_follows_slider_boxes_and_plane(run_dir: Path) -> None:
    """What slider, boxes and plane do to the body that is drawn."""
    pyvista_off_screen()
    from heliorack.visuals.window import Scene

    scene = Scene(run_dir, "hottest", off_screen=True)
    scene.furnish()
    assert "t = 23.8 min" in scene.heading()
    scene.go_to(71.0)
    assert "t = 71.2 min" in scene.heading()
    whole = scene.body().volume
    scene.ticking(["battery"])(False)
    assert scene.body().volume == pytest.approx(whole - 1e-3)
    scene.show_all()
    scene.toggle_cut()
    assert 0.2 * whole < scene.body().volume < 0.8 * whole
    scene.toggle_cut()
    assert scene.body().volume == pytest.approx(whole)
    scene.toggle_apart()
    assert scene.body().volume == pytest.approx(whole)
    assert scene.body().length > 1.05 * scene.grid.length
    scene.toggle_apart()
    scene.toggle_threshold()
    scene.leave_colder(60.0)
    assert 0 < scene.body().volume < 0.2 * whole
    scene.toggle_threshold()
    scene.probe_at((0.5, 0.25, 0.0))
    assert re.search(r"[\d.]+ degC at \d\.\d{3} ", scene.heading())
    scene.toggle_iso()
    scene.toggle_iso()
    assert scene.body().volume == pytest.approx(whole)
    scene.plotter.close()


def test_surface_has_every_part_and_faces_outwards(run_dir: Path) -> None:
    """The volume inside of the surface, by the divergence theorem, is that of the boxes."""
    surface = read_surface(run_dir / "fields/frame_000.vtu")
    a, b, c = np.moveaxis(surface.points[surface.triangles], 1, 0)
    volume = np.einsum("ij,ij->i", a, np.cross(b, c)) / 6
    expected = [np.prod(extent) for _, _, extent, _ in BOXES]
    assert np.bincount(surface.part, volume) == pytest.approx(expected, rel=1e-5)
    assert surface.part_names == tuple(name for name, *_ in BOXES)
    assert surface.labelled()[2] == pytest.approx(65.0)


def test_siblings_share_a_name() -> None:
    """Numbers that vary become a span, those that do not stay."""
    assert list(siblings(["n1.gpu1", "n1.gpu2", "n2.gpu1", "n2.gpu2", "panel", "wing2"])) == ["n1..2.gpu1..2", "panel", "wing2"]


def test_every_part_is_named_and_the_hottest_by_itself() -> None:
    """One tag per group of siblings, and one for the hottest of them."""
    found = tags(["panel", "gpu1", "gpu2"], {0: 30.0, 1: 60.0, 2: 65.0}, 2)
    assert [(tag.words, tag.strong) for tag in found] == [
        ("panel  30.0 degC", False),
        ("gpu1..2  65.0 degC", False),
        ("gpu2  65.0 degC", True),
    ]


def test_labels_keep_their_distance(run_dir: Path) -> None:
    """Forty labels on four parts: none closer than the gap, all within the picture, in the order of their anchors."""
    surface = read_surface(run_dir / "fields/frame_000.vtu")
    corners = surface.points[surface.triangles]
    camera = isometric(surface.points, best_octant(corners, surface.part), (0.9, 0.7), (0.0, 0.0))
    pixels = seen_parts(camera, corners, surface.part, 320, 200)
    asked = tags(list("abcd"), dict.fromkeys(range(4), 1.0), None) * 10
    placed = callouts(asked, camera, pixels, surface.centres(), (-1.0, 1.0), (-0.8, 0.8), 0.06)
    for left in (True, False):
        heights = sorted(call.place[1] for call in placed if call.left == left)
        assert np.diff(heights).min() > 0.0599
        assert -0.8001 <= heights[0] <= heights[-1] <= 0.8001
    assert len(placed) == 40


def test_a_body_is_looked_at_once(run_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next load case of a body has its view; one whose parts lie the other way round is looked at from all eight sides."""
    surface, looks = read_surface(run_dir / "fields/frame_000.vtu"), []

    def seen(*given: Any) -> Any:
        looks.append(given)
        return seen_parts(*given)

    monkeypatch.setattr(labels, "seen_parts", seen)
    monkeypatch.setattr(labels, "_octants", {})
    corners = surface.points[surface.triangles]
    first = best_octant(corners, surface.part)
    assert best_octant(corners.copy(), surface.part.copy()) == first
    assert len(looks) == 8
    best_octant(-corners, surface.part)
    assert len(looks) == 16


def test_hidden_parts_are_said_to_be_behind(run_dir: Path) -> None:
    """From above the battery below the panel is not seen, the others are; from below it is the other way round."""
    surface = read_surface(run_dir / "fields/frame_000.vtu")
    corners = surface.points[surface.triangles]
    for octant, seen in (((0.2, 0.2, 1.0), {0, 1, 2}), ((0.2, 0.2, -1.0), {0, 3})):
        camera = isometric(surface.points, octant, (0.9, 0.7), (0.0, 0.0))
        assert set(np.unique(seen_parts(camera, corners, surface.part, 320, 200))) - {-1} == seen


def test_spread_moves_as_little_as_it_must() -> None:
    """Places that are far enough apart stay; a crowd spreads about its middle; the ends hold."""
    assert spread(np.array([-0.5, 0.0, 0.5]), (-1, 1), 0.1) == pytest.approx([-0.5, 0.0, 0.5])
    assert spread(np.array([0.3, 0.3]), (-1, 1), 0.2) == pytest.approx([0.2, 0.4])
    assert spread(np.array([0.99, 0.99]), (-1, 1), 0.2) == pytest.approx([0.8, 1.0])
    assert len(spread(np.zeros(0), (-1, 1), 0.2)) == 0


def test_curves_are_the_hottest_and_the_limited() -> None:
    """A cold part with a limit is drawn beside the hottest few; siblings share a curve with the hottest of them."""
    found = {curve.label: curve for curve in orbit_curves.curves(summary())}
    assert list(found) == ["tray.gpu1..2", "panel", "battery"]
    assert found["tray.gpu1..2"].part == "tray.gpu2"
    assert found["battery"].limits == (("min", 0.0),)


def test_plot_of_a_steady_bench_case(tmp_path: Path) -> None:
    """A single moment without orbit and power is a bar per part."""
    folder = write_run(tmp_path / "run")
    lines = (folder / "history.csv").read_text().splitlines()
    few = 1 + 3 * len(BOXES)
    (folder / "history.csv").write_text("\n".join(",".join(line.split(",")[:few]) for line in lines[:2]) + "\n")
    found = rewrite(folder, replace(summary(), kind="steady", orbit=None, power=None))
    orbit_curves.orbit_plot(folder)
    assert size(folder / "orbit.png")[0] == 1200
    assert "steady state" in view.moment_words(folder, found, 0.0, "hottest")


def test_headless_choice_is_left_to_a_display(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a display VTK chooses its window itself."""
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("VTK_DEFAULT_OPENGL_WINDOW", raising=False)
    pyvista_off_screen()
    assert "VTK_DEFAULT_OPENGL_WINDOW" not in os.environ
