"""One and two MPI ranks find the same temperatures and the same ledger."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.mpi
def test_two_ranks_find_what_one_finds():
    """1e-8 of the temperature range with a direct solver and fixed steps, 1e-5 K with multigrid; see rank_models.py and rank_cases.py."""
    beside = Path(sys.executable).parent / "mpiexec"  # the wheel's own; the one on PATH may be of another MPI
    mpiexec = str(beside) if beside.exists() else shutil.which("mpiexec")
    assert mpiexec, "no mpiexec beside python"
    script = Path(__file__).with_name("two_ranks.py")
    done = subprocess.run(
        [mpiexec, "-n", "2", sys.executable, str(script)],
        capture_output=True,
        text=True,
        timeout=200,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 ranks: all claims hold" in done.stdout, done.stdout
