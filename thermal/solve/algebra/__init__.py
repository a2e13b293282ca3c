"""What linear solves are made of: preconditioners, iterations, answers that serve again, and what answers to temperatures."""
