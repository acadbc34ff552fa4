"""Charts as records, and their forms: HTML, PNG, SVG and CSV of the same numbers."""
