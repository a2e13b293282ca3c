"""Reduced models: few coordinates in place of all nodes, learned from full solves, with an estimate of what they are off."""
