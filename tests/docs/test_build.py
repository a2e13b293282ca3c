"""The documentation is built: reference pages, README snippet and docstring examples are those of the code."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "docs"))  # its scripts import one another

import verification_page


def script(name: str):
    """A script of docs/ as a module."""
    spec = importlib.util.spec_from_file_location(f"docs_{name}", ROOT / "docs" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


build = script("build")

XML = """<?xml version="1.0"?><testsuites><testsuite name="pytest">
<testcase classname="tests.verification.test_orbit_sun" name="test_june_solstice_stands_over_the_tropic" time="0.1"/>
<testcase classname="tests.verification.test_thermal_fin" name="test_efficiency[0.5-8]" time="0.1"><properties>
<property name="expected" value="0.8123456789"/><property name="found" value="0.8124"/><property name="tolerance" value="1e-3"/>
</properties></testcase>
<testcase classname="tests.verification.test_thermal_fin" name="test_efficiency[1-8]" time="0.1"><failure message="off"/><properties>
<property name="expected" value="1"/><property name="found" value="2"/><property name="quantity" value="efficiency"/>
</properties></testcase>
</testsuite></testsuites>"""


def test_no_page_is_stale():
    """Every page that is made in a second or two is what the code makes of it; `make docs` runs the README's snippet and docstrings too."""
    assert build.stale() == []


def test_a_stale_page_is_named(monkeypatch):
    """A page that differs from what would be written is named with the way to renew it."""
    monkeypatch.setattr(build, "cheap_pages", lambda: {ROOT / "docs" / "case_file.md": "something else"})
    assert any("stale: docs/case_file.md" in line for line in build.stale())


def test_numbers_of_the_snippet_may_differ_a_little():
    """Other libraries move a temperature by hundredths, not words."""
    assert build.alike("power_stage 61.5 degC", "power_stage 61.6 degC")
    assert not build.alike("power_stage 61.5 degC", "power_stage 63.0 degC")
    assert not build.alike("module1 61.5 degC", "power_stage 61.5 degC")


def test_blocks_are_replaced_between_their_comments():
    """What stands around a block stays; a page without the comments is refused."""
    text = "a\n<!-- result: begin, made -->\nold\n<!-- result: end -->\nb\n"
    new = build.with_block(text, "result", "new \\1")
    assert new == "a\n<!-- result: begin, made -->\nnew \\1\n<!-- result: end -->\nb\n"
    assert build.block_of(new, "result") == "new \\1\n"
    with pytest.raises(ValueError, match="no block 'figures'"):
        build.with_block(text, "figures", "")


def test_verification_page_with_and_without_figures(tmp_path):
    """Claims come from docstrings; recorded figures get a row each; a failure is set in bold."""
    file = tmp_path / "verification.xml"
    file.write_text(XML)
    page = verification_page.page(file)
    assert "3 tests: 1 **fail**, 2 hold." in page
    assert "June solstice stands over the tropic: Declination 23.44 deg and distance 1.0163 AU on 21 June 2027. |  |  |  | holds |" in page
    assert "(0.5-8) | 0.81234568 | 0.8124 | 0.001 | holds |" in page
    assert "same (1-8, efficiency) | 1 | 2 |  | **fails** |" in page


def test_verification_page_that_speaks_of_tests_that_are_gone():
    """Their files are named."""
    assert verification_page.missing("[`x`](../tests/verification/test_gone.py) [`y`](../README.md)") == ["tests/verification/test_gone.py"]
