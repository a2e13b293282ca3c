"""Weak-form terms of transient conduction (docs/theory.md, eq. 1-2). Temperatures in kelvin, everything SI; `v` is the test function."""

from typing import Any

from ufl import dot, grad, inner


def capacity(v: Any, rho_c: Any, dx: Any) -> Any:
    """Heat capacity of each vertex; `rho_c` in [J/m³K]."""
    return rho_c * v * dx


def conduction(u: Any, v: Any, k: Any, dx: Any) -> Any:
    """Fourier conduction; `k` in [W/mK], a 3x3 tensor by cell."""
    return inner(dot(k, grad(u)), grad(v)) * dx
