"""Codings <-> files of other programs, and the folder that `code` writes."""
