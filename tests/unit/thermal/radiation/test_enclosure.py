"""Exchange between groups of facets in the thermal model: closed forms of plates, cavities and blankets, conservation, and convergence."""

from dataclasses import replace

import numpy as np
import pytest
from bodies import SIGMA, Solid, audited, run
from scipy.optimize import brentq
from scipy.sparse import csr_matrix

from meshes.join import join
from meshes.structured import structured_box
from thermal.heat import Moment
from thermal.radiation.enclosure import Enclosure, Surfaces, blended, transfer
from thermal.solve.linear import ShiftedSolver
from thermal.solve.newton import newton
from thermal.solve.periodic import periodic_state
from thermal.solve.settings import Solver
from thermal.solve.steady import steady_state
from thermal.solve.ways import Feedback

BARE = np.nan
FACING = np.array([[0.0, 1.0], [1.0, 0.0]])
#: two equal plates and a wall of twice their area around them: reciprocal, and closed without a sky
CAVITY = np.array([[0.0, 0.2, 0.8], [0.2, 0.0, 0.8], [0.4, 0.4, 0.2]])


def boxes(*lengths, conductivity=200.0, heat_capacity=1e6):
    """Boxes 0.1 m x 0.2 m in section with gaps between them, named a, b, c, ...; box "a" is `lengths[0]` long, and so on."""
    starts = np.cumsum([0.0, *(length + 0.1 for length in lengths)])
    made = [
        structured_box((2, 2, 2), (length, 0.1, 0.2), (float(x), 0.0, 0.0), name=name)
        for name, length, x in zip("abcd", lengths, starts, strict=False)
    ]
    return Solid(join(made), conductivity, heat_capacity)


def surfaces(emittance, effective=BARE, conductance=0.0, absorptance=0.5):
    """Optics of groups, diffuse in sunlight."""
    eps = np.asarray(emittance, dtype=float)
    given = [np.broadcast_to(np.asarray(x, dtype=float), eps.shape).copy() for x in (absorptance, effective, conductance)]
    return Surfaces(given[0], eps, given[1], given[2], 1 - given[0])


def seen(solid, faces, F, optics, sky=None, sink=0.0, poses=None, period=1.0, **extra):
    """The enclosure of some faces, each one group; `poses` are several F instead of one."""
    names = solid.assembly.face_names
    weights = solid.faces[:, [names.index(face) for face in faces]].tocsr()
    areas = np.asarray(weights.sum(axis=0)).ravel()
    made = [transfer(one, 1.0 - one.sum(axis=1) if sky is None else sky, areas, optics) for one in (poses or [F])]
    times = np.arange(len(made)) * period / len(made)
    return Enclosure("space", weights, areas, optics, made, times, period, sink, **extra)


def joined(model, enclosure):
    """The model with one way of heat more, after all others."""
    return replace(model, ways=[*model.ways, enclosure])


def loaded(solid, enclosure, T, t=0.0):
    """Heat into each row [W]."""
    return enclosure.load(Moment(solid.layout, SIGMA, t, T))


def field(solid, **temperatures):
    """A temperature for each part [K]."""
    T = np.empty(solid.layout.owned)
    for name, value in temperatures.items():
        T[solid.spread(name) > 0] = value
    return T


def into(solid, part, heat):
    """Heat into a part [W]."""
    return float(heat[solid.spread(part) > 0].sum())


def test_two_wide_plates():
    """Two faces that see only each other exchange A sigma (T1^4 - T2^4)/(1/e1 + 1/e2 - 1), to 1e-12; what one gains the other loses."""
    solid = boxes(0.3, 0.2)
    enclosure = seen(solid, ["a:+x", "b:-x"], FACING, surfaces([0.8, 0.3]))
    q = loaded(solid, enclosure, field(solid, a=400.0, b=300.0))
    exact = 0.02 * SIGMA * (400.0**4 - 300.0**4) / (1 / 0.8 + 1 / 0.3 - 1)
    assert into(solid, "b", q) == pytest.approx(exact, rel=1e-12)
    assert exact == pytest.approx(0.02 * 276.92526232, rel=1e-9)
    assert abs(q.sum()) < 1e-13 * exact


