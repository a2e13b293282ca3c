"""Heat pipes among the parts: what they carry and how warm they are, by the temperatures of all nodes."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from heliorack.case.case import Case
from heliorack.model.body import Body
from thermal.solve.transport import transport

Floats = NDArray[np.float64]


def carried(case: Case, body: Body) -> Callable[[Floats], Floats] | None:
    """Heat times distance [W m] of every part with a transport limit, in their order, then the means of their vertices [K]; or None."""
    pipes, nodes = [], []
    for i, solid in enumerate(body.solids):
        if solid.transport_limit is not None:
            axis = solid.rotation[:, int(np.argmax(solid.size))]
            cells = body.assembly.cells[body.assembly.cell_part == i]
            curve = case.materials[solid.material].conductivity_curve()
            over = None if curve is None else curve.over(case.materials[solid.material].conductivity)
            pipes.append(transport(body.assembly.points, cells, body.conductivity[i], axis, over))
            nodes.append(np.unique(cells))
    if not pipes:
        return None
    return lambda T: np.array([*(pipe(T) for pipe in pipes), *(T[mine].mean() for mine in nodes)])
