"""Files for other programs hold the numbers of the run, as those programs read them."""

import csv
import json
import re
import sys
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest
from command.cli_runner import SIGMA, here
from sample_run import BOXES, wave, write_run

from heliorack.runfolder import heat_flows as file
from heliorack.runfolder.heat_flows import Body, Flow, HeatFlows
from heliorack.runfolder.history import read_history

DEEP = -270.15  # degC, of 3 K


def flows() -> HeatFlows:
    """Two bodies in balance at 320 and 300 K, the first heated by 30 W; 0.5 W/K and 0.01 m2 between them, the rest to space."""
    hot, cold, sink = 320.0, 300.0, 3.0
    conducted, radiated = 0.5 * (hot - cold), SIGMA * 0.01 * (hot**4 - cold**4)
    to_space = 30.0 - conducted - radiated
    area = [to_space / (SIGMA * (hot**4 - sink**4)), (conducted + radiated + 7.0) / (SIGMA * (cold**4 - sink**4))]
    shared = {"min_degC": 0.0, "max_degC": 0.0, "stored_W": 0.0, "imbalance_W": 0.0, "space_K": sink}
    bodies = (
        Body(name="chip's", parts=("chip",), capacity_J_K=100.0, mean_degC=hot - 273.15, paths_W={"compute": 30.0}, space_W=to_space,
             space_area_m2=area[0], **shared),
        Body(name="panel + rib", parts=("panel", "rib"), capacity_J_K=900.0, mean_degC=cold - 273.15, paths_W={"sun": 5.0, "albedo": 2.0},
             space_W=conducted + radiated + 7.0, space_area_m2=area[1], **shared),
    )  # fmt: skip
    flow = Flow(
        from_body="chip's", to_body="panel + rib", conduction_W=conducted, radiation_W=radiated, contact_W_K=0.6, conductor_W_K=0.5,
        exchange_area_m2=0.01,
    )  # fmt: skip
    return HeatFlows(bodies=bodies, flows=(flow,), notes=("means",))


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    """A finished run that keeps heat flows."""
    folder = write_run(tmp_path_factory.mktemp("export") / "run")
    (folder / file.NAME).write_text(json.dumps(flows().json()))
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    """Of a CSV file."""
    with path.open(newline="", encoding="utf-8") as source:
        return list(csv.DictReader(source))


def test_the_network_read_back_solves_to_the_temperatures_of_the_run(run, tmp_path):
    """From network.d alone, by Newton's method: 320 and 300 K to 1e-6; names end no quotation."""
    from scipy.optimize import fsolve

    assert here("export", run, "--to", "glgr", "-o", tmp_path).exit_code == 0
    text = (tmp_path / "network.d").read_text(encoding="utf-8")
    nodes = {
        int(n): sum(map(float, re.findall(r"Q\w = ([-+\d.e]+)", rest))) for n, rest in re.findall(r"^D(\d+) = '[^']*'(.*);$", text, re.M)
    }
    sink = float(re.search(r"^B99999 = 'space', T = ([-\d.]+);", text, re.M)[1]) + 273.15
    ties = [(kind, int(a), int(b), float(v)) for kind, a, b, v in re.findall(r"^(GL|GR)\((\d+), (\d+)\) = ([\d.e+-]+);", text, re.M)]
    assert nodes == {1: pytest.approx(30.0), 2: pytest.approx(7.0)}

    def left(T):
        T = {1: T[0], 2: T[1], 99999: sink}
        found = dict(nodes) | {99999: 0.0}
        for kind, a, b, value in ties:
            heat = value * (T[a] - T[b]) if kind == "GL" else SIGMA * value * (T[a] ** 4 - T[b] ** 4)
            found[a] -= heat
            found[b] += heat
        return [found[1], found[2]]

    assert fsolve(left, [310.0, 310.0], xtol=1e-12) == pytest.approx([320.0, 300.0], abs=1e-4)
    assert {row["kind"] for row in rows(tmp_path / "conductors.csv")} == {"GL", "GR"}
    assert rows(tmp_path / "nodes.csv")[1]["parts"] == "panel rib"


def test_the_matrix_is_antisymmetric_and_adds_up(run, tmp_path):
    """Every row: to others, to space and what is stored is what comes in."""
    assert here("export", run, "--to", "csv", "-o", tmp_path).exit_code == 0
    table = rows(tmp_path / "heat_matrix.csv")
    names = [row["from \\ to [W]"] for row in table]
    heat = np.array([[float(row[name]) for name in names] for row in table])
    np.testing.assert_allclose(heat, -heat.T)
    for row, out in zip(table, heat.sum(axis=1), strict=True):
        assert out + float(row["space"]) == pytest.approx(sum(float(v) for k, v in row.items() if k.startswith("in: ")), rel=1e-6)
    assert [row["part"] for row in rows(tmp_path / "parts.csv")] == [name for name, *_ in BOXES]


