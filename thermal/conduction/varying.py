"""Conductivity and heat capacity that depend on temperature, on the matrices of their nominal values.

Conduction goes by Kirchhoff's transform: where the conductivity is k0 f(T), div(k0 f(T) grad T) = div(k0 grad Theta) with Theta the
integral of f. First-order elements for Theta need the constant matrix of each material alone, keep heat and the order in space, and give
the nodes of a slab exactly (docs/theory.md, properties over temperature).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from thermal.conduction.heat_content import DATUM, HeatContent
from thermal.conduction.operators import Assembler
from thermal.curve import Curve
from thermal.layout import Layout

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Law:
    """How a material changes with temperature."""

    parts: tuple[int, ...]  #: of this material
    conductivity: Curve | None = None  #: over its nominal value [-]
    specific_heat: Curve | None = None  #: over its nominal value [-]


@dataclass(frozen=True, slots=True, eq=False)
class Varying:
    """What the properties of a body are beside their nominal values. All calls are collective; vectors are owned rows.

    Args:
        layout: Rows of the system.
        assembler: Of conduction matrices on the body's mesh.
        conducts: Nominal conduction matrix of the parts of each law, and its curve.
        content: Heat content of the rows; None where all capacities are constant.
    """

    layout: Layout
    assembler: Assembler
    conducts: Sequence[tuple[Any, Curve]]
    content: HeatContent | None
    _factors: Sequence[tuple[NDArray[np.int64], Curve]]  #: local cells and their curve

    def conducted(self, T: Floats) -> Floats:
        """Heat that each row sends on by conduction, more than by its nominal conductivity [W]."""
        total = np.zeros(self.layout.owned)
        for matrix, curve in self.conducts:
            total += _product(matrix, curve.integral(T, DATUM) - (T - DATUM))
        return total

    def tangent(self, T: Floats, change: Floats) -> Floats:
        """Derivative of `conducted` at `T` along a change [W]."""
        total = np.zeros(self.layout.owned)
        for matrix, curve in self.conducts:
            total += _product(matrix, (curve(T) - 1.0) * change)
        return total

    def tangent_transposed(self, T: Floats, weight: Floats) -> Floats:
        """Transpose of `tangent`, times a weight of the rows."""
        total = np.zeros(self.layout.owned)
        for matrix, curve in self.conducts:
            total += (curve(T) - 1.0) * _product(matrix, weight)
        return total

    def resembling(self, T: Floats) -> Any:
        """Symmetric matrix near the tangent at `T`, with rows that add up to zero [W/K]: conductivity by the mean of each cell's corners.

        It belongs to the caller, who destroys it; None where all conductivities are constant.
        """
        if not self.conducts:
            return None
        corners = self.assembler.at_corners(self.layout, T)
        factor = np.zeros(len(corners))
        for cells, curve in self._factors:
            factor[cells] = curve(corners[cells]).mean(axis=1) - 1.0
        return self.assembler.conduction(factor)

    def reduced(self, T: Floats) -> Floats:
        """Reduced heat content of temperatures [K]."""
        return T if self.content is None else self.content.of(T)

    def temperature(self, reduced: Floats) -> Floats:
        """Temperatures of a reduced heat content [K]."""
        return reduced if self.content is None else self.content.temperature(reduced)

    def capacity_ratio(self, T: Floats) -> Floats:
        """Capacity of each row over its nominal one [-]."""
        return np.ones(self.layout.owned) if self.content is None else self.content.slope(T[: self.layout.owned])

    def apart(self, T: Floats, other: Floats) -> float:
        """Greatest factor by which a conductivity or a capacity at one state differs from that at another; 1 where none does."""
        logs = [0.0, *(float(np.abs(np.log(curve(T) / curve(other))).max(initial=0.0)) for _, curve in self.conducts)]
        logs.append(float(np.abs(np.log(self.capacity_ratio(T) / self.capacity_ratio(other))).max(initial=0.0)))
        return float(np.exp(self.layout.extreme(np.array([max(logs)]), greatest=True)[0]))


def varying(
    mesh: Any,
    layout: Layout,
    cell_part: NDArray[np.int32],
    conductivity: Floats,
    laws: Sequence[Law],
    capacities: Floats,
    nominal: csr_matrix,
) -> Varying | None:
    """What a body is beside its nominal matrices; None where everything is constant.

    Args:
        mesh: As for `operators`, whose `layout` it is.
        cell_part: Part of each input cell, shape (cells,).
        conductivity: Nominal tensor of each part [W/mK], shape (parts, 3, 3).
        laws: Of the materials that vary.
        capacities: Nominal capacity of each owned row, all that is in it [J/K].
        nominal: Of it that of each part, (owned, parts) [J/K].

    Raises:
        RuntimeError: the assembler numbers its rows otherwise than `layout`.
    """
    known = [law for law in laws if law.conductivity is not None or law.specific_heat is not None]
    if not known:
        return None
    assembler = Assembler(mesh, cell_part, conductivity)
    if not np.array_equal(assembler.layout.nodes, layout.nodes):
        raise RuntimeError("two spaces of first-order elements on one mesh number their rows differently")
    conducts, factors = [], []
    for law in known:
        if law.conductivity is not None:
            cells = np.flatnonzero(np.isin(assembler.part, law.parts))
            alone = np.zeros(len(assembler.part))
            alone[cells] = 1.0
            conducts.append((assembler.conduction(alone), law.conductivity))
            factors.append((cells, law.conductivity))
    return Varying(layout, assembler, tuple(conducts), _content(known, capacities, nominal), tuple(factors))


def _content(laws: Sequence[Law], capacities: Floats, nominal: Any) -> HeatContent | None:
    storing = [law for law in laws if law.specific_heat is not None]
    if not storing:
        return None
    of_parts = csr_matrix(nominal)
    share = np.stack([np.asarray(of_parts[:, list(law.parts)].sum(axis=1)).ravel() for law in storing], axis=1) / capacities[:, None]
    rows = np.flatnonzero(share.any(axis=1))
    return HeatContent(rows, share[rows], [law.specific_heat for law in storing if law.specific_heat is not None])


def _product(matrix: Any, vector: Floats) -> Floats:
    right, left = matrix.createVecs()
    right.array[:] = vector
    matrix.mult(right, left)
    found = np.array(left.array_r)
    right.destroy()
    left.destroy()
    return found
