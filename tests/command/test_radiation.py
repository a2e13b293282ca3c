"""Radiation between parts through the command line: what is refused and in which words, and what a second run need not trace again."""

import re
from pathlib import Path

import meshio
import numpy as np
import pytest
from command.cli_runner import apart, case, here, read, solved
from command.plates import LOW, NOON, SHEET, STEADY, coating, part

from meshes.structured import structured_box

pytestmark = [pytest.mark.xdist_group("radiation"), pytest.mark.usefixtures("without_pictures")]

TWO = SHEET + part("a", (100, 100, 6), (0, 0, 0), more="heat_W = 2") + part("b", (100, 100, 6), (0, 0, 60))
HINGE = '[[tracking]]\nkind = "one_axis"\nparts = "wing"\naxis = "+y"\nnormal = "+z"\n'
FEW = "[radiation]\nrays = 2048\nplanet_rays = 256\n"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    """A cache of its own for every test."""
    monkeypatch.setenv("HELIORACK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


PROGRESS = re.compile(r" *\d+ s  ")  #: what a slow machine has to say meanwhile


def refused(tmp_path: Path, text: str) -> str:
    """The words of a run that is refused: one message, exit 2, no run folder."""
    target = tmp_path / "run"
    done = here("run", case(tmp_path, text), "-o", target)
    assert (done.exit_code, done.stdout) == (2, ""), done.output
    assert "Traceback" not in done.stderr
    assert not target.exists()
    return "\n".join(line for line in done.stderr.strip().splitlines() if not PROGRESS.match(line))


def six(gap: float) -> str:
    """Six plates around a cube of 200 mm, their inner faces all that is coated, `gap` mm from edge to edge."""
    d, wide, inner = 103.0, 200 - 2 * gap, {"low": "+z", "high": "-z", "left": "+x", "right": "-x", "front": "+y", "back": "-y"}
    out = SHEET
    for name, face in inner.items():
        axis, sign = "xyz".index(face[1]), -1 if face[0] == "+" else 1
        size, at = [wide] * 3, [0.0] * 3
        size[axis], at[axis] = 6, sign * d
        out += part(name, size, at, "insulated", f'coatings = {{ "{face}" = "z93" }}\nheat_W = 1', mesh=200)
    return out + STEADY


def claimed(*patterns: str) -> str:
    """Few rays, large groups, and faces that are said to see no sky."""
    listed = ", ".join(f'"{pattern}"' for pattern in patterns)
    return f"[radiation]\nrays = 1024\ncluster_mm = 300\nclosed = [{listed}]\n"


def test_cavity_claimed_closed_has_a_gap(tmp_path):
    """Every face once, with the share of its view that leaves; by symmetry the six are equal, within the scatter of the rays."""
    inner = {"low:+z", "high:-z", "left:+x", "right:-x", "front:+y", "back:-y"}
    said = refused(tmp_path, six(gap=20) + claimed(*inner))
    found = re.fullmatch(r"radiation.closed claims that no sky is seen, but it is by (.*); find the gap, or drop the claim", said)
    named = dict(item.rstrip("%)").split(" (") for item in found[1].split(", "))
    assert set(named) == inner
    shares = np.array([float(share) for share in named.values()])
    assert np.ptp(shares) < 0.2 * shares.mean()


def test_outer_face_claimed_closed(tmp_path):
    """It faces nothing, so it sees nothing but sky."""
    said = refused(tmp_path, TWO + STEADY + claimed("a:-z"))
    assert "no sky is seen, but it is by a:-z (100.00%); " in said


def test_closed_cavity_holds_its_claim(tmp_path):
    """The inside of a hollow box sees no sky."""
    shell = '[[parts]]\nname = "case"\nkind = "enclosure"\nsize_mm = [200, 200, 200]\nwall_mm = 6\nmaterial = "sheet"\ncoating = "z93"\n'
    inside = 'inside_coating = "z93"\nheat_W = 5\nmesh_mm = 200\n'
    solved(case(tmp_path, SHEET + shell + inside + STEADY + claimed("case:in*")), tmp_path / "run")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (TWO + STEADY + claimed("c:-x"), '  radiation.closed.0 = "c:-x"   no such face; did you mean a:-x?'),
        (TWO + STEADY + "[radiation]\nrays = 10\n", "  radiation.rays = 10   must lie between 64 and 1e+07"),
        (
            TWO.replace("z93", "dull") + STEADY + coating("dull", 0.5, 0),
            "  coatings.dull.infrared_emittance = 0   must be above 0 and at most 1",
        ),
        (
            TWO.replace("z93", "dull") + STEADY + coating("dull", 0.5, 1.2),
            "  coatings.dull.infrared_emittance = 1.2   must be above 0 and at most 1",
        ),
        (
            TWO.replace("z93", "wrap") + STEADY + '[blankets.wrap]\nouter = "kapton_al_1mi"\neffective_emittance = 0.02\nsource = "test"\n',
            '  blankets.wrap.outer = "kapton_al_1mi"   unknown coating; did you mean kapton_al_1mil?',
        ),
    ],
)
def test_fault_in_the_users_key(text, words, tmp_path):
    """In the file, before anything is meshed."""
    said = refused(tmp_path, text)
    assert said.startswith(f"{tmp_path / 'tiny.toml'}: 1 problem\n")
    assert words in said


