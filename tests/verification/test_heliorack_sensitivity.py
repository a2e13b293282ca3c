"""Gradients of a case are central differences of its own runs, to 1e-4: powers, optics with reflected paths, contacts, materials."""

from pathlib import Path
from typing import Any

import pytest
from command.cli_runner import FLYING

from heliorack import load
from heliorack.run.simulate import meshed_bodies
from heliorack.runtime.parallel import world
from heliorack.runtime.progress import silent
from heliorack.studies.sensitivity.effects import sensitivity
from heliorack.studies.sensitivity.solved import solved
from heliorack.studies.sensitivity.targets import asked
from thermal.errors import SensitivityError

PAINT = '[coatings.paint]\nsolar_absorptance = 0.25\ninfrared_emittance = 0.8\nsource = "none"\n'
TEXT = FLYING.replace('coating = "z93"', 'coating = "paint"') + PAINT
STEPS = ("solver.tolerance_K=1e-4", "solver.fixed_steps=8")
SHARE = 3e-3

#: a wing with cells, a bus whose regulators warm the server, and a heater that works in eclipse
POWERED = """
[[parts]]
name = "wing"
kind = "box"
size_mm = [20, 800, 900]
position_mm = [0, 900, 0]
material = "sheet"
coating = "paint"
coatings = { "+x" = "gaas_cells" }
mesh_mm = 300

[power]
cell = "azur_3g30"
battery = "lg_mj1"
years = 5
array_faces = "wing:+x"
array_area_m2 = 0.6
packing = 0.9
base_load_W = 20
regulator_part = "server"

[[heaters]]
name = "warm"
parts = "pack"
power_W = 40
on_below_degC = 51
off_above_degC = 55
"""

NUMBERS = {
    "compute.chip power": (("compute.chip.peak_W", 40.0), ("compute.chip.idle_W", 10.0)),
    "coatings.paint.infrared_emittance": (("coatings.paint.infrared_emittance", 0.8),),
    "coatings.paint.solar_absorptance": (("coatings.paint.solar_absorptance", 0.25),),
    "contacts.0 (server - plate)": (("contacts.0.conductance_W_m2K", 1000.0),),
    "materials.sheet.conductivity_W_mK": (("materials.sheet.conductivity_W_mK", 167.0),),
    "materials.sheet.specific_heat_J_kgK": (("materials.sheet.specific_heat_J_kgK", 896.0),),
}
BLANKET = {
    "blankets.wrap.effective_emittance": (("blankets.wrap.effective_emittance", 0.03),),
    "blankets.wrap.conductance_W_m2K": (("blankets.wrap.conductance_W_m2K", 0.2),),
    "coatings.foil.infrared_emittance": (("coatings.foil.infrared_emittance", 0.6),),
    "coatings.paint.infrared_emittance": NUMBERS["coatings.paint.infrared_emittance"],
}


def moved(path: Path, of: str, numbers: Any, bodies: Any, *more: str, share: float = SHARE) -> float:
    """Central difference of a temperature by the logarithm of some numbers that move together [K]."""
    values = []
    for factor in (1 + share, 1 - share):
        one = solved(load(path, [*more, *(f"{key}={factor * value!r}" for key, value in numbers)]), world(), silent, bodies)
        values.append(asked(one, of).objective.value)
        one.close()
    return (values[0] - values[1]) / (2 * share)


def gradients(path: Path, of: str, *more: str) -> dict[str, float]:
    """By number [K]."""
    found = sensitivity(path, more, None, of)
    return {effect.path: 100 * effect.kelvin_per_percent for effect in found.sensitivities[0].effects}


def compared(tmp_path: Path, text: str, of: str, names: Any, *more: str) -> None:
    path = tmp_path / "case.toml"
    path.write_text(text, encoding="utf-8")
    found, bodies = gradients(path, of, *more), meshed_bodies()
    for name in names:
        assert found[name] == pytest.approx(moved(path, of, {**NUMBERS, **BLANKET}[name], bodies, *more), rel=1e-4), name


def test_optics_with_exchange(tmp_path):
    """Boxes on a plate that see it: the hottest of the server by the emittance of all faces, reflections included."""
    compared(tmp_path, TEXT, "server:max", ["coatings.paint.infrared_emittance"], *STEPS)


VARIES = """
[coatings.varies]
solar_absorptance = 0.3
infrared_emittance = 0.5
infrared_emittance_at = { kind = "table", temperatures_degC = [-100, 0, 30, 60, 150], values = [0.2, 0.4, 0.45, 0.7, 0.8] }
source = "none"
"""


