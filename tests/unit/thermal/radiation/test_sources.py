"""What is kept depends on all source and libraries behind it: a rule that changed is a miss, wherever it stands."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from triangles import box, together

from thermal.radiation import closure, factor_cache, sources, sun_cache
from thermal.radiation.cache import ruled
from thermal.radiation.sources import HOUSE, library, reached, rules_of

ROOT = Path(__file__).parents[4]
#: The module that has factors made and kept, wherever it stands.
MAKER_FILE = next(
    path
    for package in ("heliorack", "thermal")
    for path in sorted((ROOT / package).rglob("*.py"))
    if "factors_from(" in path.read_text() and path.stem != "factor_cache"
)
maker = import_module(".".join(MAKER_FILE.relative_to(ROOT).with_suffix("").parts))
BEHIND_FACTORS = ("rays", "ray_factors", "clusters", "closure", "factor_cache", "radiosity", "surface_checks")
BEHIND_SHADOWS = ("rays", "sun_cache")


@pytest.fixture(name="changed")
def _changed(monkeypatch):
    """Pretends that one number of a source file is another one; forgets digests before and after."""

    def change(path: Path) -> None:
        def read(file: Path) -> bytes:
            text = file.read_bytes()
            return text if file != path else other_constant(text)

        monkeypatch.setattr(sources, "read", read)
        sources._digest.cache_clear()

    sources._digest.cache_clear()
    yield change
    sources._digest.cache_clear()


def other_constant(text: bytes) -> bytes:
    """A source with its last number (or, without one, its last name) changed."""
    found = list(re.finditer(rb"\b\d+\b", text)) or list(re.finditer(rb"\b\w+\b", text))
    return text[: found[-1].end()] + b"9" + text[found[-1].end() :]


def start(module: object) -> Path:
    """File of a module."""
    return Path(str(module.__file__))


def test_what_factors_and_shadows_depend_on_is_found():
    """The walk reaches every file that computes, in both directions through the packages, without importing any of them."""
    for module, wanted in ((maker, BEHIND_FACTORS), (sun_cache, BEHIND_SHADOWS)):
        files, libraries = reached(start(module))
        assert {f"thermal.radiation.{name}" for name in wanted} <= {*files, f"thermal.radiation.{start(module).stem}"}
        assert {"numpy", "numba", "embreex"} <= libraries
    assert "scipy" in reached(start(maker))[1]


def test_a_changed_constant_in_any_file_is_a_miss(changed, monkeypatch):
    """Each file behind the factors and behind the shadows in turn; and none changed is the same key."""
    for make in (maker.trace, sun_cache.sunlit):
        behind = reached(start(sys.modules[make.__module__]))
        monkeypatch.setattr(sources, "reached", lambda _, behind=behind: behind)  # a number more or less imports nothing else
        changed(Path())  # nothing, nor what the loop before ended on
        before = ruled("key", make)
        assert ruled("key", make) == before
        for path in behind[0].values():
            if path.read_bytes().strip():
                changed(path)
                assert ruled("key", make) != before, path
    assert ruled("key", maker.trace) != ruled("other key", maker.trace)


@pytest.mark.parametrize("name", ["numpy", "numba", "embreex"])
def test_another_version_of_a_library_is_a_miss(changed, monkeypatch, name):
    before = ruled("key", sun_cache.sunlit)
    changed(Path())
    assert ruled("key", sun_cache.sunlit) == before
    sources._digest.cache_clear()
    monkeypatch.setattr(sources, "library", lambda asked: "99.0" if asked == name else library(asked))
    assert ruled("key", sun_cache.sunlit) != before


def test_shadows_by_other_rules_are_traced_again(changed, tmp_path):
    """Nothing changed: nothing traced. A constant of `rays` changed: all traced. It changed back: the first file serves."""
    view = together([*box((0, 0, 0), (1, 1, 1), 2)])[0]
    towards = np.array([[0.0, 0.0, 1.0], [0.6, 0.0, 0.8]])
    assert [sun_cache.sunlit_from(tmp_path, view, towards).traced for _ in range(2)] == [2, 0]
    changed(ROOT / "thermal/radiation/rays.py")
    assert sun_cache.sunlit_from(tmp_path, view, towards).traced == 2
    changed(Path())
    assert sun_cache.sunlit_from(tmp_path, view, towards).traced == 0


def test_the_store_itself_is_a_rule(changed):
    """How factors are packed and unpacked counts with every maker, also one that knows nothing of it."""
    before = ruled("key", closure.close, factor_cache.load)
    changed(Path(factor_cache.__file__))
    assert ruled("key", closure.close, factor_cache.load) != before


FACTORS = """
import sys
from pathlib import Path
import numpy as np
from own_maker import make
from thermal.radiation.factor_cache import clusters_from, factors_from
made, reused = factors_from(Path(sys.argv[1]), "key", make)
print(reused, made.closed.sky[0])
"""
MAKER = """
import numpy as np
from scipy.sparse import csr_array
from thermal.radiation.closure import close
from thermal.radiation.factor_cache import Factors
SHARE = 0.5
def make():
    F = csr_array(np.array([[0.0, SHARE], [SHARE, 0.0]]))
    return Factors(close(F, np.full(2, 1 - SHARE), np.ones(2), csr_array((2, 2)), 0.1))
