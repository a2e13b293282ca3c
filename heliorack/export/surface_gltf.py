"""The outside of a body as binary glTF 2.0, coloured by its temperatures at one moment."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.runfolder.surface import Surface

Floats = NDArray[np.float64]

MAGIC, VERSION, JSON_CHUNK, BINARY_CHUNK = 0x46546C67, 2, 0x4E4F534A, 0x004E4942
FLOAT, UNSIGNED, TRIANGLES, VERTICES, INDICES = 5126, 5125, 4, 34962, 34963


def write(surface: Surface, limits: tuple[float, float], target: Path) -> list[Path]:
    """Write a .glb with a node for each part, in metres as glTF has it, vertices coloured by the map of pictures and values beside them.

    Args:
        surface: Temperatures by point.
        limits: Temperatures at the ends of the colours [degC].
        target: File to write.
    """
    pieces: list[bytes] = []
    accessors, views, meshes, nodes = [], [], [], []

    def add(array: NDArray[np.generic], kind: str, component: int, purpose: int, bounded: bool = False) -> int:
        raw = np.ascontiguousarray(array).tobytes()
        views.append({"buffer": 0, "byteOffset": sum(map(len, pieces)), "byteLength": len(raw), "target": purpose})
        ends = {"min": array.min(axis=0).tolist(), "max": array.max(axis=0).tolist()} if bounded else {}
        accessors.append({"bufferView": len(views) - 1, "componentType": component, "count": len(array), "type": kind, **ends})
        pieces.append(raw + bytes(-len(raw) % 4))
        return len(accessors) - 1

    for i in surface.present():
        one = surface.only([i])
        attributes = {
            "POSITION": add(one.points.astype("<f4"), "VEC3", FLOAT, VERTICES, bounded=True),
            "COLOR_0": add(colours(one.value, limits).astype("<f4"), "VEC3", FLOAT, VERTICES),
            "_TEMPERATURE_DEGC": add(one.value.astype("<f4"), "SCALAR", FLOAT, VERTICES),
        }
        corners = add(one.triangles.ravel().astype("<u4"), "SCALAR", UNSIGNED, INDICES)
        meshes.append(
            {
                "name": surface.part_names[i],
                "primitives": [{"attributes": attributes, "indices": corners, "mode": TRIANGLES, "material": 0}],
            }
        )
        nodes.append({"name": surface.part_names[i], "mesh": len(meshes) - 1})
    #: +z up, as here, is +y there
    turned = {"name": "body", "rotation": [-(0.5**0.5), 0.0, 0.0, 0.5**0.5], "children": list(range(len(nodes)))}
    said = {
        "asset": {"version": "2.0", "generator": "heliorack"},
        "scene": 0,
        "scenes": [{"nodes": [len(nodes)]}],
        "nodes": [*nodes, turned],
        "meshes": meshes,
        "materials": [
            {"name": "temperature", "doubleSided": True, "pbrMetallicRoughness": {"metallicFactor": 0.0, "roughnessFactor": 1.0}}
        ],
        "accessors": accessors,
        "bufferViews": views,
        "buffers": [{"byteLength": sum(map(len, pieces))}],
        "extras": {"colours_degC": list(limits)},
    }
    _write_chunks(said, b"".join(pieces), target)
    return [target]


def _write_chunks(said: dict[str, Any], binary: bytes, target: Path) -> None:
    """Header, JSON and numbers, each on four bytes."""
    text = json.dumps(said, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as out:
        out.write(struct.pack("<III", MAGIC, VERSION, 28 + len(text) + len(binary)))
        out.write(struct.pack("<II", len(text), JSON_CHUNK) + text)
        out.write(struct.pack("<II", len(binary), BINARY_CHUNK) + binary)


def colours(value: Floats, limits: tuple[float, float]) -> Floats:
    """Linear red, green and blue of temperatures, as glTF asks for, (n, 3)."""
    from matplotlib import colormaps

    low, high = limits
    shades = np.asarray(colormaps["plasma"](np.clip((value - low) / max(high - low, 1e-9), 0, 1)))[:, :3]
    return np.where(shades <= 0.04045, shades / 12.92, ((shades + 0.055) / 1.055) ** 2.4)
