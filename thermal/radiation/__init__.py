"""View factors, shadows, exchange."""