def test_plates_that_see_the_sky_too():
    """Black plates with F = 0.2 between them and 0.8 to a sky of 200 K: A sigma (E_sky + 0.2 (E_other - E_sky) - E_own), to 1e-12."""
    solid = boxes(0.3, 0.2)
    enclosure = seen(solid, ["a:+x", "b:-x"], 0.2 * FACING, surfaces([1.0, 1.0]), sink=200.0)
    q = loaded(solid, enclosure, field(solid, a=400.0, b=300.0))
    for part, own, other in (("a", 400.0, 300.0), ("b", 300.0, 400.0)):
        assert into(solid, part, q) == pytest.approx(0.02 * SIGMA * (0.8 * 200.0**4 + 0.2 * other**4 - own**4), rel=1e-12)


def test_equal_temperatures_exchange_nothing():
    """Parts, blankets and sky of one temperature: no row gains or loses, whatever the optics."""
    solid = boxes(0.3, 0.2, 0.25)
    F = np.array([[0.0, 0.2, 0.5], [0.2, 0.0, 0.3], [0.5, 0.3, 0.1]])
    optics = surfaces([0.9, 0.2, 0.05], [BARE, 0.02, 0.5], [0.0, 0.3, 0.0])
    enclosure = seen(solid, ["a:+x", "b:+x", "c:-x"], F, optics, sink=280.0)
    q = loaded(solid, enclosure, solid.start(280.0))
    assert np.abs(q).max() < 1e-13 * SIGMA * 280.0**4 * 0.02


@pytest.mark.parametrize("emittance", [1.0, 0.4, 0.03])
def test_insulated_wall_re_radiates(emittance):
    """Two plates in a wall that passes no heat: the three-surface network for any emittance of the wall, which takes no heat itself."""
    solid = boxes(0.3, 0.2, 0.25)
    faces = ["a:+x", "b:+x", "c:-x", "c:+x"]  # the wall is both ends of c: twice the area
    halves = np.array([[0, 0.2, 0.4, 0.4], [0.2, 0, 0.4, 0.4], [0.4, 0.4, 0.1, 0.1], [0.4, 0.4, 0.1, 0.1]])
    optics = surfaces([0.8, 0.3, emittance, emittance], [BARE, BARE, 0.0, 0.0])
    enclosure = seen(solid, faces, halves, optics)
    T = field(solid, a=400.0, b=300.0, c=77.0)
    q = loaded(solid, enclosure, T)
    A = 0.02
    resistance = 0.2 / (A * 0.8) + 1 / (A * 0.2 + 1 / (1 / (A * 0.8) + 1 / (A * 0.8))) + 0.7 / (A * 0.3)
    exact = SIGMA * (400.0**4 - 300.0**4) / resistance
    assert into(solid, "b", q) == pytest.approx(exact, rel=1e-12)
    assert into(solid, "a", q) == pytest.approx(-exact, rel=1e-12)
    assert into(solid, "c", q) == 0.0
    J1 = SIGMA * 400.0**4 - exact * 0.2 / (A * 0.8)
    J2 = SIGMA * 300.0**4 + exact * 0.7 / (A * 0.3)
    wall = enclosure.outer_temperature(solid.layout, SIGMA, 0.0, T)
    assert wall == pytest.approx(((J1 + J2) / 2 / SIGMA) ** 0.25, rel=1e-12)


