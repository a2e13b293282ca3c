"""Words and pages: the HTML report, and what commands print."""
