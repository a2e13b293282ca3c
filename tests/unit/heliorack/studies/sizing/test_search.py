"""The search of `heliorack size` by itself, on functions whose optimum is known."""

import numpy as np
import pytest

from heliorack.studies.sizing.descent import descend
from heliorack.studies.sizing.linear_model import Answer, Lessons, LinearModel
from heliorack.studies.sizing.proof import proof
from heliorack.studies.sizing.search import RefusedError, Settings, SpentError, cheapest, first_slopes, refreshed
from heliorack.studies.sizing.subproblem import least, prices

EXACT = Settings(small=1e-5, held=1e-4, teaches=0.0, rounds=30)
LOW, HIGH = np.log([0.05, 0.05]), np.log([3.0, 3.0])
GRAIN = 0.3  #: kg/m, of a stiffener along the width: makes a narrow plate the lighter one


def temperature(x):
    """Of a plate of width and length exp(x) that radiates 100 W from both faces [K]."""
    return (100.0 / (2 * 0.9 * 5.670374e-8 * np.exp(x.sum()))) ** 0.25


def plate_mass(x):
    """kg; all of it is known."""
    return 5.0 * np.exp(x.sum()) + GRAIN * np.exp(x[0])


def slacks(x, expected=None, limit=320.0):
    """A limit on temperature, and a width of at least half the length."""
    return Answer(0.0, np.array([limit - temperature(x), np.exp(x[0] - x[1]) - 0.5]))


def optimum(limit):
    """Area by the limit, and half as wide as long."""
    area = 100.0 / (2 * 0.9 * 5.670374e-8 * limit**4)
    return np.sqrt([area / 2, 2 * area])


def found(start, limit=320.0, settings=EXACT):
    def evaluate(x, expected):
        return slacks(x, expected, limit)

    model = first_slopes(evaluate, plate_mass, np.log(start), LOW, HIGH, settings)
    return descend(model, evaluate, plate_mass, LOW, HIGH, settings), evaluate


@pytest.mark.parametrize("start", [[0.8, 0.9], [0.1, 0.1], [2.9, 2.5]])
def test_the_optimum_is_that_of_the_closed_form_from_any_start(start):
    """Both constraints bind: the plate has the area of the limit and is half as wide as long."""
    result, _ = found(start)
    assert result.feasible
    assert result.converged
    assert np.exp(result.x) == pytest.approx(optimum(320.0), rel=1e-3)


def test_prices_are_what_an_optimum_with_another_limit_saves():
    """A multiplier is the slope of the best mass over the limit; here d(5 A + 0.3 sqrt(A / 2)) / dT with A = c / T^4."""
    result, evaluate = found([0.3, 0.5])
    model = refreshed(result.model, evaluate, LOW, HIGH, Settings(step=0.02))
    found_prices = prices(model, plate_mass, LOW, HIGH)
    best = [plate_mass(np.log(optimum(limit))) for limit in (319.0, 321.0)]
    assert found_prices.of[0] == pytest.approx((best[0] - best[1]) / 2.0, rel=0.01)
    assert found_prices.residual < 1e-6


def test_where_nothing_holds_the_worst_violation_is_least():
    """At 150 K even the largest plate (9 m2) is too warm by its own temperature less 150 K; both lengths end at their upper ends."""
    result, _ = found([0.5, 0.5], limit=100.0)
    assert not result.feasible
    assert result.model.answer.violation == pytest.approx(temperature(HIGH) - 100.0, abs=0.01)


def test_an_optimum_at_an_end_of_the_range_has_the_price_of_that_end():
    """Without a limit that binds the lightest plate is the smallest one; what balances the slope of the mass are the lower ends."""
    low = np.log([0.5, 0.5])
    start = np.log([1.0, 1.0])

    def evaluate(x, expected):
        return slacks(x, expected, 400.0)

    result = descend(first_slopes(evaluate, plate_mass, start, low, HIGH, EXACT), evaluate, plate_mass, low, HIGH, EXACT)
    assert result.x == pytest.approx(low)
    assert result.prices.of == pytest.approx([0.0, 0.0])
    assert np.all(result.prices.bounds > 0)
    assert result.prices.residual < 1e-6