@pytest.mark.parametrize(("effective", "outer", "sink"), [(0.05, 0.8, 0.0), (0.0013844, 0.03, 3.0), (1.0, 1.0, 150.0)])
def test_blanket_is_in_series_with_its_outer_layer(effective, outer, sink):
    """The skin loses A sigma (T^4 - T_sky^4)/(1/e* + 1/e), and the outer layer sits between by the same flux, to 1e-12."""
    solid = boxes(0.3)
    enclosure = seen(solid, ["a:+x"], np.zeros((1, 1)), surfaces([outer], effective), sink=sink)
    T = solid.start(300.0)
    flux = SIGMA * (300.0**4 - sink**4) / (1 / effective + 1 / outer)
    assert loaded(solid, enclosure, T).sum() == pytest.approx(-0.02 * flux, rel=1e-12)
    layer = enclosure.outer_temperature(solid.layout, SIGMA, 0.0, T)[0]
    assert layer == pytest.approx((sink**4 + flux / outer / SIGMA) ** 0.25, rel=1e-12)


@pytest.mark.parametrize(("effective", "conductance"), [(0.02, 0.05), (0.0, 0.3), (0.5, 500.0)])
@pytest.mark.parametrize("sun", [0.0, 1361.0])
def test_blanket_that_conducts(effective, conductance, sun):
    """Outer layer where e* sigma (Ts^4 - T^4) + G (Ts - T) + alpha S = e sigma (T^4 - T_sky^4), by bisection; skin loss to 1e-11."""
    solid = boxes(0.3)
    optics = surfaces([0.6], effective, conductance, absorptance=0.4)
    given = np.array([0.4 * sun * 0.02])
    enclosure = seen(solid, ["a:+x"], np.zeros((1, 1)), optics, sink=4.0, absorbed=lambda t: given)
    T = solid.start(300.0)

    def passed(x):
        return effective * SIGMA * (300.0**4 - x**4) + conductance * (300.0 - x)

    layer = brentq(lambda x: passed(x) + 0.4 * sun - 0.6 * SIGMA * (x**4 - 4.0**4), 1.0, 1000.0, xtol=1e-13, rtol=1e-15)
    assert enclosure.outer_temperature(solid.layout, SIGMA, 0.0, T)[0] == pytest.approx(layer, rel=1e-11)
    light = enclosure.poses[0].released @ given * 0.02  # goes through as a source of its own
    assert loaded(solid, enclosure, T).sum() + light[0] == pytest.approx(-0.02 * passed(layer), rel=1e-9, abs=1e-11)


def test_sunlit_insulated_blanket():
    """A blanket that passes nothing sits at (alpha S/(eps sigma))^(1/4) in sunlight, to 1e-10, and its part feels nothing of it."""
    solid = boxes(0.3)
    given = np.array([0.35 * 1361.0 * 0.02])
    enclosure = seen(solid, ["a:+x"], np.zeros((1, 1)), surfaces([0.6], 0.0), absorbed=lambda t: given)
    T = solid.start(290.0)
    exact = (0.35 * 1361.0 / (0.6 * SIGMA)) ** 0.25
    assert enclosure.outer_temperature(solid.layout, SIGMA, 0.0, T)[0] == pytest.approx(exact, rel=1e-10)
    assert not loaded(solid, enclosure, T).any()
    assert not enclosure.poses[0].released.any()


def test_closed_cavity_conserves():
    """No sky: rows add up to nothing at random temperatures, with a blanket among them, to round-off of what is emitted."""
    solid = boxes(0.3, 0.2, 0.25)
    F = np.array([[0.1, 0.3, 0.6], [0.3, 0.5, 0.2], [0.6, 0.2, 0.2]])
    T = np.random.default_rng(1).uniform(200.0, 500.0, solid.layout.owned)
    for optics in (surfaces([0.9, 0.1, 0.5]), surfaces([0.9, 0.1, 0.5], [BARE, 0.03, 0.0], [0.0, 0.7, 0.0])):
        q = loaded(solid, seen(solid, ["a:+x", "b:+x", "c:-x"], F, optics), T)
        assert abs(q.sum()) < 1e-13 * np.abs(q).sum()


