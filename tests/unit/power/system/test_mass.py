"""Mass roll-up."""

import pytest

from power.storage.battery import LIBRARY
from power.system.mass import array_line, battery_line, electronics_line, roll_up


def test_lines_add_up():
    """10 m2 of wing, 1 kWh of cells and a meshed frame of 12 kg."""
    lines = (array_line(10.0), battery_line(LIBRARY["lg_mj1"], 3.6e6))
    table = roll_up(lines, [("frame", 12.0)])
    assert [line.mass for line in table.lines] == pytest.approx([29.0, 1000.0 / 259.7, 12.0])
    assert table.total == pytest.approx(29.0 + 1000.0 / 259.7 + 12.0)
    assert table.unknown == ("battery (cells only)",)
    assert table.uncertainty == pytest.approx(0.2 * 29.0)
    assert all(line.source for line in table.lines)


def test_the_case_overrides():
    assert array_line(10.0, 1.5).mass == pytest.approx(15.0)
    packed = battery_line(LIBRARY["lg_mj1"], 3.6e6, 1.3)
    assert packed.name == "battery"
    assert packed.mass == pytest.approx(1300.0 / 259.7)
    with pytest.raises(ValueError, match="no specific energy"):
        battery_line(LIBRARY["iss_nih2_oru"], 3.6e6)


def test_every_line_says_source_and_uncertainty():
    """Rows for a table: what is not known is said so, and the sum names whose uncertainty it lacks."""
    table = roll_up([array_line(10.0), battery_line(LIBRARY["lg_mj1"], 3.6e6), electronics_line(5e3, 500.0, uncertainty=0.3)])
    rows = table.rows
    assert [row[0] for row in rows] == ["solar array", "battery (cells only)", "power electronics", "total"]
    assert rows[0][2] == "+-5.8"
    assert rows[1][2] == "not known"
    assert rows[2][1:3] == ("10", "+-3")
    assert all(row[3] for row in rows)
    assert rows[-1][3] == "sum of 3 lines; without that of battery (cells only)"
    assert float(rows[-1][1]) == pytest.approx(table.total, rel=1e-3)
    assert array_line(10.0, 1.5, uncertainty=0.1).spread == pytest.approx(1.5)
