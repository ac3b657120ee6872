"""Compiled steps, imported only where they are used: they bring numba.

The cache of numba looks at the file of a cached function only: after a change to a function that it calls, remove the
`.nbi` and `.nbc` files of this folder.
"""