def moving(solid, sink=250.0, absorbed=None):
    """Three groups with two poses, one of them under a blanket."""
    first = np.array([[0.0, 0.2, 0.5], [0.2, 0.0, 0.3], [0.5, 0.3, 0.1]])
    second = np.array([[0.0, 0.6, 0.1], [0.6, 0.0, 0.05], [0.1, 0.05, 0.0]])
    optics = surfaces([0.9, 0.3, 0.6], [BARE, BARE, 0.1])
    extra = {} if absorbed is None else {"absorbed": absorbed}
    return seen(solid, ["a:+x", "b:+x", "c:-x"], None, optics, sink=sink, poses=[first, second], period=600.0, **extra)


def test_poses_keep_row_sums_and_reciprocity():
    """Between poses and in the mean over the period: each row plus its sky is what the group emits, and A_i B_ij is symmetric."""
    solid = boxes(0.3, 0.2, 0.25)
    enclosure = moving(solid)
    mean = enclosure.at_mean(np.zeros(0))
    own = 1 / (1 / 0.1 + 1 / 0.6)  # what leaves through the blanket when nothing comes back
    for pose in [blended(enclosure.at(t)) for t in (0.0, 90.0, 300.0, 451.0, 600.0, 6100.0)] + list(mean.poses):
        exchanged = enclosure.areas[:, None] * pose.returned
        assert np.abs(exchanged - exchanged.T).max() < 1e-15
        assert pose.returned.sum(axis=1) + pose.sky == pytest.approx(enclosure.surfaces.emission, rel=1e-13)
        assert pose.sky[2] < own
    half = enclosure.at(150.0)
    assert [w for w, _ in half] == [0.5, 0.5]
    assert mean.poses[0].returned == pytest.approx(blended(half).returned, rel=1e-14)
    for t in (0.0, 150.0, 450.0, 600.0):
        assert np.abs(loaded(solid, enclosure, solid.start(250.0), t)).max() < 1e-13 * SIGMA * 250.0**4 * 0.02


def test_derivative_is_that_of_the_load():
    """Change of the load with temperature by central differences, own emission and what comes back, to 1e-7."""
    solid = boxes(0.3, 0.2, 0.25)
    model = solid.model(ways=[moving(solid)])
    rng = np.random.default_rng(2)
    T, change = rng.uniform(250.0, 400.0, solid.layout.owned), rng.standard_normal(solid.layout.owned)
    ahead, behind = (model.outside(170.0, T + h * change)[0] for h in (1e-3, -1e-3))
    by_hand = model.exchanged(model.derivatives(170.0, T), change, 170.0) - model.emission_slope(170.0, T) * change
    assert (ahead - behind) / 2e-3 == pytest.approx(by_hand, rel=1e-7, abs=1e-7 * np.abs(by_hand).max())


def test_heat_of_paths_alone_is_that_of_the_loads():
    """What the ledger takes at Gauss points: emitters, moving exchange, films, sources and a thermostat, path by path to round-off."""
    solid = boxes(0.3, 0.2, 0.25)
    heater = Feedback("heater", csr_matrix(solid.spread("b")[:, None]), lambda t, m: 20.0 * (300.0 - m), lambda t, m: 0.0 * m - 20.0)
    plain = solid.model(emitters={"a:-x": (0.7, 3.0)}, films={"c:+x": (12.0, 290.0)}, heat={"a": 10.0}, ways=[heater])
    for enclosure in (moving(solid), seen(solid, ["a:+x", "b:+x"], 0.4 * FACING, surfaces([0.9, 0.3], [BARE, 0.1], [0.0, 2.0]))):
        model = replace(plain, ways=[*plain.ways, enclosure])
        T = np.random.default_rng(5).uniform(250.0, 400.0, solid.layout.owned)
        for t in (0.0, 170.0, 450.0):
            whole = model.outside(t, T)[1]
            assert len(whole) == 5
            assert model.heat(t, T, model.brought(np.array([t]))) == pytest.approx(whole, rel=1e-12)


