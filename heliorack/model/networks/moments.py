"""What happens in a network at a time, held against how long the run is once its orbit is known."""

from heliorack.case.case import Case
from heliorack.casefile.errors import CaseError, Problem
from heliorack.checks.network_loops import TOO_LATE, moments
from thermal.network.tables import NetworkTable


def check_moments(case: Case, table: NetworkTable, length: float) -> None:
    """Refuse what would happen after a transient of `length` [s]: in silence it would never happen.

    Raises:
        CaseError: names all of it.
    """
    if case.run.kind != "transient":
        return
    found = []
    for (room, kind, _, *rest), name, time in moments(table):
        if time >= length:
            said = f"{TOO_LATE} run.orbits = {case.run.orbits:g} takes {length:.2f} s; leave it out, or make the run longer"
            found.append(Problem(".".join(map(str, (room, kind, name, *rest))), time, said))
    if found:
        raise CaseError(case.source, found)
