"""A mesh is made once: found again under what shaped it, and made anew where its file is not to be trusted."""

import ast
import os
import re
import subprocess
import sys
from dataclasses import fields, replace
from importlib.metadata import version
from pathlib import Path

import meshio
import numpy as np
import pytest

from meshes import assemble as assembling
from meshes import store as storing
from meshes.assemble import assemble
from meshes.assembly import Assembly
from meshes.cad import mesh_files, step
from meshes.cad.imported import FaceRule, ImportedSolid, Piece
from meshes.cad.mesh_files import MeshFile
from meshes.cad.step import Step
from meshes.errors import GeometryError
from meshes.parts import all_solids
from meshes.settings import MeshSettings
from meshes.shapes.basic import Box
from meshes.sizes import slices, target_sizes
from meshes.spacing import Spacing
from meshes.store import Store, key_of, key_of_file
from meshes.structured import structured_box

PLATE = Box(name="plate", material="al", coating="white", size=(0.1, 0.1, 0.01), mesh=0.03)
CHIP = Box(name="chip", material="si", coating="white", size=(0.03, 0.03, 0.01), position=(0.0, 0.0, 0.01), heat=5.0)
BOTH = (PLATE, CHIP)


def glued(a: str, b: str) -> bool:
    """Everything is bonded."""
    return True


def same(one: Assembly, other: Assembly) -> bool:
    """Whether two assemblies agree to the last bit in all but where they came from."""
    for name in (field.name for field in fields(Assembly) if field.name not in ("reused", "touches", "bonds")):
        a, b = getattr(one, name), getattr(other, name)
        alike = (a.dtype == b.dtype and np.array_equal(a, b)) if isinstance(a, np.ndarray) else a == b
        if not alike:
            return False
    if [(b.part_a, b.part_b, b.area) for b in one.bonds] != [(b.part_a, b.part_b, b.area) for b in other.bonds]:
        return False
    pairs = list(zip(one.touches, other.touches, strict=True))
    return all(np.array_equal(a.facets_a, b.facets_a) and np.array_equal(a.facets_b, b.facets_b) and a.area == b.area for a, b in pairs)


def key(parts=BOTH, settings=None, spacing=None) -> str | None:
    """The key of some parts."""
    solids, settings = all_solids(parts), settings or MeshSettings()
    sizes = target_sizes(solids, settings)
    cuts = [slices(solid, size, settings.min_layers) for solid, size in zip(solids, sizes.tolist(), strict=True)]
    return key_of(solids, sizes, cuts, settings, spacing)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "meshes")


@pytest.fixture
def no_kernel(monkeypatch: pytest.MonkeyPatch):
    """Meshing fails from when this is called."""

    def stop() -> None:
        monkeypatch.setattr(assembling, "tetrahedra", lambda *args: pytest.fail("meshed again"))

    return stop


def test_a_mesh_is_found_again_to_the_last_bit(store: Store, no_kernel) -> None:
    """The second time nothing is meshed, and every array is the same."""
    made = assemble(BOTH, store=store)
    no_kernel()
    found = assemble(BOTH, store=store)
    assert found.reused
    assert not made.reused
    assert found.mesh_key == made.mesh_key == key()
    assert same(made, found)


def test_the_same_input_gives_the_same_bits() -> None:
    """Meshing twice without a store gives the same arrays."""
    assert same(assemble(BOTH), assemble(BOTH))


def test_heat_coatings_and_bonds_do_not_ask_for_another_mesh(store: Store, no_kernel) -> None:
    """The bonded assembly from a kept mesh is that which would have been made."""
    expected = assemble(BOTH, bonded=glued)
    assemble(BOTH, store=store)
    no_kernel()
    other = (PLATE, replace(CHIP, heat=50.0, coating="black"))
    found = assemble(other, bonded=glued, store=store)
    assert found.reused
    assert len(found.bonds) == 1
    assert same(replace(found, mesh_key=""), expected)


@pytest.mark.parametrize(
    "changed",
    [
        {"parts": (PLATE, replace(CHIP, position=(1e-16, 0.0, 0.01)))},
        {"parts": (PLATE, replace(CHIP, material="al"))},
        {"parts": (PLATE, replace(CHIP, name="die"))},
        {"parts": (PLATE, replace(CHIP, rotation=(0.0, 0.0, 1e-12)))},
        {"settings": MeshSettings(refine=1.01)},
        {"settings": MeshSettings(min_layers=2)},
        {"spacing": Spacing(np.zeros((4, 3)), np.arange(4).reshape(1, 4), np.ones(4))},
    ],
)
def test_whatever_shapes_a_mesh_is_in_its_key(changed) -> None:
    """Down to the last bit of a coordinate."""
    assert key(**changed) != key()


