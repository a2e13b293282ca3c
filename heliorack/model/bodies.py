"""Meshed bodies by geometry: load cases that change only loads, optics or orbit share one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from heliorack.case.case import Case
from heliorack.model import learned_fields
from heliorack.model.body import Body, build_body
from heliorack.model.incident_flux import IncidenceCache
from heliorack.model.surfaces.covered_boundaries import covered_boundaries
from heliorack.runtime.progress import Say
from meshes.parts import all_solids
from meshes.store import NoDigestError, digest_of
from thermal.reduction.snapshots import Snapshots

if TYPE_CHECKING:
    from mpi4py.MPI import Comm

MOST_BODIES = 4  #: kept in memory


@dataclass(slots=True)
class Bodies:
    """Meshed bodies by geometry: load cases that change only loads, optics or orbit share one."""

    meshed: Callable[[], None] = lambda: None  #: told whenever a body is there, which others may then find in the store of meshes
    _known: dict[str, Body] = field(default_factory=dict)  #: by digest, the oldest first
    incidence: IncidenceCache = field(default_factory=IncidenceCache)  #: of cases that share orbit and geometry
    #: temperature fields of cases that share a mesh, from which reduced models are made; by digest of the mesh
    learned: dict[str, Snapshots] = field(default_factory=dict)
    fixed: Body | None = None  #: a body that serves every case whatever it asks for
    adapt: Callable[[Case, Comm, Say], Body] | None = None  #: meshes a case with `mesh.adapt`; see `heliorack.run.adaptation`

    def of(self, case: Case, comm: Comm, say: Say) -> Body:
        """The body of a case, meshed only if no earlier case had the same geometry, materials and contacts.

        Heat, coatings and what is said of its boundaries are the case's own. A mesh that is adapted belongs to one case with its loads
        and is not shared.

        Raises:
            GeometryError: as `build_body`; a boundary, limit or array of whose faces other parts leave nothing.
            RuntimeError: `mesh.adapt` where nothing can solve the case.
        """
        if self.fixed is not None:
            return self.fixed
        key = key_of(case)
        body = None if key is None else self._known.get(key)
        if body is None:
            body = self._made(case, comm, say)
            while len(self._known) >= MOST_BODIES:
                del self._known[next(iter(self._known))]  # the oldest
            if key is not None:
                self._known[key] = body
        self.meshed()
        solids, assembly = {solid.name: solid for solid in all_solids(case.parts)}, body.assembly
        said = tuple(covered_boundaries(case, assembly, body.free))
        if said:
            assembly = replace(assembly, assumptions=(*assembly.assumptions, *said))
        return replace(body, assembly=assembly, solids=tuple(solids[name] for name in assembly.part_names))

    def snapshots(self, body: Body) -> Snapshots:
        """What is known of temperatures on the mesh of a body, of sweeps before too; kept for the latest meshes."""
        key = learned_fields.key_of(body.assembly)
        while key not in self.learned and len(self.learned) >= MOST_BODIES:
            del self.learned[next(iter(self.learned))]
        if key not in self.learned:
            self.learned[key] = known = learned_fields.find(key)
            if known:  # rows of a mesh may stand in another order than when they were kept
                known.fields, known.reference = known.fields[:, body.layout.nodes], known.reference[body.layout.nodes]
        return self.learned[key]

    def _made(self, case: Case, comm: Comm, say: Say) -> Body:
        if not case.mesh.adapt:
            return build_body(case, comm, lambda words: say(words, 0.0))
        if self.adapt is None:
            raise RuntimeError("mesh.adapt needs bodies that can solve: heliorack.run.simulate.meshed_bodies()")
        return self.adapt(case, comm, say)


def key_of(case: Case) -> str | None:
    """Digest of all that decides the body of a case; of the whole case where its mesh is adapted to its loads.

    Numbers count to the last bit, files by what they hold. None where something has no digest, or a file is missing: nothing is shared.
    """
    try:
        if case.mesh.adapt:
            return digest_of(case.load_case, case.life, case.document)
        solids = all_solids(case.parts)
        shapes = tuple(replace(solid, heat=0.0, coatings={}) for solid in solids)
        materials = tuple(case.materials[name] for name in (*(s.material for s in solids), *(s.material for s in case.skins)))
        return digest_of(shapes, materials, case.contacts, case.skins, case.straps, case.mesh)
    except (NoDigestError, OSError):
        return None
