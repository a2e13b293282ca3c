"""Meshed bodies by geometry: load cases that change only loads, optics or orbit share one."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from heliorack.case.case import Case
from heliorack.runtime.progress import Say
from meshes.parts import all_solids


def _no_incidence() -> Any:
    from heliorack.model.incident_flux import IncidenceCache

    return IncidenceCache()


MOST_BODIES = 4  #: kept in memory


@dataclass(slots=True)
class Bodies:
    """Meshed bodies by geometry: load cases that change only loads, optics or orbit share one."""

    _known: dict[str, Any] = field(default_factory=dict)
    incidence: Any = field(default_factory=_no_incidence)  #: `IncidenceCache` of cases that share orbit and geometry
    fixed: Any = None  #: a body that serves every case whatever it asks for
    adapt: Callable[[Case, Any, Say], Any] | None = None  #: meshes a case with `mesh.adapt`; see `heliorack.run.adaptation`

    def of(self, case: Case, comm: Any, say: Say) -> Any:
        """The body of a case, meshed only if no earlier case had the same geometry, materials and contacts.

        Heat and coatings are the case's own. A mesh that is adapted belongs to one case with its loads and is not shared.
        """
        from heliorack.model.body import build_body

        if self.fixed is not None:
            return self.fixed
        solids = {solid.name: solid for solid in all_solids(case.parts)}
        shapes = [repr(replace(solid, heat=0.0, coatings={})) for solid in solids.values()]
        materials = [repr(case.materials[name]) for name in (*(s.material for s in solids.values()), *(s.material for s in case.skins))]
        key = repr((shapes, materials, case.contacts, case.skins, case.straps, case.mesh))
        if case.mesh.adapt:
            key = repr((case.load_case, case.life, case.document))
        if key not in self._known:
            if case.mesh.adapt and self.adapt is None:
                raise RuntimeError("mesh.adapt needs bodies that can solve: heliorack.run.simulate.meshed_bodies()")
            refine = self.adapt if case.mesh.adapt else None
            meshed = refine(case, comm, say) if refine else build_body(case, comm, lambda words: say(words, 0.0))
            while len(self._known) >= MOST_BODIES:
                del self._known[next(iter(self._known))]  # the oldest
            self._known[key] = meshed
        body = self._known[key]
        return replace(body, solids=tuple(solids[name] for name in body.assembly.part_names))
