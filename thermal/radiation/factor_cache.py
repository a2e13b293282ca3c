"""Closed view factors, with the clusters they are of, kept between runs."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from thermal.radiation import cache as archive
from thermal.radiation.closure import Closed
from thermal.radiation.clusters import Clusters

#: Layout of the files.
KIND = "factors-1"
CLUSTERS = "clusters-1"  #: the same of clusters alone


@dataclass(frozen=True, slots=True, eq=False)
class Factors:
    """Closed factors and their clusters."""

    closed: Closed
    clusters: Clusters | None = None  #: none where every facet or group was given
    unevenness: NDArray[np.float64] | None = None  #: (g,) of `clusters.unevenness`


def factors_from(folder: Path | None, key: str, make: Callable[[], Factors]) -> tuple[Factors, bool]:
    """Factors of a key from a folder, or made and put there, and whether they were reused.

    Args:
        folder: None to make them without keeping them.
        key: Of `archive.scene_key`, with everything that shapes the factors: cluster size and angle, rays, seed, labels.
        make: Called where the folder has none, or where its file is damaged. All source behind it is part of what factors are kept under.
    """
    place = None if folder is None else archive.ruled(key, make, load)
    if folder is None or place is None:
        return make(), False
    found = load(folder, place)
    if found is not None:
        return found, True
    made = make()
    save(folder, place, made)
    return made, False


def clusters_from(folder: Path | None, key: str, make: Callable[[], Clusters]) -> Clusters:
    """Clusters of a key from a folder, or made and put there.

    Args:
        folder: None to make them without keeping them.
        key: Of `archive.scene_key`, with everything that shapes the clusters: labels and the rule for their size.
        make: As in `factors_from`.
    """
    place = None if folder is None else archive.ruled(key, make, load)
    if folder is None or place is None:
        return make()
    stored = archive.read(folder, place, CLUSTERS)
    if stored is not None:
        with suppress(KeyError, ValueError, TypeError):
            return Clusters(**{part.name: stored[part.name] for part in fields(Clusters)})
    made = make()
    archive.write(folder, place, CLUSTERS, {part.name: getattr(made, part.name) for part in fields(Clusters)})
    return made


def save(folder: Path, key: str, factors: Factors) -> bool:
    """Keep factors under a key, atomically; False where the folder cannot be written."""
    arrays = _packed("closed", factors.closed)
    if factors.clusters is not None:
        arrays |= _packed("clusters", factors.clusters)
    if factors.unevenness is not None:
        arrays["unevenness"] = factors.unevenness
    return archive.write(folder, key, KIND, arrays)


def load(folder: Path, key: str) -> Factors | None:
    """Factors kept under a key; None where there are none or their file is damaged."""
    stored = archive.read(folder, key, KIND)
    if stored is None:
        return None
    try:
        closed = _unpacked("closed", Closed, stored)
        clusters = _unpacked("clusters", Clusters, stored) if "clusters.groups" in stored else None
        sound = closed.G.shape == closed.error.shape == (len(closed.areas),) * 2 and len(closed.sky) == len(closed.areas)
    except (KeyError, ValueError, TypeError, AttributeError):
        return None
    return Factors(closed, clusters, stored.get("unevenness")) if sound else None


def _packed(name: str, value: Any) -> archive.Arrays:
    """Fields of a dataclass as arrays; a sparse matrix is four of them."""
    arrays: archive.Arrays = {}
    for part in fields(value):
        item, place = getattr(value, part.name), f"{name}.{part.name}"
        if isinstance(item, csr_array):
            arrays |= {f"{place}.data": item.data, f"{place}.indices": item.indices, f"{place}.indptr": item.indptr}
            arrays[f"{place}.shape"] = np.array(item.shape)
        else:
            arrays[place] = np.asarray(item)
    return arrays


def _unpacked(name: str, kind: type[Any], stored: archive.Arrays) -> Any:
    """A dataclass from its arrays; arrays of no dimension are numbers."""
    values: dict[str, Any] = {}
    for part in fields(kind):
        place = f"{name}.{part.name}"
        if f"{place}.data" in stored:
            content = (stored[f"{place}.data"], stored[f"{place}.indices"], stored[f"{place}.indptr"])
            values[part.name] = csr_array(content, shape=tuple(stored[f"{place}.shape"].tolist()))
        else:
            item = stored[place]
            values[part.name] = item.item() if item.ndim == 0 else item
    return kind(**values)
