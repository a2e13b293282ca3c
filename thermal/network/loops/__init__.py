"""Coolant loops: what pumps move, how it divides, and what it does to heat."""
