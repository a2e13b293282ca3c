"""The thermal model, its solvers and its ledger."""
