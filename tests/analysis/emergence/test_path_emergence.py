import itertools
from collections.abc import Callable
from importlib import import_module

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import prune

from hubbub.analysis.emergence import magnitude_pruned, path_emergence, path_emergence_stack
from hubbub.simulator.errors import ConfigurationError

Step = list[list[int]]  # for each unit, the units that its links lead to, once for each link


def window(layer: nn.Module, at: int, axis: int, before: int, after: int) -> list[int]:
    """Positions in the window of a convolution or pooling layer, along one axis."""
    if isinstance(layer, nn.AdaptiveAvgPool2d):
        return list(range(at * before // after, -(-(at + 1) * before // after)))
    sides = [
        side if isinstance(side, int) else side[axis]
        for side in (layer.kernel_size, layer.stride, layer.padding, getattr(layer, "dilation", 1))
    ]
    kernel, stride, padding, dilation = sides
    places = (at * stride - padding + dilation * k for k in range(kernel))
    return [place if 0 <= place < before else -1 for place in places]


def step(layer: nn.Module, before: Tensor, after: Tensor) -> Step:
    """The links of one layer, by loops over units; `before` and `after` are one sample's activations."""
    links: Step = [[] for _ in range(before.numel())]
    if isinstance(layer, nn.Linear):
        for out, into in itertools.product(range(after.numel()), range(before.numel())):
            if layer.weight[out, into] != 0:
                links[into].append(out)
        return links
    if isinstance(layer, (nn.ReLU, nn.Flatten, nn.BatchNorm2d, nn.Dropout)):
        return [[unit] for unit in range(before.numel())]
    number = torch.arange(before.numel()).view(before.shape)
    convolution = isinstance(layer, nn.Conv2d)
    for out, (channel, y, x) in enumerate(itertools.product(*map(range, after.shape))):
        rows, columns = (
            list(enumerate(window(layer, at, axis, before.shape[1 + axis], after.shape[1 + axis])))
            for axis, at in ((0, y), (1, x))
        )
        each = before.shape[0] // layer.groups if convolution else 1
        first = channel // (after.shape[0] // layer.groups) * each if convolution else channel
        for c, (ky, row), (kx, column) in itertools.product(range(each), rows, columns):
            if row >= 0 and column >= 0 and (not convolution or layer.weight[channel, c, ky, kx] != 0):
                links[int(number[first + c, row, column])].append(out)
    return links


def walked(steps: list[Step], active: dict[int, list[bool]], *, product: str) -> int:
    """Number of paths through a chain of layers by enumeration; `active` by the number of steps before a layer."""

    def arrivals(level: int, unit: int) -> int:
        if level == len(steps):
            return 0
        found = 0
        for there in steps[level][unit]:
            on = active[level + 1][there] if level + 1 in active else None
            found += on is True
            if not (product == "a" and on is False):
                found += arrivals(level + 1, there)
        return found

    return sum(arrivals(level, unit) for level, units in active.items() for unit, on in enumerate(units) if not on)


def by_walking(network: nn.Sequential, samples: Tensor, *, product: str = "n", sources: str = "hidden") -> int:
    with torch.no_grad():
        values = [samples]
        for layer in network:
            values.append(layer(values[-1]))
    steps = [step(layer, values[k][0], values[k + 1][0]) for k, layer in enumerate(network)]
    units = [k + 1 for k, layer in enumerate(network) if isinstance(layer, nn.ReLU)]
    units = [*([0] if sources == "all" else []), *units, len(network)]
    return walked(steps, {k: (values[k].mean(0).flatten() > 0.05).tolist() for k in units}, product=product)


def sparse(network: nn.Module, *, share: float = 0.5) -> nn.Module:
    rng = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for layer in network.modules():
            if isinstance(layer, (nn.Linear, nn.Conv2d)):
                layer.weight[torch.rand(layer.weight.shape, generator=rng) < share] = 0
    return network.eval()


NETWORKS: dict[str, tuple[Callable[[], nn.Sequential], tuple[int, ...]]] = {
    "dense": (lambda: nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 4), nn.ReLU(), nn.Linear(4, 3)), (4,)),
    "stride, padding": (
        lambda: nn.Sequential(
            nn.Conv2d(2, 3, (3, 2), stride=(2, 1), padding=(1, 0)), nn.BatchNorm2d(3), nn.ReLU(), nn.Flatten(),
            nn.Linear(27, 4), nn.Dropout(), nn.ReLU(), nn.Linear(4, 2),
        ),
        (2, 5, 4),
    ),
    "dilation, groups": (
        lambda: nn.Sequential(
            nn.Conv2d(2, 4, 3, padding=2, dilation=2, groups=2), nn.ReLU(), nn.Conv2d(4, 2, 2, groups=2), nn.ReLU(),
            nn.Flatten(), nn.Linear(18, 2),
        ),
        (2, 4, 4),
    ),
    "max pooling": (
        lambda: nn.Sequential(
            nn.Conv2d(1, 2, 3), nn.ReLU(), nn.MaxPool2d(2, stride=1, padding=1, dilation=2), nn.Conv2d(2, 2, 2),
            nn.ReLU(), nn.Flatten(), nn.Linear(18, 2),
        ),
        (1, 6, 6),
    ),
    "average pooling, ceiling": (
        lambda: nn.Sequential(
            nn.Conv2d(1, 2, 2), nn.ReLU(), nn.AvgPool2d(2, ceil_mode=True), nn.Flatten(), nn.Linear(18, 3), nn.ReLU(),
            nn.Linear(3, 2),
        ),
        (1, 6, 6),
    ),
    "adaptive pooling": (
        lambda: nn.Sequential(
            nn.Conv2d(1, 2, 2), nn.ReLU(), nn.AdaptiveAvgPool2d((3, 2)), nn.Conv2d(2, 2, 2), nn.ReLU(), nn.Flatten(),
            nn.Linear(4, 2),
        ),
        (1, 5, 6),
    ),
}  # fmt: skip


