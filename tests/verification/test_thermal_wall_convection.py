"""A plane wall cooled by a film on both sides (half of it is meshed)."""

import pytest
from bodies import bar, run


@pytest.mark.parametrize(
    ("biot", "centre", "surface", "centre_late"),
    [
        (0.1, 0.9939985016, 0.9514198549, 0.9223885716),
        (1.0, 0.9506417785, 0.6433907845, 0.5338594014),
        (10.0, 0.8292547308, 0.1224822381, 0.1638176417),
    ],
)
def test_centre_and_surface(biot, centre, surface, centre_late):
    """Half thickness 1 from 1 to a fluid at 0: sums over the roots of z tan z = Bi at Fo = 0.2 (and the centre at Fo = 1), to 1e-4.

    Source: Incropera and DeWitt, Fundamentals of Heat and Mass Transfer, 5.5.
    """
    solid = bar(64, 1.0, 1 / 64, 1.0, 1.0)
    model = solid.model(films={"bar:+x": (biot, 0.0)})
    early = run(model, solid.start(1.0), (0.0, 0.2), tolerance=1e-5)
    late = run(model, early, (0.2, 1.0), tolerance=1e-5)
    assert solid.at(early, 0.0, 0.0, 0.0) == pytest.approx(centre, abs=1e-4)
    assert solid.at(early, 1.0, 0.0, 0.0) == pytest.approx(surface, abs=1e-4)
    assert solid.at(late, 0.0, 0.0, 0.0) == pytest.approx(centre_late, abs=1e-4)
