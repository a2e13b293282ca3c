"""Lids and vapour chambers of trays; shelves, bus bars and manifolds of racks."""

import pytest

from meshes.assemble import assemble
from meshes.parts import solids
from meshes.settings import MeshSettings
from meshes.shapes.rack import Bar, Rack, Shelf
from meshes.shapes.tray import Device, Lid, Slab, Tray, VapourChamber

GPU = Device(
    name="gpu", size=(0.04, 0.04, 0.003), count=2, pitch=(0.1, 0), material="si", coating="black", heat=100.0,
    lid=Lid(size=(0.06, 0.06, 0.002), material="cu"),
)  # fmt: skip


def tray(**changes) -> Tray:
    """Two packages with lids below a vapour chamber below a cold plate."""
    table = {
        "name": "tray",
        "coating": "insulated",
        "board": Slab(size=(0.3, 0.2, 0.002), material="fr4"),
        "vapour_chamber": VapourChamber(size=(0.25, 0.1, 0.004), material="vapour", transport_limit=40.0),
        "cold_plate": Slab(size=(0.3, 0.2, 0.01), material="al"),
        "devices": (GPU,),
    }
    return Tray(**(table | changes))


def rack(**changes) -> Rack:
    """Two trays between six walls."""
    table = {
        "name": "rack", "coating": "white", "size": (0.4, 0.5, 0.3), "wall": 0.01, "material": "al", "tray": tray(name="unit"), "trays": 2,
        "pitch": 0.1, "mesh": 0.1,
    }  # fmt: skip
    return Rack(**(table | changes))


def levels(part) -> dict[str, tuple[float, float]]:
    """Lowest and highest z of every sub-part, in mm."""
    sides = ((solid.name.partition(".")[2], solid.centre[2], solid.size[2] / 2) for solid in solids(part))
    return {name: (round((z - half) * 1e3, 6), round((z + half) * 1e3, 6)) for name, z, half in sides}


def test_tray_is_stacked_without_gaps():
    """Board to 1 mm, package to 4, lid to 6, vapour chamber to 10, cold plate to 20."""
    found = levels(tray())
    assert list(found) == ["board", "vapour_chamber", "cold_plate", "gpu1", "gpu2", "lid_gpu1", "lid_gpu2"]
    assert found["gpu1"] == (1, 4)
    assert found["lid_gpu2"] == (4, 6)
    assert found["vapour_chamber"] == (6, 10)
    assert found["cold_plate"] == (10, 20)


def test_stacked_pieces_touch_over_the_smaller_of_them():
    """Package on board and in its lid, lid on vapour chamber, that on the cold plate."""
    made = assemble([tray()], MeshSettings(size=0.1))
    areas = {tuple(made.part_names[i].removeprefix("tray.") for i in (t.part_a, t.part_b)): t.area for t in made.touches}
    package, lid = pytest.approx(0.04 * 0.04, rel=1e-9), pytest.approx(0.06 * 0.06, rel=1e-9)
    expected = {("vapour_chamber", "cold_plate"): pytest.approx(0.025, rel=1e-9)}
    for i in (1, 2):
        expected |= {("board", f"gpu{i}"): package, (f"gpu{i}", f"lid_gpu{i}"): package, ("vapour_chamber", f"lid_gpu{i}"): lid}
    assert areas == expected


def test_lids_take_no_heat_and_the_devices_coating_unless_their_own():
    """Heat is generated in the package; a pattern gpu* leaves the lids out."""
    found = {solid.name: solid for solid in solids(tray())}
    assert (found["tray.gpu1"].heat, found["tray.lid_gpu1"].heat) == (100.0, 0.0)
    assert found["tray.lid_gpu1"].coatings["+x"] == "black"
    assert found["tray.vapour_chamber"].transport_limit == 40.0
    gold = Device(name="cpu", size=(0.04, 0.04, 0.003), material="si", lid=Lid(size=(0.06, 0.06, 0.002), material="cu", coating="gold"))
    assert {solid.name: solid.coatings["+z"] for solid in solids(tray(devices=(gold,)))}["tray.lid_cpu"] == "gold"


def test_lids_lie_away_from_the_board_wherever_the_device_is():
    """Behind the board below its package; hanging from a plate between package and plate."""
    lid = Lid(size=(0.01, 0.01, 0.001), material="cu")
    stage = Device(name="stage", size=(0.02, 0.02, 0.004), material="si", on="back", lid=lid)
    optic = Device(name="optic", size=(0.02, 0.02, 0.002), material="si", on="vapour_chamber", lid=lid)
    found = levels(tray(devices=(stage, optic), gap=0.008))
    assert (found["stage"], found["lid_stage"]) == ((-5, -1), (-6, -5))
    assert (found["optic"], found["lid_optic"]) == ((6, 8), (8, 9))
    assert found["vapour_chamber"] == (9, 13)


