"""The fused step of recurrent agents: compiled kernels over stacked weights, imported only where they are used.

They import numba.
"""
