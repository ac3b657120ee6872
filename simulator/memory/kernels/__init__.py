"""Compiled steps, imported only where they are used, because they import numba.

The cache of numba notices changes of the file of a cached function only. After a change to a function in another file
that a cached one calls, remove the `.nbi` and `.nbc` files of this folder.
"""
