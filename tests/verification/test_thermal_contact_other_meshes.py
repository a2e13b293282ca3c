"""Parts that lie on each other with meshes that do not match: quadrature on one side, closest points on the other."""

import numpy as np
import pytest
from bodies import Solid, audited

from heliorack.model.interfaces import interfaces
from meshes.errors import GeometryError
from meshes.join import join
from meshes.measure import facet_areas
from meshes.structured import structured_box
from thermal.conduction.contact import Contact
from thermal.solve.steady import steady_state

K = np.stack([167.0 * np.eye(3), 398.0 * np.eye(3)])
AREA = 0.02 * 0.03


def slabs(hot=(6, 7, 5), cold=(4, 3, 4), apart=0.0, shift=0.0):
    """10 mm of aluminium and 5 mm of copper face to face."""
    one = structured_box(hot, (0.01, 0.02, 0.03), name="hot")
    other = structured_box(cold, (0.005, 0.02, 0.03), (0.01 + apart, shift, 0.0), name="cold")
    return join([one, other], matching=False)


def matrix(face, n):
    """Contact matrix as a dense array."""
    dense = np.zeros((n, n))
    rows, columns, values = face.triplets
    np.add.at(dense, (rows, columns), values)
    return dense


@pytest.mark.parametrize(
    ("hot", "cold", "apart"),
    [((6, 7, 5), (4, 3, 4), 0.0), ((2, 1, 1), (3, 9, 11), 0.0), ((3, 5, 8), (2, 5, 3), 1e-4)],
    ids=["alike", "coarse-on-fine", "0.1-mm-apart"],
)
def test_flux_and_jump(hot, cold, apart):
    """q = 87344.93271657 W/m2 to 1e-8, 344.76976451 | 301.09729815 K everywhere on the joint within 0.001 % of the jump of 43.67 K."""
    whole = slabs(hot, cold, apart)
    assert not whole.touches
    solid = Solid(whole, [167.0, 398.0])
    (face,) = interfaces([Contact(("hot", "cold"), 2000.0, tolerance=2e-4)], whole, K).found
    assert (face.matching, face.kind) == (False, "conductance")
    assert face.area == pytest.approx(AREA, rel=1e-12)
    assert face.coverage == pytest.approx(1.0, abs=1e-12)
    model = solid.model(held={"hot:-x": 350.0, "cold:+x": 300.0}, couplings=[face.triplets])
    T = steady_state(model, solid.start(320.0), 0.0, "direct")
    enters, leaves = (model.product(model.A, T)[held.rows].sum() for held in model.held)
    assert enters / AREA == pytest.approx(87344.93271657, rel=1e-8)
    assert leaves == pytest.approx(-enters, rel=1e-10)
    for face, exact in (("hot:+x", 344.76976451), ("cold:-x", 301.09729815)):
        assert T[solid.area(face) > 0] == pytest.approx(exact, abs=1e-5 * 43.67)


def test_linear_fields_pass():
    """A field linear along the interface has no jump: no heat crosses. A field on one side alone: h times the integral of its square."""
    whole = slabs()
    (face,) = interfaces([Contact(("hot", "cold"), 2000.0)], whole, K).found
    C, points = matrix(face, len(whole.points)), whole.points
    assert abs(C - C.T).max() < 1e-14
    assert abs(C.sum(axis=1)).max() < 1e-12
    field = 300.0 + 200.0 * points[:, 1] - 50.0 * points[:, 2]
    assert abs(C @ field).max() < 1e-10
    for part in (0, 1):
        own = np.zeros(len(points))
        mine = np.unique(whole.cells[whole.cell_part == part])
        own[mine] = points[mine, 1]
        assert own @ C @ own == pytest.approx(2000.0 * 0.02**3 / 3 * 0.03, rel=1e-10)


def test_covered_faces_do_not_radiate():
    """A 20 x 20 mm box on a 60 x 50 mm plate of an unrelated mesh: both lose 400 mm2 of free surface."""
    plate = structured_box((7, 6, 1), (0.06, 0.05, 0.004), name="plate")
    chip = structured_box((3, 3, 2), (0.02, 0.02, 0.005), (0.0173, 0.0111, 0.004), name="chip")
    whole = join([plate, chip], matching=False)
    found = interfaces([Contact(faces=("chip:-z", "plate:+z"), conductance=500.0)], whole, K)
    free = np.bincount(whole.facet_face, found.free * facet_areas(whole), len(whole.face_names))
    assert found.found[0].area == pytest.approx(4e-4, rel=1e-10)
    assert free[whole.face_names.index("chip:-z")] == pytest.approx(0.0, abs=1e-15)
    assert free[whole.face_names.index("plate:+z")] == pytest.approx(0.06 * 0.05 - 4e-4, rel=1e-6)
    assert free.sum() == pytest.approx(facet_areas(whole).sum() - 8e-4, rel=1e-6)


