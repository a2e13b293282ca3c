"""The house stays one that a reader can hold in mind: files of one noun, folders that fit on a screen."""

from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINES, FILES = 450, 25
PRODUCT = [path for package in ("heliorack", "orbit", "meshes", "thermal", "power", "cases") for path in (ROOT / package).rglob("*.py")]


def test_no_file_is_long():
    """Look for the second noun in one that is."""
    assert len(PRODUCT) > 200
    long = {str(path.relative_to(ROOT)): n for path in PRODUCT if (n := len(path.read_text(encoding="utf-8").splitlines())) > LINES}
    assert long == {}


def test_no_folder_is_full():
    """A folder of more files is two folders."""
    count = Counter(str(path.parent.relative_to(ROOT)) for path in PRODUCT)
    assert {folder: n for folder, n in count.items() if n > FILES} == {}
