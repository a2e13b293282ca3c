"""Rays that meet something on their way to the planet, kept between runs: they are of the scene alone, not of orbit or optics."""

from dataclasses import fields
from pathlib import Path

import numpy as np

from thermal.radiation import cache as archive
from thermal.radiation.planet_shading import BlockedRays, Ids, blocked_rays
from thermal.radiation.rays import Scene

KIND = "blocked-1"
#: Bytes beyond which they are traced again, which is then no dearer than to keep them.
MOST = 400_000_000


def blocked_from(folder: Path | None, view: Scene, groups: Ids, rays: int, seed: int) -> BlockedRays:
    """`planet_shading.blocked_rays` as a folder has them, else traced and put there.

    Raises:
        ValueError: as `blocked_rays`.
    """
    corners = view.corners.reshape(-1, 3)
    key = archive.scene_key(corners, np.arange(len(corners)).reshape(-1, 3), np.asarray(groups), rays, seed)
    place = None if folder is None else archive.ruled(key, blocked_rays)
    if folder is None or place is None:
        return blocked_rays(view, groups, rays, seed)
    known = load(folder, place)
    if known is not None:
        return known
    found = blocked_rays(view, groups, rays, seed)
    arrays = {part.name: np.asarray(getattr(found, part.name)) for part in fields(BlockedRays)}
    if sum(array.nbytes for array in arrays.values()) <= MOST:
        archive.write(folder, place, KIND, arrays)
    return found


def load(folder: Path, key: str) -> BlockedRays | None:
    """Rays kept under a key; None where there are none or their file is damaged."""
    stored = archive.read(folder, key, KIND)
    if stored is None:
        return None
    try:
        found = BlockedRays(
            **{part.name: stored[part.name] for part in fields(BlockedRays) if part.name != "rays"}, rays=int(stored["rays"])
        )
        count = len(found.group)
        sound = found.direction.shape == (count, 3) and len(found.hit) == len(found.replicate) == count == int(found.starts[-1])
    except (KeyError, ValueError, TypeError, IndexError):
        return None
    return found if sound else None
