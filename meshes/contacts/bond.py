"""Bonded interfaces: the parts share nodes there and the interface becomes interior."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from meshes.assembly import Assembly, Bond
from meshes.split import touch_of_facets

Bonded = Callable[[str, str], bool]


def bond(assembly: Assembly, bonded: Bonded) -> Assembly:
    """The assembly with the touches between bonded parts made one: chains of bonded nodes collapse to the first of them.

    Args:
        assembly: With touches; those that are not bonded stay, in order.
        bonded: Whether two parts (names, in the order of part numbers) share their nodes where they touch.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    names = assembly.part_names
    chosen = [bonded(names[touch.part_a], names[touch.part_b]) for touch in assembly.touches]
    glued = [touch for touch, yes in zip(assembly.touches, chosen, strict=True) if yes]
    if not glued:
        return assembly
    rows_a, rows_b = (np.concatenate(rows) for rows in zip(*((touch.facets_a, touch.facets_b) for touch in glued), strict=True))
    one, other = assembly.facets[rows_a].ravel(), assembly.facets[rows_b][:, [0, 2, 1]].ravel()
    n = len(assembly.points)
    _, label = connected_components(coo_array((np.ones(len(one)), (one, other)), shape=(n, n)), directed=False)
    _, first = np.unique(label, return_index=True)
    kept, node = np.sort(first), np.empty(n, dtype=np.int64)
    node[:] = np.searchsorted(kept, first)[label]
    stays = np.ones(len(assembly.facets), dtype=bool)
    stays[rows_a] = stays[rows_b] = False
    row = np.cumsum(stays) - 1
    touches = tuple(
        replace(touch, facets_a=row[touch.facets_a], facets_b=row[touch.facets_b])
        for touch, yes in zip(assembly.touches, chosen, strict=True)
        if not yes
    )
    return replace(
        assembly,
        points=assembly.points[kept],
        cells=node[assembly.cells],
        facets=node[assembly.facets[stays]],
        facet_cell=assembly.facet_cell[stays],
        facet_face=assembly.facet_face[stays],
        touches=touches,
        facet_touch=touch_of_facets(int(stays.sum()), touches),
        bonds=(*assembly.bonds, *(Bond(touch.part_a, touch.part_b, touch.area) for touch in glued)),
    )