def test_points_that_are_refused_are_gone_around():
    """A strip that cannot be evaluated, where the first step lands, halves that step and does not end the search."""

    def evaluate(x, expected):
        if 0.45 < np.exp(x[0]) < 0.5:
            raise RefusedError("no such plate")
        return slacks(x)

    model = first_slopes(evaluate, plate_mass, np.log([0.8, 0.9]), LOW, HIGH, EXACT)
    assert np.exp(descend(model, evaluate, plate_mass, LOW, HIGH, EXACT).x) == pytest.approx(optimum(320.0), rel=1e-3)


def test_a_search_without_evaluations_left_ends_at_its_best_point_and_says_so():
    """Converged is only what has converged."""
    left = [6]

    def evaluate(x, expected):
        left[0] -= 1
        if left[0] < 0:
            raise SpentError("none left")
        return slacks(x)

    model = first_slopes(evaluate, plate_mass, np.log([2.9, 2.5]), LOW, HIGH, EXACT)
    result = descend(model, evaluate, plate_mass, LOW, HIGH, EXACT)
    assert not result.converged
    assert plate_mass(result.x) < plate_mass(np.log([2.9, 2.5]))


def test_slopes_by_all_evaluations_are_those_of_a_plane():
    """Of a plane three points beside the centre give its slopes; a constraint that was not looked at keeps its own."""
    plane, centre = np.array([[70.0, -30.0], [5.0, 2.0]]), np.array([0.1, -0.2])

    def answer(x, seen):
        return Answer(float(3.0 * x[0]), plane @ x, np.array([True, seen]))

    lessons = Lessons(0.06)
    for step in ([0.05, 0.0], [0.0, -0.07], [0.2, 0.3]):
        x = centre + np.array(step)
        lessons.add(x, answer(x, False))
    about = lessons.about(LinearModel(centre, answer(centre, True), np.zeros((3, 2))))
    assert about.slopes[0] == pytest.approx(plane[0], rel=0.02)
    assert about.slopes[1] == pytest.approx([0.0, 0.0])
    assert about.slopes[2] == pytest.approx([3.0, 0.0], rel=0.02, abs=0.03)
    assert about.at(centre).slack == pytest.approx(plane @ centre)


def test_what_is_promised_beside_the_optimum_proves_it_or_not():
    """At the optimum the slopes promise nothing, and foretold both sides to their bend; 5 % of area beside it they promise those 5 %."""
    result, _ = found([0.3, 0.5], settings=Settings(step=0.02, small=1e-5, held=1e-4, teaches=0.0, rounds=30))
    model, lessons = result.model, Lessons(0.0)
    for x in (model.x + 0.02, model.x - 0.02):
        lessons.add(x, slacks(x))
    said = proof(model, model, prices(model, plate_mass, LOW, HIGH), lessons, plate_mass, LOW, HIGH, 0.02)
    assert said.holds
    assert said.beside == 2
    assert said.lighter < 1e-3 * said.objective
    assert 0.5 < said.missed / (320.0 * 0.04**2 / 32.0) < 2.0  # the bend of T ~ A^(-1/4) over 4 % of area
    away = LinearModel(model.x + 0.025, slacks(model.x + 0.025), model.slopes)
    said = proof(away, away, prices(away, plate_mass, LOW, HIGH), lessons, plate_mass, LOW, HIGH, 0.06)
    assert not said.holds
    assert said.lighter == pytest.approx(0.05 * said.objective, rel=0.1)


def test_the_cheapest_corner_bounds_every_design():
    """The known mass at the lower ends is a bound for all, whatever else a design takes."""
    bound = cheapest(plate_mass, np.log([1.0, 1.0]), LOW, HIGH)
    assert bound == pytest.approx(plate_mass(LOW))
    grid = [plate_mass(np.array([a, b])) for a in np.linspace(LOW[0], HIGH[0], 7) for b in np.linspace(LOW[1], HIGH[1], 7)]
    assert bound <= min(grid) + 1e-12


def test_a_step_of_the_model_is_the_linear_programme():
    """Of a linear objective under one linear constraint the least lies where that binds, at a corner."""
    model = LinearModel(np.zeros(2), Answer(0.0, np.array([1.0])), np.array([[-1.0, -2.0], [0.0, 0.0]]))
    step = least(model, lambda x: float(-x.sum()), np.full(2, -1.0), np.full(2, 1.0))
    assert step.feasible
    assert step.x == pytest.approx([1.0, 0.0], abs=1e-6)


