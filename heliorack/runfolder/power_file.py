"""power.json of a run folder: what the plots and tables of the power side are made from."""

import json
from pathlib import Path
from typing import Any

NAME = "power.json"


def read(run_dir: Path) -> dict[str, Any]:
    """What a run left of its power side; empty where there is none."""
    path = run_dir / NAME
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}
