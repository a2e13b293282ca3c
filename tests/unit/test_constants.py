"""Constants of nature stand once in each room that may not ask another, and are the same everywhere."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from scipy import constants as nature

import orbit.constants
import power.constants
import thermal.constants
from heliorack.casefile import units
from orbit.settings import EnvironmentSettings
from orbit.sun import AU

ROOT = Path(units.__file__).parents[2]
ROOMS = (orbit.constants, thermal.constants, power.constants)
HOMES = {"constants.py", "units.py"}


@pytest.mark.parametrize("room", ROOMS)
def test_constants_are_those_of_nature(room):
    """Stefan-Boltzmann to the ten digits that are given, the ice point exactly, and one solar constant."""
    assert pytest.approx(nature.Stefan_Boltzmann, rel=1e-10) == room.STEFAN_BOLTZMANN
    assert nature.zero_Celsius == room.ZERO_CELSIUS == units.ZERO_CELSIUS
    assert room.SOLAR_CONSTANT == orbit.constants.SOLAR_CONSTANT
    assert nature.au == AU


def test_deep_space_has_one_temperature():
    """The environment's; power asks for it and has none of its own. Where a default is 0 K there are no surroundings."""
    stated = {
        path.relative_to(ROOT).as_posix()
        for room in ("heliorack", "orbit", "meshes", "thermal", "power")
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_bytes()))
        for target, value in _defaults(node)
        if "sink" in target and isinstance(value, ast.Constant) and isinstance(value.value, float) and value.value > 0.0
    }
    assert stated == {"orbit/settings.py"}
    assert EnvironmentSettings().sink == 2.725


def _defaults(node):
    """Names and values of assignments and of arguments with a default."""
    if isinstance(node, ast.AnnAssign) and node.value is not None and isinstance(node.target, ast.Name):
        yield node.target.id, node.value
    elif isinstance(node, ast.Assign):
        yield from ((target.id, node.value) for target in node.targets if isinstance(target, ast.Name))
    elif isinstance(node, ast.arguments):
        plain = [*node.posonlyargs, *node.args]
        yield from zip((a.arg for a in plain[len(plain) - len(node.defaults) :]), node.defaults, strict=True)
        yield from ((a.arg, value) for a, value in zip(node.kwonlyargs, node.kw_defaults, strict=True) if value is not None)


def test_nobody_writes_them_out():
    """The ice point, Stefan-Boltzmann and the solar constant stand as figures in their homes alone."""
    for room in ("heliorack", "orbit", "meshes", "thermal", "power"):
        for path in (ROOT / room).rglob("*.py"):
            if path.name not in HOMES:
                for node in ast.walk(ast.parse(path.read_bytes())):
                    if isinstance(node, ast.Constant) and isinstance(node.value, float):
                        assert node.value not in (273.15, 1361.0), f"{path}: line {node.lineno}"
                        assert not 5.6e-8 < node.value < 5.7e-8, f"{path}: line {node.lineno}"


def test_help_and_reading_a_case_do_not_wait_for_scipy():
    """Constants cost no import: neither `--help` nor a case file needs scipy."""
    text = "import sys; import heliorack.cli, heliorack.case.case; print([m for m in sys.modules if m.split('.')[0] == 'scipy'])"
    said = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(ROOT)})
    assert said.stdout.strip() == "[]"
