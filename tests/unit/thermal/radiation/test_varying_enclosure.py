"""Exchange between groups whose emittance follows their temperature: closed forms, conservation, slopes, planet infrared."""

from dataclasses import fields, replace

import numpy as np
import pytest
from bodies import SIGMA, Solid, audited, orders, run
from scipy.integrate import solve_ivp
from scipy.optimize import brentq
from scipy.sparse import csr_matrix

from meshes.join import join
from meshes.structured import structured_box
from thermal.curve import Curve
from thermal.heat import Moment
from thermal.radiation.enclosure import Enclosure, Surfaces, transfer
from thermal.radiation.varying_enclosure import VaryingEnclosure
from thermal.sensitivity.transposed import slope_transposed
from thermal.solve.emittance import VaryingInfrared
from thermal.solve.settings import Solver
from thermal.solve.steady import steady_state
from thermal.solve.ways import Source

WHITE = Curve(np.array([200.0, 300.0, 500.0]), np.array([0.2, 0.4, 0.9]))
GREY = Curve(np.array([100.0, 600.0]), np.array([0.75, 0.35]))
NOMINAL = (0.4, 0.6)
#: two plates and a wall around them, closed without a sky
CAVITY = np.array([[0.0, 0.2, 0.8], [0.2, 0.0, 0.8], [0.4, 0.4, 0.2]])


def bodies(count=2):
    """Cubes of 0.1 m, far apart, named a, b, c."""
    made = [structured_box((2, 2, 2), (0.1, 0.1, 0.1), (0.3 * i, 0.0, 0.0), name=name) for i, name in enumerate("abc"[:count])]
    return Solid(join(made), 200.0, 1e6)


def enclosure(solid, faces, F, areas=None, sky=None, sink=0.0):
    """The faces as groups: the first follows WHITE, the second GREY, others have 0.8; `areas` in place of those of the faces [m2]."""
    names = solid.assembly.face_names
    weights = solid.faces[:, [names.index(face) for face in faces]].tocsr()
    if areas is not None:
        weights = csr_matrix(weights @ np.diag(np.array(areas) / np.asarray(weights.sum(axis=0)).ravel()))
    total = np.asarray(weights.sum(axis=0)).ravel()
    eps = np.array([*NOMINAL, *[0.8] * (len(faces) - 2)])
    own = np.full(len(eps), np.nan)
    optics = Surfaces(np.full(len(eps), 0.5), eps, own, np.zeros(len(eps)), np.full(len(eps), 0.5))
    poses = [transfer(F, 1.0 - F.sum(axis=1) if sky is None else sky, total, optics)]
    over = tuple((np.array([i]), curve.over(nominal)) for i, (curve, nominal) in enumerate(zip((WHITE, GREY), NOMINAL, strict=True)))
    return VaryingEnclosure("space", weights, total, optics, poses, np.zeros(1), 1.0, sink, over=over)


def field(solid, temperatures):
    """A temperature for each part [K]."""
    T = np.empty(solid.layout.owned)
    for name, value in zip("abc", temperatures, strict=False):
        T[solid.spread(name) > 0] = value
    return T


def joined(solid, way, **more):
    """A model with this way of heat."""
    return solid.model(ways=[way], **more)


@pytest.mark.parametrize("temperatures", [(350.0, 280.0), (230.0, 410.0), (487.0, 151.0)])
def test_parallel_plates(temperatures):
    """sigma (T1^4 - T2^4) / (1/eps1(T1) + 1/eps2(T2) - 1), each at its own temperature."""
    solid = bodies()
    way = enclosure(solid, ("a:+x", "b:-x"), np.array([[0.0, 1.0], [1.0, 0.0]]))
    hot, cold = temperatures
    flux = SIGMA * (hot**4 - cold**4) / (1 / WHITE(hot) + 1 / GREY(cold) - 1)
    heat = way.load(Moment(solid.layout, SIGMA, 0.0, field(solid, temperatures)))
    assert heat[solid.spread("b") > 0].sum() == pytest.approx(0.01 * flux, rel=1e-12)
    assert heat.sum() == pytest.approx(0.0, abs=1e-14 * np.abs(heat).sum())


def test_exchange_areas_are_those_of_the_emittances_at_hand():
    """Plates of 0.01 m2 by eps1(350 K) and eps2(280 K): A / (1/eps1 + 1/eps2 - 1), and what each sends out alone."""
    solid = bodies()
    way = enclosure(solid, ("a:+x", "b:-x"), np.array([[0.0, 1.0], [1.0, 0.0]]))
    now, eps = Moment(solid.layout, SIGMA, 0.0, field(solid, (350.0, 280.0))), (float(WHITE(350.0)), float(GREY(280.0)))
    factors = way.factors(now, way.poses[0])
    assert factors[[0, 1], [1, 0]] == pytest.approx(1 / (1 / eps[0] + 1 / eps[1] - 1), rel=1e-12)
    rows, groups = way.sends(now)
    assert groups == pytest.approx(eps, rel=1e-12)
    assert [rows[solid.spread(part) > 0].sum() for part in "ab"] == pytest.approx(0.01 * np.array(eps), rel=1e-12)