def test_a_vapour_chamber_alone_covers_the_devices():
    """The cold plate is then left out."""
    assert levels(tray(cold_plate=None))["vapour_chamber"] == (6, 10)


def test_contradictory_trays_are_refused():
    """A device on a plate that is not there or not next to it; doubled names; no gap."""
    hanging = {"size": (0.02, 0.02, 0.002), "material": "si"}
    with pytest.raises(ValueError, match=r"devices\.a\.on is the cold plate, but the vapour chamber is in between"):
        tray(devices=(Device(name="a", on="cold_plate", **hanging),))
    with pytest.raises(ValueError, match=r"devices\.a\.on is the vapour chamber, but the tray has none"):
        tray(devices=(Device(name="a", on="vapour_chamber", **hanging),), vapour_chamber=None)
    with pytest.raises(ValueError, match="devices: lid_gpu1 named twice"):
        tray(devices=(GPU, Device(name="lid_gpu1", **hanging)))
    with pytest.raises(ValueError, match="gap is needed when no device stands on the board below the vapour chamber"):
        tray(devices=())


def test_shelves_fill_the_room_between_the_walls_below_every_tray():
    """Touching the tray's lowest side and four walls; a missing wall lets them out to the outline."""
    shelf = Shelf(thickness=0.003, material="al", coating="black")
    found = {solid.name: solid for solid in solids(rack(shelf=shelf))}
    assert found["rack.shelf1"].size == pytest.approx((0.38, 0.48, 0.003))
    assert found["rack.shelf1"].centre[2] == pytest.approx(-0.05 - 0.001 - 0.0015)
    assert found["rack.shelf2"].centre[2] == pytest.approx(0.05 - 0.001 - 0.0015)
    assert (found["rack.shelf1"].coatings["+z"], found["rack.top"].coatings["+z"]) == ("black", "white")
    walls = ("bottom", "top", "left", "back")
    open_rack = {solid.name: solid for solid in solids(rack(shelf=shelf, walls=walls))}
    assert open_rack["rack.shelf1"].size == pytest.approx((0.39, 0.49, 0.003))
    assert open_rack["rack.shelf1"].centre[:2] == pytest.approx((0.005, -0.005))


def test_shelves_hang_below_what_is_lowest():
    """The back of the board has components of 4 mm, and the shelf a gap of 2 mm to them; a tray upside down stands on its cold plate."""
    stage = Device(name="stage", size=(0.02, 0.02, 0.004), material="si", on="back")
    shelf = Shelf(thickness=0.003, gap=0.002, material="al", size=(0.1, 0.1), at=(0.02, -0.03))
    found = {solid.name: solid for solid in solids(rack(shelf=shelf, tray=tray(name="unit", devices=(GPU, stage)), trays=1))}
    assert found["rack.shelf1"].centre == pytest.approx((0.02, -0.03, -0.005 - 0.002 - 0.0015))
    turned = rack(shelf=shelf, tray=tray(name="unit", rotation=(3.141592653589793, 0, 0)), trays=1)
    assert {solid.name: solid for solid in solids(turned)}["rack.shelf1"].centre[2] == pytest.approx(-0.020 - 0.002 - 0.0015)


def test_bus_bar_and_manifold_touch_what_they_are_put_against():
    """The bus bar stands on the back wall; the manifold between bottom and top."""
    bus = Bar(size=(0.02, 0.03, 0.2), at=(-0.1, 0.225, 0), material="cu", heat=5.0, coating="gold")
    manifold = Bar(size=(0.03, 0.03, 0.28), at=(0.1, 0.2, 0), material="al")
    made = rack(bus_bar=bus, manifold=manifold, tray=tray(name="unit", cold_plate=None))
    found = {solid.name: solid for solid in solids(made)}
    assert (found["rack.bus_bar"].heat, found["rack.bus_bar"].coatings["+x"]) == (5.0, "gold")
    assert found["rack.manifold"].coatings["+x"] == "white"
    mesh = assemble([made])
    areas = {tuple(mesh.part_names[i].removeprefix("rack.") for i in (t.part_a, t.part_b)): t.area for t in mesh.touches}
    assert areas["back", "bus_bar"] == pytest.approx(0.02 * 0.2, rel=1e-9)
    assert areas["bottom", "manifold"] == areas["top", "manifold"] == pytest.approx(0.03 * 0.03, rel=1e-9)
    assert len([pair for pair in areas if "bus_bar" in pair or "manifold" in pair]) == 3


def test_sub_parts_take_the_racks_mesh_size_unless_their_own():
    """Trays have theirs."""
    found = {solid.name: solid for solid in solids(rack(bus_bar=Bar(size=(0.01, 0.01, 0.1), at=(0, 0.2, 0), material="cu", mesh=0.005)))}
    assert (found["rack.top"].mesh, found["rack.bus_bar"].mesh, found["rack.unit1.board"].mesh) == (0.1, 0.005, None)