@pytest.mark.parametrize("scheme", ["rosw", "implicit_euler"])
def test_march_closes_the_first_law(scheme):
    """Ledger of a march with moving exchange and a blanket that conducts: stored = sum of paths to 1e-12 of the throughput."""
    solid = boxes(0.3, 0.2, 0.25, conductivity=2.0)  # conduction itself is round-off times its coefficients
    for enclosure in (moving(solid), seen(solid, ["a:+x", "b:+x"], 0.4 * FACING, surfaces([0.9, 0.3], [BARE, 0.1], [0.0, 2.0]))):
        model = joined(solid.model(fluxes={"a:-x": 900.0}), enclosure)
        _, ledger = audited(model, solid.start(300.0), (0.0, 300.0, 600.0), scheme=scheme, fixed_steps=10)
        assert ledger.closure() < 1e-12
        assert abs(ledger.heat()["space"]) > 1.0


def closed_pair():
    """Two bodies that see only each other, and their start at 500 and 300 K."""
    solid = boxes(0.3, 0.2, conductivity=2.0, heat_capacity=1e5)
    enclosure = seen(solid, ["a:+x", "b:-x"], FACING, surfaces([1.0, 1.0]))
    return joined(solid.model(), enclosure), field(solid, a=500.0, b=300.0)


def test_closed_cavity_keeps_its_heat_in_implicit_steps():
    """Two bodies that exchange 48 kJ: the path adds up to 1e-11 of it, what is stored to Newton's 1e-9 K in each of 60 steps."""
    model, start = closed_pair()
    end, ledger = audited(model, start, (0.0, 3e5), scheme="implicit_euler", fixed_steps=60)
    capacity = float(model.heat_capacity.sum())
    assert abs(ledger.heat()["space"]) < 1e-11 * 48e3
    assert float(model.heat_capacity @ (end - start)) == pytest.approx(0.0, abs=60 * 1e-9 * capacity)
    assert end == pytest.approx(420.0, abs=1.0)


@pytest.mark.parametrize("tolerance", [0.1, pytest.param(0.001, marks=pytest.mark.full)])
def test_closed_cavity_keeps_its_heat(tolerance):
    """Rosenbrock steps of any size: the matrix counts only what leaves for good, so 48 kJ go from one to the other without loss."""
    model, start = closed_pair()
    end, ledger = audited(model, start, (0.0, 3e5), tolerance=tolerance)
    assert abs(ledger.heat()["space"]) < 1e-11 * 48e3
    assert float(model.heat_capacity @ (end - start)) == pytest.approx(0.0, abs=1e-10 * 48e3)
    assert end == pytest.approx(420.0, abs=1.0)


def test_march_converges_in_time():
    """Two lumps that exchange as black plates: error against a march of many steps falls with the third order of the scheme."""
    solid = boxes(0.01, 0.01, conductivity=1e5, heat_capacity=1e5)
    model = joined(solid.model(), seen(solid, ["a:+x", "b:-x"], 0.6 * FACING, surfaces([1.0, 0.7])))
    start = field(solid, a=500.0, b=300.0)
    best = run(model, start, (0.0, 400.0), fixed_steps=640)
    errors = [np.abs(run(model, start, (0.0, 400.0), fixed_steps=n) - best).max() for n in (10, 20, 40)]
    assert np.log2(errors[0] / errors[1]) > 2.6
    assert np.log2(errors[1] / errors[2]) > 2.6


def floating(effective=BARE, conductance=0.0):
    """Bodies a and c held at 400 and 300 K, and b between them that touches nothing: both its ends see only one face of them."""
    solid = boxes(0.3, 0.2, 0.25)
    F = np.array([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]], dtype=float)
    given = np.array([BARE, effective, BARE, BARE])
    optics = surfaces([0.8, 0.5, 0.5, 0.8], given, [0.0, conductance, 0.0, 0.0])
    return solid, seen(solid, ["a:+x", "b:-x", "b:+x", "c:-x"], F, optics)


