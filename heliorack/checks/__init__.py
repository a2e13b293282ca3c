"""Checks between the tables of a case, before any geometry is made."""
