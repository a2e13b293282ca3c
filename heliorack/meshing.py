"""`heliorack mesh`: the meshed case in figures."""

from typing import Any

import numpy as np

from heliorack.body import build_body
from heliorack.case import Case
from heliorack.parallel import world


def mesh_summary(case: Case) -> dict[str, Any]:
    """Nodes, cells, parts with volume and mass, touching pairs with area and conductance, and bonds.

    Raises:
        GeometryError: faults of the geometry, the same as `run` would find before solving.
    """
    body = build_body(case, world())
    assembly, names = body.assembly, body.assembly.part_names
    nodes = [len(np.unique(assembly.cells[assembly.cell_part == i])) for i in range(len(names))]
    return {
        "nodes": len(assembly.points),
        "cells": len(assembly.cells),
        "parts": [
            {
                "part": name,
                "material": assembly.part_material[i],
                "cells": int((assembly.cell_part == i).sum()),
                "nodes": nodes[i],
                "volume_mm3": float(body.part_volume[i] * 1e9),
                "mass_kg": float(body.part_mass[i]),
            }
            for i, name in enumerate(names)
        ],
        "contacts": [
            {
                "between": f"{names[t.part_a]} - {names[t.part_b]}",
                "area_mm2": t.area * 1e6,
                "conductance_W_m2K": h,
                "conductance_W_K": t.area * h,
            }
            for t, h in zip(assembly.touches, body.contacts, strict=True)
        ],
        "bonds": [{"between": f"{names[b.part_a]} - {names[b.part_b]}", "area_mm2": b.area * 1e6} for b in assembly.bonds],
        "assumptions": list(assembly.assumptions),
    }
