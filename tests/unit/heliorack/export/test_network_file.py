"""Networks of other programs become cases; lines that are not read are refused by their number."""

import pytest
from command.cli_runner import SIGMA, here, read

from heliorack.export.lumped import NetworkFileError
from heliorack.export.lumped import read as network_of
from heliorack.export.network_case import case_text, names

FOREIGN = """# A unit on its bracket
$MODEL UNIT
$NODES
D10 = 'Unit 1', T = 20.0, C = 500, QI = 12.0, QS = 3;   # a comment
D20 = 'bracket';
X30 = 'off';
B99 = 'space', T = -270.0;
$CONDUCTORS
GL(10, 20) = 5.0D-1; GL(20, 10) = 0.25;
GR(20, 99) =
   0.05;
$ENDMODEL
"""


def written(folder, text):
    """A network file."""
    path = folder / "unit.d"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_foreign_network_runs(tmp_path):
    """15 W through 0.75 W/K and 0.05 m2 to 3.15 K, steady: both nodes by hand."""
    assert here("new", tmp_path / "unit.toml", "--network", written(tmp_path, FOREIGN)).exit_code == 0
    assert here("run", tmp_path / "unit.toml", "-o", tmp_path / "run").exit_code == 0
    parts = read(tmp_path / "run")["parts"]
    bracket = (15 / (SIGMA * 0.05) + 3.15**4) ** 0.25 - 273.15
    assert parts["bracket"]["mean_degC"] == pytest.approx(bracket, abs=1e-4)
    assert parts["unit_1"]["mean_degC"] == pytest.approx(bracket + 15 / 0.75, abs=1e-4)


def test_over_time_is_kept(tmp_path):
    """A period and heat by an array, a jump in it, arrive in the case."""
    more = "$CONSTANTS\n$REAL\nPERIOD = 100;\n$ARRAYS\n$REAL\nQ10(2, 4) = 0, 1, 50, 1,\n 50, 4, 100, 4;\n$ENDMODEL"
    network = network_of(written(tmp_path, FOREIGN.replace("$ENDMODEL", more)))
    assert (network.kind, network.lasts_s) == ("periodic", 100.0)
    assert network.nodes[0].over == ((0.0, 1.0), (50.0, 1.0), (50.0, 4.0), (100.0, 4.0))
    assert "times_s = [0.0, 50.0, 50.0, 100.0]" in case_text(network)
    assert names(network) == {10: "unit_1", 20: "bracket", 99: "space"}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("GL(20, 10) = 0.25", "GL(20, 77) = 0.25", "line 9: GL(20, 77)"),
        ("GL(20, 10) = 0.25", "GL(20, 10) = 2 * K", "line 9: GL(20, 10) = 2 * K"),
        ("GL(20, 10) = 0.25", "GF(20, 10) = 0.25", "line 9: GF(20, 10)"),
        ("C = 500", "C = mass * cp", "line 4: C = mass * cp"),
        ("D20 = 'bracket'", "D10 = 'bracket'", "line 5"),
        (", T = -270.0", "", "it is a boundary"),
        ("$ENDMODEL", "$VARIABLES1\nCALL FLUX;\n$ENDMODEL", "line 12: $VARIABLES1"),
        ("0.05;", "0.05", "a semicolon behind it"),
        ("$NODES", "$CONDUCTORS", "line 4"),
        ("$ENDMODEL", "$ARRAYS\nQ20(2, 2) = 0, 1, 2;", "line 13: Q20"),
    ],
)
def test_what_is_not_read_is_refused_by_its_line(tmp_path, old, new, words):
    """Place, what stands there and what is read; on the command line exit 2 and no case."""
    path = written(tmp_path, FOREIGN.replace(old, new))
    with pytest.raises(NetworkFileError, match=r"expected|semicolon") as caught:
        network_of(path)
    assert words in str(caught.value)
    done = here("new", tmp_path / "unit.toml", "--network", path)
    assert (done.exit_code, (tmp_path / "unit.toml").exists()) == (2, False)


def test_a_conductor_below_zero_must_not_lead_heat_uphill(tmp_path):
    """Alone it is refused by its place; with others that outweigh it it is not."""
    here("new", tmp_path / "unit.toml", "--network", written(tmp_path, FOREIGN.replace("= 0.25", "= -0.75")))
    done = here("check", tmp_path / "unit.toml")
    assert done.exit_code == 2
    assert "network.conductors.1.conductance_W_K = -0.75" in done.stderr
    assert "from cold to hot" in done.stderr
    here("new", tmp_path / "unit.toml", "--force", "--network", written(tmp_path, FOREIGN.replace("= 0.25", "= -0.25")))
    assert here("check", tmp_path / "unit.toml").exit_code == 0
