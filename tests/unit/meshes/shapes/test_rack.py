"""Trays and racks as solids."""

import numpy as np
import pytest

from meshes.parts import solids
from meshes.shapes.rack import Rack
from meshes.shapes.tray import Device, Slab, Tray


def server_tray(**changes) -> Tray:
    """Eight accelerators in two rows below one cold plate, two processors lower than them."""
    table = {
        "name": "tray",
        "coating": "insulated",
        "board": Slab(size=(0.6, 0.7, 0.003), material="fr4"),
        "cold_plate": Slab(size=(0.6, 0.7, 0.012), material="al", coating="black"),
        "devices": (
            Device(name="gpu", size=(0.06, 0.06, 0.008), at=(0, 0.15), count=8, columns=4, pitch=(0.12, 0.14), material="cu", heat=630),
            Device(name="cpu", size=(0.07, 0.07, 0.006), at=(0, -0.15), count=2, pitch=(0.2, 0), material="cu", heat=200, coating="white"),
        ),
    }
    return Tray(**(table | changes))


def test_devices_are_numbered_and_centred_on_their_pattern():
    """gpu1 is the first of the lower row; the mean of all is `at`."""
    found = {solid.name: solid for solid in solids(server_tray())}
    assert list(found) == ["tray.board", "tray.cold_plate", *(f"tray.gpu{i}" for i in range(1, 9)), "tray.cpu1", "tray.cpu2"]
    assert found["tray.gpu1"].centre == pytest.approx((-0.18, 0.08, 0.0055))
    assert found["tray.gpu8"].centre == pytest.approx((0.18, 0.22, 0.0055))
    assert sum(solid.heat for solid in found.values()) == 8 * 630 + 2 * 200


def test_tallest_device_on_the_board_touches_the_cold_plate():
    """Board top at 1.5 mm, 8 mm of device, then 12 mm of plate."""
    found = {solid.name: solid for solid in solids(server_tray())}
    assert found["tray.cold_plate"].centre[2] == pytest.approx(0.0015 + 0.008 + 0.006)


def test_devices_may_hang_from_the_cold_plate_or_lie_behind_the_board():
    """Their far sides are at the plate and at the board's -z side."""
    stage = Device(name="stage", size=(0.02, 0.02, 0.004), material="cu", on="back")
    optic = Device(name="optic", size=(0.02, 0.02, 0.003), material="cu", on="cold_plate")
    found = {solid.name: solid for solid in solids(server_tray(devices=(stage, optic), gap=0.01))}
    assert found["tray.stage"].centre[2] == pytest.approx(-0.0015 - 0.002)
    assert found["tray.optic"].centre[2] == pytest.approx(0.0015 + 0.01 - 0.0015)


def test_coatings_go_from_tray_to_sub_part_to_face():
    """A table's own coating replaces the tray's; a pattern sub-part:face replaces both."""
    found = {solid.name: solid for solid in solids(server_tray(coatings={"cpu*:+z": "gold"}))}
    assert set(found["tray.gpu3"].coatings.values()) == {"insulated"}
    assert set(found["tray.cold_plate"].coatings.values()) == {"black"}
    assert found["tray.cpu2"].coatings["+z"] == "gold"
    assert found["tray.cpu2"].coatings["-z"] == "white"


def test_a_turned_tray_turns_its_sub_parts():
    """Half a turn about x puts the cold plate below the board."""
    found = {solid.name: solid for solid in solids(server_tray(rotation=(np.pi, 0, 0), position=(0, 0, 1.0)))}
    assert found["tray.cold_plate"].centre[2] == pytest.approx(1 - 0.0155)


def test_contradictory_trays_are_refused():
    """Doubled device names, a device on a plate that is not there, a cold plate without a gap."""
    chip = Device(name="chip", size=(0.01, 0.01, 0.01), material="cu")
    with pytest.raises(ValueError, match="devices: chip named twice"):
        server_tray(devices=(chip, chip))
    with pytest.raises(ValueError, match=r"devices\.chip\.on is the cold plate, but the tray has none"):
        server_tray(devices=(Device(name="chip", size=(0.01, 0.01, 0.01), material="cu", on="cold_plate"),), cold_plate=None)
    with pytest.raises(ValueError, match="gap is needed"):
        server_tray(devices=())


def test_rack_has_closed_walls_and_numbered_trays():
    """Six walls fill outer box minus inner box exactly; trays are a pitch apart."""
    rack = Rack(
        name="rack", coating="white", size=(0.7, 0.8, 0.5), wall=0.01, material="al", trays=3, pitch=0.12, tray=server_tray(name="blade")
    )
    found = {solid.name: solid for solid in solids(rack)}
    walls = [found[f"rack.{wall}"] for wall in ("bottom", "top", "left", "right", "front", "back")]
    assert sum(wall.volume for wall in walls) == pytest.approx(0.7 * 0.8 * 0.5 - 0.68 * 0.78 * 0.48, rel=1e-12)
    boards = [found[f"rack.blade{i}.board"].centre[2] for i in (1, 2, 3)]
    assert boards == pytest.approx([-0.12, 0, 0.12])
    assert found["rack.left"].coatings["+x"] == "white"
    assert found["rack.blade2.gpu1"].coatings["+x"] == "insulated"


def test_rack_needs_a_pitch_and_room_inside():
    """Messages begin with the field."""
    with pytest.raises(ValueError, match=r"^pitch is needed"):
        Rack(name="r", coating="w", size=(1, 1, 1), wall=0.01, material="al", trays=2, tray=server_tray())
    with pytest.raises(ValueError, match=r"^wall is too thick"):
        Rack(name="r", coating="w", size=(1, 1, 1), wall=0.5, material="al", tray=server_tray())
