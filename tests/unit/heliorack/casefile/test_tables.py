"""From dataclasses to tables of the case file: keys, bounds, unions, conversion, and the words for what does not fit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import pytest
from annotated_types import Ge, Gt, Interval, MinLen

import heliorack
from heliorack.casefile.decode import read
from heliorack.casefile.errors import Problem, report
from heliorack.casefile.fields import Number, comments, entries, shape
from heliorack.casefile.json_schema import json_schema
from heliorack.casefile.paths import spell

type Fraction = Annotated[float, "-", Interval(gt=0, le=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What has a name."""

    name: str  #: how it is called
    #: above the field,
    #: on two lines
    note: Annotated[str, MinLen(1)] | None = None

    def __post_init__(self) -> None:
        if self.note == "odd":
            raise ValueError("note 'odd' is odd; leave it out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block(Named):
    """A block."""

    kind: Literal["block"] = "block"
    size: Annotated[tuple[float, float, float], "mm", Gt(0)]  #: edges
    coating: str | dict[str, str] = "bare"
    axis: Literal["+x", "-x"] | Annotated[tuple[float, float, float], "-"] = "+x"
    count: Annotated[int, "-", Ge(1)] = 1
    solid: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet(Named):
    """A sheet."""

    kind: Literal["sheet", "foil"] = "sheet"
    thickness: Annotated[float, "mm", Gt(0)] | None = None  #: of the sheet
    packing: Fraction = 0.9
    hottest: Annotated[float, "degC", Interval(ge=173.15, le=473.15)] = 293.15


@dataclass(frozen=True, slots=True)
class File:
    """A file."""

    when: datetime | Literal["hottest", "coldest"] = "hottest"
    parts: tuple[Block | Sheet, ...] = ()
    named: dict[str, Sheet] = field(default_factory=dict)
    made: str = field(default="", metadata={"file": False})


def words(document: dict[str, object]) -> str:
    """The report on a document."""
    faults = read(File, document).faults
    return report("f", tuple(Problem(spell(document, fault.location), fault.found, fault.message) for fault in faults))


def part(**keys: object) -> dict[str, object]:
    """A document with one block named a."""
    return {"parts": [{"name": "a", "kind": "block", "size_mm": [1, 2, 3]} | keys]}


def test_good_document_is_frozen_dataclasses_in_si():
    """Whole numbers serve as floats, arrays become tuples, defaults are the dataclass's own."""
    document = {
        "when": datetime(2027, 6, 21, tzinfo=UTC),
        "parts": [
            {"name": "a", "kind": "block", "size_mm": [1, 2, 9], "coating": {"+x": "z93"}, "axis": [0, 0, 1]},
            {"name": "b", "kind": "foil", "thickness_mm": 0.5, "hottest_degC": 85},
        ],
        "named": {"x": {"name": "c", "kind": "sheet"}},
    }
    made = read(File, document).built[()]
    assert made == File(
        when=datetime(2027, 6, 21, tzinfo=UTC),
        parts=(
            Block(name="a", size=(0.001, 0.002, 0.009), coating={"+x": "z93"}, axis=(0.0, 0.0, 1.0)),
            Sheet(name="b", kind="foil", thickness=0.0005, hottest=358.15),
        ),
        named={"x": Sheet(name="c")},
    )


def test_description_is_the_comment_behind_or_above():
    """Also of fields that a base class declares."""
    assert comments(Block) == {"name": "how it is called", "note": "above the field, on two lines", "size": "edges"}


def test_bounds_are_in_the_users_unit():
    """173.15 K is -100 degC."""
    assert entries(Sheet)["hottest_degC"].shape == shape(Annotated[float, "degC", Interval(ge=173.15, le=473.15)])
    bound = entries(Sheet)["hottest_degC"].shape
    assert isinstance(bound, Number)
    assert (bound.bounds.ge, bound.bounds.le) == (-100.0, 200.0)


@pytest.mark.parametrize(
    ("document", "line"),
    [
        (part(size_mm=[1, 2]), "parts.a.size_mm = [1, 2]   must be an array of 3 numbers"),
        (part(size_mm=[1, 2, 3, 4]), "parts.a.size_mm = [1, 2, 3, 4]   must be an array of 3 numbers"),
        (part(size_mm=[1, -2, 3]), "parts.a.size_mm.1 = -2   must be above 0"),
        (part(size_mm=[1, "2", 3]), 'parts.a.size_mm.1 = "2"   must be a number; write 2'),
        (part(size_mm=[1, True, 3]), "parts.a.size_mm.1 = true   must be a number"),
        (part(size_mm=[1, float("inf"), 3]), "parts.a.size_mm.1 = inf   must be a number, and a finite one"),
        (part(count=2.0), "parts.a.count = 2.0   must be a whole number"),
        (part(count=0), "parts.a.count = 0   must be at least 1"),
        (part(solid=1), "parts.a.solid = 1   must be true or false"),
        (part(name=3), "parts.0.name = 3   must be text in quotes"),
        (part(note=""), 'parts.a.note = ""   must not be empty'),
        (part(note="odd"), 'parts.a.note = "odd"   is odd; leave it out'),
        (part(coating={"+x": 3}), 'parts.a.coating."+x" = 3   must be text in quotes'),
        (part(coating=3), "parts.a.coating = 3   must be text in quotes"),
        (part(axis="+y"), 'parts.a.axis = "+y"   must be "+x" or "-x"'),
        (part(axis=[1, 2]), "parts.a.axis = [1, 2]   must be an array of 3 numbers"),
        (part(kind="blok"), 'parts.a.kind = "blok"   must be "block", "sheet" or "foil"; did you mean "block"?'),
        ({"parts": [{"name": "a"}]}, 'parts.a.kind   missing; must be "block", "sheet" or "foil"'),
        ({"parts": [{"name": "a", "kind": "block"}]}, "parts.a.size_mm   missing; edges [mm]"),
        (part(size=[1, 2, 3]), "parts.a.size = [1, 2, 3]   unknown key; did you mean size_mm?"),
        (part(thickness_mm=3), 'parts.a.thickness_mm = 3   unknown key here; it belongs to kind "sheet" or "foil"'),
        (part(zz=3), "parts.a.zz = 3   unknown key; known here: name, note, kind, size_mm, coating, axis, count, solid"),
        ({"parts": 3}, "parts = 3   must be an array of tables, each under its own [[...]]"),
        ({"parts": {"name": "a"}}, 'parts = { name = "a" }   must be an array of tables, each under its own [[...]]'),
        ({"parts": [3]}, "parts.0 = 3   must be a table"),
        ({"named": {"x": {"name": "c", "kind": "sheet", "packing": 0}}}, "named.x.packing = 0   must be above 0 and at most 1"),
        (
            {"named": {"x": {"name": "c", "kind": "sheet", "hottest_degC": 900}}},
            "named.x.hottest_degC = 900   must lie between -100 and 200 degC",
        ),
        (
            {"when": "hotest"},
            'when = "hotest"   must be a date and time such as 2027-06-21T00:00:00Z, "hottest" or "coldest"; did you mean "hottest"?',
        ),
        ({"made": "x"}, 'made = "x"   unknown key; known here: when, parts, named'),
    ],
)
def test_fault_is_said_with_place_value_and_remedy(document, line):
    """One line for one fault."""
    assert words(document) == f"f: 1 problem\n  {line}"


def test_wrong_unit_is_one_problem_and_not_two():
    """The key that was meant is not reported as missing beside the one that was written."""
    document = {"parts": [{"name": "a", "kind": "block", "size_m": [1, 2, 3]}]}
    assert words(document) == "f: 1 problem\n  parts.a.size_m = [1, 2, 3]   unknown key; did you mean size_mm?"


def test_all_faults_come_together():
    """Also a dataclass's own objection, beside a wrong type elsewhere; what is whole is still built."""
    document = {
        "parts": [
            {"name": "a", "kind": "block", "size_mm": [1, 2, 3], "note": "odd"},
            {"name": "b", "kind": "sheet", "thickness_mm": "thin"},
            {"name": "c", "kind": "sheet"},
        ],
        "when": 3,
    }
    reading = read(File, document)
    assert {fault.location for fault in reading.faults} == {("parts", 0, "note"), ("parts", 1, "thickness_mm"), ("when",)}
    assert reading.items("parts") == [(2, Sheet(name="c"))]
    assert () not in reading.built


def test_items_of_one_name_are_addressed_by_position():
    """A name that two items share would point at neither."""
    document = {"parts": [{"name": "a", "kind": "foil", "packing": 2}, {"name": "a", "kind": "foil", "packing": 3}]}
    assert [line.split()[0] for line in words(document).splitlines()[1:]] == ["parts.0.packing", "parts.1.packing"]


def test_union_without_kind_is_refused_by_name():
    """A dataclass that cannot be told from its siblings is a fault of the program."""

    @dataclass(frozen=True)
    class Other:
        x: int = 0

    with pytest.raises(TypeError, match="Other is one of several tables and needs a field kind"):
        shape(Sheet | Other)


def test_unknown_unit_is_refused():
    """Units are those of units.py."""
    with pytest.raises(TypeError, match="unit 'furlong' is not in"):
        shape(Annotated[float, "furlong"])


def test_schema_speaks_the_users_unit():
    """Keys, bounds, defaults and descriptions of the file, not of the program."""
    made = json_schema(File)
    sheet = made["$defs"]["Sheet"]["properties"]
    assert made["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert sheet["hottest_degC"] == {"minimum": -100.0, "maximum": 200.0, "type": "number", "description": "[degC]", "default": 20.0}
    assert sheet["thickness_mm"] == {"exclusiveMinimum": 0.0, "type": "number", "description": "of the sheet [mm]"}
    assert made["$defs"]["Block"]["required"] == ["kind", "name", "size_mm"]
    assert made["additionalProperties"] is False
    assert "made" not in made["properties"]


def test_pydantic_stays_at_the_borders():
    """One file for what comes in, the forms of the run folder for what goes out; everything else deals in dataclasses."""
    folder = Path(heliorack.__file__).parent
    files = [file for file in sorted(folder.rglob("*.py")) if re.search(r"^\s*(from|import) pydantic", file.read_text(), re.MULTILINE)]
    users = {str(file.relative_to(folder)) for file in files}
    assert {name for name in users if not name.startswith("runfolder/")} == {"casefile/validation.py"}