def test_floating_body_in_few_iterations():
    """A body tied to others by exchange alone, both sides alike: T^4 is the mean; Newton needs at most 6 steps of at most 6 solves each."""
    solid, enclosure = floating()
    model = joined(solid.model(held={"a:-x": 400.0, "c:+x": 300.0}, heat={}), enclosure)
    solver = ShiftedSolver(model, "direct")
    T, change, converged = newton(model, solver, solid.start(300.0), 0.0, iterations=6, refresh=True)
    assert converged, change
    assert solver.solves <= 6 * 6
    E = SIGMA * (enclosure.mean(solid.layout, T**4))
    flux = (E[0] - E[1]) / (1 / 0.8 + 1 / 0.5 - 1)
    assert flux == pytest.approx((E[2] - E[3]) / (1 / 0.8 + 1 / 0.5 - 1), rel=1e-9)
    assert solid.at(T, 0.5, 0.05, 0.1) == pytest.approx(((400.0**4 + 300.0**4) / 2) ** 0.25, abs=1.0)


@pytest.mark.parametrize("conductance", [0.01, 1.0, 30.0, 1000.0])
def test_steady_state_under_a_conducting_blanket(conductance):
    """A heated body whose only way out is a blanket with a seam settles where the seam's flux is the heat, whatever the conductance."""
    solid = boxes(0.3)
    enclosure = seen(solid, ["a:+x"], np.zeros((1, 1)), surfaces([0.8], 0.05, conductance), sink=3.0)
    model = joined(solid.model(heat={"a": 8.0}), enclosure)
    T = steady_state(model, solid.start(300.0), 0.0, "direct")
    layer = (3.0**4 + 8.0 / (0.02 * 0.8 * SIGMA)) ** 0.25
    assert enclosure.outer_temperature(solid.layout, SIGMA, 0.0, T)[0] == pytest.approx(layer, rel=1e-9)
    assert enclosure.load(Moment(solid.layout, SIGMA, 0.0, T)).sum() == pytest.approx(-8.0, rel=1e-9)


def test_periodic_state_of_a_floating_body():
    """A body heated by exchange alone with one whose temperature swings: the periodic state is found in a handful of orbits."""
    solid, enclosure = floating()
    swing = {"a:-x": lambda t: 400.0 + 50.0 * np.sin(2 * np.pi * t / 6000.0), "c:+x": 300.0}
    model = joined(solid.model(held=swing), enclosure)
    found = periodic_state(
        model, solid.start(320.0), lambda: (0.0, 3000.0, 6000.0), Solver(fixed_steps=20, linear="direct", tolerance=1e-3)
    )
    assert found.converged
    assert found.orbits <= 6
    assert found.change < 1e-3


def test_what_has_no_temperature():
    """Perfectly insulated faces that see only one another are refused by these words."""
    solid = boxes(0.3, 0.2)
    with pytest.raises(ValueError, match="insulated faces that see only one another"):
        seen(solid, ["a:+x", "b:-x"], FACING, surfaces([0.5, 0.5], 0.0))


def test_a_face_with_a_sink_of_its_own_absorbs_sunlight_alone():
    """Two facing plates, the first of which sends back all infrared: nothing is exchanged, and sunlight is absorbed by both as if bare."""
    bare = surfaces([1.0, 0.6], absorptance=[0.3, 0.5])
    apart = replace(bare, effective=np.array([0.0, BARE]), sunned=np.array([True, False]))
    F, sky, areas = 0.4 * FACING, np.full(2, 0.6), np.ones(2)
    own, usual = transfer(F, sky, areas, apart), transfer(F, sky, areas, bare)
    assert own.sunlight == pytest.approx(usual.sunlight, abs=1e-15)
    assert own.returned[0] == pytest.approx(0.0, abs=1e-15)
    assert own.sky[0] == pytest.approx(0.0, abs=1e-15)
    assert np.abs(own.outer_sunlight).max() == 0.0
