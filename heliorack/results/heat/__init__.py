"""Who heats whom: heat between the parts of a solved case, over time, and the conductors of the network that they make."""
