"""Reduced models over a box of parameters: made once, then asked at any point of it without mesh and matrices."""