@pytest.mark.parametrize("temperatures", [(333.0, 214.0), (260.0, 520.0)])
def test_concentric_cavity(temperatures):
    """Inside a closed shell of 2.5 times the area: sigma A1 (T1^4 - T2^4) / (1/eps1 + A1/A2 (1/eps2 - 1))."""
    solid, ratio = bodies(), 0.4
    F = np.array([[0.0, 1.0], [ratio, 1.0 - ratio]])
    way = enclosure(solid, ("a:+x", "b:-x"), F, areas=(0.01, 0.01 / ratio))
    inner, outer = temperatures
    exact = 0.01 * SIGMA * (inner**4 - outer**4) / (1 / WHITE(inner) + ratio * (1 / GREY(outer) - 1))
    heat = way.load(Moment(solid.layout, SIGMA, 0.0, field(solid, temperatures)))
    assert heat[solid.spread("b") > 0].sum() == pytest.approx(exact, rel=1e-12)


def test_a_constant_curve_is_the_ordinary_enclosure():
    """With the nominal emittance at any temperature: the same load, heat and slopes, the sky and gradients over the faces included."""
    solid = bodies(3)
    F, sky = CAVITY * 0.7, np.full(3, 0.3)
    areas = (0.01, 0.01, 0.02)
    way = enclosure(solid, ("a:+x", "b:-x", "c:-x"), F, areas, sky, sink=3.0)
    given = {one.name: getattr(way, one.name) for one in fields(Enclosure) if one.init}
    plain = Enclosure(**given)
    still = VaryingEnclosure(**given, over=((np.array([0, 1]), Curve(np.array([100.0, 900.0]), np.ones(2))),))
    T = solid.start(lambda x: 300.0 + 400.0 * x[:, 1] + 90.0 * x[:, 0])
    now, change = Moment(solid.layout, SIGMA, 0.0, T), solid.start(lambda x: 1.0 + x[:, 2])
    assert still.load(now) == pytest.approx(plain.load(now), abs=1e-12)
    assert still.heat(now) == pytest.approx(plain.heat(now), rel=1e-12)
    back = [one.slope().returned(solid.layout, one.slope().derivative(now), change, None) for one in (still, plain)]
    assert back[0] == pytest.approx(back[1], abs=1e-12)


def test_slope_is_the_derivative_of_the_load():
    """What rows send out less what comes back, along a change, is the difference of loads; to the sharing of rows between faces."""
    solid = bodies(3)
    way = enclosure(solid, ("a:+x", "b:-x", "c:-x"), CAVITY * 0.9, (0.01, 0.01, 0.02), np.full(3, 0.1))
    T, change = field(solid, (350.0, 270.0, 300.0)), field(solid, (1.0, -2.0, 0.5))
    loads = [way.load(Moment(solid.layout, SIGMA, 0.0, T + h * change)) for h in (1e-3, -1e-3)]
    now = Moment(solid.layout, SIGMA, 0.0, T)
    way.load(now)
    slope = way.slope()
    row = slope.derivative(now)
    found = slope.returned(solid.layout, row, change, 0.0) - row * slope.sends * change
    # absorptance that grows with the row is in what it sends; a uniform face shows the sum
    for part in "abc":
        mine = solid.spread(part) > 0
        assert found[mine].sum() == pytest.approx(((loads[0] - loads[1]) / 2e-3)[mine].sum(), rel=1e-6)


def test_planet_infrared_is_absorbed_with_the_emittance_of_the_temperature():
    """On faces that see no other: eps(T) of what falls on them. On facing ones the reflections count too, and what is lost is the sky's."""
    solid = bodies()
    T, falls = field(solid, (430.0, 200.0)), np.array([100.0, 60.0])

    def extra(F):
        way = enclosure(solid, ("a:+x", "b:-x"), F)
        nominal = way.poses[0].infrared @ falls
        source = Source("earth_infrared", way.weights, lambda times: np.tile(nominal, (len(times), 1)))
        now = Moment(solid.layout, SIGMA, 0.0, T)
        return VaryingInfrared(way, source).load(now) + source.load(now)

    a, b = float(WHITE(430.0)), float(GREY(200.0))
    alone = extra(np.zeros((2, 2)))
    assert alone[solid.spread("a") > 0].sum() == pytest.approx(0.01 * a * 100.0, rel=1e-12)
    facing = extra(np.array([[0.0, 0.5], [0.5, 0.0]]))
    H = np.linalg.solve(np.array([[1.0, -0.5 * (1 - b)], [-0.5 * (1 - a), 1.0]]), falls)
    assert facing[solid.spread("a") > 0].sum() == pytest.approx(0.01 * a * H[0], rel=1e-12)
    assert facing[solid.spread("b") > 0].sum() == pytest.approx(0.01 * b * H[1], rel=1e-12)


