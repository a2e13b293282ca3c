"""What is remembered of a march."""

import numpy as np
import pytest
from bodies import Solid, lump, run
from scipy.sparse import csr_matrix, hstack

from meshes.structured import structured_box
from thermal.solve.probes import Recorder

BOX = Solid(structured_box((4, 2, 2), (0.4, 0.2, 0.1)), 5.0, 1e5)


def test_means_and_extremes_of_parts_and_faces():
    """A field that is linear in x: volume mean at the middle, face means at the ends, lowest and highest at the nodes."""
    groups = hstack([BOX.volumes, csr_matrix(BOX.area("box:+x")[:, None]), csr_matrix(BOX.area("box:+z")[:, None])]).tocsr()
    recorder = Recorder(BOX.layout, groups, np.array([0.0]), np.array([0.0]))
    recorder.start(0.0, BOX.start(lambda p: 300 + 100 * p[:, 0]))
    history = recorder.history()
    assert history.mean[0] == pytest.approx([320.0, 340.0, 320.0])
    assert history.low[0] == pytest.approx([300.0, 340.0, 300.0])
    assert history.high[0] == pytest.approx([340.0, 340.0, 340.0])
    assert history.fields[0] == pytest.approx(300 + 100 * BOX.assembly.points[:, 0])


def test_samples_frames_and_a_time_that_stands_twice():
    """Every sample is there once, frames are whole fields in input order."""
    model = lump(9000.0, 0.85)
    groups = csr_matrix(np.ones((model.layout.owned, 1)))
    recorder = Recorder(model.layout, groups, np.array([0.0, 10.0, 50.0, 50.0, 90.0, 100.0]), np.array([0.0, 50.0, 100.0]))
    start = np.full(model.layout.owned, 350.0)
    recorder.start(0.0, start)
    end = run(model, start, (0.0, 50.0, 100.0), [recorder.observe], tolerance=1e-4)
    history = recorder.history()
    assert history.times == pytest.approx([0.0, 10.0, 50.0, 90.0, 100.0])
    exact = (350.0**-3 + 3 * 5.670374419e-8 * 0.85 * history.times / 9000.0) ** (-1 / 3)
    assert history.mean[:, 0] == pytest.approx(exact, abs=1e-3)
    assert history.frames == pytest.approx([0.0, 50.0, 100.0])
    assert history.fields[-1] == pytest.approx(end)
    recorder.clear()
    recorder.start(0.0, start)
    assert len(recorder.history().times) == 1


def test_a_peak_between_samples_is_seen():
    """Heat up to 40 s, then cooling: the peak lies between the samples at 0 and 100 s and is found to 0.01 K."""
    model = lump(9000.0, 0.85, absorbed=lambda t: 5000.0 if t < 40 else 0.0)
    groups = csr_matrix(np.ones((model.layout.owned, 1)))
    recorder = Recorder(model.layout, groups, np.array([0.0, 100.0]), np.array([]), watch=lambda T: T[:1])
    start = np.full(model.layout.owned, 250.0)
    recorder.start(0.0, start)
    peak = run(model, start, (0.0, 40.0), tolerance=1e-4)[0]
    run(model, start, (0.0, 40.0, 100.0), [recorder.observe], tolerance=1e-3)
    history = recorder.history()
    assert history.hottest[0] == pytest.approx(peak, abs=0.01)
    assert history.hottest[0] > history.high.max()
    assert history.coldest[0] == pytest.approx(250.0)
    assert history.mean_span(0) == pytest.approx((250.0, peak), abs=0.01)  # a face is judged by its mean
    assert history.mean[:, 0].max() < peak - 1.0
    assert history.watched.max() == pytest.approx(peak, abs=0.01)


def test_a_smooth_peak_inside_a_step():
    """A sine of 400 s: the top of the temperature is found by the dense output to a tenth of the tolerance of 0.05 K."""
    model = lump(9000.0, 0.0, absorbed=lambda t: 900.0 * np.cos(2 * np.pi * t / 400.0))
    recorder = Recorder(model.layout, csr_matrix(np.ones((model.layout.owned, 1))), np.array([0.0]), np.array([]))
    start = np.full(model.layout.owned, 300.0)
    recorder.start(0.0, start)
    run(model, start, (0.0, 390.0), [recorder.observe], tolerance=0.05)
    amplitude = 900.0 / 9000.0 * 400.0 / (2 * np.pi)
    history = recorder.history()
    assert history.hottest[0] == pytest.approx(300.0 + amplitude, abs=0.05)
    assert history.coldest[0] == pytest.approx(300.0 - amplitude, abs=0.05)