def test_what_does_not_shape_it_is_not() -> None:
    """The coarse mesh of an adapted case is that of the case that is not adapted."""
    assert key(settings=MeshSettings(adapt=True)) == key()


MESHES = Path(storing.__file__).parent
LATER = {"annotated_types", "basix", "dolfinx", "dolfinx_solver", "ufl"}  #: they check the case's words, or distribute a mesh that is made


@pytest.fixture
def forgotten():
    """Digests of source and libraries are taken anew, in the test and after it."""
    for digest in (storing._source, storing.libraries):
        digest.cache_clear()
    yield
    for digest in (storing._source, storing.libraries):
        digest.cache_clear()


def test_a_changed_constant_in_any_file_is_another_mesh(forgotten, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each file of the package in turn, for a mesh and for what a file holds; and none changed is the same key."""
    asked = [solid for solid in all_solids(imported(tmp_path)) if isinstance(solid, ImportedSolid)]

    def keys() -> tuple[str | None, str | None]:
        storing._source.cache_clear()
        return key(), key_of_file(asked)

    before = keys()
    assert None not in before
    assert keys() == before
    for path in MESHES.rglob("*.py"):
        changed = re.sub(rb"(\d)(?!.*\d)", rb"\g<1>9", path.read_bytes(), count=1, flags=re.DOTALL) + b"\n"
        monkeypatch.setattr(storing, "read", lambda file, path=path, changed=changed: changed if file == path else file.read_bytes())
        assert not set(keys()) & set(before), path


@pytest.mark.parametrize("name", storing.LIBRARIES)
def test_another_version_of_a_library_is_another_mesh(forgotten, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    before = key()
    storing.libraries.cache_clear()
    monkeypatch.setattr(storing, "version", lambda asked: "99.0" if asked == name else version(asked))
    assert key() != before


def test_libraries_of_the_key_are_those_that_the_package_imports() -> None:
    """A library that is added to what makes meshes is added to the key; and the package imports no other of the house."""
    found = set()
    for path in MESHES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add(str(node.module).partition(".")[0])
    found = {{"vtkmodules": "vtk"}.get(name, name) for name in found}  # vtk installs its modules under another name
    assert found - set(sys.stdlib_module_names) - {"meshes"} - LATER == set(storing.LIBRARIES)


@pytest.mark.parametrize("damage", ["cut", "empty", "flipped", "foreign"])
def test_a_damaged_file_is_made_anew(store: Store, damage: str) -> None:
    """Half a file, no bytes, a wrong byte, or a file of something else: none stops a run, none is believed."""
    made = assemble(BOTH, store=store)
    path = next(store.folder.glob("*.npz"))
    content = bytearray(path.read_bytes())
    if damage == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "flipped":
        content[len(content) // 2] ^= 255
        path.write_bytes(content)
    else:
        np.savez(path, points=np.zeros(3))
    again = assemble(BOTH, store=store)
    assert not again.reused
    assert same(made, again)
    assert assemble(BOTH, store=store).reused


def test_the_files_not_used_for_longest_go(tmp_path: Path) -> None:
    """A store with room for two meshes keeps the one that was used again, not the older of the others."""
    assemble([PLATE], store=Store(tmp_path))
    size = next(tmp_path.glob("*.npz")).stat().st_size
    store = Store(tmp_path, most=2.5 * size)
    names = {}
    for n, width in enumerate((0.1, 0.11, 0.12)):
        names[n] = assemble([replace(PLATE, size=(width, 0.1, 0.01))], store=store).mesh_key
        os.utime(tmp_path / f"{names[n]}.npz", (1e9 + n, 1e9 + n))
        if n == 1:
            assert assemble([PLATE], store=store).reused
    kept = {path.stem for path in tmp_path.glob("*.npz")}
    assert kept == {names[0], names[2]}
    assert not list(tmp_path.glob("*.tmp"))


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    """The mesh is made and not kept."""
    (tmp_path / "file").write_text("in the way")
    assert not assemble([PLATE], store=Store(tmp_path / "file" / "meshes")).reused


def test_geometry_without_a_digest_is_not_kept(store: Store) -> None:
    """What cannot be told apart is made every time."""
    solids = [replace(solid, material=object()) for solid in all_solids([PLATE])]
    assert key_of(solids, np.array([0.1]), [(2, 1)], MeshSettings()) is None


def test_a_kept_mesh_needs_no_gmsh(store: Store) -> None:
    """A process that finds its mesh never starts the one that calls the kernel, and calls it itself in no case."""
    text = (
        "import sys; from pathlib import Path; from meshes import kernel; from meshes.assemble import assemble; "
        "from meshes.shapes.basic import Box; "
        "from meshes.store import Store; box = Box(name='b', material='al', coating='w', size=(0.1, 0.1, 0.1)); "
        "made = assemble([box], store=Store(Path(sys.argv[1]))); print(made.reused, kernel.started(), 'gmsh' in sys.modules)"
    )
    said = [
        subprocess.run([sys.executable, "-c", text, str(store.folder)], capture_output=True, text=True, check=True).stdout.split()
        for _ in range(2)
    ]
    assert said == [["False", "True", "False"], ["True", "False", "False"]]


STEP_TEXT = (
    "import sys; from pathlib import Path; from meshes import kernel; from meshes.assemble import assemble; "
    "from meshes.cad.step import Step; "
    "from meshes.cad.imported import FaceRule, Piece; from meshes.store import Store; "
    "pieces = (Piece(name='plate', match='plate', material='m'), Piece(name='block', match='block', count=2, material='m')); "
    "part = Step(name='set', file=sys.argv[2], coating='w', solids=pieces, faces={'cool': FaceRule(label='end')}, mesh=4e-3); "
    "made = assemble([part], store=Store(Path(sys.argv[1]))); print(made.reused, kernel.started(), 'gmsh' in sys.modules)"
)


def test_a_kept_mesh_of_a_file_needs_no_gmsh(store: Store) -> None:
    """Neither to measure the file nor to mesh it, as long as its bytes are the same."""
    path = str(Path(__file__).parents[2] / "data" / "labelled.step")
    said = [
        subprocess.run(
            [sys.executable, "-c", STEP_TEXT, str(store.folder), path], capture_output=True, text=True, check=True
        ).stdout.split()
        for _ in range(2)
    ]
    assert said == [["False", "True", "False"], ["True", "False", "False"]]


def imported(folder: Path, **given) -> list[Step | MeshFile]:
    """The labelled assembly of a copied STEP file, and a brick of a .vtu beside it."""
    path = folder / "parts.step"
    if not path.exists():
        path.write_bytes((Path(__file__).parents[2] / "data" / "labelled.step").read_bytes())
        brick = structured_box((3, 3, 2), (0.03, 0.03, 0.02))
        meshio.Mesh(brick.points + np.array([0.1, 0.0, 0.0]), [("tetra", brick.cells)]).write(folder / "brick.vtu")
    pieces = (Piece(name="plate", match="plate", material="m"), Piece(name="block", match="block", count=2, material="m"))
    usual = {"name": "set", "file": str(path), "coating": "w", "solids": pieces, "mesh": 4e-3, "faces": {"cool": FaceRule(label="end")}}
    whole = (Piece(name="brick", match="all", material="m"),)
    return [Step(**(usual | given)), MeshFile(name="old", file=str(folder / "brick.vtu"), unit_scale=1.0, coating="w", solids=whole)]


def test_imported_parts_are_found_again_to_the_last_bit(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_kernel) -> None:
    """A STEP assembly and a .vtu: neither file is read again, every array is the same; moved, only the mesh is made anew."""
    made = assemble(imported(tmp_path), store=store)
    with monkeypatch.context() as patched:
        for reader in (step, mesh_files):
            patched.setattr(reader, "located", lambda *args: pytest.fail("read again"))
        assert not assemble(imported(tmp_path, position=(0.0, 0.0, 0.05)), store=store).reused
        no_kernel()
        found = assemble(imported(tmp_path), store=store)
    assert found.reused
    assert same(made, found)
    assert "cool" in {name.partition(":")[2] for name in found.face_names}


@pytest.mark.parametrize("changed", ["bytes", "faces", "scale", "ignore"])
def test_a_changed_file_or_question_is_read_anew(store: Store, tmp_path: Path, changed: str) -> None:
    """One byte of the file, another face, another unit, another choice of solids."""
    parts = imported(tmp_path)
    assemble(parts, store=store)
    given = {
        "bytes": {},
        "faces": {"faces": {"cool": FaceRule(label="tread")}},
        "scale": {"unit_scale": 1.001},
        "ignore": {"solids": (Piece(name="plate", match="plate", material="m"),), "ignore": ("block",), "faces": {}},
    }[changed]
    if changed == "bytes":
        path = tmp_path / "parts.step"
        path.write_text(path.read_text().replace("'end'", "'END'"))
        with pytest.raises(GeometryError, match="has the label 'end'; it has END"):
            assemble(imported(tmp_path), store=store)
    else:
        assert not assemble(imported(tmp_path, **given), store=store).reused
