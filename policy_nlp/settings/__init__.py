"""TOML files and flags -> frozen settings. This room alone reads TOML and the environment."""