@pytest.mark.parametrize("share", [0.0, 0.5])
@pytest.mark.parametrize(("product", "sources"), [("n", "hidden"), ("a", "hidden"), ("n", "all")])
@pytest.mark.parametrize("name", NETWORKS)
def test_paths_are_those_that_can_be_walked(name: str, product: str, sources: str, share: float) -> None:
    torch.manual_seed(4)
    build, shape = NETWORKS[name]
    network = sparse(build(), share=share)
    samples = 3 * torch.randn(2, *shape)
    expected = by_walking(network, samples, product=product, sources=sources)
    found = path_emergence(network, samples, product=product, sources=sources)
    assert expected > 0
    assert found.value == expected
    assert found.layers[-1] == "output"
    assert ("input" in found.layers) == (sources == "all")


class Residual(nn.Module):
    """Two residual blocks, one with an identity shortcut, one with a convolution; layers are functions."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.inner, self.outer = (
            nn.Conv2d(1, 2, 3, padding=1),
            nn.Conv2d(2, 2, 3, padding=1),
            nn.Conv2d(2, 2, 1),
        )
        self.shift, self.shortcut = nn.Parameter(torch.rand(2, 1, 1)), nn.Conv2d(2, 2, 1, bias=False)
        self.last = nn.Linear(2, 3)

    def forward(self, images: Tensor) -> Tensor:
        stream = functional.relu(self.first(images), inplace=True)
        stream = torch.relu(self.outer(self.inner(stream).relu()) + stream)
        stream = functional.max_pool2d(stream, 2)
        shortcut = self.shortcut(stream) + self.shift
        shortcut += self.inner(stream)
        return self.last(torch.flatten(functional.adaptive_avg_pool2d(shortcut.relu(), 1), 1))


def test_residual_sums_join_paths() -> None:
    """The path counts between layers of units as products of the 0/1 matrices of their layers, by hand."""
    torch.manual_seed(0)
    network = sparse(Residual(), share=0.4)
    images = torch.randn(5, 1, 4, 4)

    def matrix(layer: nn.Module, shape: tuple[int, ...]) -> np.ndarray:
        before = torch.zeros(shape)
        after = layer(before[None])[0]
        links = np.zeros((after.numel(), before.numel()))
        for unit, targets in enumerate(step(layer, before, after)):
            np.add.at(links[:, unit], targets, 1)
        return links

    big, small = (2, 4, 4), (2, 2, 2)
    inner, outer = matrix(network.inner, big), matrix(network.outer, big)
    pool = matrix(nn.MaxPool2d(2), big)
    second = (matrix(network.shortcut, small) + matrix(network.inner, small)) @ pool
    last = matrix(network.last, (2,)) @ matrix(nn.AdaptiveAvgPool2d(1), small)
    one = np.eye(32)
    ways = {
        (0, 1): inner, (0, 2): outer @ inner + one, (1, 2): outer, (2, 3): second, (3, 4): last,
        (0, 3): second @ (outer @ inner + one), (1, 3): second @ outer, (2, 4): last @ second,
        (0, 4): last @ second @ (outer @ inner + one), (1, 4): last @ second @ outer,
    }  # fmt: skip

    with torch.no_grad():
        first = network.first(images).relu()
        middle = network.inner(first).relu()
        stream = (network.outer(middle) + first).relu()
        pooled = functional.max_pool2d(stream, 2)
        end = (network.shortcut(pooled) + network.shift + network.inner(pooled)).relu()
        units = [first, middle, stream, end, network(images)]
    on = [(layer.mean(0).flatten() > 0.05).numpy() for layer in units]
    found = path_emergence(network, images)
    assert found.value == sum(on[j] @ links @ ~on[i] for (i, j), links in ways.items()) > 0
    assert found.sizes.tolist() == [32, 32, 32, 8, 3]
    assert found.active.tolist() == [layer.sum() for layer in on]


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_one_and_three_axes_as_two(share: float) -> None:
    """A network with one spatial axis, or with a third of length 1, has the same paths as in two dimensions."""
    torch.manual_seed(0)

    def network(convolution: type, pool: type, average: type, around: tuple[int, ...]) -> nn.Sequential:
        thin = (1,) * len(around)
        return nn.Sequential(
            convolution(2, 4, (*thin, 3), padding=(*around, 1), groups=2), nn.ReLU(),
            pool((*thin, 3), stride=(*thin, 2), padding=(*around, 1), dilation=(*thin, 1)),
            convolution(4, 3, (*thin, 2), dilation=(*thin, 2)), nn.ReLU(),
            average((*thin, 2), stride=(*thin, 1)), nn.Flatten(), nn.Linear(3, 2),
        ).eval()  # fmt: skip

    line = network(nn.Conv1d, nn.MaxPool1d, nn.AvgPool1d, ())
    plane = sparse(network(nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d, (0,)), share=share)
    space = network(nn.Conv3d, nn.MaxPool3d, nn.AvgPool3d, (0, 0))
    for other in (line, space):
        other.load_state_dict(
            {name: value.view(other.state_dict()[name].shape) for name, value in plane.state_dict().items()}
        )
    samples = 3 * torch.randn(3, 2, 8)
    expected = by_walking(plane, samples[:, :, None])
    assert expected > 0
    assert path_emergence(line, samples).value == expected
    assert path_emergence(plane, samples[:, :, None]).value == expected
    assert path_emergence(space, samples[:, :, None, None]).value == expected


def mlp() -> nn.Sequential:
    return nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 7), nn.Tanh(), nn.Linear(7, 3))


@pytest.mark.parametrize("activity", ["mean", "sample", "any"])
@pytest.mark.parametrize("masked", [True, False])
def test_a_network_is_the_stack_of_its_layers(activity: str, masked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when the samples are processed in many parts."""
    monkeypatch.setattr(import_module("hubbub.analysis.emergence.path_emergence"), "NUMBERS_AT_ONCE", 100)
    torch.manual_seed(0)
    network, samples = sparse(mlp()), torch.randn(50, 6)
    with torch.no_grad():
        units = [network[:2](samples), network[:4](samples), network(samples)]
    masks = [network[2].weight, network[4].weight]
    expected = path_emergence_stack(
        [layer[None].numpy() for layer in units],
        masks=[mask.detach().numpy() for mask in masks] if masked else None,
        activity=activity,
    )
    found = path_emergence(network, samples, activity=activity, masked=masked)
    np.testing.assert_allclose(found.swept, expected.swept[0], rtol=1e-14)
    np.testing.assert_array_equal(found.thresholds, expected.thresholds)
    np.testing.assert_allclose(found.active, expected.active[0])
    assert found.n_parameters == sum(int(layer.weight.count_nonzero()) for layer in network[::2]) + 18
    assert found.relative == found.value / found.n_parameters
    assert found.n_samples == 50
    assert (found.counting.activity, found.counting.masked) == (activity, masked)


