"""Tables inside summary.json that have a noun of their own."""
