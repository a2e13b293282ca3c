"""A Saltelli design from [sweep.samples] to the Sobol indices that `sweep show` prints: Ishigami's, and those of scipy itself."""

import csv

import numpy as np
import pytest
from scipy.stats import sobol_indices, uniform

import cases
from heliorack.case.sweep import Samples, Uniform
from heliorack.casefile.errors import CaseError
from heliorack.sweep.analysis.sensitivity import saltelli_blocks, sobol_of_blocks
from heliorack.sweep.analysis.summary import as_dict, show
from heliorack.sweep.design.plan import plan
from heliorack.sweep.design.samples import quantiles, unit_samples
from heliorack.sweep.execution import estimate
from heliorack.sweep.execution.folder import SweepFolder

KEYS = ("parts.power_stage.heat_W", "contacts.0.conductance_W_m2K", "orbit.altitude_km")
OVER = "".join(
    f'[[sweep.samples.over]]\npath = "{path}"\nkind = "uniform"\nlow = {-np.pi}\nhigh = {np.pi}\napply = "add"\n' for path in KEYS
)
TABLE = f'[sweep]\ncases = ["hot_operational"]\n[sweep.samples]\nmethod = "saltelli"\ncount = 32\nseed = 5\n{OVER}'
FIRST, TOTAL = (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437)  # Saltelli et al., Global Sensitivity Analysis: The Primer, 2008


def ishigami(x):
    """Ishigami and Homma, 1990, of points (3, n); a = 7, b = 0.1."""
    return np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])


def planned(tmp_path, text=TABLE, **more):
    """Plan of a sweep over the small server."""
    path = tmp_path / "sweep.toml"
    path.write_text(f'case = "{cases.path("edge_node")}"\n{text}', encoding="utf-8")
    return plan(path, **more)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_design_has_the_published_indices(seed, record_property):
    """First-order and total indices of Ishigami's function within 0.02 of the published ones at 2048 base samples, from any seed."""
    over = tuple(Uniform(kind="uniform", path=path, low=-np.pi, high=np.pi) for path in KEYS)
    u, names = unit_samples(Samples(method="saltelli", count=2048, seed=seed, over=over))
    x = np.column_stack([quantiles(each, column) for each, column in zip(over, u.T, strict=True)])
    assert x.shape == (2048 * 5, 3)
    assert len(set(names)) == len(names)
    blocks = saltelli_blocks(x)
    assert blocks.shape == (5, 2048)
    first, total = sobol_of_blocks(ishigami(x.T)[blocks])
    record_property("found", str(np.round([first, total], 3).tolist()))
    record_property("expected", str([FIRST, TOTAL]))
    record_property("tolerance", "0.02")
    assert first == pytest.approx(FIRST, abs=0.02)
    assert total == pytest.approx(TOTAL, abs=0.02)


@pytest.fixture(scope="module")
def solved(tmp_path_factory):
    """Plan and folder of a Saltelli design, every point "solved" by Ishigami's function of its samples."""
    place = tmp_path_factory.mktemp("saltelli")
    found = planned(place)
    folder = SweepFolder(found, place / "sweep")
    folder.open()
    folder.start_table({})
    for i, point in enumerate(found.points):
        value = float(ishigami(np.array(list(point.values.values()))))
        folder.append(i, {"state": "done", "figures": {"holds": True, "tightest_margin_K": value, "mass_kg": 30 + value / 10}})
    folder.release()
    return found, place / "sweep"


def test_plan_table_and_show_give_the_indices_of_scipy(solved):
    """What is shown are the indices that scipy finds with the same sequence, to the nine digits that samples are written with."""
    found, folder = solved
    assert len(found.points) == 32 * (3 + 2)
    kept = as_dict(show(folder))
    exact = sobol_indices(func=ishigami, n=32, dists=[uniform(-np.pi, 2 * np.pi)] * 3, rng=np.random.default_rng(5))
    for shown in kept["sensitivity"]:
        assert (shown["method"], shown["designs"]) == ("saltelli", 160)
        axes = {axis["axis"]: axis for axis in shown["axes"]}
        assert [axes[f"{path}.add"]["first"] for path in KEYS] == pytest.approx(np.maximum(exact.first_order, 0.0), abs=1e-6)
        assert [axes[f"{path}.add"]["total"] for path in KEYS] == pytest.approx(np.maximum(exact.total_order, 0.0), abs=1e-6)


def test_dry_run_states_every_point(solved, monkeypatch):
    """Five for each of 32 base samples, of one geometry."""
    monkeypatch.setattr(estimate, "_solved", lambda plan, fields: estimate.Measured(3.0, 2.0, 1e4))
    found = estimate.estimate(solved[0], 2)
    assert (found["points"], found["seconds"], found["disk_MB"]) == (160, (3 + 159 * 2) / 2, 1.6)
    assert estimate.words(found).startswith("160 points in 1 geometries\nabout 2 min")


def test_points_of_a_base_sample_are_named_after_it(solved, tmp_path):
    """`sample-0007-ab2` is sample-0007-a but for the second key, which is that of sample-0007-b; the same question gives the same names."""
    found, folder = solved
    by_name = {point.name.rpartition("_")[0]: list(point.values.values()) for point in found.points}
    a, b, mixed = (by_name[f"sample-0007-{block}"] for block in ("a", "b", "ab2"))
    assert mixed == [a[0], b[1], a[2]]
    assert all(x != y for x, y in zip(a, b, strict=True))
    assert planned(tmp_path).points == found.points
    rows = list(csv.DictReader((folder / "table.csv").open(encoding="utf-8")))
    assert [row["point"] for row in rows] == [point.name for point in found.points]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("count = 32", "count = 48", "sweep.samples.count: must be a power of two for saltelli samples, such as 64"),
        ("count = 32", "count = 8", "sweep.samples.count: must be at least 16 for a saltelli design; the indices of fewer are chance"),
        (OVER, OVER[: OVER.index("[[", 2)], "sweep.samples.over: must hold at least two keys for a saltelli design"),
        ("count = 32", "count = 4096", "sweep: 20480 points (4096 x 5) are more than 10000; take fewer values, or raise"),
        ('"saltelli"', '"saltely"', 'sweep.samples.method: must be "latin_hypercube", "sobol" or "saltelli"'),
    ],
)
def test_bad_design_is_refused_in_one_line(old, new, words, tmp_path):
    """Where, what, and what to try."""
    assert TABLE.count(old) == 1
    with pytest.raises(CaseError) as caught:
        planned(tmp_path, TABLE.replace(old, new))
    (problem,) = caught.value.problems
    assert f"{problem.path}: {problem.message}".startswith(words)
