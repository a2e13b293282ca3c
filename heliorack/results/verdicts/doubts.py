"""Whether a margin is larger than the numerical error of the temperature that it is taken from."""

from collections.abc import Sequence
from dataclasses import dataclass

from heliorack.case.margins import Verdict
from heliorack.results.verdicts.mesh_error import MeshError
from meshes.assembly import Assembly
from thermal.solve.solution import Solution


@dataclass(frozen=True, slots=True)
class Errors:
    """What is known of the error of one temperature [K], by cause."""

    mesh: float
    periodic: float  #: of the periodic state, the bias of time steps and a reduced model included
    rays: float

    @property
    def total(self) -> float:
        """Their sum [K]: nothing says that they cancel."""
        return self.mesh + self.periodic + self.rays

    def advice(self) -> str:
        """What makes the largest of them smaller."""
        if self.mesh >= max(self.periodic, self.rays):
            return "a finer mesh would tell: mesh_mm of the part, or mesh.refine = 2"
        return "a smaller solver.tolerance_K would tell" if self.periodic >= self.rays else "more rays would tell"


def errors(
    verdicts: Sequence[Verdict], assembly: Assembly, by_mesh: MeshError | None, solution: Solution, rays: float
) -> tuple[Errors, ...]:
    """Errors of the temperature of every verdict; of a face that of its part's extreme on the same side."""
    periodic = solution.periodic
    in_time = 0.0 if periodic is None else periodic.estimated_error + solution.time_bias
    in_time += 0.0 if solution.reduced is None else solution.reduced.error
    found = []
    for v in verdicts:
        part = int(assembly.face_part[assembly.face_names.index(v.on)]) if v.at == "face" else assembly.part_names.index(v.on)
        mesh = 0.0 if by_mesh is None else abs(float((by_mesh.high if v.side == "max" else by_mesh.low)[part]))
        found.append(Errors(mesh, in_time, rays))
    return tuple(found)


def within_error(verdicts: Sequence[Verdict], known: Sequence[Errors]) -> tuple[str, ...]:
    """A sentence for every limit that is kept by less than the error."""
    said = []
    for v, e in zip(verdicts, known, strict=True):
        if v.holds and v.margin < e.total:
            causes = f"mesh {e.mesh:.2g}, periodic state {e.periodic:.2g}, rays {e.rays:.2g}"
            kept = f"{v.on}: margin {v.margin:.2g} K to the {v.side} limit is smaller than the error of the run, {e.total:.2g} K ({causes})"
            said.append(f"{kept}; {e.advice()}")
    return tuple(said)
