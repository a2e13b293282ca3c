"""Rooms of a network made discrete: ties, controls, loops, devices, what time asks, where it touches a mesh and where it begins."""