def test_steady_state_between_plates():
    """10 W through the gap: the hot plate's temperature from the closed form, found by Newton's method."""
    solid = bodies()
    model = joined(solid, enclosure(solid, ("a:+x", "b:-x"), np.array([[0.0, 1.0], [1.0, 0.0]])), heat={"a": 3.0}, held={"b:+x": 250.0})
    T = steady_state(model, np.full(solid.layout.owned, 300.0), 0.0)
    cold = float(T[solid.area("b:-x") > 0].mean())
    hot = brentq(lambda x: 300.0 - SIGMA * (x**4 - cold**4) / (1 / WHITE(x) + 1 / GREY(cold) - 1), 200.0, 600.0)
    assert float(T[solid.area("a:+x") > 0].mean()) == pytest.approx(hot, abs=0.02)


def test_order_and_closure_in_time():
    """Two bodies of one temperature each exchange in a closed gap: order three in time, the ledger closes, nothing is lost."""
    made = [structured_box((1, 1, 1), (0.1, 0.1, 0.1), (0.3 * i, 0.0, 0.0), name=name) for i, name in enumerate("ab")]
    solid = Solid(join(made), 1e6, 1e6)
    way = enclosure(solid, ("a:+x", "b:-x"), np.array([[0.0, 1.0], [1.0, 0.0]]))
    model, start = joined(solid, way), field(solid, (295.0, 225.0))

    def rate(t, T):
        flux = 0.01 * SIGMA * (T[0] ** 4 - T[1] ** 4) / (1 / WHITE(T[0]) + 1 / GREY(T[1]) - 1)
        return [-flux / 1000.0, flux / 1000.0]

    exact = solve_ivp(rate, (0.0, 40_000.0), [295.0, 225.0], rtol=1e-12, atol=1e-10).y[:, -1]
    errors = []
    for count in (3, 6, 12):
        T, ledger = audited(model, start, (0.0, 40_000.0), fixed_steps=count)
        assert ledger.closure() < 1e-9
        errors.append(abs(float(T[solid.spread("a") > 0].mean()) - exact[0]))
    assert min(orders([1 / 3, 1 / 6, 1 / 12], errors)) > 2.5
    T = run(model, start, (0.0, 40_000.0), tolerance=1e-3)
    assert float(T[solid.spread("b") > 0].mean()) == pytest.approx(exact[1], abs=2e-3)


def test_blankets_that_vary_or_conduct_are_refused():
    """By words: the layers would need temperatures of their own in the exchange."""
    solid = bodies()
    way = enclosure(solid, ("a:+x", "b:-x"), np.array([[0.0, 1.0], [1.0, 0.0]]))
    given = {one.name: getattr(way, one.name) for one in fields(Enclosure) if one.init}
    given["surfaces"] = Surfaces(np.full(2, 0.5), np.array(NOMINAL), np.array([0.03, np.nan]), np.zeros(2), np.full(2, 0.5))
    with pytest.raises(ValueError, match="bare surfaces"):
        VaryingEnclosure(**given, over=way.over)
    assert Solver().tolerance > 0


def test_the_transposed_slope_is_that_of_the_load():
    """A row of weights times the difference of loads along a change, rows on edges and an emittance that falls steeply included."""
    solid, steep = bodies(3), Curve(np.array([250.0, 400.0]), np.array([0.95, 0.05]))
    way = enclosure(solid, ("a:+x", "b:-x", "c:-x"), CAVITY * 0.9, (0.01, 0.01, 0.02), np.full(3, 0.1))
    way = replace(way, over=((np.array([0]), WHITE.over(0.4)), (np.array([1]), steep.over(0.6))))
    T = solid.start(lambda x: 320.0 + 300.0 * x[:, 1] + 40.0 * x[:, 0])
    change, weight = solid.start(lambda x: 1.0 + 9.0 * x[:, 2] - 5.0 * x[:, 1]), solid.start(lambda x: np.cos(30.0 * x.sum(axis=1)))
    infrared = VaryingInfrared(way, Source("earth_infrared", way.weights, lambda times: np.tile([100.0, 150.0, 80.0], (len(times), 1))))
    now = Moment(solid.layout, SIGMA, 0.0, T)
    for one in (way, infrared):
        more, less = (weight @ one.load(Moment(solid.layout, SIGMA, 0.0, T + h * change)) for h in (1e-4, -1e-4))
        both = one.load_transposed(now, np.array([weight, 2.0 * weight]))
        assert both[0] @ change == pytest.approx((more - less) / 2e-4, rel=1e-7)
        assert both[1] == pytest.approx(2.0 * both[0])
    model = joined(solid, way)
    told = slope_transposed(model, 0.0, T, weight)
    more, less = (weight @ model.balance(0.0, T + h * change) for h in (1e-4, -1e-4))
    assert told @ change == pytest.approx((more - less) / 2e-4, rel=1e-6)
