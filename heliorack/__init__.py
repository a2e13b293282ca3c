"""heliorack: does this server live in this orbit, and what array, battery and radiator does it need?

>>> from heliorack import load, simulate  # doctest: +SKIP
>>> result = simulate(load("cases/edge_node.toml"))  # doctest: +SKIP
"""

from __future__ import annotations

import os.path
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from heliorack.case import Case as Case
    from heliorack.case import load as load
    from heliorack.results.result import Result as Result
    from heliorack.run.simulate import simulate as simulate

__version__ = "0.1.0"
__all__ = ["Case", "Result", "__version__", "load", "simulate"]

SISTERS = ("orbit", "meshes", "thermal", "power", "cases")
_HOMES = {"load": "heliorack.case", "Case": "heliorack.case", "simulate": "heliorack.run.simulate", "Result": "heliorack.results.result"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'heliorack' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})


def _check_sisters() -> None:
    """The packages that belong together come from one folder; a power.py beside a user's script would stand in for ours.

    Without pathlib, which costs a third of `--help`.
    """
    home = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    for name in SISTERS:
        spec = find_spec(name)
        if spec is None:
            raise ImportError(f"package '{name}' of heliorack is missing in {home}; install heliorack again")
        places = [os.path.realpath(place) for place in spec.submodule_search_locations or [spec.origin or name]]
        if os.path.join(home, name) not in places:
            raise ImportError(
                f"'{name}' is {places[0]}, not the package of that name that belongs to heliorack in {home}; "
                "rename that file or folder, or start Python elsewhere"
            )


_check_sisters()
