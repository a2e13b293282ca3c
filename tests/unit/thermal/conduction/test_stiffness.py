"""Triplets of single parts add up to the assembled matrix."""

import numpy as np
from bodies import Solid
from scipy.sparse import coo_array, csr_array

from meshes.join import join
from meshes.structured import structured_box
from thermal.conduction.stiffness import stiffness


def test_parts_add_up_to_the_assembled_matrix():
    """Two boxes of different, direction-dependent conductivity: entry by entry."""
    boxes = [structured_box((2, 2, 1), (0.1, 0.1, 0.1), (x, 0.0, 0.0), name=name) for name, x in (("a", 0.0), ("b", 0.3))]
    k = np.array([np.diag([10.0, 20.0, 30.0]), [[5.0, 1.0, 0.0], [1.0, 5.0, 0.0], [0.0, 0.0, 2.0]]])
    solid = Solid(join(boxes), k)
    a, n = solid.assembly, solid.layout.size
    total = sum(
        csr_array(coo_array((values, (rows, columns)), shape=(n, n)))
        for rows, columns, values in (stiffness(a.points, a.cells, a.cell_part, k, [part]) for part in (0, 1))
    )
    indptr, columns, values = solid.K.getValuesCSR()
    assembled = csr_array((values, columns, indptr), shape=(n, n)).toarray()
    nodes = solid.layout.nodes
    assert np.abs(total.toarray()[np.ix_(nodes, nodes)] - assembled).max() < 1e-12 * np.abs(assembled).max()
