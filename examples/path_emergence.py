"""Emergence: paths from inactive to active units
==============================================

A small network and random inputs; a unit is active where its mean activity is above 0.3. The paths are counted
exactly, in a dense network also in closed form, and again after the smallest weights were pruned.
"""

import numpy as np
import torch
from torch import nn

from hubbub.analysis.emergence import closed_form_paths, magnitude_pruned, path_emergence

torch.manual_seed(0)
network = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 12), nn.ReLU(), nn.Linear(12, 4))
inputs = torch.randn(64, 8)

found = path_emergence(network, inputs, threshold=0.3)
print(f"layers {found.layers}: {found.sizes} units, of which active {found.active}")
print(f"paths from inactive to active units: {found.value:,.0f}, {found.relative:.2f} for each parameter")
print(f"in closed form: {closed_form_paths(np.array(found.sizes), np.array(found.active)):,.0f}")
for share in (0.5, 0.9):
    pruned = path_emergence(magnitude_pruned(network, share), inputs, threshold=0.3)
    print(f"without the smallest {share:.0%} of the weights: {pruned.value:,.0f}, relative {pruned.relative:.2f}")
