"""Where meshes are kept between runs: HELIORACK_CACHE, or the user's cache folder."""

import os
from pathlib import Path

from meshes.assembly import Assembly
from meshes.store import Store


def cache_folder() -> Path:
    """The folder of everything that is kept between runs."""
    named = os.environ.get("HELIORACK_CACHE")
    if named:
        return Path(named)
    user = os.environ.get("XDG_CACHE_HOME")
    return (Path(user) if user else Path.home() / ".cache") / "heliorack"


def mesh_store() -> Store | None:
    """The store of meshes; none for a user without a home."""
    try:
        return Store(cache_folder() / "meshes")
    except RuntimeError:
        return None


def mesh_words(mesh: Assembly) -> str:
    """Where a mesh came from, for the progress."""
    return f"mesh {mesh.mesh_key[:12]} reused from the cache" if mesh.reused else "assembling"
