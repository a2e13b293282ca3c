"""The body in three dimensions with temperatures over the orbit, direct sunlight and absorbed fluxes, light enough for a page."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heliorack.casefile.patterns import siblings
from heliorack.report.packed import Pack
from heliorack.runfolder import surface_file, tubes_file
from heliorack.runfolder.quantity import RADIATION, SUNLIGHT, TEMPERATURE, Quantity
from heliorack.runfolder.surface import Surface
from heliorack.runfolder.surface_file import WHOLE, Skin
from heliorack.visuals.labels import best_octant
from heliorack.visuals.light_surface import MOST_MOMENTS, LightSurface, light_surface
from heliorack.visuals.sun_animation import sunlight, turned

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def on_body(folders: Mapping[str, Path], pack: Pack) -> dict[str, Any] | None:
    """Bodies of all load cases that keep fields, with their fields; None where none does. Like colours mean like values in all of them."""
    there = {name: folder for name, folder in folders.items() if (folder / "fields.pvd").exists()}
    if not there:
        return None
    bodies = {name: _with_tubes(light_surface(folder), folder) for name, folder in there.items()}
    skins = {name: _skin(folder) for name, folder in there.items()}
    low, high = min(float(body.value.min()) for body in bodies.values()), max(float(body.value.max()) for body in bodies.values())
    shapes: list[tuple[LightSurface, dict[str, Any]]] = []
    cases: list[dict[str, Any]] = []
    for name, body in bodies.items():
        known = next((i for i, (shape, _) in enumerate(shapes) if _alike(shape, body)), None)
        if known is None:
            known = len(shapes)
            shapes.append((body, _shape(body, pack)))
        fields = [_temperatures(body, low, high, pack), *_fluxes(body, skins[name], pack)]
        cases.append({"label": name, "shape": known, "fields": fields})
    tops: dict[str, float] = {}
    for field in (field for case in cases for field in case["fields"]):
        tops[field["key"]] = max(tops.get(field["key"], 0.0), field["high"])
    return {"cases": cases, "shapes": [shape for _, shape in shapes], "tops": tops}


def _skin(folder: Path) -> Skin | None:
    """What the surface absorbs; None of a run that does not keep it."""
    return surface_file.read(folder) if (folder / surface_file.NAME).exists() else None


def _with_tubes(body: LightSurface, folder: Path) -> LightSurface:
    """A body with the tubes of coolant loops on it, each segment as a part of its own."""
    tubes = tubes_file.read(folder)
    if tubes is None:
        return body
    points, source, triangles = tubes.skin(float(np.linalg.norm(np.ptp(body.points, axis=0))))
    fluid = np.array([tubes.at(float(t))[source] for t in body.times], dtype=np.float32)
    return replace(
        body,
        points=np.vstack([body.points, points]),
        triangles=np.vstack([body.triangles, triangles + len(body.points)]),
        part=np.concatenate([body.part, tubes.segment[source[triangles[:, 0]]] + len(body.part_names)]),
        part_names=(*body.part_names, *tubes.names),
        value=np.hstack([body.value, fluid]),
        whole=body.whole + len(triangles),
    )


def _alike(one: LightSurface, other: LightSurface) -> bool:
    return (
        one.points.shape == other.points.shape
        and np.array_equal(one.triangles, other.triangles)
        and np.array_equal(one.points, other.points)
        and one.part_names == other.part_names
    )


def _shape(body: LightSurface, pack: Pack) -> dict[str, Any]:
    """Vertices, triangles and edges, and what the reader may see alone."""
    groups = siblings([body.part_names[i] for i in np.unique(body.part)])
    number = {name: i for i, name in enumerate(body.part_names)}
    full = Surface(body.points, body.triangles, body.part, body.value[0].astype(float), body.part_names)
    small = full.details()
    shown: list[dict[str, Any]] = [{"label": "whole body", "parts": None}]
    shown += [{"label": "the small parts", "parts": list(small)}] if small else []
    shown += [{"label": label, "parts": [number[name] for name in members]} for label, members in groups.items()]
    return {
        "points": pack.add(body.points),
        "vertices": len(body.points),
        "triangles": pack.add(body.triangles, "u4"),
        "part": pack.add(body.part, "u2"),
        "edges": pack.add(body.edges, "u4"),
        "names": list(body.part_names),
        "shown": shown,
        "eye": list(best_octant(body.points[body.triangles], body.part)),
        "drawn": [len(body.triangles), body.whole],
        "left_out": list(body.left_out),
    }


def _field(quantity: Quantity, low: float, high: float, times: Floats, value: Floats, pack: Pack) -> dict[str, Any]:
    return {
        "key": quantity.key,
        "words": quantity.words,
        "unit": quantity.unit.strip("-"),
        "decimals": quantity.decimals + (0 if quantity is not TEMPERATURE else 1),
        "colours": quantity.colours,
        "low": low,
        "high": high,
        "cells": quantity.on_facets,
        "minutes": [round(float(t) / 60, 3) for t in times],
        "value": pack.steps(value, low, high),
    }


def _temperatures(body: LightSurface, low: float, high: float, pack: Pack) -> dict[str, Any]:
    return _field(TEMPERATURE, low, high, body.times, body.value.astype(float), pack)


def _fluxes(body: LightSurface, skin: Skin | None, pack: Pack) -> list[dict[str, Any]]:
    """Direct sunlight over the orbit, and absorbed fluxes and view to space, on every triangle that radiates."""
    if skin is None or not len(skin.triangles):
        return []
    facet = _nearest(body, skin)
    found = []
    if len(skin.sky.times):
        at = np.unique(np.linspace(0, len(skin.sky.times) - 1, MOST_MOMENTS).round().astype(int))
        light = np.where(facet >= 0, _sunlight(skin, at)[:, facet], np.nan)
        found.append(_field(SUNLIGHT, 0.0, max(float(np.nanmax(light, initial=0.0)), 0.1), skin.sky.times[at], light, pack))
    for quantity in RADIATION:
        value = _on(facet, skin.fields[quantity.key])
        top = quantity.top or max(float(np.nanmax(value, initial=0.0)), 0.1)
        if len(skin.sky.times) or quantity.top:
            found.append(_field(quantity, 0.0, top, np.zeros(1), value[None], pack))
    return found


def _sunlight(skin: Skin, at: Ints) -> Floats:
    """Direct sunlight on every facet at some moments of the sky, (k, f) [W/m2]; normals of a body without joints are taken once."""
    sky = skin.sky
    if len(sky.pivot):
        return np.array([sunlight(skin, int(k), turned(skin, int(k))) for k in at])
    cosine = np.maximum(sky.sun[at] @ _normals(skin.points, skin.triangles).T, 0.0)
    return np.asarray(sky.flux[at, None] * cosine * (sky.visible[at] / WHOLE))


def _nearest(body: LightSurface, skin: Skin) -> Ints:
    """The facet that stands for every triangle: of its part, closest, and facing its way; -1 where its part has none."""
    from scipy.spatial import cKDTree

    mine, theirs = body.points[body.triangles].mean(axis=1), skin.points[skin.triangles].mean(axis=1)
    number = {name: i for i, name in enumerate(skin.part_names)}
    reach = max(float(np.ptp(body.points, axis=0).max()), 1e-9)
    one = np.hstack([mine, reach * _normals(body.points, body.triangles)])
    other = np.hstack([theirs, reach * _normals(skin.points, skin.triangles)])
    found = np.full(len(mine), -1, dtype=np.int64)
    for i in np.unique(body.part):
        its = np.flatnonzero(skin.part == number.get(body.part_names[i], -1))
        here = np.flatnonzero(body.part == i)
        if len(its):
            found[here] = its[cKDTree(other[its]).query(one[here])[1]]
    return found


def _normals(points: Floats, triangles: Ints) -> Floats:
    a, b, c = np.moveaxis(points[triangles], 1, 0)
    found = np.cross(b - a, c - a)
    return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-300))


def _on(facet: Ints, value: Floats) -> Floats:
    return np.asarray(np.where(facet >= 0, value[facet], np.nan))