@pytest.mark.parametrize("more", [("run.kind=steady",), pytest.param(STEPS, marks=pytest.mark.full)], ids=["steady", "periodic"])
def test_beside_an_emittance_over_temperature(tmp_path, more):
    """The server's follows the temperature and sees the plate: by power, sunlight, contact, and the plate's constant emittance."""
    text = TEXT.replace('material = "server_box"\ncoating = "paint"', 'material = "server_box"\ncoating = "varies"', 1) + VARIES
    names = [name for name in NUMBERS if "specific_heat" not in name] if more != STEPS else ["coatings.paint.infrared_emittance"]
    compared(tmp_path, text, "server:max", names, *more)


WRAP = """
[blankets.wrap]
outer = "foil"
effective_emittance = 0.03
conductance_W_m2K = {conductance}
source = "none"
[coatings.foil]
solar_absorptance = 0.4
infrared_emittance = 0.6
source = "none"
"""


@pytest.mark.full
@pytest.mark.parametrize("conductance", [0.0, 0.2], ids=["beside an emittance over temperature", "that conducts"])
def test_a_blanket(tmp_path, conductance):
    """On the pack: by its effective emittance and conductance, by its outer layer, and by the paint that it sees."""
    text = TEXT.replace('[80, 0, 23]\nmaterial = "server_box"\ncoating = "paint"', '[80, 0, 23]\nmaterial = "server_box"\ncoating = "wrap"')
    text += WRAP.format(conductance=conductance)
    if not conductance:
        text = text.replace('material = "server_box"\ncoating = "paint"', 'material = "server_box"\ncoating = "varies"', 1) + VARIES
    compared(tmp_path, text, "pack:max", [name for name in BLANKET if conductance or "conductance" not in name], "run.kind=steady")


@pytest.mark.full
def test_every_number(tmp_path):
    """The same by power, sunlight, contact, conductivity and heat capacity."""
    compared(tmp_path, TEXT, "server:max", NUMBERS, *STEPS)


def test_steady(tmp_path):
    """The steady state under orbit-mean loads, and its coldest node."""
    names = [name for name in NUMBERS if "specific_heat" not in name]
    compared(tmp_path, TEXT, "plate:min", names, "run.kind=steady")


def test_conductivity_of_a_bolted_joint_and_a_skin(tmp_path):
    """Both conduct by the sheet's conductivity too: more than a quarter of its effect on the server."""
    bolted = "bolted = { roughness_um = 5, asperity_slope = 0.15, pressure_MPa = 0.1, hardness_MPa = 1000 }"
    text = TEXT.replace("conductance_W_m2K = 1000", bolted) + '[[skins]]\non = "plate:+z"\nmaterial = "sheet"\nthickness_mm = 2\n'
    compared(tmp_path, text, "server:max", ["materials.sheet.conductivity_W_mK"], "run.kind=steady")


def test_conductivities_of_all_axes_are_scaled_together(tmp_path):
    """A number that stands for three keys is named by all of them: here it has a quarter more effect than the first, whose name it bore."""
    numbers = [("materials.sheet.conductivity_W_mK", 167.0), ("materials.sheet.k_y_W_mK", 120.0), ("materials.sheet.k_z_W_mK", 40.0)]
    path, more = tmp_path / "case.toml", ("run.kind=steady", *(f"{key}={value}" for key, value in numbers))
    path.write_text(TEXT, encoding="utf-8")
    found, bodies = gradients(path, "server:max", *more), meshed_bodies()
    effect = found["materials.sheet.conductivity_W_mK with k_y_W_mK and k_z_W_mK"]
    assert effect == pytest.approx(moved(path, "server:max", numbers, bodies, *more), rel=1e-4)
    assert effect == pytest.approx(1.256 * moved(path, "server:max", numbers[:1], bodies, *more), rel=1e-3)


def test_a_steady_bus_is_refused(tmp_path):
    """Its answer to temperatures is not among what is differentiated: gradients beside a heater would be 40 % off."""
    path = tmp_path / "case.toml"
    path.write_text(TEXT + POWERED, encoding="utf-8")
    with pytest.raises(SensitivityError, match="differentiated over an orbit alone"):
        gradients(path, "pack:mean", "run.kind=steady")


@pytest.mark.full
def test_a_thermostat_beside_a_bus_with_cells(tmp_path):
    """Mean of a part that a heater warms, by compute power, to 3e-4 of differences over 1 per cent.

    Over smaller shares these scatter by 2e-3: the bus is told what heaters draw at 120 moments of the orbit.
    """
    path, bodies, fine = tmp_path / "case.toml", meshed_bodies(), "solver.tolerance_K=4e-4"
    path.write_text(TEXT + POWERED, encoding="utf-8")
    found = gradients(path, "pack:mean", fine)["compute.chip power"]
    assert found == pytest.approx(moved(path, "pack:mean", NUMBERS["compute.chip power"], bodies, fine, share=1e-2), rel=3e-4)
