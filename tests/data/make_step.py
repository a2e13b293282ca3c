"""Makes module.step: a plate, two instances of one chip, a round post and a strip, all in mm; the other files: see below.

Made with build123d 0.13.0 on OpenCASCADE 8.0.1 (cadquery-ocp-novtk 8.0.1.1.0), which are needed for nothing else:

    pip install build123d==0.13.0
    python tests/data/make_step.py
"""

import re
from copy import copy
from pathlib import Path

from build123d import Box, Color, Compound, Cylinder, Location, export_step

HERE = Path(__file__).parent
STAMP = "2026-01-01T00:00:00"


def named(shape, label, color, at):
    """An instance of a shape: it keeps the shape's product."""
    made = copy(shape)
    made.label, made.color = label, Color(*(c / 255 for c in color))
    made.locate(Location(at))
    return made


def module():
    """Plate 100 x 80 x 4 about the origin; on it chips of 20 x 20 x 3 at x = -25 and +25, a post of radius 5 and height 10, a strip."""
    plate, chip, post, strip = Box(100, 80, 4), Box(20, 20, 3), Cylinder(5, 10), Box(60, 6, 2)
    green, black, grey = (0, 128, 0), (26, 26, 26), (200, 200, 200)
    children = [
        named(plate, "plate", green, (0, 0, 0)),
        named(chip, "chip", black, (-25, 0, 3.5)),
        named(chip, "chip", black, (25, 0, 3.5)),
        named(post, "post", grey, (0, 25, 7)),
        named(strip, "strip", grey, (0, -25, 3)),
    ]
    return Compound(label="module", children=children)


def hulls():
    """The faces of a box, sewn to no solid."""
    return Compound(label="hulls", children=list(Box(10, 10, 10).faces()))


def overlapping():
    """Two boxes that share 10 x 10 x 2 mm."""
    low, high = Box(10, 10, 10), Box(10, 10, 10)
    low.label, high.label = "low", "high"
    return Compound(label="clash", children=[low, named(high, "high", (9, 9, 9), (0, 0, 8))])


def bored():
    """A plate of 40 x 30 x 4 mm with a hole of 3 mm."""
    plate = Box(40, 30, 4) - Cylinder(1.5, 10)
    plate.label = "plate"
    return Compound(label="bored", children=[plate])


#: Names of faces by their order, as a file writes them.
BLOCK = {0: "end", 3: "K\\X2\\00FC\\X0\\hlfl\\X2\\00E4\\X0\\che", 6: "tread", 7: "step''s riser", 8: "bore"}
PLATE = {4: "twice", 5: "twice"}


def labelled():
    """A plate 80 x 30 x 4 about the origin; over it a bored block with a step at (-20, 0, 10), and again at (20, 0, 15), turned."""
    block = Box(20, 10, 6) - Location((6, 0, 2)) * Box(8, 10, 2) - Location((-5, 0, 0)) * Cylinder(2, 6)
    plate = Box(80, 30, 4)
    blue = (0, 0, 255)
    children = [named(plate, "plate", blue, (0, 0, 0)), named(block, "block", blue, (-20, 0, 10)), named(block, "block", blue, (20, 0, 15))]
    children[2].locate(Location((20, 0, 15), (30, 40, 50)))
    return Compound(label="labelled", children=children)


def label(name, words):
    """Write names into the faces of the solids of a file, those of each solid by their order; long records are broken as files do."""
    text = (HERE / name).read_text()
    for solid, of_faces in zip(re.findall(r"CLOSED_SHELL\('',\(([^)]*)\)\)", text), words, strict=True):
        for i, face in enumerate(re.findall(r"#\d+", solid)):
            if i in of_faces:
                text = text.replace(f"{face} = ADVANCED_FACE('',", f"{face} = ADVANCED_FACE(\n  '{of_faces[i]}',")
    (HERE / name).write_text(text)


def write(shape, name):
    """Write a file that does not change with the clock."""
    path = HERE / name
    export_step(shape, str(path))
    path.write_text(re.sub(r"'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d'", f"'{STAMP}'", path.read_text()))


if __name__ == "__main__":
    write(module(), "module.step")
    write(hulls(), "hulls.step")
    write(bored(), "bored.step")
    write(overlapping(), "clash.step")
    write(labelled(), "labelled.step")
    label("labelled.step", [PLATE, BLOCK])
