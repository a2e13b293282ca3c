"""Figures of the radiation of a result."""

from typing import Any

import numpy as np

from heliorack.model.radiation import Radiating


def summary(found: Radiating) -> dict[str, Any]:
    """Figures for summary.json."""
    kept = found.views.factors
    if not kept:
        return {"groups": found.views.count, "model": "open"}
    errors = [np.sqrt(np.asarray(k.closed.error.power(2).sum(axis=1)).ravel()) / k.closed.areas for k in kept]
    area = found.views.areas
    return {
        "model": "exchange",
        "groups": found.views.count,
        "facets": len(found.views.facets),
        "poses": len(kept),
        "closure": {
            "rows_before": max(k.closed.rows_before for k in kept),
            "rows_after": max(k.closed.rows_after for k in kept),
            "reciprocity_before": max(k.closed.reciprocity_before for k in kept),
            "reciprocity_after": max(k.closed.reciprocity_after for k in kept),
        },
        "standard_error": float(np.sqrt(sum((e**2) @ area for e in errors) / (len(errors) * area.sum()))),
        "group_error": float(max(np.sqrt((k.unevenness**2) @ area / area.sum()) for k in kept if k.unevenness is not None)),
        "planet_error": 0.0 if found.falls is None else found.falls.hidden_error,
        **_interpolated(found),
        "temperature_error_K": found.temperature_error,
        **reuse(found),
    }


def _interpolated(found: Radiating) -> dict[str, float]:
    """Part of the radiation of groups that goes elsewhere, half way between two poses, than interpolation says; rms and worst group."""
    error = found.views.between
    return {} if error is None else {"position_error": error.row_rms, "position_error_worst": error.row_largest}


def reuse(found: Radiating) -> dict[str, int]:
    """Poses and directions of the Sun that were traced for, and how many of them were known from earlier runs."""
    return {
        "view_factors": len(found.views.factors),
        "view_factors_reused": found.views.reused,
        "sun_directions": 0 if found.falls is None else found.falls.sought,
        "sun_directions_reused": 0 if found.falls is None else found.falls.reused,
    }
