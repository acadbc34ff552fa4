"""Paths -> Documents: one reader a format, cleaning once, and what a document says of itself."""