@pytest.mark.parametrize("activity", ["mean", "sample"])
@pytest.mark.parametrize("name", ["dense", "stride, padding", "adaptive pooling"])
def test_a_stack_of_networks_in_one_go(name: str, activity: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("hubbub.analysis.emergence.path_emergence"), "NUMBERS_AT_ONCE", 1500)
    torch.manual_seed(0)
    build, shape = NETWORKS[name]
    networks = [sparse(build(), share=share) for share in (0.0, 0.3, 0.6)]
    samples = torch.randn(9, *shape)
    parameters, buffers = torch.func.stack_module_state(networks)
    stack = path_emergence(networks[0], samples, states={**parameters, **buffers}, activity=activity)
    alone = [path_emergence(network, samples, activity=activity) for network in networks]
    for field in ("value", "relative", "n_parameters", "swept", "active", "reason"):
        np.testing.assert_array_equal(getattr(stack, field), [getattr(one, field) for one in alone])


def test_pruning_masks_take_links_and_parameters_away() -> None:
    torch.manual_seed(0)
    network, samples = mlp(), 3 * torch.randn(2, 6)
    whole = path_emergence(network, samples)
    prune.random_unstructured(network[2], "weight", amount=0.5)
    prune.random_unstructured(network[2], "bias", amount=3)
    pruned = path_emergence(network, samples)
    assert pruned.n_parameters == whole.n_parameters - 28 - 3
    assert pruned.value < path_emergence(network, samples, masked=False).value
    prune.remove(network[2], "weight")
    assert path_emergence(network, samples).value == pruned.value


