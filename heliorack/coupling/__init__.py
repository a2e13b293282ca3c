"""Temperatures and power solved as one periodic state."""
