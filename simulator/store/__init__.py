"""The run directory: its one writer and its one reader."""
