"""Words about a network that is solved with parts."""

import pytest
from bodies import alone
from case_text import box

from heliorack.case.case import loads
from heliorack.casefile.errors import CaseError
from heliorack.run.simulate import simulate
from meshes.errors import GeometryError

STEADY = 'title = "plate"\n[run]\nkind = "steady"\n'
PLATE = box("plate", (100, 100, 10), coating="insulated", mesh=100, more="heat_W = 5")
NODES = '[[network.nodes]]\nname = "shelf"\n[[network.nodes]]\nname = "bay"\nheld_degC = 20\n'
TIE = '[[network.conductors]]\nbetween = ["shelf", "bay"]\nconductance_W_K = 1\n'


def film(node="shelf", faces="plate:+z"):
    """A film as text."""
    return f'[[network.films]]\nnode = "{node}"\nfaces = "{faces}"\nconductance_W_m2K = 100\n'


def loop(more):
    """A loop whose only segment has `more`."""
    tube = f"{{ name = 'tube', length_m = 1, diameter_mm = 5, film_W_m2K = 100, {more} }}"
    return f"[[network.loops]]\nname = 'coolant'\nfluid = 'water'\npump = {{ flow_kg_s = 0.01 }}\nsegments = [{tube}]\n"


@pytest.mark.parametrize(
    ("network", "words"),
    [
        (NODES + TIE + film(node="shelv"), r"films\.0\.node.*no such node; did you mean shelf\?"),
        (NODES + TIE + film(faces="plate:+w"), r"films\.0\.faces.*no such face"),
        (NODES + TIE + film(faces="tray*:+z"), r"films\.0\.faces.*matches no face"),
        (NODES + TIE + "[[network.films]]\nconductance_W_m2K = 100\n", r"(?s)films\.0\.node +missing.*films\.0\.faces +missing"),
        (NODES + TIE, r"network +touches no part: give \[\[network\.films\]\]"),
        (loop("faces = 'plate:+w'"), r"segments\.tube\.faces.*no such face"),
        (loop("faces = 'plate:+z', node = 'bay'") + NODES, "say where its wall is, and so does node or radiates"),
        (loop("along = [1, 0, 0]"), "is the direction of flow over faces; it needs faces"),
        (NODES.replace("shelf", "plate") + film("plate"), r"nodes\.plate\.name.*is the name of a part too"),
        ("[network]\nperiod_s = 100\n" + NODES + TIE + film(), r"network\.period_s.*with parts a run repeats with its \[orbit\]"),
    ],
)
def test_refused(network, words):
    """Each with its place, what was found and what to do."""
    with pytest.raises(CaseError, match=words):
        loads(STEADY + PLATE + network)


def test_a_limit_on_a_node_without_a_name():
    """The name that is missing is one fault; that no limit finds it is none, and no `None` is among what there is."""
    with pytest.raises(CaseError) as refused:
        loads(STEADY + NODES.replace('name = "shelf"', "") + TIE + '[[limits]]\non = "shelf"\nmax_degC = 50\n')
    said = str(refused.value)
    assert "network.nodes.0.name" in said
    assert "None" not in said
    assert "limits" not in said


def test_films_without_parts():
    """There are no faces to touch."""
    with pytest.raises(CaseError, match=r"films\.0 +ties a node to faces of \[\[parts\]\], of which there are none"):
        loads(STEADY + NODES + TIE + film())


def test_a_node_that_only_parts_touch():
    """An insulated plate and a node that is tied to it alone: neither loses heat."""
    text = STEADY + PLATE + '[[network.nodes]]\nname = "shelf"\n' + film()
    with pytest.raises(GeometryError, match=r"shelf: no way to a sink"):
        simulate(loads(text), alone())


def test_a_part_that_only_a_lost_loop_touches():
    """A loop on two faces of one insulated plate carries its heat nowhere."""
    with pytest.raises(GeometryError, match=r"no way to a sink"):
        simulate(loads(STEADY + PLATE + loop("faces = 'plate:+z'")), alone())


def test_strips_beside_the_faces():
    """Two panels with a gap between them leave strips without any of them."""
    apart = PLATE + box("other", (100, 100, 10), (1000, 0, 0), coating="insulated", mesh=100)
    tube = loop("faces = '*:+z', along = [1, 0, 0]") + NODES + TIE + film("bay", "*:-z")
    with pytest.raises(GeometryError, match="nothing of these faces lies in strip 3 of 12"):
        simulate(loads(STEADY + apart + tube), alone())
