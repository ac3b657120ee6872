"""Compiled steps, imported only where they are used, because they import numba."""
