"""Parametric parts."""
