"""What turns by itself with a temperature: louvers, regulators of heaters."""
