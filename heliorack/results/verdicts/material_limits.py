"""What the materials of the parts bear: a run warns above a service temperature and fails above a melting one, limits or none."""

from heliorack.case.case import Case
from heliorack.casefile.units import ZERO_CELSIUS
from heliorack.model.body import Body
from thermal.solve.probes import History


def melted(case: Case, body: Body, history: History) -> tuple[str, ...]:
    """A sentence for each material that begins to melt, by the hottest part of it."""
    said = []
    for name, hottest in _hottest(body, history).items():
        melting = case.materials[name].melting
        if melting is not None and hottest[0] > melting:
            said.append(f"{_where(hottest)} is above the {melting - ZERO_CELSIUS:.0f} degC at which {name} begins to melt")
    return tuple(said)


def above_service(case: Case, body: Body, history: History) -> tuple[str, ...]:
    """A sentence for each material above its service temperature that does not melt."""
    said = []
    for name, hottest in _hottest(body, history).items():
        service, melting = case.materials[name].service, case.materials[name].melting
        if service is not None and hottest[0] > service and not (melting is not None and hottest[0] > melting):
            said.append(f"{_where(hottest)} is above the {service - ZERO_CELSIUS:.0f} degC up to which {name} is in service")
    return tuple(said)


def _hottest(body: Body, history: History) -> dict[str, tuple[float, str]]:
    """Greatest temperature [K] by material, and the part that has it."""
    found: dict[str, tuple[float, str]] = {}
    for part, name, T in zip(body.assembly.part_names, body.assembly.part_material, history.hottest, strict=False):
        found[name] = max(found.get(name, (0.0, "")), (float(T), part))
    return found


def _where(hottest: tuple[float, str]) -> str:
    return f"{hottest[1]}: calculated {hottest[0] - ZERO_CELSIUS:.1f} degC"
