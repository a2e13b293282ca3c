"""A small case with cells on a meshed wing, a battery on the plate, heaters and converters; it runs in seconds."""

from command.cli_runner import ORBIT, PARTS, TITLE

WING = """
[[parts]]
name = "wing"
kind = "box"
size_mm = [500, 1500, 10]
position_mm = [0, 1200, 0]
material = "sheet"
coating = "z93"
coatings = { "-z" = "gaas_cells" }
mesh_mm = 250
"""
LOADS = """
[[compute]]
name = "chip"
parts = "server"
peak_W = 24
idle_W = 6
supply_efficiency = 0.9
supply_part = "plate"
profile = { kind = "duty", utilisation = 0.8, on_fraction = 0.3, period_s = 1900 }

[[heaters]]
name = "warmer"
parts = "pack"
power_W = 10
on_below_degC = 4
off_above_degC = 10

[[limits]]
on = "server"
max_degC = 85
min_degC = -60
"""
POWER = """
[power]
cell = "azur_3g30_cic"
battery = "lg_mj1"
array_faces = "wing:-z"
array_area_m2 = 0.75
base_load_W = 3
array_to_load = 0.95
array_to_battery = 0.95
battery_to_load = 0.95
max_depth_of_discharge = 0.8
pack_capacity_Wh = 40
battery_part = "pack"
regulator_part = "plate"
"""
POWERED = TITLE + ORBIT + PARTS + WING + LOADS + POWER


def changed(text: str, *pairs: tuple[str, str]) -> str:
    """The text with each `old` replaced by its `new`; every `old` stands there once."""
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text
