"""The radiator of cases/gpu_tray_leo.toml, hot operational, on one sheet: a single node and a handful of textbook formulas.

Run it: `python docs/tray_by_hand.py`. It uses nothing of the program but three figures that `heliorack orbit` prints (period, beta angle,
shadow); everything else is on this page. docs/tray_by_hand.md compares the outcome with the run.
"""

from __future__ import annotations

from math import cos, pi, radians, sin

import numpy as np

SIGMA = 5.670374419e-8  # W/m2K4

# ---- environment: `heliorack orbit cases/gpu_tray_leo.toml --case hot_operational`
PERIOD = 5738.993  # s
BETA = -23.994705  # deg
DARK = 2062.826 / PERIOD  # part of the orbit without sunlight (shadow_equivalent_s)
SUN, ALBEDO, EARTH = 1407.7, 0.35, 261.0  # W/m2, -, W/m2 emitted at 6378.137 km
RATIO = (6378.137 + 550) / 6378.137  # distance over planet radius

# ---- the radiator, from the case file
WIDTH, LENGTH, THICKNESS = 2.0, 4.6, 0.020  # m
TRAY = (1.9, 0.5)  # m, lies on the -z face
EPSILON, ALPHA = 0.92, 0.30  # white paint at end of life
PIPES, PIPE_WIDTH, PITCH = 20, 0.040, 0.096  # -, m, m
K_PIPE, K_CORE = 50_000.0, 9.17  # W/mK
H_PLATE, H_PIPE = 2000.0, 3000.0  # W/m2K: tray to radiator, pipe to panel
H_CHIP, K_CHIP = 20_000.0, 120.0  # W/m2K: chip to cold plate; W/mK: accelerator module
CHIP = (0.120, 0.100, 0.012)  # m


def compute_power() -> dict[str, float]:
    """What the devices of the tray draw, all of which becomes heat [W]."""
    return {
        "gpu": 8 * (145 + 0.9 * (700 - 145)),
        "cpu": 2 * (100 + 0.5 * (400 - 100)),
        "memory": 4 * (20 + 0.8 * (60 - 20)),
        "nic": 4 * 25,
        "optics": 8 * 9,
        "ssd": 4 * (8 + 0.5 * (25 - 8)),
    }


def regulator_loss(load: float) -> float:
    """Orbit mean of the converters' loss [W], all of which is in the tray: 5 % each way between array, battery and load."""
    way, store = 1 / 0.95 - 1, 0.98 * 0.98
    serving = load * way  # array to load in sunlight, battery to load in the dark
    charging = DARK * load / 0.95 / store * way  # the battery must take what it gives in the dark, and its own loss
    return serving + charging


def earth_on_faces(normals: np.ndarray, places: int = 120, rings: int = 100, spokes: int = 180) -> tuple[np.ndarray, np.ndarray]:
    """Orbit mean of Earth infrared and albedo on plates [W/m2]: a plain sum over patches of the visible ground.

    Args:
        normals: (f, 3) outward unit vectors in body axes: x to the Sun, z nearest to the orbit normal.
    """
    beta = radians(BETA)
    psi = (np.arange(rings) + 0.5) / rings * np.arccos(1 / RATIO)  # angle at the Earth's centre from the sub-satellite point
    phi = (np.arange(spokes) + 0.5) / spokes * 2 * pi
    psi, phi = (grid.ravel() for grid in np.meshgrid(psi, phi, indexing="ij"))
    patch = np.sin(psi) * (np.arccos(1 / RATIO) / rings) * (2 * pi / spokes)  # over the planet radius squared
    infrared, albedo = np.zeros(len(normals)), np.zeros(len(normals))
    for theta in (np.arange(places) + 0.5) / places * 2 * pi:
        # orbit axes: first towards the Sun's projection, third the orbit normal; the body turns them by beta
        up = np.array([cos(theta), sin(theta), 0.0])
        sun = np.array([cos(beta), 0.0, sin(beta)])
        body = np.array([sun, [0.0, 1.0, 0.0], [-sin(beta), 0.0, cos(beta)]])
        east = np.array([-sin(theta), cos(theta), 0.0])
        ground = np.cos(psi)[:, None] * up + np.sin(psi)[:, None] * (np.cos(phi)[:, None] * east + np.sin(phi)[:, None] * [0.0, 0.0, 1.0])
        path = ground - RATIO * up
        distance = np.linalg.norm(path, axis=1)
        leaving = np.maximum(-np.sum(path * ground, axis=1), 0) / distance  # cosine of emission
        arriving = np.maximum(path @ body.T @ np.asarray(normals).T, 0) / distance[:, None]
        weight = (patch * leaving / distance**2)[:, None] * arriving / pi
        infrared += EARTH * weight.sum(axis=0) / places
        albedo += ALBEDO * SUN * (np.maximum(ground @ sun, 0)[:, None] * weight).sum(axis=0) / places
    return infrared, albedo


