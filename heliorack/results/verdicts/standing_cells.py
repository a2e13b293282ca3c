"""Solar cells of a run that loses its pointing, beside what their parts come to."""

from collections.abc import Iterator

from heliorack.case.case import Case
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.coupling.electrical import CELLS_OF_A_LAPSE
from heliorack.model.body import Body
from heliorack.model.cells.solar_cells import cell_faces
from thermal.solve.probes import History


def standing_cells(case: Case, body: Body, history: History) -> Iterator[str]:
    """Cells give what they give at one temperature once pointing may be lost, whatever their parts come to."""
    faces = cell_faces(case, body) if case.pointing_loss is not None else []
    if not faces:
        return
    parts = [body.assembly.part_names.index(name) for name in dict.fromkeys(face.rpartition(":")[0] for face in faces)]
    low, high = (float(end) - ZERO_CELSIUS for end in (history.coldest[parts].min(), history.hottest[parts].max()))
    yield f"warning: {CELLS_OF_A_LAPSE}, while their parts come to {low:.0f} to {high:.0f} degC"
