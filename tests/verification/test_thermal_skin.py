"""Skins as surface terms against skins made of cells."""

import numpy as np
import pytest
from bodies import Solid, audited

from meshes.join import join
from meshes.structured import structured_box
from thermal.conduction.operators import coupled
from thermal.conduction.skin import surface_capacity, surface_conduction
from thermal.solve.steady import steady_state

LENGTH, WIDTH, CORE, SKIN = 0.3, 0.2, 0.010, 0.0003
K_CORE, K_SKIN = 1.5, 167.0
C_CORE, C_SKIN = 5e4, 2.4e6


def meshed():
    """Core and skin of cells, bonded."""
    core = structured_box((24, 16, 3), (LENGTH, WIDTH, CORE), name="core")
    skin = structured_box((24, 16, 1), (LENGTH, WIDTH, SKIN), (0.0, 0.0, CORE), name="skin")
    return Solid(join([core, skin], bonded=lambda a, b: True), [K_CORE, K_SKIN], [C_CORE, C_SKIN])


def surfaced(sheet=SKIN):
    """Core alone, the skin as terms on core:+z."""
    solid = Solid(structured_box((24, 16, 3), (LENGTH, WIDTH, CORE), name="core"), K_CORE, C_CORE)
    a = solid.assembly
    facets = a.facets[a.facet_face == a.face_names.index("core:+z")]
    bare = np.zeros(solid.layout.owned)
    solid.M = coupled(solid.layout, solid.M, [surface_capacity(a.points, facets, C_SKIN * sheet)], bare)
    solid.K = coupled(solid.layout, solid.K, [surface_conduction(a.points, facets, K_SKIN * sheet)], bare)
    return solid


def dressed(solid, top):
    """Heat in the core's volume and into one edge, radiation above, one edge held."""
    return solid.model(held={"core:-x": 300.0}, heat={"core": 12.0}, fluxes={"core:+y": 2000.0}, emitters={top: (0.85, 3.0)})


def test_steady_as_with_cells():
    """0.3 mm of aluminium on 10 mm of foam: the same temperatures above 300 K within 0.1 % of the greatest."""
    found = []
    for solid, top in ((surfaced(), "core:+z"), (meshed(), "skin:+z")):
        T = steady_state(dressed(solid, top), solid.start(300.0), 0.0, "direct")
        found.append([solid.at(T, x, y, z) for x in (0.15, 0.3) for y in (0.0, 0.1, 0.2) for z in (0.0, CORE)])
    one, other = np.array(found)
    assert np.ptp(other) > 20
    assert abs(one - other).max() < 1e-3 * abs(other - 300).max()


def test_transient_as_with_cells():
    """Ten minutes from 300 K: within 0.1 % of the greatest rise, and closed to 1e-9; the skin holds 59 % of the heat capacity."""
    found = []
    for solid, top in ((surfaced(), "core:+z"), (meshed(), "skin:+z")):
        T, ledger = audited(dressed(solid, top), solid.start(300.0), (0.0, 600.0), fixed_steps=40)
        assert ledger.closure() < 1e-9
        found.append([solid.at(T, x, y, CORE) for x in (0.15, 0.3) for y in (0.0, 0.1, 0.2)])
    one, other = np.array(found)
    assert abs(one - other).max() < 1e-3 * abs(other - 300).max()


def test_heat_along_a_skin_alone():
    """On a core that hardly conducts, 20 K across a skin of 200 x 300 mm carries k t w / l dT = 0.668 W, exactly."""
    solid = Solid(structured_box((6, 5, 1), (LENGTH, WIDTH, 1e-3)), 1e-9)
    a = solid.assembly
    facets = a.facets[a.facet_face == a.face_names.index("box:+z")]
    model = solid.model(held={"box:-x": 320.0, "box:+x": 300.0}, couplings=[surface_conduction(a.points, facets, K_SKIN * SKIN)])
    T = solid.start(lambda points: 320.0 - 20.0 * points[:, 0] / LENGTH)
    heat = model.product(model.A, T)
    assert heat[model.held[0].rows].sum() == pytest.approx(K_SKIN * SKIN * WIDTH / LENGTH * 20.0, rel=1e-9)
    assert abs(heat[~np.isin(np.arange(len(T)), model.held_rows())]).max() < 1e-12


def test_heat_capacity_of_a_skin():
    """Rows add up to rho c t A."""
    bare = Solid(structured_box((24, 16, 3), (LENGTH, WIDTH, CORE), name="core"), K_CORE, C_CORE).model().heat_capacity.sum()
    assert surfaced().model().heat_capacity.sum() - bare == pytest.approx(C_SKIN * SKIN * LENGTH * WIDTH, rel=1e-9)
