"""Every link of the documentation leads to a file, a heading or a function that exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")
IDS = [str(page.relative_to(ROOT)) for page in PAGES]


def prose(page: Path) -> str:
    """The page without its code blocks and comments."""
    return re.sub(r"```.*?```|<!--.*?-->", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)


def anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def defined(file: Path) -> set[str]:
    """Functions and classes at the top level of a Python file."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_links_lead_somewhere(page):
    """Relative targets exist, and so do their headings."""
    wrong = []
    for _, target in LINK.findall(prose(page)):
        if target.startswith(("https://", "http://")):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            wrong.append(target)
    assert not wrong


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_named_functions_are_where_the_link_says(page):
    """A link [`room.module.name`](../room/module.py) names something that this file defines."""
    wrong = []
    for words, target in LINK.findall(prose(page)):
        name = words.strip("`")
        if not re.fullmatch(r"\w+(\.\w+)+", name) or not target.endswith(".py") or not words.startswith("`"):
            continue
        module, _, function = name.rpartition(".")
        if f"{module.replace('.', '/')}.py" != target.removeprefix("../") or function not in defined((page.parent / target).resolve()):
            wrong.append(f"{name} in {target}")
    assert not wrong


def test_theory_links_functions_and_tests_in_every_section():
    """No section without the code that does it and the test that holds it."""
    sections = prose(ROOT / "docs" / "theory.md").split("\n## ")[1:]
    assert len(sections) >= 13
    for section in sections:
        title = section.splitlines()[0]
        assert re.search(r"\*Functions?:\*", section), title
        assert re.search(r"\*Tests?:\*[^*]*\.\./tests/", section), title


def test_decisions_have_five_lines_each():
    """Question, choice, reason, cost, revisit."""
    entries = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8").split("\n## ")[1:]
    for entry in entries:
        assert re.findall(r"^- \*\*(\w+):\*\*", entry, re.MULTILINE) == ["Question", "Choice", "Reason", "Cost", "Revisit"], (
            entry.splitlines()[0]
        )


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_tables_are_even(page):
    """Every row of a table has as many cells as its head."""
    width = None
    for line in prose(page).splitlines():
        if not line.startswith("|"):
            width = None
            continue
        cells = len(re.findall(r"(?<!\\)\|", line))
        width = width or cells
        assert cells == width, line
