"""pyviewfactor on the scene of radiation_scene.py: python radiation_peer.py FACETS ANSWER. Runs in the peers' environment."""

import json
import os
import sys
import time
from pathlib import Path

os.environ.update({f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")})

import numpy as np
import pyviewfactor
import pyvista
from radiation_scene import cavity


def surface(count: int) -> pyvista.PolyData:
    """The scene as the peer wants it."""
    points, facets, _ = cavity(count)
    return pyvista.PolyData(points, np.column_stack([np.full(len(facets), 3), facets]).ravel())


def main() -> None:
    """Compile on a small scene, measure on the large one, write factors (row: from) and seconds."""
    count, answer = int(sys.argv[1]), Path(sys.argv[2])
    small, whole = surface(60), surface(count)
    pyviewfactor.compute_viewfactor_matrix(small, obstacles=[small])
    start = time.process_time()
    factors = pyviewfactor.compute_viewfactor_matrix(whole, obstacles=[whole]).T
    cpu = time.process_time() - start
    np.save(answer.with_suffix(".npy"), factors)
    answer.with_suffix(".json").write_text(json.dumps({"cpu": cpu, "version": pyviewfactor.__version__}))


if __name__ == "__main__":
    main()
