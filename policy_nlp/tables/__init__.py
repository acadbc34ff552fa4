"""Table files <-> Arrow: `reading.open_table` and `writing.write_table`."""
