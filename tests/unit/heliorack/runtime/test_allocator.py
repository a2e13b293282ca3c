"""Freed memory is kept: what is asked for again comes without new pages."""

import resource
import subprocess
import sys

import pytest

AGAIN = """
import resource, sys
import numpy as np
from heliorack.runtime.allocator import keep_freed
if sys.argv[1] == "kept":
    keep_freed()
def blocks():
    return [np.ones(4 << 20) for _ in range(4)]  # 32 MB each
blocks()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(5):
    blocks()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="page faults of glibc on Linux")
def test_blocks_that_were_freed_are_used_again():
    """Five times four blocks of 32 MB: 163 840 pages of 4 kB anew where freed memory goes back, next to none where it is kept."""
    faults = {
        how: int(subprocess.run([sys.executable, "-c", AGAIN, how], capture_output=True, text=True, check=True).stdout)
        for how in ("given", "kept")
    }
    assert resource.getpagesize() * faults["kept"] < 32 << 20
    assert faults["kept"] < 0.1 * faults["given"]
