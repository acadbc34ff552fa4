"""Flags -> settings -> operation -> printed report; one file for each command."""
