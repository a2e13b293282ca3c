"""A solved case as a result: verdicts, bus, ledger and what was assumed, whichever solver found the orbit."""

from dataclasses import replace
from time import perf_counter

from heliorack.model import compute_devices, thermocouples
from heliorack.results.coolant_answers import answers
from heliorack.results.network_result import NetworkResult
from heliorack.results.result import Result
from heliorack.results.verdicts import limits as verdicts
from heliorack.run.prepare import Prepared
from thermal.solve.solution import Solution
from thermal.solve.switching import Switching


def result_of(ready: Prepared, solution: Solution, began: float, switching: Switching | None = None) -> Result:
    """What a solution says of its case, before any second look and without the error of its mesh. Collective.

    Args:
        ready: The case as it was solved; its coupling is in the state that the solution was found with.
        solution: Of it.
        began: When work on the case began, on the clock of `time.perf_counter` [s].
        switching: Where thermostats or throttles were marched exactly.
    """
    case, body, env, side, load = ready.case, ready.body, ready.env, ready.side, ready.coupling.loads
    history, ledger = solution.history, solution.ledger
    power = None if side is None else ready.coupling.memory(side)
    balanced = None if power is None else power.balanced
    said = (*ready.exposure.said, *ready.radiating.said)
    return Result(
        case=case,
        env=env,
        body=body,
        exposure=ready.exposure,
        radiation=ready.radiating,
        loads=load,
        solution=solution,
        power=balanced,
        years=None if side is None or balanced is None or not balanced.carries else side.years(balanced, history),
        satellite=None if side is None or power is None or solution.periodic is None else side.satellite(power, load),
        verdicts=verdicts.verdicts(case, body, load, history, ready.faces, ready.devices),
        deviations=thermocouples.deviations(case, history, ready.question.task.groups.shape[1] - len(case.thermocouples)),
        pipes=verdicts.pipe_loads(case, body, history),
        answers=answers(case, body, env),
        assumptions=verdicts.assumptions(case, body, load, env, side, balanced, said, switching),
        heat=ledger.heat(),
        stored=ledger.stored(),
        throughput=ledger.throughput(),
        closure=ledger.closure(),
        time_error=ledger.time_error(),
        wall_time=perf_counter() - began,
        delivered={} if solution.runaway else compute_devices.deliveries(case, body, ready.devices, load.times, history, env),
        held_back=() if solution.runaway else tuple(filter(None, (one.throttled(history) for one in ready.devices))),
        switching=switching,
        network=network_result(ready, solution),
    )


def network_result(ready: Prepared, solution: Solution) -> NetworkResult | None:
    """Of the network that was solved with the parts; None without one."""
    record = solution.ledger.network
    if ready.network is None or record is None:
        return None
    made = replace(ready.network, network=record.network)
    return NetworkResult(ready.case, made, record, record.states[-1], record.by_path(), None, None, 0.0)
