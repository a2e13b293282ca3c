"""Random small cases, as text: a few parts that touch or not, coatings, cells, spins, loads, sizes over many decades, limits or none."""

from itertools import pairwise
from math import log10
from random import Random
from typing import Any

COATINGS = ("z93", "black_anodize", "gaas_cells", "osr", "vda_kapton", "bare_al", "mirror", "bright", "insulated")
FACES = ("+x", "-x", "+y", "-y", "+z", "-z")
TARGETS = ("sun", "anti_sun", "nadir", "zenith", "velocity", "orbit_normal")
OWN = """
[materials.copper]
density_kg_m3 = 8960
specific_heat_J_kgK = 385
conductivity_W_mK = 398
source = "test"
[coatings.bare_al]
solar_absorptance = 0.15
infrared_emittance = 0.05
source = "test"
[coatings.mirror]
solar_absorptance = 0.06
infrared_emittance = 0.8
specular_fraction = 1.0
source = "test"
[coatings.bright]
solar_absorptance = 0.95
infrared_emittance = 0.02
source = "test"
[coatings.vda_kapton]
solar_absorptance = 0.35
infrared_emittance = 0.55
source = "test"
[coatings.osr]
solar_absorptance = 0.08
infrared_emittance = 0.8
source = "test"
[coatings.black_anodize]
solar_absorptance = 0.8
infrared_emittance = 0.85
source = "test"
[materials.foam]
density_kg_m3 = 50
specific_heat_J_kgK = 1400
conductivity_W_mK = 0.03
source = "test"
"""
MATERIALS = ("al_6061", "foam", "copper", "al_6061")


def decades(rng: Random, low: float, high: float) -> float:
    """A number spread evenly over the decades between two, to three figures."""
    return float(f"{10 ** rng.uniform(log10(low), log10(high)):.3g}")


def small_case(seed: int, spin: float = 600.0) -> str:
    """A case file; some are refused, some miss their limits, most are good.

    Args:
        seed: The same seed gives the same case.
        spin: Shortest time of one turn of a body that spins [s]; short ones take many steps.
    """
    rng = Random(seed)
    pile, (around, flies) = _parts(rng), _surroundings(rng, spin)
    names = [str(part["name"]) for part in pile]
    text = ['title = "a random case"', around]
    for part in pile:
        if flies and rng.random() < 0.1 and not part.get("coatings"):
            part["coatings"] = {"+z": "gaas_cells"}
        text += ["[[parts]]", *(f"{key} = {_toml(value)}" for key, value in part.items())]
    for lower, upper in pairwise(names):
        joint = rng.choice(["", "bonded = true", *2 * [f"conductance_W_m2K = {decades(rng, 0.1, 1e6)}"], "gap = true"])
        if joint and _touch(pile, lower, upper):
            text += ["[[contacts]]", f'between = ["{lower}", "{upper}"]', joint, "partial = true"]
    if len(names) > 1 and rng.random() < 0.25:
        ends = f'["{names[0]}:{rng.choice(FACES)}", "{names[-1]}:{rng.choice(FACES)}"]'
        text += ["[[straps]]", f"between = {ends}", f"conductance_W_K = {decades(rng, 1e-3, 1e3)}"]
    for _ in range(rng.choice([0, 0, 0, 1, 2])):
        text += ["[[boundaries]]", *_boundary(rng, names)]
    text += _loads(rng, names, flies)
    if flies and rng.random() < 0.4:
        text += _power(rng, pile)
    if rng.random() < 0.5:
        text += ["[[limits]]", f'on = "{rng.choice([*names, "*"])}"', f"max_degC = {rng.choice([40, 85, 500, 2000])}"]
        text += [f"min_degC = {rng.choice([-250, -100, -40])}"] if rng.random() < 0.5 else []
    text += _run(rng, bool(around))
    text += ["[radiation]", "rays = 256", "sun_rays = 4", "planet_rays = 64", "positions = 3", "closure_limit = 0.5"]
    return "\n".join(text) + OWN


def _parts(rng: Random) -> list[dict[str, Any]]:
    """One to three boxes or plates in a pile along z: on one another, with a gap, or off to a side."""
    found: list[dict[str, Any]] = []
    top = 0.0
    for name in ("one", "two", "three")[: rng.randint(1, 3)]:
        wide, deep = decades(rng, 20, 2000), decades(rng, 20, 2000)
        high = decades(rng, 1, 50) if rng.random() < 0.5 else decades(rng, 20, 500)
        gap = rng.choice([0.0, 0.0, 0.0, 0.05, 5.0, 200.0]) if found else 0.0
        aside = rng.choice([0.0, 0.0, 0.3]) * wide
        found.append(
            {
                "name": name,
                "kind": "box",
                "size_mm": [wide, deep, high],
                "position_mm": [round(aside, 6), 0.0, round(top + gap + high / 2, 6)],
                "material": rng.choice(MATERIALS),
                "coating": rng.choice(COATINGS),
                "mesh_mm": round(max(wide, deep, high) / 2, 3),
            }
        )
        top += gap + high
        if rng.random() < 0.5:
            found[-1]["coatings"] = {rng.choice(FACES): rng.choice(COATINGS)}
        if rng.random() < 0.25:
            found[-1]["heat_W"] = decades(rng, 0.1, 1e3)
    return found


def _touch(pile: list[dict[str, Any]], lower: str, upper: str) -> bool:
    """Whether two of the pile lie on one another."""
    a, b = (next(part for part in pile if part["name"] == name) for name in (lower, upper))
    return bool(abs(b["position_mm"][2] - b["size_mm"][2] / 2 - a["position_mm"][2] - a["size_mm"][2] / 2) < 1e-3)


