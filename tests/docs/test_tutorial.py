"""The tutorial's case answers as its text says; every block of the how-to page is part of a good case."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest
from case_text import box
from click.testing import CliRunner
from thorough import ALL

from heliorack.cli.app import cli

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
AROUND = {
    "orbit": '[orbit]\nkind = "circular"\naltitude_km = 500\ninclination_deg = 51.6\nepoch = 2028-03-21T00:00:00Z\n',
    "environment": '[environment]\npreset = "mean"\n',
    "attitude": '[attitude]\npoint = { axis = "+z", at = "nadir" }\nalign = { axis = "+x", at = "velocity" }\n',
    "parts": box("server", (200, 200, 40)),
}  #: tables of a case that a block leaves out
ENDS = (
    '[[network.nodes]]\nname = "plate"\nheat_W = 1000\n[[network.nodes]]\nname = "panel"\n'
    '[[network.radiative_conductors]]\nbetween = ["panel", "space"]\nexchange_m2 = 8\n'
)  #: nodes between which a block lifts heat


def blocks(page, language):
    """The code blocks of a page in one language."""
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    """The folder with the tutorial's case."""
    folder = tmp_path_factory.mktemp("tutorial")
    (folder / "node.toml").write_text(blocks("tutorial.md", "toml")[0])
    return folder


def commands():
    """Every command of the tutorial, by its second word."""
    lines = [line.split() for block in blocks("tutorial.md", "sh") for line in block.splitlines()]
    return {words[1]: words[1:] for words in lines}


@pytest.mark.parametrize(("command", "ends"), [("check", 0), ("orbit", 0), ("mesh", 0), pytest.param("run", 1, marks=pytest.mark.full)])
def test_the_commands_of_the_tutorial_end_as_it_says(node, monkeypatch, command, ends):
    monkeypatch.chdir(node)
    done = CliRunner().invoke(cli, commands()[command])
    assert done.exit_code == ends, done.output
    if command == "run":
        assert "server: predicted" in done.output
        assert (node / "run" / "report.html").exists()


@pytest.mark.full
@pytest.mark.parametrize("solves", [40, pytest.param(80, marks=pytest.mark.skipif(not ALL, reason="make verify: as the tutorial has it"))])
def test_the_tutorial_ends_with_a_design_that_holds(node, monkeypatch, solves):
    monkeypatch.chdir(node)
    done = CliRunner().invoke(cli, [*commands()["size"], "--force", "--set", f"size.solves={solves}"])
    assert done.exit_code == 0, done.output
    assert "SIZED and confirmed" in done.output
    assert solves < 80 or "before the design settled" not in done.output
    assert (node / "sized" / "design.toml").exists()


@pytest.mark.parametrize("block", blocks("how_to.md", "toml"), ids=lambda block: next(iter(tomllib.loads(block))))
def test_blocks_of_the_how_to_page_are_part_of_a_good_case(tmp_path, block):
    shutil.copy(ROOT / "tests" / "data" / "labelled.step", tmp_path)
    given = tomllib.loads(block)
    left = {"parts"} if given.get("environment", {}).get("kind") == "chamber" else AROUND.keys()
    if "heat_pumps" in given.get("network", {}):
        left, block = AROUND.keys() - {"parts"}, block + ENDS
    text = "\n".join([block, *(AROUND[key] for key in AROUND if key in left and key not in given)])
    (tmp_path / "case.toml").write_text(text)
    done = CliRunner().invoke(cli, ["check", str(tmp_path / "case.toml")])
    assert done.exit_code == 0, done.output