def test_noise_of_the_evaluations_does_not_keep_a_design_from_holding():
    """Slacks that are off by up to 0.1 at random, as by another mesh: the search ends near the optimum, and holds there."""
    random = np.random.default_rng(1)

    def evaluate(x, expected):
        return Answer(0.0, slacks(x).slack + np.array([random.uniform(-0.1, 0.1), 0.0]))

    rough = Settings()
    for start in ([0.8, 0.9], [0.1, 0.1], [0.5, 0.3], [0.2, 2.0]):
        model = first_slopes(evaluate, plate_mass, np.log(start), LOW, HIGH, rough)
        result = descend(model, evaluate, plate_mass, LOW, HIGH, rough)
        assert result.feasible
        assert plate_mass(result.x) == pytest.approx(plate_mass(np.log(optimum(320.0))), rel=0.01)


def test_designs_about_as_good_are_not_wandered_among():
    """Only the area counts, and both sides teach it alike but for a bend and noise: a design that holds within eight evaluations."""
    seen = []

    def evaluate(x, expected):
        bend = 4.0 * (x[0] - x[1]) ** 2 + 0.3 * np.sin(40.0 * x[0])
        seen.append(x)
        return Answer(0.0, np.array([320.0 - temperature(x) - bend]))

    start, settings = np.log([0.3, 0.5]), Settings(whole=False)
    model = first_slopes(evaluate, lambda x: 5.0 * np.exp(x.sum()), start, LOW, HIGH, settings)
    first = next(
        n
        for n, _ in enumerate(iter(int, 1), 1)
        if descend(model, limited(evaluate, n), lambda x: 5.0 * np.exp(x.sum()), LOW, HIGH, settings).feasible
    )
    assert first <= 8


def limited(evaluate, most):
    """An evaluation that is spent after a number of calls."""
    left = iter(range(most))

    def spent(x, expected):
        if next(left, None) is None:
            raise SpentError
        return evaluate(x, expected)

    return spent


def test_fresh_slopes_lead_to_a_point_that_holds():
    """The centre misses its limit by 1 K; one of the points beside it keeps it, and becomes the centre."""
    area = 100.0 / (2 * 0.9 * 5.670374e-8 * 321.0**4)
    x = np.log([area / 0.3, 0.3])
    model = refreshed(LinearModel(x, slacks(x), np.ones((3, 2))), slacks, LOW, HIGH, Settings())
    assert slacks(x).violation == pytest.approx(1.0)
    assert model.answer.violation == 0.0
    assert model.answer.slack == pytest.approx(slacks(model.x).slack)


def test_slopes_that_an_evaluation_says_itself_need_no_others():
    """The closed form with its own derivatives: one evaluation before the first step, and the optimum to 1e-4 by ten in all."""
    seen = []

    def evaluate(x, expected):
        seen.append(x)
        slack, ratio = slacks(x), np.exp(x[0] - x[1])
        return Answer(0.0, slack.slack, None, np.array([[temperature(x) / 4] * 2, [ratio, -ratio], [0.0, 0.0]]))

    model = first_slopes(evaluate, plate_mass, np.log([0.8, 0.9]), LOW, HIGH, EXACT)
    assert len(seen) == 1
    result = descend(model, evaluate, plate_mass, LOW, HIGH, EXACT)
    assert np.exp(result.x) == pytest.approx(optimum(320.0), rel=1e-4)
    assert len(seen) <= 10
    about = refreshed(result.model, evaluate, LOW, HIGH, Settings(step=0.02))
    assert about.slopes[0] == pytest.approx([temperature(result.x) / 4] * 2)


def test_a_slope_that_is_known_is_not_learned():
    """Of two variables the first has a slope of its own, which another evaluation does not change; the second learns what is left."""
    centre, own = np.zeros(2), np.array([[3.0, np.nan], [0.0, np.nan]])
    lessons = Lessons(0.0)
    lessons.add(np.array([0.1, 0.1]), Answer(0.0, np.array([1.0 + 0.3 + 0.2])))
    about = lessons.about(LinearModel(centre, Answer(0.0, np.array([1.0]), None, own), np.zeros((2, 2))))
    assert about.slopes[0] == pytest.approx([3.0, 2.0], rel=0.05)
    assert about.slopes[0, 0] == 3.0
