"""What the wings do to the radiator of cases/gpu_tray_leo.toml, on one sheet: view factors between rectangles and heat to first order.

Run it: `python docs/tray_radiation.py`. It uses nothing of the program but temperatures and heat flows of runs, which it takes from
docs/tray_radiation.json; the view factors are its own. docs/tray_radiation.md compares the outcome with the run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import atan, hypot, log, pi
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SIGMA = 5.670374419e-8  # W/m2K4

# ---- from the case file: radiator in the x-y plane, wings in the y-z plane, all 20 mm thick
HALF = 0.010  # m, half of every thickness
REACH = 1.0  # m, half of the radiator's width along x and of a wing's along z
TIP = 2.3  # m, the radiator ends here along y
WING = (3.0, 12.8)  # m, a wing begins and ends here along y
TRAY = (0.95, 0.25)  # m, half of what the tray covers of the -z face along x and y
FACE, COVERED = 9.2, 0.95  # m2
EPS_RADIATOR, EPS_CELLS, EPS_BACK = 0.92, 0.80, 0.90  # white paint; cells on +x; black polyurethane on the rest of a wing


def perpendicular(w: float, h: float, length: float) -> float:
    """A F of two rectangles at right angles that share an edge of this length [m2], w and h deep (Hamilton and Morgan, NACA TN 2836)."""
    W, H = w / length, h / length
    S = hypot(W, H)
    w2, h2, s2 = W * W, H * H, S * S
    logs = log((1 + w2) * (1 + h2) / (1 + s2)) + w2 * log(w2 * (1 + s2) / ((1 + w2) * s2)) + h2 * log(h2 * (1 + s2) / ((1 + h2) * s2))
    return length * length / pi * (W * atan(1 / W) + H * atan(1 / H) - S * atan(1 / S) + logs / 4)


def apart(w: float, h: float, first: tuple[float, float], second: tuple[float, float]) -> float:
    """The same where the two cover different stretches of the common edge line, which do not overlap [m2].

    By view-factor algebra: what two stretches exchange is half of what the four aligned rectangles over the gaps between their ends do.
    """
    (a, b), (c, d) = first, second
    return 0.5 * (perpendicular(w, h, d - a) + perpendicular(w, h, c - b) - perpendicular(w, h, c - a) - perpendicular(w, h, d - b))


def quadrature(corner: Floats, u: Floats, v: Floats, far: Floats, p: Floats, q: Floats, n: int = 24) -> float:
    """A F between two parallelograms [m2] by Gauss points, each with a corner and two edges; it faces along the edges' cross product."""
    points, weights = np.polynomial.legendre.leggauss(n)
    one, two = np.meshgrid(0.5 + points / 2, 0.5 + points / 2)
    weight = np.outer(weights, weights).ravel() / 4

    def grid(o: Floats, e: Floats, f: Floats) -> Floats:
        return np.asarray(o + one.reshape(-1, 1) * e + two.reshape(-1, 1) * f)

    path = grid(far, p, q)[None] - grid(corner, u, v)[:, None]
    square = np.sum(path**2, axis=2)
    ahead, back = np.maximum(path @ np.cross(u, v), 0), np.maximum(-(path @ np.cross(p, q)), 0)
    return float(weight @ (ahead * back / square**2) @ weight / pi)


def wing_faces() -> dict[str, tuple[Floats, Floats, Floats]]:
    """Faces of the north wing that look at the radiator: corner and edges."""
    x, y, z = np.eye(3)
    start, end = WING
    return {
        "+x": (np.array([HALF, start, -REACH]), (end - start) * y, 2 * REACH * z),
        "-x": (np.array([-HALF, start, -REACH]), 2 * REACH * z, (end - start) * y),
        "-y": (np.array([-HALF, start, -REACH]), 2 * HALF * x, 2 * REACH * z),
    }


def end_face() -> tuple[Floats, Floats, Floats]:
    """The radiator's +y end."""
    x, _, z = np.eye(3)
    return np.array([-REACH, TIP, -HALF]), 2 * HALF * z, 2 * REACH * x


def upper_end() -> tuple[Floats, Floats, Floats]:
    """What lies above the radiator of the wing's end, which looks at the +z face."""
    x, _, z = np.eye(3)
    return np.array([-HALF, WING[0], HALF]), 2 * HALF * x, (REACH - HALF) * z


