"""Parts from files."""
