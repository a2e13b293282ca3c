"""Lumped nodes, conductors and coolant loops, beside the finite elements or alone."""
