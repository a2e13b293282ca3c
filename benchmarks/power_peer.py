"""Ten years of power balance by Basilisk or PyBaMM: CPU seconds of a short run and how much of ten years it was, as JSON.

Run by power_years.py with the Python of an environment that has them, as `python power_peer.py basilisk 10` or
`python power_peer.py pybamm 300`.
"""

import json
import sys
import time
from importlib.metadata import version
from typing import Any

import numpy as np

STEP = 10.0  #: s
PERIOD = 5736.0  #: s
YEARS = 10.0


def basilisk(days: float) -> dict[str, Any]:
    """Point-mass orbit, eclipse, solar panel, sink and battery at 10 s; no ageing."""
    from Basilisk.architecture import messaging
    from Basilisk.simulation import eclipse, planetEphemeris, simpleBattery, simplePowerSink, simpleSolarPanel, spacecraft
    from Basilisk.utilities import SimulationBaseClass, macros, orbitalMotion, simIncludeGravBody

    sim = SimulationBaseClass.SimBaseClass()
    sim.CreateNewProcess("p").addTask(sim.CreateNewTask("t", macros.sec2nano(STEP)))
    craft = spacecraft.Spacecraft()
    sim.AddModelToTask("t", craft, 10)
    bodies = simIncludeGravBody.gravBodyFactory()
    earth = bodies.createEarth()
    earth.isCentralBody = True
    bodies.addBodiesTo(craft)
    planets = planetEphemeris.PlanetEphemeris()
    planets.setPlanetNames(planetEphemeris.StringVector(["earth"]))
    around = planetEphemeris.ClassicElements()
    around.a, around.e, around.i, around.Omega, around.omega, around.f = 149597870.7e3, 0.0167, 0.409, 0.0, 1.8, 0.0
    planets.planetElements = planetEphemeris.classicElementVector([around])
    sim.AddModelToTask("t", planets, 20)
    star = messaging.SpicePlanetStateMsgPayload()
    star.PositionVector = [0.0, 0.0, 0.0]
    star_message = messaging.SpicePlanetStateMsg().write(star)
    earth.planetBodyInMsg.subscribeTo(planets.planetOutMsgs[0])
    shade = eclipse.Eclipse()
    shade.addPlanetToModel(planets.planetOutMsgs[0])
    shade.sunInMsg.subscribeTo(star_message)
    shade.addSpacecraftToModel(craft.scStateOutMsg)
    sim.AddModelToTask("t", shade, 5)
    panel = simpleSolarPanel.SimpleSolarPanel()
    panel.stateInMsg.subscribeTo(craft.scStateOutMsg)
    panel.sunEclipseInMsg.subscribeTo(shade.eclipseOutMsgs[0])
    panel.sunInMsg.subscribeTo(star_message)
    panel.setPanelParameters([0, 0, 1], 4.0, 0.3)
    sim.AddModelToTask("t", panel, 4)
    sink = simplePowerSink.SimplePowerSink()
    sink.nodePowerOut = -400.0
    sim.AddModelToTask("t", sink, 3)
    store = simpleBattery.SimpleBattery()
    store.storageCapacity, store.storedCharge_Init = 1e7, 1e7
    store.addPowerNodeToModel(panel.nodePowerOutMsg)
    store.addPowerNodeToModel(sink.nodePowerOutMsg)
    sim.AddModelToTask("t", store, 2)
    orbit = orbitalMotion.ClassicElements()
    orbit.a, orbit.e, orbit.i, orbit.Omega, orbit.omega, orbit.f = 6928e3, 1e-4, 1.70, 1.0, 0.0, 0.0
    craft.hub.r_CN_NInit, craft.hub.v_CN_NInit = orbitalMotion.elem2rv(398600.4415e9, orbit)
    log = store.batPowerOutMsg.recorder()
    sim.AddModelToTask("t", log)
    sim.InitializeSimulation()
    sim.ConfigureStopTime(macros.sec2nano(86400.0 * days))
    begin = time.process_time()
    sim.ExecuteSimulation()
    spent = time.process_time() - begin
    if np.ptp(log.storageLevel) <= 0.0:
        raise RuntimeError("Basilisk's battery was neither charged nor discharged")
    return {"cpu": spent, "run": f"{days:g} days", "share": days / (365.25 * YEARS), "version": version("bsk")}


def pybamm(cycles: float) -> dict[str, Any]:
    """Single-particle model with growth of the interphase: cost of an aged cycle from the difference of a long and a short run."""
    import pybamm as pb

    pb.set_logging_level("ERROR")

    def spent(count: int) -> float:
        steps = ("Discharge at C/2 for 35 minutes", "Charge at C/3 for 52 minutes or until 4.1 V", "Rest for 8 minutes")
        sim = pb.Simulation(
            pb.lithium_ion.SPM({"SEI": "solvent-diffusion limited"}),
            parameter_values=pb.ParameterValues("OKane2022"),
            experiment=pb.Experiment([steps] * count),
            solver=pb.IDAKLUSolver(),
        )
        begin = time.process_time()
        sim.solve(initial_soc=0.8, save_at_cycles=[count])
        return time.process_time() - begin

    few, many = 10, int(cycles) + 10
    spent(few)  # whatever is made once
    cpu = spent(many) - spent(few)
    whole = YEARS * 365.25 * 86400.0 / PERIOD
    return {"cpu": cpu, "run": f"{many - few} cycles", "share": (many - few) / whole, "version": version("pybamm")}


if __name__ == "__main__":
    print("\n" + json.dumps({"basilisk": basilisk, "pybamm": pybamm}[sys.argv[1]](float(sys.argv[2]))))