def test_a_vgg_19_does_not_overflow() -> None:
    widths = [64, 64, 0, 128, 128, 0, 256, 256, 256, 256, 0, 512, 512, 512, 512, 0, 512, 512, 512, 512, 0]
    layers: list[nn.Module] = []
    before = 3
    for width in widths:
        if width:
            layers += [nn.utils.skip_init(nn.Conv2d, before, width, 3, padding=1), nn.ReLU(inplace=True)]
            torch.nn.init.normal_(layers[-2].weight, std=(2 / 9 / before) ** 0.5)
            torch.nn.init.normal_(layers[-2].bias, std=0.1)
            before = width
        else:
            layers.append(nn.MaxPool2d(2))
    for width in (512, 512):
        layers += [nn.Flatten(), nn.Linear(before, width), nn.ReLU(inplace=True), nn.Dropout()]
    torch.manual_seed(0)
    network = nn.Sequential(*layers, nn.Linear(512, 10))
    found = path_emergence(network, torch.randn(2, 3, 32, 32))
    assert len(found.sizes) == 19
    assert np.isfinite(found.swept).all()
    assert found.value > 1e45


def test_more_paths_than_a_number_can_hold() -> None:
    layers = [part for _ in range(200) for part in (nn.Linear(64, 64, bias=False), nn.Sigmoid())]
    torch.manual_seed(0)
    with pytest.raises(ConfigurationError, match=r"expected at most 1.8e308"):
        path_emergence(nn.Sequential(*layers, nn.Linear(64, 2)), torch.randn(3, 64), threshold=0.5)


def test_no_hidden_layer_and_all_or_no_units_active() -> None:
    samples = torch.rand(4, 3)
    for network in (nn.Linear(3, 2), nn.Sequential(nn.Linear(3, 4), nn.Dropout(), nn.Linear(4, 2))):
        found = path_emergence(network, samples)
        assert (found.value, found.reason) == (0, "no hidden layer, so no unit where a path could begin")
    single = nn.Linear(3, 2, bias=False)
    with torch.no_grad():
        single.weight[:] = torch.tensor([[0.0, -1, -1], [0, 0, -1]])
    assert path_emergence(single, samples - 2, sources="all").value == 3
    network = nn.Sequential(nn.Linear(3, 4), nn.Sigmoid(), nn.Linear(4, 2))
    assert path_emergence(network, samples).reason == "every unit where a path could begin is active"
    assert path_emergence(network, samples, threshold=9).reason == "no unit where a path could end is active"


class Turned(nn.Module):
    """A layer that links every unit to itself only."""

    unit_by_unit = True

    def forward(self, values: Tensor) -> Tensor:
        return values.erfinv().erf()