def test_joint_turns_a_part_into_another(tmp_path):
    """As drawn the two lie apart; both names, and where to look."""
    wing = part("body", (100, 100, 6), (0, 0, 0)) + part("wing", (80, 80, 4), (100, 0, 0))
    said = refused(tmp_path, LOW + SHEET + wing + HINGE + "pivot_mm = [60, 0, 0]\n" + FEW)
    assert said.startswith("radiation: rays from these faces end on the inside of surfaces: ")
    assert "Parts run into one another: body and wing (about " in said
    assert said.endswith("Move one of them, or the pivot of the joint that turns it.")


def test_too_many_groups_are_refused_before_tracing(tmp_path, monkeypatch):
    """The number, the bound and a size that does; nothing is traced, and the size named is enough."""
    monkeypatch.setattr("thermal.radiation.view_factors.DENSE", 40)
    with monkeypatch.context() as never:
        never.setattr("thermal.radiation.ray_factors.view_factors", lambda *given: pytest.fail("traced"))
        said = refused(tmp_path, TWO.replace("mesh_mm = 60", "mesh_mm = 10") + STEADY + "[radiation]\nrays = 64\ncluster_mm = 5\n")
    head, _, advice = said.partition("; try ")
    assert head.startswith("radiation.cluster_mm = 5 makes ")
    assert head.endswith(" groups of facets, and at most 40 can exchange heat")
    size = float(advice.partition(" or more")[0])
    text = TWO.replace("mesh_mm = 60", "mesh_mm = 10") + STEADY + f"[radiation]\nrays = 1024\ncluster_mm = {size}\n"
    assert 20 < solved(case(tmp_path, text), tmp_path / "run")["radiation"]["groups"] <= 40


def brick(folder: Path, inverted: bool) -> str:
    """A mesh of another program, 40 x 40 x 40 mm, under a plate; its cells in right-hand order, or all in left-hand order."""
    made = structured_box((3, 3, 3), (40.0, 40.0, 40.0))
    cells = made.cells[:, [1, 0, 2, 3]] if inverted else made.cells
    meshio.Mesh(made.points, [("tetra", cells)], cell_data={"part": [np.ones(len(cells), dtype=int)]}).write(folder / "brick.vtu")
    solids = '[[parts.solids]]\nname = "all"\nmatch = "1"\nmaterial = "sheet"\nheat_W = 2\n'
    foreign = '[[parts]]\nkind = "mesh"\nname = "brick"\nfile = "brick.vtu"\nunit_scale = 0.001\ncoating = "z93"\n' + solids
    return SHEET + foreign + part("roof", (100, 100, 4), (20, 20, 80)) + STEADY + FEW


def test_cells_of_a_foreign_mesh_facing_the_wrong_way(tmp_path):
    """They are turned, which the run says; the answer is that of the sound mesh."""
    right = solved(case(tmp_path, brick(tmp_path, inverted=False)), tmp_path / "right")
    wrong = solved(case(tmp_path, brick(tmp_path, inverted=True)), tmp_path / "wrong")
    assert "brick.vtu: 162 tetrahedra had their corners in left-hand order and were turned." in wrong["assumptions"]
    assert not any("left-hand" in said for said in right["assumptions"])
    assert apart(right, wrong) < 0.5  # the rays' scatter: facets come in another order


def test_coated_area_in_a_contact_is_stated(tmp_path):
    """25 cm2 of either face."""
    text = TWO.replace("[0, 0, 60]", "[0, 0, 6]").replace(
        "size_mm = [100, 100, 6]\nposition_mm = [0, 0, 6]", "size_mm = [50, 50, 6]\nposition_mm = [0, 0, 6]"
    )
    pair = '[[contacts]]\nbetween = ["a", "b"]\nconductance_W_m2K = 100\n'
    found = solved(case(tmp_path, text + pair + STEADY), tmp_path / "run")["assumptions"]
    assert "radiation: coated area that lies in contacts does not radiate, 0.005 m2: a:+z 0.0025 m2, b:-z 0.0025 m2" in found


FLIGHT = LOW + TWO.replace("mesh_mm = 60", "mesh_mm = 100") + FEW + STEADY


def temperatures(folder: Path) -> np.ndarray:
    """Every node at the end."""
    with np.load(folder / "state.npz") as state:
        return state["temperature_K"]


def reuse(folder: Path) -> tuple[int, int, int, int]:
    """View factors wanted and reused, directions of the Sun wanted and reused; the manifest says the same as the summary."""
    keys = ("view_factors", "view_factors_reused", "sun_directions", "sun_directions_reused")
    found = read(folder)["radiation"]
    assert read(folder, "manifest.json")["radiation"] == {key: found[key] for key in keys}
    return tuple(found[key] for key in keys)


