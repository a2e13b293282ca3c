"""The design on the mesh of the case, beside the sizing mesh: what every slack is moved by."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from heliorack.casefile.errors import CaseError
from heliorack.studies.sizing.chosen_cases import covering, stands_for
from heliorack.studies.sizing.constraints import Judged, Row
from heliorack.studies.sizing.descent import descend
from heliorack.studies.sizing.evaluation import Designs
from heliorack.studies.sizing.linear_model import Floats
from heliorack.studies.sizing.searched import SETTINGS, Combination, Searched, evaluate_of, known_of, lessons_of
from thermal.errors import SolveError

RESERVE = 1.05  #: times the error that the full mesh says of itself: what a margin must exceed to be said to hold
NEAR = 10.0  #: slack (K, or %) up to which a load case of the case's own design is held against the full mesh


@dataclass(slots=True, eq=False)
class Look:
    """A design on the mesh of the case, beside the sizing mesh: what every slack is moved by."""

    combination: Combination = ()
    full: dict[Row, Judged] = field(default_factory=dict)
    coarse: dict[Row, Judged] = field(default_factory=dict)
    solves: int = 0  #: on the mesh of the case

    def at(self, designs: Designs, combination: Combination, x: Floats) -> None:
        """Look at a design: at the load cases that tell of every limit that may bind."""
        coarse = designs.judged(x, combination)
        names = covering({row: one.slack for row, one in coarse.items() if row.kind != "room"}, NEAR)
        self.full = designs.at_full(names, x, combination)
        self.combination, self.coarse = combination, coarse
        self.solves += len(names)


def move(designs: Designs, full: dict[Row, Judged], coarse: dict[Row, Judged]) -> None:
    """Move every slack by what the full mesh says of it, and by what its error asks for beyond the margin.

    A limit in a load case that was not looked at is moved as in the one that was.
    """
    offsets = dict(designs.offsets)
    for row, at_full in full.items():
        if row in coarse:
            more = max(0.0, RESERVE * at_full.error - at_full.required) if row.thermal else 0.0
            offsets[row] = at_full.margin - coarse[row].margin - more
    moved = {row: coarse[row].slack for row in full if row in coarse}
    for row in coarse:
        like = None if row in full else stands_for(row, list(moved), moved)
        if like is not None:
            offsets[row] = offsets[like]
    designs.move(offsets)


def corrected(
    designs: Designs, best: Searched, full: dict[Row, Judged], coarse: dict[Row, Judged], fresh: Floats | None = None
) -> Searched:
    """The search gone on with every slack moved by what the full mesh says of it, and by what the error of the full mesh asks for.

    Args:
        designs: Evaluates designs.
        best: Where it stands.
        full: Its constraints on the full mesh.
        coarse: The same on the sizing mesh.
        fresh: Where the slopes of its model were taken by differences; at `best` when not given.
    """
    move(designs, full, coarse)
    known, (low, high) = known_of(designs, best.combination), designs.space.bounds
    evaluate = evaluate_of(designs, best.combination)
    model = replace(best.found.model, answer=evaluate(best.found.x, None))
    lessons = lessons_of(designs, best.combination)
    try:
        return Searched(best.combination, descend(model, evaluate, known, low, high, SETTINGS, fresh, lessons))
    except CaseError as error:
        raise SolveError(str(error)) from error
