"""Neural collapse: the geometry of last-layer features, and the neural tangent kernel behind it."""

from hubbub.analysis.collapse.block_kernel import BlockKernel, block_kernel, tangent_kernel
from hubbub.analysis.collapse.invariant import collapse_invariant, invariant_alignment
from hubbub.analysis.collapse.neural_collapse import NeuralCollapse, neural_collapse

__all__ = [
    "BlockKernel",
    "NeuralCollapse",
    "block_kernel",
    "collapse_invariant",
    "invariant_alignment",
    "neural_collapse",
    "tangent_kernel",
]
