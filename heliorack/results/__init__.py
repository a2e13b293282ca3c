"""What a run found: figures, verdicts, masses, and the files that they go to."""
