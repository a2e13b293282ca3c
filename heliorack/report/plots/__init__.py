"""Plots of the report, as plain dictionaries: plotly.js draws them in the reader's browser."""
