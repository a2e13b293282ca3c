"""A point that solves nothing, in a module of its own so that workers find it by name."""

import json
from pathlib import Path
from typing import Any

from heliorack.sweep.execution.point import FIGURES, Job, digest


def nothing(job: Job, point: Any, parent: str | None) -> dict[str, Any]:
    """Leave what a whole point leaves for the engine: a folder with a manifest."""
    place = Path(job.folder) / point.name
    place.mkdir()
    found = dict.fromkeys(FIGURES, 1.0)
    (place / "manifest.json").write_text(json.dumps({"point": point.name, "digest": digest(job, point), "figures": found}))
    return {"state": "done", "figures": found}