def test_vtkhdf_has_every_moment(run, tmp_path):
    """Read by VTK's own reader: times and temperatures."""
    import pyvista
    from vtkmodules.vtkIOHDF import vtkHDFReader

    assert here("export", run, "--to", "vtkhdf", "-o", tmp_path / "a.vtkhdf").exit_code == 0
    reader = vtkHDFReader()
    reader.SetFileName(str(tmp_path / "a.vtkhdf"))
    reader.UpdateInformation()
    assert reader.GetNumberOfSteps() == 5
    for step, time in enumerate(np.linspace(0, 5700, 5)):
        reader.SetStep(step)
        reader.Update()
        grid = pyvista.wrap(reader.GetOutput())
        assert grid.n_cells == 5 * len(BOXES)
        assert grid.point_data["temperature_degC"][0] == pytest.approx(30.0 + wave(time), abs=1e-4)


@pytest.mark.parametrize("damage", ["lost", "cut"])
def test_a_moment_that_cannot_be_read_leaves_no_file(run, tmp_path, capfd, damage):
    """It was written as an empty moment with exit code 0, VTK's complaints beside it; an older file stays as it was."""
    copied, target = tmp_path / "run", tmp_path / "a.vtkhdf"
    copytree(run, copied)
    frame = sorted((copied / "fields").iterdir())[2]
    frame.write_bytes(frame.read_bytes()[:400])
    if damage == "lost":
        frame.unlink()
    target.write_text("older")
    done = here("export", copied, "--to", "vtkhdf", "-o", target)
    assert done.exit_code == 2
    assert f"{frame} cannot be read as a temperature field; run the case again" in done.stderr
    assert capfd.readouterr().err == ""
    assert target.read_text() == "older"
    assert [one.name for one in tmp_path.iterdir() if "partial" in one.name] == []


def test_gltf_is_read_by_vtk_with_its_parts(run, tmp_path):
    """One node for each part, metres, +z up as +y."""
    import pyvista

    assert here("export", run, "--to", "gltf", "-o", tmp_path / "a.glb").exit_code == 0
    found = pyvista.read(tmp_path / "a.glb").combine()
    assert found.bounds == pytest.approx((0.0, 1.0, -0.1, 0.07, -0.5, 0.0), abs=1e-6)
    assert found.n_cells == 12 * len(BOXES)


def test_nastran_on_its_own_mesh_and_on_another(run, tmp_path):
    """Read back by the mesh reader of this house; temperatures of points inside parts, in millimetres; too far away is refused."""
    from meshes.cad.bulk_data import read_bulk

    assert here("export", run, "--to", "nastran", "-o", tmp_path / "own.bdf").exit_code == 0
    raw = read_bulk(tmp_path / "own.bdf")
    assert raw.points.shape == (8 * len(BOXES), 3)
    assert sum(len(block.nodes) for block in raw.blocks) == 5 * len(BOXES)
    text = (tmp_path / "own.bdf").read_text()
    assert len(re.findall(r"^TEMP\*", text, re.M)) == 8 * len(BOXES)
    other = tmp_path / "frame.bdf"
    other.write_text("BEGIN BULK\nGRID,11,,500.,250.,10.\nGRID,12,,750.,150.,50.\nENDDATA\n")
    assert here("export", run, "--to", "nastran", "--onto", other, "-o", tmp_path / "map.bdf").exit_code == 0
    cards = re.findall(r"^TEMP\*\s+1\s+(\d+) ?([-+.\de]+)$", (tmp_path / "map.bdf").read_text(), re.M)
    assert {int(n): float(T) for n, T in cards} == {11: pytest.approx(35.0, abs=1e-3), 12: pytest.approx(70.0, abs=1e-3)}
    done = here("export", run, "--to", "nastran", "--onto", other, "--unit-scale", "1", "-o", tmp_path / "far.bdf")
    assert (done.exit_code, "another unit" in done.stderr) == (2, True)