def planform() -> tuple[Floats, Floats, Floats]:
    """The radiator's +z face."""
    x, y, _ = np.eye(3)
    return np.array([-REACH, -TIP, HALF]), 2 * REACH * x, 2 * TIP * y


def areas_seen() -> dict[str, dict[str, float]]:
    """A F from faces of the radiator to faces of the north wing [m2]; by symmetry the south wing has as much of its own."""
    depth = REACH - HALF
    half = apart(depth, depth, (-TIP, TIP), WING)  # each half of the face sees one side of the wing, and that half of it
    under = apart(TRAY[0] - HALF, depth, (-TRAY[1], TRAY[1]), WING)  # what the tray covers
    end = quadrature(*planform(), *upper_end())
    thin = {name: quadrature(*end_face(), *face) for name, face in wing_faces().items()}
    return {
        "+z": {"+x": half, "-x": half, "-y": end},
        "-z": {"+x": half - under, "-x": half - under, "-y": end * (1 - COVERED / FACE)},
        "+y": thin,
    }


def estimate(run: Mapping[str, Any]) -> dict[str, float]:
    """Every figure of the sheet, units in the names.

    Args:
        run: The stored figures of the run with exchange.
    """
    seen, heat = areas_seen(), run["radiator"]
    wing, own = heat["wings_K"], heat["kelvin"]
    emittance = {"+x": EPS_CELLS, "-x": EPS_BACK, "-y": EPS_BACK}
    both = 2 * sum(emittance[face] * value for row in seen.values() for face, value in row.items())  # two wings
    return {
        "top_to_wing": sum(seen["+z"].values()) / FACE,
        "bottom_to_wing": sum(seen["-z"].values()) / (FACE - COVERED),
        "end_to_wing": sum(seen["+y"].values()) / (4 * REACH * HALF),
        "seen_m2": 2 * sum(sum(row.values()) for row in seen.values()),
        "from_wings_W": EPS_RADIATOR * both * SIGMA * wing**4,
        "net_from_wings_W": EPS_RADIATOR * both * SIGMA * (wing**4 - own**4),
        "watts_per_kelvin": 4 * EPS_RADIATOR * SIGMA * heat["emitting_m2"] * own**3,
    }


def loses(heat: Mapping[str, float], kelvin: float) -> float:
    """What the radiator of a run would lose at another temperature [W]: what it emits and does not get back, less what it absorbs."""
    taken = sum(heat[name] for name in ("sun_W", "albedo_W", "earth_infrared_W", "from_wings_W", "from_others_W", "from_sky_W"))
    return (heat["emitted_W"] - heat["from_itself_W"]) * (kelvin / heat["kelvin"]) ** 4 - taken


def loss(with_them: Mapping[str, float], without: Mapping[str, float]) -> dict[str, float]:
    """What neighbours take from the radiator, at the temperature of the run with them."""
    kelvin, area = with_them["kelvin"], with_them["emitting_m2"]
    lost, alone = loses(with_them, kelvin), loses(without, kelvin)
    ratio = 1 - lost / alone
    return {
        "kelvin": kelvin - without["kelvin"],
        "less_W": alone - lost,
        "ratio": ratio,
        "equivalent_m2": area * (1 - ratio),
        "lost_m2": area * ratio,
        "needed_m2": area * ratio / (1 - ratio),
    }


def losses(runs: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """By what is to blame; the runs are those of the hot operational case."""
    whole, alone, away = (runs[name]["radiator"] for name in ("exchange", "open", "wings away"))
    return {"wings": loss(whole, away), "tray and battery": loss(away, alone), "all": loss(whole, alone)}


def sheet(runs: Mapping[str, Any]) -> dict[str, Any]:
    """Estimate and losses."""
    return {"hand": estimate(runs["exchange"]), "losses": losses(runs)}


if __name__ == "__main__":
    stored = json.loads((Path(__file__).parent / "tray_radiation.json").read_text(encoding="utf-8"))
    for name, value in estimate(stored["runs"]["hot_operational"]["exchange"]).items():
        print(f"{name:20s} {value:12.6f}")
