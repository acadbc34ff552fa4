"""Codings -> tables: saturation."""
