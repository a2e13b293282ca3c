"""What a process needs to solve load cases, loaded before the first one comes."""

from heliorack.runtime.parallel import world

world()  # the wheel of DOLFINx wants MPI loaded before it

import dolfinx.fem  # noqa: E402, F401

import heliorack.coupling.solve  # noqa: E402
import heliorack.run.crew  # noqa: E402
import heliorack.run.prepare  # noqa: E402, F401
