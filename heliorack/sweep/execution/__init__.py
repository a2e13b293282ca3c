"""Points solved by workers, resumable."""
