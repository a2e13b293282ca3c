"""`heliorack mesh`: the meshed case in figures."""

from typing import Any

import numpy as np

from heliorack.case.case import Case
from heliorack.model.body import Body
from heliorack.model.skins_and_straps import skin_rows, strap_rows
from heliorack.run.simulate import meshed_bodies
from heliorack.runtime.parallel import world
from heliorack.runtime.progress import Say, silent


def body_of(case: Case, say: Say = silent) -> Body:
    """The meshed body of a case, on every rank.

    Raises:
        GeometryError: faults of the geometry, the same as `run` would find before solving.
    """
    body: Body = meshed_bodies().of(case, world(), say)
    return body


def mesh_summary(case: Case, say: Say = silent) -> dict[str, Any]:
    """The figures of a case.

    Raises:
        GeometryError: as `body_of`.
    """
    return summary_of(body_of(case, say))


def summary_of(body: Body) -> dict[str, Any]:
    """Nodes, cells, parts with volume and mass, touching pairs with area and conductance, and bonds."""
    assembly, names = body.assembly, body.assembly.part_names
    nodes = [len(np.unique(assembly.cells[assembly.cell_part == i])) for i in range(len(names))]
    return {
        "nodes": len(assembly.points),
        "cells": len(assembly.cells),
        "parts": [
            {
                "part": name,
                "stands_for": int(body.count[i]),
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
                "between": f"{names[face.part_a]} - {names[face.part_b]}",
                "kind": face.kind,
                "area_mm2": face.area * 1e6,
                "conductance_W_m2K": face.conductance,
                "conductance_W_K": face.area * face.conductance,
                "coverage": face.coverage,
                "matching": face.matching,
            }
            for face in body.interfaces.found
        ],
        "bonds": [{"between": f"{names[b.part_a]} - {names[b.part_b]}", "area_mm2": b.area * 1e6} for b in assembly.bonds],
        "skins": skin_rows(body.skins),
        "straps": strap_rows(body.straps),
        "assumptions": list(assembly.assumptions),
    }
