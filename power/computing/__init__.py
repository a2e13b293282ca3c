"""The compute load."""
