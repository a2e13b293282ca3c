"""Every kind of part as a case file writes it: read, named, overridden."""

import pytest

from heliorack.case.case import CaseError, loads, schema
from meshes.parts import all_solids
from meshes.shapes.rack import WALL_AXES

HEAD = """
title = "Part"
[run]
kind = "steady"
[[contacts]]
between = ["*", "*"]
conductance_W_m2K = 1000
"""
SPHERE = """
[[parts]]
name = "tank"
kind = "sphere"
radius_mm = 100
material = "al_6061"
coating = "z93"
"""
ENCLOSURE = """
[[parts]]
name = "case"
kind = "enclosure"
size_mm = [300, 200, 100]
wall_mm = 2
material = "al_6061"
coating = "z93"
inside_coating = "insulated"
coatings = { "in-z" = "z93" }
"""
WING = """
[[parts]]
name = "wing"
kind = "panel_array"
panels = 3
width_mm = 1000
length_mm = 800
thickness_mm = 20
gap_mm = 10
material = "al_6061"
coating = "z93"
hinge_width_mm = 100
hinge_material = "al_6061"
yoke_width_mm = 300
yoke_length_mm = 500
yoke_material = "al_6061"
placement = "deployed"
placements.deployed = { position_mm = [500, 0, 0], rotation_deg = [0, 0, -90] }
placements.stowed = { position_mm = [500, 0, 0], rotation_deg = [90, 0, 0] }
"""
PACK = """
[[parts]]
name = "battery"
kind = "battery_pack"
size_mm = [200, 150, 70]
material = "al_6061"
coating = "z93"
heat_W = 12
base_mm = 6
base_material = "al_6061"
wall_mm = 2
clearance_mm = 3
housing_material = "al_6061"
"""
RACK = """
[[parts]]
name = "rack"
kind = "rack"
size_mm = [400, 500, 300]
wall_mm = 10
material = "al_6061"
coating = "z93"
trays = 2
pitch_mm = 100
shelf = { thickness_mm = 3, size_mm = [380, 400], at_mm = [0, -40], material = "al_6061" }
bus_bar = { size_mm = [20, 30, 200], at_mm = [-100, 225, 0], material = "al_6061" }
manifold = { size_mm = [30, 30, 280], at_mm = [100, 220, 0], material = "al_6061" }

[parts.tray]
name = "unit"
kind = "tray"
coating = "insulated"
position_mm = [0, -40, 0]
board = { size_mm = [300, 200, 2], material = "fr4" }
vapour_chamber = { size_mm = [250, 100, 4], material = "al_6061", transport_limit_W_m = 40 }
cold_plate = { size_mm = [300, 200, 10], material = "al_6061" }

[[parts.tray.devices]]
name = "gpu"
size_mm = [40, 40, 3]
count = 2
pitch_mm = [100, 0]
material = "al_6061"
lid = { size_mm = [60, 60, 2], material = "al_6061" }
"""
RADIATOR = """
[[parts]]
name = "radiator"
kind = "radiator"
width_mm = 600
length_mm = 400
thickness_mm = 20
material = "al_6061"
coating = "z93"
sheet_mm = 0.3
sheet_material = "al_6061"
root_width_mm = 30
root_material = "al_6061"
"""
FINS = """
[[parts]]
name = "fin"
kind = "plate"
width_mm = 2
length_mm = 100
thickness_mm = 50
material = "al_6061"
coating = "z93"
array = { count = [5, 1, 1], pitch_mm = [20, 0, 0] }
"""
NAMES = {
    SPHERE: ["tank"],
    ENCLOSURE: ["case"],
    WING: ["wing.panel1", "wing.panel2", "wing.panel3", "wing.hinge1", "wing.hinge2", "wing.yoke"],
    PACK: ["battery.cells", "battery.base", "battery.housing"],
    RADIATOR: ["radiator.panel", "radiator.front_sheet", "radiator.back_sheet", "radiator.root"],
    FINS: [f"fin.{i}" for i in range(1, 6)],
}


@pytest.mark.parametrize("table", NAMES, ids=["sphere", "enclosure", "panel_array", "battery_pack", "radiator", "array"])
def test_every_kind_is_read_from_the_file(table):
    """Sub-parts bear the names that contacts and limits address."""
    assert [solid.name for solid in all_solids(loads(HEAD + table).parts)] == NAMES[table]


def test_a_whole_rack_is_read_from_the_file():
    """Walls, bars, shelves, then the trays with lids and vapour chamber."""
    names = [solid.name for solid in all_solids(loads(HEAD + RACK).parts)]
    assert names[:10] == [f"rack.{n}" for n in (*WALL_AXES, "bus_bar", "manifold", "shelf1", "shelf2")]
    tray = ["board", "vapour_chamber", "cold_plate", "gpu1", "gpu2", "lid_gpu1", "lid_gpu2"]
    assert names[10:] == [f"rack.unit{i}.{n}" for i in (1, 2) for n in tray]


def test_a_placement_is_chosen_by_override():
    """Deployed the wing runs along x, stowed it stands along z."""
    case = loads(HEAD + WING)
    assert all_solids(case.parts)[0].centre == pytest.approx((1.4, 0, 0))
    assert all_solids(case.override("parts.wing.placement=stowed").parts)[0].centre == pytest.approx((0.5, 0, 0.9))
    with pytest.raises(CaseError, match=r"parts\.wing\.placement.*is not among the part's placements \(deployed, stowed\)"):
        case.override("parts.wing.placement=folded")


def test_faults_of_the_new_tables_stand_at_their_keys():
    """A pitch that overlaps, a wall too thick, a material without a measure."""
    with pytest.raises(CaseError, match=r"parts\.fin\.array\.pitch\S* .*along x is less than the part's 2 mm"):
        loads(HEAD + FINS.replace("pitch_mm = [20", "pitch_mm = [1"))
    with pytest.raises(CaseError, match=r"parts\.case\.wall_mm = 60 .*is too thick"):
        loads(HEAD + ENCLOSURE.replace("wall_mm = 2", "wall_mm = 60"))
    with pytest.raises(CaseError, match=r"parts\.radiator\.root_material.* needs root_width"):
        loads(HEAD + RADIATOR.replace("root_width_mm = 30", ""))


def test_a_vapour_chamber_of_a_heat_pipes_conductivity_needs_its_limit():
    """In its own table, not as a part of its own."""
    vapour = "[materials.vapour]\nconductivity_W_mK = 20000\ndensity_kg_m3 = 3000\nspecific_heat_J_kgK = 500\nsource = 'test'\n"
    table = RACK.replace('4], material = "al_6061", transport_limit_W_m = 40 }', '4], material = "vapour" }')
    with pytest.raises(CaseError, match="give the table vapour_chamber its transport_limit_W_m"):
        loads(HEAD + vapour + table)


def test_the_schema_offers_every_kind():
    """With the keys of arrays and placements on each."""
    known = schema()["$defs"]
    for cls in ("Sphere", "Enclosure", "PanelArray", "BatteryPack", "Rack", "Tray", "Radiator", "Box"):
        assert {"placements", "placement", "count"} <= set(known[cls]["properties"])
    assert "array" in known["Sphere"]["properties"]
    assert known["Array"]["properties"]["pitch_mm"]["description"]
