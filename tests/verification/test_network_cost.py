"""What a network of many nodes and films costs beside the mesh that it is attached to (benchmarks/network_on_mesh.py)."""

import runpy
from pathlib import Path

import pytest

BENCH = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "network_on_mesh.py"))
SMALL, PATCHES, NODES = (24, 24, 4), (5, 10), 500


@pytest.fixture(scope="module")
def direct():
    """3125 rows with factors: with 50 films to 500 nodes."""
    return BENCH["marched"](BENCH["plate"](SMALL, PATCHES, NODES), 0.05, "direct")


def test_few_solves_more(direct):
    """50 films to 500 nodes: three solves with the mesh's factors more in a step than the steps need without at most; both sides close."""
    assert direct["applied_per_step"] < direct["solves_per_step"] + 3.0
    assert direct["closure"] < 1e-9


def test_iterations_go_the_same_way(direct):
    """Fewer than four a solve; temperatures as by factors, to a tenth of the tolerance; both sides close to 1e-9."""
    found = BENCH["marched"](BENCH["plate"](SMALL, PATCHES, NODES), 0.05, "multigrid")
    assert found["applied_per_step"] < 4.0 * found["solves_per_step"]
    assert found["ends_K"] == pytest.approx(direct["ends_K"], abs=5e-3)
    assert found["closure"] < 1e-9


@pytest.mark.full
def test_many_nodes_on_a_large_mesh():
    """5000 nodes and 500 films on 98 568 rows: no more iterations than with fluids of the same temperatures, nor a quarter more CPU.

    Measured are 0.9 to 1.13 of the CPU of a step on a busy machine. The mesh comes to the same temperatures to a tenth of the tolerance.
    """
    found = BENCH["compared"]((110, 110, 7), (20, 25), 5000, 0.05)
    network, given = found["with network"], found["as warm"]
    assert network["ends_K"] == pytest.approx(given["ends_K"], abs=5e-3)
    assert network["applied_per_step"] < given["applied_per_step"]
    assert given["ratio"] < 1.25
    assert network["closure"] < 1e-9
