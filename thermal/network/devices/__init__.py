"""Devices that carry heat from one end to the other: heat pipes and heat pumps."""
