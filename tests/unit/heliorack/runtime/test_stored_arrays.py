"""Files of arrays that were damaged, cut short or are another's: a sentence where the user named them, nothing where they were a cache."""

from types import SimpleNamespace

import numpy as np
import pytest

from heliorack.case.files import InputError
from heliorack.model import learned_fields
from heliorack.model.networks.network_start import states_of
from heliorack.run.restart import checkpoint, stored_state, stored_swing

POINTS = np.random.default_rng(1).uniform(size=(500, 3))


def whole(path, **arrays):
    """A state of a mesh and of a network."""
    rows = {"network_rows": np.array(["a"]), "network_state_K": np.array([300.0]), "network_temperature_K": np.array([300.0])}
    heaters = {"network_heaters": np.array([], dtype=str), "network_heaters_on": np.array([], dtype=bool)}
    np.savez_compressed(path, **{"temperature_K": np.full(500, 300.0), "points_m": POINTS, **rows, **heaters} | arrays)
    return path


def cut(path):
    """Its first two thirds."""
    raw = whole(path).read_bytes()
    path.write_bytes(raw[: 2 * len(raw) // 3])


def flipped(path):
    """With bytes of every member changed, and the list of members as it was."""
    raw = bytearray(whole(path).read_bytes())
    for place in range(60, raw.index(b"PK\x01\x02"), 20):
        raw[place] ^= 0xFF
    path.write_bytes(raw)


DAMAGES = {
    "no zip": lambda path: path.write_bytes(b"PK\x03\x04garbage"),
    "empty": lambda path: path.write_bytes(b""),
    "cut": cut,
    "flipped": flipped,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_files(tmp_path, monkeypatch, damage):
    """Every reader has words for it, or makes it anew."""
    path = tmp_path / "state.npz"
    DAMAGES[damage](path)
    case = SimpleNamespace(files={"run.state": path})
    with pytest.raises(InputError, match=r"state\.npz is not the state\.npz of a run$"):
        stored_state(case, POINTS)
    with pytest.raises(InputError, match="is not the state\\.npz of a run with a network"):
        states_of(case, None, None)
    with pytest.raises(InputError, match="is damaged, or of another version, so the run cannot go on from it; remove it"):
        checkpoint(path)
    assert stored_swing(path, POINTS) is None
    monkeypatch.setattr(learned_fields, "_path", lambda key: path)
    assert len(learned_fields.find("key").fields) == 0


@pytest.mark.parametrize("wrong", [np.full(500, np.nan), np.full(500, -5.0), np.full(3, 300.0)])
def test_states_that_are_no_temperatures(tmp_path, wrong):
    """As a run that went wrong elsewhere may have left them."""
    case = SimpleNamespace(
        files={"run.state": whole(tmp_path / "state.npz", temperature_K=wrong, network_temperature_K=wrong[:1] * np.nan)}
    )
    with pytest.raises(InputError, match="holds temperatures that are none, or too few"):
        stored_state(case, POINTS)
    with pytest.raises(InputError, match="holds temperatures that are none, or too few"):
        states_of(case, None, None)
