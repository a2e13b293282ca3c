"""STEP files as parts: what they are called, how large they are, and what is mended."""

import numpy as np
import pytest
from file_parts import COARSE, DATA, areas, module

from meshes.assemble import assemble
from meshes.cad.imported import FaceRule, Piece
from meshes.cad.step import Step
from meshes.files import located
from meshes.measure import face_areas, part_volumes
from meshes.settings import MeshSettings


@pytest.fixture(scope="module")
def meshed():
    """The committed assembly, coarsely."""
    return assemble([module()], COARSE)


def test_sub_parts_and_faces_are_known_without_the_file():
    """The tables of the case alone name everything that patterns can match."""
    part = module(
        file="not_there.step", faces={"root": FaceRule(nearest=(0, 0, -1), of="plate"), "deck": FaceRule(normal="+z", of="plate")}
    )
    names = [solid.name for solid in part.sub_parts()]
    assert names == ["module.plate", "module.chip1", "module.chip2", "module.post", "module.strip"]
    assert part.sub_parts()[0].faces == ("-x", "+x", "-y", "+y", "-z", "root", "deck", "other")
    assert part.sub_parts()[1].faces == ("-x", "+x", "-y", "+y", "-z", "+z", "other")


def test_names_and_instances_survive(meshed):
    """Two instances of one product are chip1 and chip2, in the order of the file; volumes are those of the drawing in mm."""
    assert meshed.part_names == ("module.plate", "module.chip1", "module.chip2", "module.post", "module.strip")
    volumes = part_volumes(meshed)
    assert volumes[[0, 1, 2, 4]] == pytest.approx(np.array([32000, 1200, 1200, 720]) * 1e-9, rel=1e-9)
    assert volumes[3] == pytest.approx(np.pi * 25 * 10 * 1e-9, rel=0.015)
    assert [meshed.points[meshed.cells[meshed.cell_part == i], 0].mean() > 0 for i in (1, 2)] == [False, True]


def test_what_touches_in_the_file_touches_in_the_mesh(meshed):
    """Plate and chips share 400 mm2 each, with matching triangles."""
    touching = {(meshed.part_names[t.part_a], meshed.part_names[t.part_b]): t.area * 1e6 for t in meshed.touches}
    assert touching["module.plate", "module.chip1"] == pytest.approx(400, rel=1e-9)
    assert touching["module.plate", "module.strip"] == pytest.approx(360, rel=1e-9)
    assert len(touching) == 4


def test_flat_faces_go_by_direction_and_curved_ones_are_other(meshed):
    """The post's side is no direction, even where a triangle of it looks along an axis."""
    found = areas(meshed)
    assert found["module.plate:+z"] == pytest.approx(8000, rel=1e-9)
    assert found["module.chip1:-x"] == pytest.approx(60, rel=1e-9)
    assert {name for name in found if name.startswith("module.post:")} == {"module.post:-z", "module.post:+z", "module.post:other"}
    assert found["module.post:other"] == pytest.approx(np.pi * 10 * 10, rel=0.01)


def test_faces_by_word_are_whole_faces():
    """By the nearest point (a curved face, and one under another part), by direction, by colour; a face is not cut by what lies on it."""
    rules = {
        "deck": FaceRule(nearest=(-25e-3, 0.1e-3, 2.1e-3), of="plate"),
        "mantle": FaceRule(nearest=(6e-3, 25e-3, 7e-3)),
        "lid": FaceRule(normal="+z", of="chip*"),
        "black": FaceRule(color=(26, 26, 26), of="chip2"),
    }
    found = areas(assemble([module(faces={name: rules[name] for name in ("deck", "mantle", "lid")})], COARSE))
    assert found["module.plate:deck"] == pytest.approx(8000, rel=1e-9)
    assert "module.plate:+z" not in found
    assert found["module.post:mantle"] == pytest.approx(np.pi * 100, rel=0.01)
    assert found["module.chip1:lid"] == pytest.approx(400, rel=1e-9) == found["module.chip2:lid"]
    found = areas(assemble([module(faces={"black": rules["black"]})], COARSE))
    assert found["module.chip2:black"] == pytest.approx(2 * 400 + 4 * 60, rel=1e-9)


