"""This machine: MPI, progress, caches, graphics."""
