"""Random valid racks always mesh: volumes add up, surfaces are closed, and every contact is the one that the drawing has."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meshes.assemble import assemble
from meshes.measure import area_vectors, face_areas, part_volumes
from meshes.parts import all_solids
from meshes.settings import MeshSettings
from meshes.shapes.rack import WALL_AXES, Bar, Rack, Shelf
from meshes.shapes.solid import TOLERANCE
from meshes.shapes.tray import Device, Lid, Slab, Tray, VapourChamber

fraction = st.floats(0.3, 0.95)
whole_or_part = st.one_of(st.just(1.0), fraction)


@st.composite
def devices(draw, board, name, on):
    """Equal packages in the cells of a raster on the board, with or without lids."""
    columns, rows = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    pitch = (board[0] / columns, board[1] / rows)
    size = tuple(draw(fraction) * step for step in pitch)
    cover = (*(draw(fraction) * step for step in pitch), draw(st.floats(0.001, 0.004)))
    lid = Lid(size=cover, material="cu") if draw(st.booleans()) else None
    height = draw(st.floats(0.003, 0.02))
    return Device(name=name, size=(*size, height), count=columns * rows, columns=columns, pitch=pitch, on=on, material="si", lid=lid)


@st.composite
def trays(draw, board):
    """A board with packages and, above them, no plate, one or two; sometimes more on the back."""
    plate = [(draw(whole_or_part) * board[0], draw(whole_or_part) * board[1], draw(st.floats(0.003, 0.012))) for _ in range(2)]
    chamber = VapourChamber(size=plate[0], material="cu") if draw(st.booleans()) else None
    cold = Slab(size=plate[1], material="al") if draw(st.booleans()) else None
    groups = [draw(devices(board, "gpu", "board"))]
    if draw(st.booleans()):
        groups.append(draw(devices(board, "stage", "back")))
    slab = Slab(size=(*board, draw(st.floats(0.002, 0.004))), material="fr4")
    return Tray(name="tray", coating="w", board=slab, vapour_chamber=chamber, cold_plate=cold, devices=tuple(groups))


@st.composite
def racks(draw):
    """Walls, trays, shelves and bars that fill the room between the walls or leave gaps; whatever the draw, nothing overlaps."""
    wide, deep, wall = draw(st.floats(0.3, 0.7)), draw(st.floats(0.3, 0.9)), draw(st.floats(0.002, 0.02))
    room, back = (wide - 2 * wall, deep - 2 * wall), 0.15 * deep  # the back of the room is for the bars
    front = room[1] - back
    tray = draw(trays((draw(whole_or_part) * room[0], draw(whole_or_part) * front)))
    walls = tuple(name for name in WALL_AXES if draw(st.booleans()))
    sheet, below = draw(st.floats(0.002, 0.005)), draw(st.sampled_from([0.0, 0.003]))
    x, y = ((wall * (a in walls) - wall * (b in walls)) / 2 for a, b in (("left", "right"), ("front", "back")))  # middle of the room
    shelf = Shelf(thickness=sheet, size=(room[0], front), at=(-x, -y - back / 2), gap=below, material="al") if draw(st.booleans()) else None
    solids = all_solids([tray])
    low = min(solid.centre[2] - solid.size[2] / 2 for solid in solids) - (sheet + below if shelf else 0.0)
    high = max(solid.centre[2] + solid.size[2] / 2 for solid in solids)
    count, pitch = draw(st.integers(1, 3)), high - low + draw(st.sampled_from([0.0, 0.01]))
    tall = high - low + (count - 1) * pitch + 2 * wall + draw(st.sampled_from([0.0, 0.008]))
    bars = [
        Bar(
            size=(draw(whole_or_part) * room[0] / 4, depth := draw(whole_or_part) * back, draw(whole_or_part) * (tall - 2 * wall)),
            at=(side * room[0] / 4, room[1] / 2 - depth / 2, 0.0),
            material="cu",
        )
        if draw(st.booleans())
        else None
        for side in (-1, 1)
    ]
    placed = {"name": "unit", "position": (0.0, -back / 2, -(low + high) / 2)}
    stack = Tray(**{key: getattr(tray, key) for key in ("coating", "board", "vapour_chamber", "cold_plate", "devices")} | placed)
    return Rack(
        name="rack", coating="w", size=(wide, deep, tall), wall=wall, material="al", walls=walls, tray=stack, trays=count, pitch=pitch,
        shelf=shelf, bus_bar=bars[0], manifold=bars[1],
    )  # fmt: skip


def drawn_contacts(solids):
    """Area in which every two boxes along the axes lie on each other, by pair."""
    found = {}
    for (i, a), (j, b) in combinations(enumerate(solids), 2):
        low = np.maximum(np.array(a.centre) - np.array(a.size) / 2, np.array(b.centre) - np.array(b.size) / 2)
        common = np.minimum(np.array(a.centre) + np.array(a.size) / 2, np.array(b.centre) + np.array(b.size) / 2) - low
        thin = abs(common) < TOLERANCE
        if thin.sum() == 1 and (common[~thin] > 0).all():
            found[i, j] = float(np.prod(common[~thin]))
    return found


@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(rack=racks())
def test_random_racks_add_up(rack):
    """Volume by cells equals the closed form and the surface integral of x·n/3; faces and contacts have their drawn areas."""
    solids = all_solids([rack])
    made = assemble([rack], MeshSettings(size=0.15))
    volumes = part_volumes(made)
    assert volumes == pytest.approx([solid.volume for solid in solids], rel=1e-9)
    flux = np.einsum("ij,ij->i", area_vectors(made.points, made.facets), made.points[made.facets].mean(axis=1)) / 3
    assert np.bincount(made.cell_part[made.facet_cell], flux, len(solids)) == pytest.approx(volumes, rel=1e-9)
    assert face_areas(made) == pytest.approx(np.concatenate([solid.areas for solid in solids]), rel=1e-9)
    drawn = drawn_contacts(solids)
    assert {(touch.part_a, touch.part_b): touch.area for touch in made.touches} == pytest.approx(drawn, rel=1e-9)
    covered = face_areas(made).sum() - face_areas(made, free=True).sum()
    assert covered == pytest.approx(2 * sum(drawn.values()), rel=1e-9)
