"""Random plates with parts on both sides: volumes add up, surfaces are closed, every contact is accounted for."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meshes.assemble import assemble
from meshes.measure import area_vectors, part_volumes
from meshes.parts import all_solids
from meshes.settings import MeshSettings
from meshes.shapes.basic import Box, Plate

fraction = st.floats(0.3, 0.99)
cell = st.tuples(fraction, fraction, st.floats(0.0005, 0.05))  # widths over the raster's, height


def parts_on(plate, raster, sizes):
    """Boxes in the cells of a raster on the plate's two sides, by turns."""
    made = [plate]
    for i, (across, along, h) in enumerate(sizes[: raster[0] * raster[1]]):
        side = 1 - 2 * (i % 2)
        step_x, step_y = plate.width / raster[0], plate.length / raster[1]
        x, y = (i % raster[0] + 0.5) * step_x - plate.width / 2, (i // raster[0] + 0.5) * step_y - plate.length / 2
        place = (x, y, side * (plate.thickness + h) / 2)
        made.append(Box(name=f"box{i}", material="cu", coating="w", size=(across * step_x, along * step_y, h), position=place))
    return made


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    plate=st.builds(
        Plate,
        name=st.just("plate"), material=st.just("al"), coating=st.just("w"),
        width=st.floats(0.2, 1.0), length=st.floats(0.2, 1.0), thickness=st.floats(0.0005, 0.03),
    ),
    raster=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    sizes=st.lists(cell, min_size=1, max_size=9),
)  # fmt: skip
def test_random_assemblies_add_up(plate, raster, sizes):
    """Volume by cells equals the closed form and the surface integral of x·n/3 per part; boxes touch the plate with their foot prints."""
    parts = parts_on(plate, raster, sizes)
    made = assemble(parts, MeshSettings(size=0.1))
    volumes = part_volumes(made)
    assert volumes == pytest.approx([solid.volume for solid in all_solids(parts)], rel=1e-9)
    vectors = area_vectors(made.points, made.facets)
    owner = made.cell_part[made.facet_cell]
    flux = np.einsum("ij,ij->i", vectors, made.points[made.facets].mean(axis=1)) / 3
    assert np.bincount(owner, flux, len(parts)) == pytest.approx(volumes, rel=1e-9)
    assert [(touch.part_a, touch.part_b) for touch in made.touches] == [(0, i) for i in range(1, len(parts))]
    assert [touch.area for touch in made.touches] == pytest.approx([part.size[0] * part.size[1] for part in parts[1:]], rel=1e-9)
    bonded = assemble(parts, MeshSettings(size=0.1), bonded=lambda a, b: True)
    assert len(bonded.bonds) == len(made.touches)
    assert part_volumes(bonded).sum() == pytest.approx(volumes.sum(), rel=1e-12)
