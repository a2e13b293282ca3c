"""The case file as text."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

import cases
from heliorack.casefile.document import parse, read, write
from heliorack.casefile.errors import CaseError, CaseSyntaxError

DOCUMENT = {
    "title": 'quotes " and \\ and \n and \t and ü',
    "flag": True,
    "number": -1.5e-30,
    "large": 1e22,
    "when": datetime(2027, 6, 21, 12, tzinfo=UTC),
    "day": date(2027, 6, 21),
    "hour": time(7, 30),
    "empty": [],
    "mixed": [1, {"a": 1}],
    "orbit": {"kind": "circular", "deep": {"a b": 1, "none": {}}},
    "parts": [{"name": "a", "size_mm": [1, 2.0], "inner": [{"x": 1}, {"x": 2}]}, {"name": "b", "faces": {"+x": "z93"}}],
    "cases": {"hot": {"environment.preset": "hot", "compute.gpu": {"kind": "constant"}}},
}


def test_written_text_reads_back_the_same():
    """parse(write(d)) == d, types included."""
    again = parse(write(DOCUMENT), "x")
    assert again == DOCUMENT
    assert repr(again["number"]) == "-1.5e-30"
    assert isinstance(again["parts"][0]["size_mm"][1], float)


@pytest.mark.parametrize("name", cases.names())
def test_shipped_case_reads_back_the_same(name):
    """The resolved case of a run folder is the case that was run."""
    document = read(cases.path(name))
    assert parse(write(document), "x") == document


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            'title = "a"\naltitude_km = 55O\n',
            "f.toml:2:17: not TOML: expected newline or end of document after a statement\n  altitude_km = 55O\n                  ^",
        ),
        ("[orbit\nkind = 1\n", "f.toml:1:7: not TOML: expected ']' at the end of a table declaration\n  [orbit\n        ^"),
        ("a = 1\na = 2\n", "f.toml:2:6: not TOML: cannot overwrite a value\n  a = 2\n       ^"),
        ('a = "x', 'f.toml:1:7: not TOML: unterminated string, and the file ends here\n  a = "x\n        ^'),
    ],
)
def test_syntax_error_shows_the_line(text, words):
    """File, line, column, and the line itself with a mark."""
    with pytest.raises(CaseSyntaxError) as caught:
        parse(text, "f.toml")
    assert str(caught.value) == words
    assert len(caught.value.problems) == 1


def test_bytes_that_are_not_text_are_refused(tmp_path: Path):
    """UTF-8 only, as TOML says."""
    file = tmp_path / "latin.toml"
    file.write_bytes(b'title = "\xe9"\n')
    with pytest.raises(CaseError, match="byte 9 is not UTF-8 text; save the file as UTF-8"):
        read(file)
