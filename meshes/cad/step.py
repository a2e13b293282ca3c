"""STEP files (AP203, AP214, AP242), `[[parts]]` with kind step: the table, and what the file holds for each sub-part.

Lengths are turned into metres by the unit that the file states. The functions take the gmsh module with an open session
(meshes/gmsh_session.py).
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from annotated_types import Gt

from meshes.beside import Tell
from meshes.cad.imported import Found, Imported, ImportedSolid, Label, chosen, measured, pieces_of
from meshes.cad.step_faces import claims
from meshes.cad.step_names import sheets
from meshes.cad.step_solids import Drawn, read


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Imported):
    """Solids of a STEP file, told apart by product, instance or body name, by colour, a point or a box; faces also by the names that the
    file gives them.

    Flat faces along the part's axes are called -x ... +z, faces of `faces` by their own words, everything else "other". What touches within
    the file or touches other parts shares a matching mesh, so contacts are found as for any part.
    """

    kind: Literal["step"] = "step"  #: solids of a STEP file
    unit_scale: Annotated[float, "-", Gt(0)] = 1.0  #: times the unit that the file states; 0.001 for a file in mm that says m
    healing: bool = False  #: mend tiny edges and faces, and sew surfaces into solids where the file has no solid
    drop_features: Annotated[float, "mm", Gt(0)] | None = None  #: remove holes, fillets and marks whose faces are all shorter: fewer cells
    #: no cell at a curved face is shorter, however small its radius; by default bounded where fillets run far along edges
    least_edge: Annotated[float, "mm", Gt(0)] | None = None

    def sub_parts(self) -> tuple[ImportedSolid, ...]:
        """The solids that the case names; the file is not touched."""
        return tuple(
            replace(s, healing=self.healing, drop=self.drop_features or 0.0, least_edge=self.least_edge)
            for s in pieces_of(self, "step", self.unit_scale)
        )


def located(gmsh: Any, _: Tell, solids: Sequence[ImportedSolid]) -> list[ImportedSolid]:
    """The sub-parts of one part with what the file says of them; raises GeometryError as `read`, `chosen` and `claims`."""
    drawn = read(gmsh, solids[0])
    index = chosen(solids, [located_label(gmsh.model, one) for one in drawn], "solid")
    mine = [drawn[i] for i in index]
    named = {owner for owner, tag in claims(gmsh, solids, mine) if gmsh.model.getType(2, tag) != "Plane"}
    said = left_out(solids[0])
    return [measured(solid, found) for solid, found in zip(solids, _found(gmsh.model, solids, mine, index, named, said), strict=True)]


def located_label(model: Any, one: Drawn) -> Label:
    """The label of a solid with where it is."""
    box = model.occ.getBoundingBox(3, one.tag)
    return replace(one.label, low=box[:3], high=box[3:], holds=lambda point: model.isInside(3, one.tag, list(point)) > 0)


def left_out(solid: ImportedSolid) -> tuple[str, ...]:
    """What is said of surfaces that bound no solid."""
    count, faces = sheets(solid.path)
    if not count:
        return ()
    what = "1 surface" if count == 1 else f"{count} surfaces"
    return (
        f"warning: {solid.path.name}: {what} ({faces} face{'s' * (faces > 1)}) beside the solids bound none and are left out; "
        "export a solid where it is a part",
    )


def _found(
    model: Any, solids: Sequence[ImportedSolid], mine: Sequence[Drawn], index: Sequence[int], named: Container[int], left: tuple[str, ...]
) -> Iterator[Found]:
    for row, (solid, one, i) in enumerate(zip(solids, mine, index, strict=True)):
        box = model.occ.getBoundingBox(3, one.tag)
        said = list(left)
        if one.removed:
            volume = one.removed * solid.scale**3 * 1e9
            said.append(f"{solid.name}: features below {solid.drop * 1e3:g} mm are left out, which adds {volume:.4g} mm3.")
        yield Found(
            index=i,
            volume=model.occ.getMass(3, one.tag),
            area=sum(model.occ.getMass(2, tag) for tag in one.surfaces),
            low=box[:3],
            high=box[3:],
            flat=all(model.getType(2, tag) == "Plane" for tag in one.surfaces),
            said=tuple(said),
            named=row in named,
        )


def placed_volumes(gmsh: Any, solids: Sequence[ImportedSolid], turn: tuple[Sequence[float], float]) -> list[list[tuple[int, int]]]:
    """The volumes of the sub-parts of one part in body axes; the rest of the file is removed.

    Args:
        turn: Axis and angle [rad] of the part's rotation.
    """
    occ = gmsh.model.occ
    drawn = read(gmsh, solids[0])
    used = [solid.found.index for solid in solids if solid.found is not None]
    rest = [(3, one.tag) for i, one in enumerate(drawn) if i not in used]
    if rest:
        occ.remove(rest, recursive=True)
    made = [(3, drawn[i].tag) for i in used]
    axis, angle = turn
    if angle != 0.0:
        occ.rotate(made, 0, 0, 0, *axis, angle)
    occ.translate(made, *solids[0].centre)
    return [[volume] for volume in made]
