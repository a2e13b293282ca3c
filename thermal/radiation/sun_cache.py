"""Sun visibility by direction: each direction is traced once, and kept between runs."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from thermal.radiation import cache as archive
from thermal.radiation.cache import scene_key
from thermal.radiation.rays import BATCH, Floats, Ids, Scene, Singles, sun_visibility, sun_visibility_at

__all__ = ["Visibility", "load", "save", "scene_key", "sunlit", "sunlit_from"]

#: Directions closer than this are one: 1e-6 of the sky's radius moves a shadow by 1 micrometre per metre.
GRAIN = 1e-6
KIND = "sun-1"
#: Bytes of table beyond which only the directions last asked for are kept.
MOST = 400_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Visibility:
    """Part of each facet, or each point of a surface, that sees the Sun, for many times that share few directions.

    The table holds counts of free rays, so that it takes one byte where single precision takes four; `part` gives the fractions.
    """

    table: NDArray[np.unsignedinteger]  #: (d, f) rays that reach the Sun
    index: Ids  #: (n,) row of the table for each direction asked for
    grains: Ids  #: (d, 3) directions of the rows in units of 1e-6
    rays: int  #: per facet
    traced: int  #: rows that had to be traced
    sought: int = field(default=0)  #: distinct directions asked for

    @property
    def reused(self) -> int:
        """Distinct directions asked for that were known before."""
        return self.sought - self.traced

    def part(self, times: slice | Ids | int = slice(None)) -> Singles:
        """Visible part of the facets for some of the directions asked for, by their place, (k, f); (f,) for one."""
        return np.asarray(self.table[self.index[times]] / np.float32(self.rays), dtype=np.float32)


type Spots = tuple[Floats, Floats]  # points on the facets of a scene (p, 3) [m] and the outward unit normals there (p, 3)


def sunlit(
    view: Scene, directions: Floats, rays: int = 16, seed: int = 0, known: Visibility | None = None, spots: Spots | None = None
) -> Visibility:
    """Visibility of many directions; only those that are not known are traced.

    Args:
        view: The scene.
        directions: Unit vectors to the Sun, body frame, (n, 3); rounded to 1e-6.
        rays: Per facet, see `rays.sun_visibility`.
        seed: Of their spread.
        known: Earlier visibility of the same scene, rays and seed (or points); its other directions stay in the table.
        spots: Points that are looked from, one ray each, in place of the facets.

    Returns:
        The same bits whether a direction was known or traced now.

    Raises:
        ValueError: directions that are not unit vectors; known visibility of another number of facets or rays.
    """
    towards = np.asarray(directions, dtype=np.float64).reshape(-1, 3)
    if not np.allclose(np.linalg.norm(towards, axis=1), 1.0, atol=1e-6):
        raise ValueError("directions must be unit vectors")
    count, rays = (view.count, rays) if spots is None else (len(spots[0]), 1)
    if known is not None and not _fits(known, count, rays):
        have = f"{known.table.shape[1]} facets and {known.rays} rays"
        raise ValueError(f"known visibility is of {have}, not of {count} and {rays}")
    grains = np.rint(towards / GRAIN).astype(np.int64)
    rows = {} if known is None else {tuple(g): k for k, g in enumerate(known.grains.tolist())}
    before = len(rows)
    index = np.array([rows.setdefault(tuple(g), len(rows)) for g in grains.tolist()], dtype=np.int64)
    all_grains = np.array(list(rows), dtype=np.int64).reshape(-1, 3)
    table: NDArray[np.unsignedinteger] = np.empty((len(rows), count), dtype=_counts(rays))
    if known is not None:
        table[:before] = known.table
    step = max(1, (1 << 24) // max(count, 1))  # 64 MB of single precision at a time
    for first in range(before, len(rows), step):
        some = all_grains[first : first + step] * GRAIN
        some = some / np.linalg.norm(some, axis=1)[:, None]
        if spots is None:
            table[first : first + step] = np.rint(sun_visibility(view, some, rays, seed) * np.float32(rays))
        else:
            table[first : first + step] = sun_visibility_at(view, *spots, some)
    return Visibility(table, index, all_grains, rays, len(rows) - before, len(np.unique(index)))


def sunlit_from(
    folder: Path | None, view: Scene, directions: Floats, rays: int = 16, seed: int = 0, spots: Spots | None = None
) -> Visibility:
    """`sunlit` with what a folder knows of this scene; what is new is put there. `reused` says how much was known."""
    if folder is None:
        return sunlit(view, directions, rays, seed, spots=spots)
    corners = view.corners.reshape(-1, 3)
    asked = (rays, seed) if spots is None else ("spots", *spots)
    key = archive.ruled(scene_key(corners, np.arange(len(corners)).reshape(-1, 3), *asked), sunlit)
    if key is None:
        return sunlit(view, directions, rays, seed, spots=spots)
    known = load(folder, key)
    if known is not None and not _fits(known, *((view.count, rays) if spots is None else (len(spots[0]), 1))):
        known = None
    found = sunlit(view, directions, rays, seed, known, spots)
    if found.traced:
        save(folder, key, found)
    return found


def _fits(known: Visibility, count: int, rays: int) -> bool:
    """Whether earlier visibility is of as many facets (or points) and rays."""
    return known.table.shape[1] == count and known.rays == rays


def load(folder: Path, key: str) -> Visibility | None:
    """Visibility kept under a key; None where there is none or its file is damaged."""
    stored = archive.read(folder, key, KIND)
    if stored is None:
        return None
    try:
        table, grains, rays = stored["table"], stored["grains"], int(stored["rays"])
        sound = table.ndim == 2 and grains.shape == (len(table), 3) and table.dtype == _counts(rays)
    except (KeyError, ValueError, TypeError):
        return None
    return Visibility(table, np.empty(0, dtype=np.int64), grains, rays, 0) if sound else None


def save(folder: Path, key: str, found: Visibility) -> bool:
    """Keep visibility under a key, atomically; beyond 400 MB only the directions last asked for. False where it cannot be written."""
    keep = np.arange(len(found.table)) if found.table.nbytes <= MOST else np.unique(found.index)
    return archive.write(folder, key, KIND, {"table": found.table[keep], "grains": found.grains[keep], "rays": np.array(found.rays)})


def _counts(rays: int) -> type[np.uint8] | type[np.uint16] | type[np.uint32]:
    """Smallest type that counts the rays of a facet.

    Raises:
        ValueError: more rays than a batch.
    """
    if not 1 <= rays <= BATCH:
        raise ValueError(f"rays = {rays} must lie between 1 and {BATCH}")
    return np.uint8 if rays < 1 << 8 else np.uint16 if rays < 1 << 16 else np.uint32
