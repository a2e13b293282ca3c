"""Temperature fields that sweeps have learned, kept between runs by mesh: what `heliorack run --reduced` begins with.

Whatever goes wrong with a file, a run learns as if it were not there. How near a reduced model is, a run finds out by the equations of all
nodes.
"""

from contextlib import suppress
from hashlib import blake2b
from os import getpid
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from heliorack.runtime.cache import cache_folder
from heliorack.runtime.stored_arrays import DAMAGED
from meshes.assembly import Assembly
from thermal.reduction.snapshots import MOST_FIELDS, Snapshots

Floats = NDArray[np.float64]

MOST_MESHES = 8  #: of which fields are kept, some 35 MB each for 20 000 nodes


def key_of(mesh: Assembly) -> str:
    """Digest of its nodes and cells."""
    return blake2b(mesh.points.tobytes() + mesh.cells.tobytes(), digest_size=16).hexdigest()


def find(key: str) -> Snapshots:
    """What is known of a mesh, by input node; nothing where nothing was kept or it cannot be read."""
    known = Snapshots()
    with suppress(*DAMAGED), np.load(_path(key), allow_pickle=False) as stored:
        fields, reference = (np.asarray(stored[name], dtype=np.float64) for name in ("fields_K", "reference_K"))
        if fields.ndim == 2 and reference.shape == fields.shape[1:] and np.isfinite(fields).all():
            known.fields, known.reference = fields, reference
    return known


def keep(key: str, fields: Floats, reference: Floats) -> None:
    """Keep the latest of some fields (k, n) and the mean (n,) about which a basis is exact [K], by input node, to 1e-4 K."""
    with suppress(OSError, RuntimeError):
        path = _path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f"{key}.{getpid()}.tmp")
        with temporary.open("wb") as out:
            np.savez(out, fields_K=fields[-MOST_FIELDS:].astype(np.float32), reference_K=reference)
        temporary.rename(path)
        for old in sorted(path.parent.glob("*.npz"), key=lambda one: one.stat().st_mtime)[:-MOST_MESHES]:
            old.unlink(missing_ok=True)


def _path(key: str) -> Path:
    return cache_folder() / "reduced" / f"{key}.npz"