"""


def test_a_rule_of_another_package_counts(tmp_path):
    """A maker outside of thermal: another constant in it gives other factors, and does not find the old ones."""
    (tmp_path / "run.py").write_text(FACTORS)
    maker_file = tmp_path / "own_maker.py"

    def said(text: str) -> list[str]:
        maker_file.write_text(text)
        command = [sys.executable, "-B", str(tmp_path / "run.py"), str(tmp_path / "cache")]
        out = subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(ROOT)}, cwd=tmp_path)
        return out.stdout.split()

    assert said(MAKER) == ["False", "0.5"]
    assert said(MAKER) == ["True", "0.5"]
    assert said(MAKER.replace("SHARE = 0.5", "SHARE = 0.25")) == ["False", "0.75"]


def test_a_function_without_a_file_is_not_kept(tmp_path):
    """What cannot be digested is computed every time."""
    space: dict[str, object] = {"__name__": "nowhere"}
    exec("def make(): return None", space)
    assert rules_of(space["make"]) is None
    assert ruled("key", space["make"]) is None


def test_imports_are_those_that_python_sees():
    """No import that `ast` finds, at the top or inside functions, is missed in any file of the house."""
    for package in HOUSE:
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_bytes()
            wanted = set()
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Import):
                    wanted |= {alias.name for alias in node.names}
                elif isinstance(node, ast.ImportFrom):
                    assert node.level == 0, f"{path}: relative imports are not followed"
                    wanted |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
            assert wanted <= sources._imported(text), path


def test_the_house_is_that_of_the_contracts():
    """Every package whose source is ours is followed; the shipped cases are data."""
    roots = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
    assert {*roots} - {"cases"} == HOUSE


def test_libraries_say_their_version():
    """By distribution; one installed under another name by the file that opens it; what is not there by nothing."""
    assert re.fullmatch(r"\d+\.\d+.*", library("numpy"))
    assert len(library("erfa")) == 64
    assert library("no_such_package") == ""


def test_machine_code_takes_no_constant_from_another_file():
    """numba keeps machine code by the date of the function's own file: a constant of another file would stay what it was."""
    for package in HOUSE:
        for path in (ROOT / package).rglob("*.py"):
            tree = ast.parse(path.read_bytes())
            taken = {
                alias.asname or alias.name
                for node in ast.walk(tree)
                if isinstance(node, ast.ImportFrom) and str(node.module).partition(".")[0] in HOUSE
                for alias in node.names
            }
            compiled = [
                node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and "njit" in map(_called, node.decorator_list)
            ]
            for function in compiled:
                names = {node.id for part in function.body for node in ast.walk(part) if isinstance(node, ast.Name)}
                assert not names & taken, f"{path}: {function.name} uses {names & taken}"


def _called(decorator: ast.expr) -> str:
    """Last name of a decorator."""
    inner = decorator.func if isinstance(decorator, ast.Call) else decorator
    return inner.attr if isinstance(inner, ast.Attribute) else getattr(inner, "id", "")