def test_a_structural_model_keeps_the_means_of_the_parts(run, tmp_path):
    """Hexahedra, a wedge and a shell of another mesh: means by volume to 1e-6 K, read from the cards."""
    import pyvista

    from meshes.cad.bulk_data import read_bulk

    grid = {}
    cards = ["BEGIN BULK"]

    def point(*at):
        if at not in grid:
            grid[at] = len(grid) + 1
            cards.append(f"GRID,{grid[at]},,{at[0]:.3f},{at[1]:.3f},{at[2]:.3f}")
        return grid[at]

    def hexa(number, low, high):
        corners = [(x, y, z) for z in (low[2], high[2]) for x, y in
                   ((low[0], low[1]), (high[0], low[1]), (high[0], high[1]), (low[0], high[1]))]  # fmt: skip
        nodes = [point(*at) for at in corners]
        cards.append(f"CHEXA,{number},1,{','.join(map(str, nodes[:6]))}\n,{nodes[6]},{nodes[7]}")

    for n, x in enumerate((0, 500)):
        hexa(n + 1, (x, 0, 0), (x + 500, 500, 20))
    hexa(3, (100, 100, 20), (150, 200, 70))  # half of tray.gpu1
    cards.append("CPENTA,4,1," + ",".join(str(point(*at)) for at in ((700, 100, 20), (800, 100, 20), (700, 200, 20), (700, 100, 70),
                                                                     (800, 100, 70), (700, 200, 70))))  # fmt: skip
    cards.append(
        "CQUAD4,5,2," + ",".join(str(point(*at)) for at in ((400, 200, -100), (500, 200, -100), (500, 300, -100), (400, 300, -90)))
    )
    source = tmp_path / "frame.bdf"
    source.write_text("\n".join([*cards, "ENDDATA", ""]))
    done = here("export", run, "--to", "nastran", "--onto", source, "-o", tmp_path / "map.bdf")
    assert done.exit_code == 0, done.output
    text = (tmp_path / "map.bdf").read_text()
    T = {int(n): float(v) for n, v in re.findall(r"^TEMP\*\s+1\s+(\d+) ?([-+.\de]+)$", text, re.M)}
    raw = read_bulk(source)
    corners = {block.kind: raw.number[block.nodes] for block in raw.blocks}
    means = {name: float(v) for name, v in re.findall(r"^\$ part (\S+): mean ([-\d.]+)", text, re.M)}
    assert set(means) == {name for name, *_ in BOXES}
    hexes = corners["CHEXA"]
    panel = np.mean([[T[n] for n in row] for row in hexes[:2]])
    assert panel == pytest.approx(means["panel"], abs=1e-6)
    assert np.mean([T[n] for n in hexes[2]]) == pytest.approx(means["tray.gpu1"], abs=1e-6)
    assert np.mean([T[n] for n in corners["CPENTA"][0]]) == pytest.approx(means["tray.gpu2"], abs=1e-6)
    assert np.mean([T[n] for n in corners["CQUAD4"][0]]) == pytest.approx(means["battery"], abs=1e-6)
    hottest = pyvista.read(max((run / "fields").iterdir(), key=lambda file: pyvista.read(file)["temperature_degC"].max()))
    for i, (name, *_) in enumerate(BOXES):
        mine = hottest.extract_cells(np.flatnonzero(hottest.cell_data["part"] == i)).compute_cell_sizes()
        volume = mine.cell_data["Volume"]
        value = mine.point_data_to_cell_data()["temperature_degC"]
        assert means[name] == pytest.approx(float(volume @ value / volume.sum()), abs=1e-5), name


def test_parquet_is_the_history(run, tmp_path, monkeypatch):
    """Columns and values of history.csv; without pyarrow the words say what to install and what does without."""
    parquet = pytest.importorskip("pyarrow.parquet")
    assert here("export", run, "--to", "parquet", "-o", tmp_path / "tables").exit_code == 0
    found = parquet.read_table(tmp_path / "tables" / "history.parquet").to_pydict()
    assert found == {name: values.tolist() for name, values in read_history(run).items()}
    assert parquet.read_table(tmp_path / "tables" / "parts.parquet")["part"].to_pylist() == [name for name, *_ in BOXES]
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = here("export", run, "--to", "parquet", "-o", tmp_path / "none")
    assert (done.exit_code, 'pip install "heliorack[parquet]"' in done.stderr, (tmp_path / "none").exists()) == (2, True, False)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--to", "gltf", "-o", "a.gltf"), "must end in .glb"),
        (("--to", "gltf", "-o", "a.glb", "--case", "warm"), "no load case 'warm'"),
        (("--to", "csv", "-o", "a", "--onto", __file__), "--onto belongs to"),
        (("--to", "csv", "-o", "a", "--at", "coldest"), "--at belongs to --to gltf and nastran"),
        (("--to", "nastran", "-o", "a.bdf", "--unit-scale", "1"), "--unit-scale belongs to --onto"),
        (("--to", "nastran", "-o", "a.bdf", "--onto", __file__, "--unit-scale", "-1"), "must be above 0"),
    ],
)
def test_what_cannot_be_is_refused_in_words(run, tmp_path, monkeypatch, options, words):
    """Exit 2, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    done = here("export", run, *options)
    assert done.exit_code == 2
    assert words in done.stderr
    assert not any(tmp_path.iterdir())


def test_a_run_without_heat_flows_says_so(tmp_path):
    """Of before they were kept."""
    done = here("export", write_run(tmp_path / "run"), "--to", "glgr", "-o", tmp_path / "a")
    assert (done.exit_code, "holds no heat_flows.json" in done.stderr) == (2, True)
