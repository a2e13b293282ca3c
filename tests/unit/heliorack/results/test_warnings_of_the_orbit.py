"""What orbit and attitude warn of stands with the verdict, not among the assumptions alone."""

from network_case import STEADY, node, solved

ORBIT = """
[orbit]
kind = "tle"
line1 = "1 25544U 98067A   20194.88612269 -.00002218  00000-0 -31515-4 0  9992"
line2 = "2 25544  51.6461 221.2784 0001413  89.1723 280.4612 15.49507896236008"
epoch = 2035-01-01T00:00:00Z
[environment]
preset = "mean"
[attitude]
point = { axis = "+z", at = "nadir" }
align = { axis = "+x", at = "velocity" }
[[limits]]
on = "n"
max_degC = 80
"""


def test_elements_of_another_decade_are_said_beside_the_verdict():
    """Fourteen years from their epoch: it held without a word."""
    face = '[{ area_m2 = 0.1, normal = [0, 0, 1], coating = "z93" }]'
    result = solved(ORBIT + node("n", capacity_J_K=100, faces=face) + STEADY)
    assert result.holds
    assert [said for said in result.remarks if said.startswith("warning: the two-line elements are 5285 days from the epoch")]