def test_first_law_closes():
    """An hour of radiating and heating: stored heat and heat through the faces agree to 1e-9 of the throughput."""
    whole = slabs()
    solid = Solid(whole, [167.0, 398.0], [2.4e6, 3.4e6])
    faces = interfaces([Contact(("hot", "cold"), 150.0)], whole, K).found
    model = solid.model(heat={"cold": 5.0}, emitters={"hot:-x": (0.9, 3.0)}, couplings=[face.triplets for face in faces])
    T, ledger = audited(model, solid.start(290.0), (0.0, 3600.0))
    assert T[solid.spread("cold") > 0].min() > T[solid.spread("hot") > 0].max() + 20
    assert ledger.closure() < 1e-9


def test_a_gap_isolates():
    """Heat in one slab does not reach the other, and the covered faces stay covered."""
    whole = slabs()
    solid = Solid(whole, [167.0, 398.0])
    found = interfaces([Contact(("hot", "cold"), gap=True)], whole, K)
    model = solid.model(heat={"hot": 100.0}, held={"cold:+x": 300.0}, couplings=[face.triplets for face in found.found])
    T, _ = audited(model, solid.start(300.0), (0.0, 60.0), fixed_steps=5)
    assert abs(T[solid.spread("cold") > 0] - 300.0).max() < 1e-9
    assert T[solid.spread("hot") > 0].mean() == pytest.approx(300 + 100 * 60 / (1e6 * 0.01 * AREA), rel=1e-9)
    assert found.found[0].kind == "gap"
    assert found.assumptions[0] == "gaps: parts that touch and exchange nothing there, neither by contact nor by radiation: hot - cold"


def test_coverage_refused_and_accepted():
    """Slabs shifted by half their width: 50 % of the smaller side, said in the refusal; `partial` takes it and says so."""
    whole = slabs(hot=(2, 8, 4), cold=(2, 10, 6), shift=0.01)
    faces = ("hot:+x", "cold:-x")
    with pytest.raises(GeometryError, match=r"coverage below 99 %:\n  contacts.0   hot - cold   50.00 % of the smaller side"):
        interfaces([Contact(faces=faces, conductance=10.0)], whole, K)
    found = interfaces([Contact(faces=faces, conductance=10.0, partial=True)], whole, K)
    assert found.found[0].area == pytest.approx(AREA / 2, rel=1e-9)
    assert any("covers 50.0 % of the smaller side" in sentence for sentence in found.assumptions)


def test_silence_and_distance_refused():
    """Meshes that do not match are no way around the word that every interface needs; parts further apart than the tolerance are apart."""
    with pytest.raises(GeometryError, match=r"1 touching pair of parts without a contact:\n  hot - cold   600 mm2"):
        interfaces([], slabs(), K)
    with pytest.raises(
        GeometryError, match=r"never touch:\n  contacts.0   hot:\+x - cold:-x\nCheck positions and sizes, or give tolerance"
    ):
        interfaces([Contact(faces=("hot:+x", "cold:-x"), conductance=10.0)], slabs(apart=1e-4), K)
    with pytest.raises(GeometryError, match="are bonded, but their triangles do not match over 600 mm2"):
        interfaces([Contact(("hot", "cold"), bonded=True)], slabs(), K)


def test_curved_faces():
    """A shaft in a bore, both cut into flats at other angles: covered all round within 1 % when the tolerance spans the flats' rise."""
    shaft, bore = (ring(n, inner, outer, name) for n, inner, outer, name in ((48, 0.004, 0.01, "shaft"), (40, 0.01, 0.016, "bore")))
    whole = join([shaft, bore], matching=False)
    rise = 0.01 * (1 - np.cos(np.pi / 40))
    (face,) = interfaces([Contact(("shaft", "bore"), 100.0, tolerance=2 * rise)], whole, K).found
    assert face.area == pytest.approx(2 * np.pi * 0.01 * 0.02, rel=0.01)
    assert face.coverage > 0.99


def ring(n, inner, outer, name):
    """A tube along z from a box: x becomes the angle, y the radius; only its walls at y count here."""
    whole = structured_box((n, 2, 4), (1.0, 1.0, 0.02), name=name)
    angle, radius = 2 * np.pi * whole.points[:, 0], inner + (outer - inner) * whole.points[:, 1]
    whole.points[:, 0], whole.points[:, 1] = -radius * np.cos(angle), radius * np.sin(angle)
    return whole