def test_paths_pass_through_a_layer_that_says_it_is_unit_by_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    first, last, samples = nn.Linear(5, 8), nn.Linear(8, 3), torch.randn(20, 5)
    without = path_emergence(nn.Sequential(first, nn.Sigmoid(), last), samples, sources="all")
    passed = path_emergence(nn.Sequential(first, nn.Sigmoid(), Turned(), last), samples, sources="all")
    assert passed.value == without.value > 0
    monkeypatch.setattr(Turned, "unit_by_unit", False)
    with pytest.raises(ConfigurationError, match="got erfinv"):
        path_emergence(nn.Sequential(first, nn.Sigmoid(), Turned(), last), samples)


def test_a_last_non_linearity_is_the_output() -> None:
    network = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Unflatten(1, (2, 2)), nn.Flatten())
    assert path_emergence(network, torch.rand(4, 3)).layers == ("output",)


def test_the_network_is_left_as_it_was() -> None:
    network = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Dropout(), nn.Linear(4, 2))
    network[3].eval()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    modes = [part.training for part in network.modules()]
    path_emergence(network, torch.rand(4, 3))
    assert [part.training for part in network.modules()] == modes
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())
    assert all(parameter.grad is None for parameter in network.parameters())


class Doubled(nn.Module):
    def forward(self, samples: Tensor) -> Tensor:
        return (samples * 2).relu()


class Branching(nn.Module):
    def forward(self, samples: Tensor) -> Tensor:
        return samples if samples.sum() > 0 else -samples


class Recurrent(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.cells = nn.GRU(3, 3)

    def forward(self, samples: Tensor) -> Tensor:
        return self.cells(samples)[0].relu()


class TwoEnds(nn.Module):
    def forward(self, samples: Tensor) -> tuple[Tensor, Tensor]:
        return samples, samples.relu()


@pytest.mark.parametrize(
    ("network", "message"),
    [
        (nn.Sequential(nn.Linear(3, 4), nn.GLU(-1)), r"got 1 \(GLU\)$"),
        (nn.Sequential(nn.Unflatten(1, (1, 3)), nn.ConvTranspose1d(1, 1, 2)), r"got 1 \(ConvTranspose1d\)"),
        (Recurrent(), r"got cells \(GRU\)$"),
        (Doubled(), r"got mul \(mul\)$"),
        (Branching(), "torch.fx can trace"),
        (TwoEnds(), "one tensor as input and one as output"),
    ],
)
def test_what_paths_cannot_be_counted_through_is_named(network: nn.Module, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        path_emergence(network, torch.ones(4, 3))


def test_bad_samples_and_states_are_refused() -> None:
    network, samples = mlp(), torch.rand(4, 6)
    with pytest.raises(ConfigurationError, match="activations of 1: expected finite numbers, got 8 others"):
        path_emergence(network, samples * torch.nan)
    with pytest.raises(ConfigurationError, match=r"samples: expected shape \[M, …\]"):
        path_emergence(network, samples[:0])
    states = {name: value[None] for name, value in network.state_dict().items()}
    with pytest.raises(ConfigurationError, match=r"got no '0\.weight'"):
        path_emergence(network, samples, states={name: states[name] for name in list(states)[1:]})
    with pytest.raises(ConfigurationError, match=r"states: .*'4\.weigt'; did you mean '4\.weight'"):
        path_emergence(network, samples, states={**states, "4.weigt": states["4.weight"]})
    with pytest.raises(ConfigurationError, match=r"states\['2.weight'\]: expected shape \[1, 7, 8\], got \(1, 8, 7\)"):
        path_emergence(network, samples, states={**states, "2.weight": states["2.weight"].mT})
    prune.identity(network[0], "weight")
    with pytest.raises(ConfigurationError, match=r"states: expected a module whose pruning is permanent"):
        path_emergence(network, samples, states=states)


def test_magnitude_pruning_takes_the_smallest_weights_of_all_layers() -> None:
    torch.manual_seed(0)
    network = mlp()
    pruned = magnitude_pruned(network, 0.4)
    before, after = (torch.cat([layer.weight.flatten() for layer in net[::2]]) for net in (network, pruned))
    gone = after == 0
    assert int(gone.sum()) == round(0.4 * len(before))
    assert before[gone].abs().max() < before[~gone].abs().min()
    assert torch.equal(after[~gone], before[~gone])
    assert torch.equal(pruned[0].bias, network[0].bias)
    with pytest.raises(ConfigurationError, match="sparsity: expected a share"):
        magnitude_pruned(network, 40)
