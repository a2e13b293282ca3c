"""The house stays one that a reader can hold in mind: files of one noun, folders that fit on a screen."""

import ast
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINES, FUNCTION, FILES = 400, 60, 25  #: at most: lines of a file, lines of a function, files of a folder
#: loops that numba compiles as a whole, and solvers that stand as one page
WHOLE = {
    "orbit/year.py _loop",
    "power/system/mission_years.py _loop",
    "thermal/solve/lumped.py lumped",
    "thermal/solve/newton.py newton",
    "thermal/solve/periodic.py periodic_state",
}
PRODUCT = [path for package in ("heliorack", "orbit", "meshes", "thermal", "power", "cases") for path in (ROOT / package).rglob("*.py")]


def test_no_file_is_long():
    """Look for the second noun in one that is."""
    assert len(PRODUCT) > 200
    long = {str(path.relative_to(ROOT)): n for path in PRODUCT if (n := len(path.read_text(encoding="utf-8").splitlines())) > LINES}
    assert long == {}


def test_no_function_is_long():
    """One that is does two things."""
    long = {
        f"{path.relative_to(ROOT)} {node.name}"
        for path in PRODUCT
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= FUNCTION
    }
    assert long == WHOLE


def test_no_folder_is_full():
    """A folder of more files is two folders."""
    count = Counter(str(path.parent.relative_to(ROOT)) for path in PRODUCT)
    assert {folder: n for folder, n in count.items() if n > FILES} == {}
