"""The bus balanced over the orbit."""
