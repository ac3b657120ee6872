"""How each kind of layer changes numbers of paths: dense, convolution and pooling layers are sums over their links."""

from __future__ import annotations

import operator
from typing import Any

import torch
from jaxtyping import Float
from torch import nn
from torch.nn import functional

LINKS = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d)
WINDOWS = (nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d, nn.AvgPool1d, nn.AvgPool2d, nn.AvgPool3d)
ADAPTIVE = (
    *(nn.AdaptiveAvgPool1d, nn.AdaptiveAvgPool2d, nn.AdaptiveAvgPool3d),
    *(nn.AdaptiveMaxPool1d, nn.AdaptiveMaxPool2d, nn.AdaptiveMaxPool3d),
)
NON_LINEAR = (
    *(nn.ReLU, nn.ReLU6, nn.LeakyReLU, nn.PReLU, nn.RReLU, nn.ELU, nn.CELU, nn.SELU, nn.GELU, nn.SiLU, nn.Mish),
    *(nn.Sigmoid, nn.LogSigmoid, nn.Tanh, nn.Hardtanh, nn.Hardsigmoid, nn.Hardswish, nn.Softplus, nn.Softsign),
    *(nn.Threshold, nn.Tanhshrink, nn.Softshrink, nn.Hardshrink),
)
UNIT_BY_UNIT = (
    *(nn.Identity, nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout, nn.FeatureAlphaDropout),
    *(nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.InstanceNorm1d, nn.InstanceNorm2d, nn.InstanceNorm3d),
    *(nn.LayerNorm, nn.GroupNorm, nn.LocalResponseNorm, nn.RMSNorm, nn.Softmax, nn.LogSoftmax),
)
RESHAPING = (nn.Flatten, nn.Unflatten)


def is_unit_by_unit(layer: nn.Module) -> bool:
    """Return whether a layer links each unit to itself only, so that it changes no number of paths.

    True for such layers of torch, and for any layer with the attribute `unit_by_unit = True`.
    """
    return isinstance(layer, UNIT_BY_UNIT) or getattr(layer, "unit_by_unit", False) is True


def _functions(*names: str) -> set[Any]:
    """Return the functions of these names in torch and torch.nn.functional, and the names (methods of a tensor)."""
    return set(names) | {
        getattr(module, name) for module in (functional, torch) for name in names if hasattr(module, name)
    }


NON_LINEAR_FUNCTIONS = _functions(
    *("relu", "relu_", "relu6", "leaky_relu", "prelu", "rrelu", "elu", "celu", "selu", "gelu", "silu", "mish"),
    *("sigmoid", "logsigmoid", "tanh", "hardtanh", "hardsigmoid", "hardswish", "softplus", "softsign"),
    *("threshold", "tanhshrink", "softshrink", "hardshrink"),
)
UNIT_BY_UNIT_FUNCTIONS = _functions(
    *("dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout"),
    *("batch_norm", "instance_norm", "layer_norm", "group_norm", "local_response_norm", "rms_norm"),
    *("softmax", "log_softmax", "contiguous"),
)
RESHAPING_FUNCTIONS = _functions("flatten", "reshape", "view", "unflatten", "squeeze", "unsqueeze")
SUMS = _functions("add", "add_") | {operator.add, operator.iadd}
POOLS = {
    function: kind
    for kind in (*WINDOWS, *ADAPTIVE)
    for function in _functions(
        kind.__name__.replace("Pool", "_pool")
        .replace("Max", "max")
        .replace("Avg", "avg")
        .replace("Adaptive", "adaptive_")
    )
    if callable(function)
}


def linked_paths(
    layer: nn.Module, reached: Float[torch.Tensor, "rows ..."], *, pruned: bool
) -> Float[torch.Tensor, "rows ..."]:
    """Return how many paths reach each unit after a dense or convolution layer, `[rows, …]`.

    Every link counts as one, whatever its weight; with `pruned` a weight of 0 is no link. Without such weights all
    output channels of a group are reached by the same number of paths, so one channel is computed and repeated; its
    input is the sum over the input channels.

    Parameters
    ----------
    reached
        Number of paths that reach each unit before the layer, `[rows, …]`, a row for each case counted separately.
    """
    weight: Any = layer.weight
    if isinstance(layer, nn.Linear):
        if pruned:
            return reached @ (weight != 0).to(reached.dtype).T
        return reached.sum(-1, keepdim=True).expand(*reached.shape[:-1], layer.out_features)
    convolution: Any = layer
    if pruned:
        return torch.as_tensor(convolution._conv_forward(reached, (weight != 0).to(reached.dtype), None))
    groups, out_channels = convolution.groups, convolution.out_channels
    summed = reached.unflatten(1, (groups, -1)).sum(2)
    one = torch.ones(groups, 1, *weight.shape[2:], dtype=reached.dtype, device=reached.device)
    reached = convolution._conv_forward(summed, one, None).unsqueeze(2)
    return reached.expand(-1, -1, out_channels // groups, *reached.shape[3:]).flatten(1, 2)


def pooled_paths(layer: nn.Module, reached: Float[torch.Tensor, "rows ..."]) -> Float[torch.Tensor, "rows ..."]:
    """Return how many paths reach each unit after a pooling layer, from those before it, `[rows, …]`.

    It is the sum over each window, computed for one spatial axis after another.
    """
    pool: Any = layer
    spatial = int(type(layer).__name__[-2])
    after = pool(torch.empty(reached.shape[1:], device="meta")).shape[-spatial:]
    for axis in range(-spatial, 0):
        before, n_windows = reached.shape[axis], after[axis]
        at, window = torch.arange(before), torch.arange(n_windows)[:, None]
        if isinstance(layer, ADAPTIVE):
            inside = (at >= window * before // n_windows) & (at < -(-(window + 1) * before // n_windows))
        else:
            kernel, stride, padding, dilation = (
                value if isinstance(value, int) else value[axis]
                for value in (pool.kernel_size, pool.stride, pool.padding, getattr(pool, "dilation", 1))
            )
            place = at - window * stride + padding
            inside = (place >= 0) & (place % dilation == 0) & (place < kernel * dilation)
        links = inside.to(device=reached.device, dtype=reached.dtype)
        reached = (reached.transpose(axis, -1) @ links.T).transpose(axis, -1)
    return reached