def test_what_a_second_run_reuses(tmp_path):
    """Optics, power and flux change no factor and no shadow; a part that moves changes all; another orbit asks for other directions."""
    path = case(tmp_path, FLIGHT)
    first = here("run", path, "-o", tmp_path / "first")
    assert "reused" not in first.stderr
    wanted = reuse(tmp_path / "first")[2]
    assert reuse(tmp_path / "first") == (1, 0, wanted, 0)
    assert wanted > 20
    changes = ("parts.a.coating=a276", "parts.a.heat_W=7", "environment.preset=cold")
    done = here("run", path, "-o", tmp_path / "second", *(word for change in changes for word in ("--set", change)))
    assert done.exit_code == 0, done.output
    assert reuse(tmp_path / "second") == (1, 1, wanted, wanted)
    assert "view factors reused from the cache: 1 of 1 poses\n" in done.stderr
    assert f"directions of the Sun reused from the cache: {wanted} of {wanted}\n" in done.stderr
    moved = solved(path, tmp_path / "moved", "--set", "parts.b.position_mm=[0, 10, 60]")["radiation"]
    assert (moved["view_factors_reused"], moved["sun_directions_reused"]) == (0, 0)
    other = solved(path, tmp_path / "other", "--set", "orbit.beta_deg=40")["radiation"]
    assert (other["view_factors_reused"], other["sun_directions_reused"]) == (1, 0)
    back = solved(path, tmp_path / "back", "--set", "attitude.align.at=anti_velocity")["radiation"]
    assert back["view_factors_reused"] == 1
    assert back["sun_directions_reused"] < back["sun_directions"]


def test_cold_warm_and_damaged_cache_give_the_same_bits(tmp_path, cache):
    """Garbage in place of what was kept is made anew, and then serves again."""
    path = case(tmp_path, FLIGHT)
    for name in ("cold", "warm"):
        solved(path, tmp_path / name)
    kept = sorted((cache / "radiation").glob("*.npz"))
    assert {file.name.split("-")[0] for file in kept} == {"blocked", "clusters", "factors", "sun"}
    for file in kept:
        file.write_bytes(b"garbage" * 100)
    for name in ("damaged", "mended"):
        solved(path, tmp_path / name)
    n = reuse(tmp_path / "cold")[2]
    assert [reuse(tmp_path / name)[1::2] for name in ("cold", "warm", "damaged", "mended")] == [(0, 0), (1, n), (0, 0), (1, n)]
    for name in ("warm", "damaged", "mended"):
        assert np.array_equal(temperatures(tmp_path / "cold"), temperatures(tmp_path / name))
        assert read(tmp_path / "cold")["heat_W"] == read(tmp_path / name)["heat_W"]


WINGED = LOW + SHEET + part("panel", (100, 100, 6), (0, 0, 0)) + part("wing", (80, 80, 4), (100, 0, 0)) + HINGE + "pivot_mm = [100, 0, 0]\n"


@pytest.fixture(scope="module")
def winged(tmp_path_factory, without_pictures):
    """A wing that follows the Sun beside a fixed panel, at 4, 8 and 16 poses."""
    folder = tmp_path_factory.mktemp("winged")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HELIORACK_CACHE", str(folder / "cache"))
        text = WINGED + "[radiation]\nrays = 4096\ncluster_mm = 60\nplanet_rays = 512\n[solver]\ntolerance_K = 0.02\n"
        return {n: solved(case(folder, text + ""), folder / f"run{n}", "--set", f"radiation.positions={n}") for n in (4, 8, 16)}


def test_turning_wing_conserves(winged):
    """The ledger closes whatever the poses; every pose is accounted for."""
    for n, found in winged.items():
        assert found["first_law"]["closure"] < 1e-9
        assert found["radiation"]["poses"] == n
        assert found["radiation"]["view_factors"] == n


def test_error_of_interpolation_is_stated_and_falls(winged):
    """Four poses are 90 degrees apart; sixteen are closer, and no worse than the rays' scatter allows."""
    error = {n: found["radiation"]["position_error"] for n, found in winged.items()}
    assert error[4] > 2 * error[16] > 0
    assert all(found["radiation"]["position_error_worst"] >= error[n] for n, found in winged.items())


def test_more_poses_move_the_panel_by_less_than_stated(winged):
    """What goes elsewhere than interpolation says is at most that part of a group's emission: T/4 of it in temperature."""
    for n in (4, 8):
        mean, finer = (winged[m]["parts"]["panel"]["mean_degC"] for m in (n, 2 * n))
        assert abs(mean - finer) < (mean + 273.15) / 4 * winged[n]["radiation"]["position_error"]


def test_fixed_parts_state_no_error_of_interpolation(tmp_path):
    """One pose, nothing between."""
    found = solved(case(tmp_path, NOON + TWO + FEW), tmp_path / "run")["radiation"]
    assert found["poses"] == 1
    assert "position_error" not in found