def _surroundings(rng: Random, spin: float) -> tuple[str, bool]:
    """Tables of orbit, environment and attitude (or a chamber, or none), and whether there is an orbit."""
    kind = rng.choice(["orbit", "orbit", "orbit", "orbit", "chamber", "bench"])
    if kind == "bench":
        return "", False
    if kind == "chamber":
        shroud, lamp = rng.choice([-273.15, -180, 20]), rng.choice([0, 1400])
        return f'[environment]\nkind = "chamber"\nshroud_degC = {shroud}\nlamp_flux_W_m2 = {lamp}\n', False
    epoch = rng.choice([*3 * ["2027-06-21T00:00:00Z"], '"hottest"', '"coldest"', '"longest_eclipse"'])
    circle = f'"circular"\ninclination_deg = {rng.randint(0, 180)}\nepoch = {epoch}'
    orbit = rng.choice([f'"beta"\nbeta_deg = {round(rng.uniform(-90, 90), 1)}', circle])
    fluxes = rng.choice(['preset = "hot"', 'preset = "cold"', "solar_flux_W_m2 = 0\nalbedo = 0\nearth_ir_W_m2 = 0"])
    point, align = rng.sample(TARGETS, 2)
    first, second = rng.sample("xyz", 2)
    held = f'point = {{ axis = "{rng.choice("+-")}{first}", at = "{point}" }}\n'
    if rng.random() < 0.3:
        held = f'kind = "spin"\n{held}spin_period_s = {decades(rng, spin, 6000)}\n'
    else:
        held += f'align = {{ axis = "{rng.choice("+-")}{second}", at = "{align}" }}\n'
    return f"[orbit]\nkind = {orbit}\naltitude_km = {decades(rng, 200, 36000)}\n[environment]\n{fluxes}\n[attitude]\n{held}", True


def _boundary(rng: Random, names: list[str]) -> list[str]:
    face = f'faces = "{rng.choice(names)}:{rng.choice(FACES)}"'
    what = rng.choice(["temperature", "film", "flux", "radiation"])
    given = {
        "temperature": [f"temperature_degC = {rng.choice([-200, 20, 100])}"],
        "film": [f"h_W_m2K = {decades(rng, 0.1, 1e5)}", f"fluid_degC = {rng.choice([-273.15, 20, 100])}"],
        "flux": [f"flux_W_m2 = {rng.choice([decades(rng, 1, 1e5), -100.0, -1e5])}"],
        "radiation": ["emittance = 0.8", f"sink_degC = {rng.choice([-273.15, 20])}"],
    }[what]
    return [f'kind = "{what}"', face, *given]


def _loads(rng: Random, names: list[str], flies: bool) -> list[str]:
    text = []
    if rng.random() < 0.5:
        peak = decades(rng, 0.1, 1e3)
        idle = float(f"{peak * rng.choice([0.0, 0.1, 1.0]):.3g}")
        text += ["[[compute]]", 'name = "load"', f'parts = "{rng.choice(names)}"', f"peak_W = {peak}", f"idle_W = {idle}"]
        if flies and rng.random() < 0.5:
            text += ['eclipse = "idle"']
        elif rng.random() < 0.5:
            text += [f'profile = {{ kind = "duty", utilisation = 1.0, on_fraction = 0.3, period_s = {decades(rng, 300, 20000)} }}']
    if rng.random() < 0.25:
        low = rng.randint(-100, 40)
        text += ["[[heaters]]", 'name = "warmer"', f'parts = "{rng.choice(names)}"', f"power_W = {decades(rng, 0.1, 1e3)}"]
        text += [f"on_below_degC = {low}", f"off_above_degC = {low + rng.choice([0.1, 5, 20])}"]
    return text


def _power(rng: Random, pile: list[dict[str, Any]]) -> list[str]:
    cells = [f"{part['name']}:{face}" for part in pile for face, worn in part.get("coatings", {}).items() if worn == "gaas_cells"]
    cells += [f"{part['name']}:+z" for part in pile if part["coating"] == "gaas_cells"]
    text = ["[power]", 'cell = "azur_3g30_cic"', 'battery = "lg_mj1"', f"base_load_W = {rng.choice([0.0, 5.0, 500.0])}"]
    if cells or rng.random() < 0.25:
        text += [f'array_faces = "{rng.choice(cells or ["one:+z"])}"']
    if rng.random() < 0.5:
        text += [f"array_area_m2 = {decades(rng, 1e-3, 3)}"]
    if rng.random() < 0.5:
        text += [f"pack_capacity_Wh = {decades(rng, 1, 1e4)}"]
    return text + [f'{key} = "one"' for key in ("battery_part", "regulator_part", "base_load_part") if rng.random() < 0.3]


def _run(rng: Random, around: bool) -> list[str]:
    run = rng.choice(["periodic", "periodic", "periodic", "steady", "transient"] if around else ["steady", "transient"])
    text = ["[run]", f'kind = "{run}"']
    if run == "transient":
        text += [f"start_degC = {rng.choice([-273.15, 20, 300])}", f"duration_s = {decades(rng, 1, 2e4)}"]
    elif run == "periodic" and rng.random() < 0.1:
        text += ['starts = "both"']
    return text


def _toml(value: object) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, dict):
        return "{ " + ", ".join(f'"{key}" = "{worn}"' for key, worn in value.items()) + " }"
    return str(value)