def test_a_turned_part_keeps_the_names_of_its_own_axes():
    """Directions are those of the file; normals in body axes turn with the part."""
    turned = assemble([module(position=(0.1, 0.0, 0.0), rotation=(0.0, np.pi / 2, 0.3))], COARSE)
    found = areas(turned)
    assert found["module.plate:+z"] == pytest.approx(8000, rel=1e-9)
    assert found["module.plate:-x"] == pytest.approx(320, rel=1e-9)
    assert turned.points[:, 0].max() == pytest.approx(0.1 + 12e-3, abs=1e-9)


def test_solids_may_go_by_colour():
    """The chips are the black ones."""
    pieces = (
        Piece(name="chip", color=(26, 26, 26), count=2, material="m"),
        Piece(name="plate", color=(0, 128, 0), material="m"),
    )
    assembly = assemble([module(solids=pieces, ignore=("post", "strip"))], COARSE)
    assert part_volumes(assembly) == pytest.approx(np.array([1200, 1200, 32000]) * 1e-9, rel=1e-9)


def test_small_features_are_removed_and_said():
    """A hole below the limit goes, the volume is that of the plate without it, and a sentence says how much was added."""
    piece = Piece(name="plate", match="*", material="m")
    file = str(DATA / "bored.step")
    whole = assemble([module(file=file, solids=(piece,))], MeshSettings(size=4e-3))
    assert part_volumes(whole) == pytest.approx([(4800 - np.pi * 1.5**2 * 4) * 1e-9], rel=1e-3)
    plain = assemble([module(file=file, solids=(piece,), drop_features=5e-3)], MeshSettings(size=4e-3))
    assert part_volumes(plain) == pytest.approx([4800e-9], rel=1e-9)
    assert "module.plate: features below 5 mm are left out, which adds 28.27 mm3." in plain.assumptions


def test_healing_sews_surfaces_into_a_solid():
    """Six faces of a box become 1000 mm3."""
    piece = Piece(name="hull", match="*", material="m")
    sewn = assemble([module(file=str(DATA / "hulls.step"), solids=(piece,), healing=True)], COARSE)
    assert part_volumes(sewn) == pytest.approx([1e-6], rel=1e-9)


def test_the_unit_of_the_file_is_said():
    """Lengths follow the file; a factor on top is said too."""
    assert "module.step: lengths are read in the unit that the file states." in assemble([module()], COARSE).assumptions


def test_units_1000_times_off_are_warned_of():
    """A module of 100 m, and one of 0.1 mm."""
    large = assemble([module(unit_scale=1001.0)], MeshSettings(size=8.0))
    assert large.assumptions[0] == "warning: part module is 100.1 m long; the units of module.step may be 1000 times off (unit_scale)"
    assert "module.step: lengths are read in the unit that the file states, times 1001." in large.assumptions


def test_committed_files_are_small():
    """Under 100 kB each."""
    assert all(path.stat().st_size < 100_000 for path in DATA.glob("*.step"))


def test_drawn_volumes_are_known_for_reports():
    """Volumes of the file by the kernel: 32000 mm3 of plate, the post's in closed form."""
    volumes = [solid.volume * 1e9 for solid in located(module().sub_parts())]
    assert volumes == pytest.approx([32000, 1200, 1200, np.pi * 250, 720], rel=1e-9)


def test_holes_cost_cells_by_what_they_hold(tmp_path):
    """A plate lacks no larger share than 24 chords take of a cylinder, with fewer cells; a bore that is named keeps its 24."""

    def plate(**given):
        part = Step(
            name="set", file=str(DATA / "bored.step"), coating="z93", solids=(Piece(name="plate", match="*", material="m"),), **given
        )
        mesh = assemble([part], MeshSettings(size=5e-3))
        drawn = (40 * 30 - np.pi * 1.5**2) * 4e-9
        return abs(part_volumes(mesh)[0] / drawn - 1), len(mesh.cells), face_areas(mesh)

    off, cells, _ = plate()
    named_off, named_cells, areas = plate(faces={"bore": FaceRule(nearest=(1.5e-3, 0.0, 0.0))})
    assert named_off < off < (2 * np.pi / 24) ** 2 / 6
    assert cells < named_cells / 3
    assert areas.sum() > 0
    assert areas.max() <= 40 * 30e-6
    bore = areas[np.isclose(areas, 2 * np.pi * 1.5 * 4e-6, rtol=0.03)]
    assert bore == pytest.approx(2 * np.pi * 1.5 * 4e-6, rel=(np.pi / 24) ** 2 / 6 * 1.01)
    assert len(bore) == 1
