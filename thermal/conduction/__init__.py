"""Conduction, contacts, skins and straps as matrices."""
