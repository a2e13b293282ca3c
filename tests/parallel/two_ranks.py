"""Started by mpiexec: solves on all ranks together and on each rank alone, and compares. One line per claim; exit 1 when one fails."""

import sys
import traceback
from pathlib import Path
from time import perf_counter

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from bodies import WORLD
from claims import missed
from rank_cases import CASES
from rank_models import MODELS


def main() -> int:
    for part in (*MODELS, *CASES):
        began = perf_counter()
        part()
        if WORLD.rank == 0:
            print(f"     {part.__name__}: {perf_counter() - began:.1f} s", flush=True)
    if WORLD.rank == 0:
        print(f"{WORLD.size} ranks: {f'missed {missed}' if missed else 'all claims hold'}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:  # the other rank would wait for ever
        traceback.print_exc()
        sys.stderr.flush()
        WORLD.Abort(1)
