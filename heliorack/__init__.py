"""heliorack: does this server live in this orbit, and what array, battery and radiator does it need?

    load, load_cases      a case file as a frozen `Case`
    simulate              solve one case in memory: a `Result`
    run                   solve a case, or all its load cases, into a run folder
    open_run, open        read a finished run folder back
    sweep                 solve many designs of one case
    CaseError, GeometryError, SolveError    what can go wrong, in words

Everything is imported when it is first used; docs/python.md shows it at work.
"""

from __future__ import annotations

import os.path
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from heliorack.case.case import Case as Case
    from heliorack.case.case import load as load
    from heliorack.case.case import load_cases as load_cases
    from heliorack.casefile.errors import CaseError as CaseError
    from heliorack.results.result import Result as Result
    from heliorack.run.into_folder import run as run
    from heliorack.run.simulate import simulate as simulate
    from heliorack.runfolder.finished import open_run as open
    from heliorack.runfolder.finished import open_run as open_run
    from heliorack.sweep.into_folder import sweep as sweep
    from meshes.errors import GeometryError as GeometryError
    from thermal.errors import SolveError as SolveError

__version__ = "0.1.0"
__all__ = [
    "Case",
    "CaseError",
    "GeometryError",
    "Result",
    "SolveError",
    "__version__",
    "load",
    "load_cases",
    "open",
    "open_run",
    "run",
    "simulate",
    "sweep",
]

SISTERS = ("orbit", "meshes", "thermal", "power", "cases")
_HOMES = {
    "Case": "heliorack.case.case",
    "CaseError": "heliorack.casefile.errors",
    "GeometryError": "meshes.errors",
    "Result": "heliorack.results.result",
    "SolveError": "thermal.errors",
    "load": "heliorack.case.case",
    "load_cases": "heliorack.case.case",
    "open": "heliorack.runfolder.finished",
    "open_run": "heliorack.runfolder.finished",
    "simulate": "heliorack.run.simulate",
}
_CALLABLE = ("run", "sweep")  #: packages that are called like functions


def __getattr__(name: str) -> object:
    if name in _CALLABLE:
        return import_module(f"heliorack.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module 'heliorack' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), "open_run" if name == "open" else name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES, *_CALLABLE})


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