def estimate() -> dict[str, float]:
    """Every figure of the sheet, units in the names."""
    devices = sum(compute_power().values())
    regulators = regulator_loss(devices + 200.0)  # the platform's 200 W pass the converters, their heat stays elsewhere
    heat = devices + regulators

    face, side, end = WIDTH * LENGTH, LENGTH * THICKNESS, WIDTH * THICKNESS
    covered = TRAY[0] * TRAY[1]
    areas = np.array([face, face - covered, side, side, end, end])
    normals = np.array([[0, 0, 1], [0, 0, -1], [1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0]], dtype=float)
    infrared, albedo = earth_on_faces(normals)
    from_earth = EPSILON * float(areas @ infrared)
    reflected = ALPHA * float(areas @ albedo)
    sunlit = ALPHA * SUN * (1 - DARK) * side  # the one edge that faces the Sun
    emitting = float(areas.sum())
    kelvin = ((heat + from_earth + reflected + sunlit) / (EPSILON * SIGMA * emitting)) ** 0.25

    net = heat / face  # what one square metre of planform carries away [W/m2]
    gap = PITCH - PIPE_WIDTH
    edge = (WIDTH - ((PIPES - 1) * PITCH + PIPE_WIDTH)) / 2
    fin = net * (gap / 2) ** 2 / (2 * K_CORE * THICKNESS)
    bond = net * gap / 2 / (THICKNESS * H_PIPE)
    one = heat / PIPES
    evaporator, condenser = TRAY[1] / 2, (LENGTH - TRAY[1]) / 2
    section = K_PIPE * PIPE_WIDTH * THICKNESS
    chip = compute_power()["gpu"] / 8
    footprint = CHIP[0] * CHIP[1]
    return {
        "devices_W": devices,
        "regulators_W": regulators,
        "heat_W": heat,
        "earth_infrared_W": from_earth,
        "albedo_W": reflected,
        "sun_W": sunlit,
        "emitting_m2": emitting,
        "covered_m2": covered,
        "edges_m2": 2 * (side + end),
        "edges_emit_W": EPSILON * SIGMA * 2 * (side + end) * kelvin**4,
        "radiator_K": kelvin,
        "radiator_if_uncovered_K": kelvin * (emitting / (emitting + covered)) ** 0.25,
        "radiator_without_edges_K": ((heat + from_earth + reflected + sunlit) / (EPSILON * SIGMA * (emitting - 2 * (side + end)))) ** 0.25,
        "gap_middle_below_pipe_K": fin + bond,
        "outer_strip_below_pipe_K": net * edge**2 / (2 * K_CORE * THICKNESS) + net * edge / (THICKNESS * H_PIPE),
        "pipe_middle_above_tip_K": one / 2 * (evaporator + condenser) / 2 / section,
        "pipe_load_W_m": one / 2 * (evaporator + condenser) / 2,
        "plate_above_radiator_everywhere_K": heat / (covered * H_PLATE),
        "plate_above_radiator_pipes_only_K": heat / (PIPES * PIPE_WIDTH * TRAY[1] * H_PLATE),
        "gpu_above_footprint_K": chip / (footprint * H_CHIP) + chip / footprint * CHIP[2] / (3 * K_CHIP),
    }


if __name__ == "__main__":
    for name, value in estimate().items():
        print(f"{name:36s} {value:12.4f}")
