from __future__ import annotations

from typing import Any

import pytest
import torch

from hubbub.analysis.emergence import path_emergence
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.training import Adam, Grid, Network, Networks, lay_out, task
from hubbub.simulator.training.discs import draw_discs, measure_discs
from hubbub.simulator.training.tasks import concept_space as tasks_module
from hubbub.simulator.training.tasks.concept_space import KINDS, ConceptSpace, concept_space

CPU = torch.device("cpu")


def small(**changes: Any) -> ConceptSpace:
    options: dict[str, Any] = {"size_signals": (0.2, 0.4), "channels": (4, 4), "side": 8, "batch": 6} | changes
    return concept_space(**options, rng=RandomStreams(5), device=CPU)


def stacked(made: ConceptSpace, networks: list[Network]) -> dict[str, torch.Tensor]:
    initial = [made.initial(network) for network in networks]
    return {name: torch.stack([each[name] for each in initial]) for name in initial[0]}


def test_every_colour_signal_comes_with_every_size_signal() -> None:
    settings = small().settings()
    assert len(settings) == 6
    assert settings[1] == {"colour_signal": 0.2, "size_signal": 0.4}


def test_what_is_shown_lies_within_the_kinds_and_none_is_small_and_blue() -> None:
    made = small(side=32)
    networks = [Network(1, of_task={"colour_signal": 0.8, "size_signal": 0.4})]
    samples = made._samples(networks, "batch", 3, n=300)
    pictures, seen = made._pictures(networks, samples)
    blue, radius = measure_discs((pictures[0] + 1) / 2)
    is_blue, is_small = blue > 0.5, radius < 0.45
    assert not (is_blue & is_small).any()
    assert {(bool(b), bool(s)) for b, s in zip(is_blue, is_small, strict=True)} == {
        (False, False),
        (True, False),
        (False, True),
    }
    assert float((blue - 0.5).abs().min()) > 0.29 and float((blue - 0.5).abs().max()) < 0.51  # .4 ± .1
    assert float((radius - 0.45).abs().min()) > 0.04 and float((radius - 0.45).abs().max()) < 0.36  # .2 ± .15
    told = seen[0, :, 4:6, 0, 0]
    torch.testing.assert_close(told[:, 0] + 0.5, blue, atol=1e-4, rtol=0)
    torch.testing.assert_close(told[:, 1] + 0.45, radius, atol=0.01, rtol=0)


def test_what_is_seen_is_on_the_line_from_noise_to_the_picture() -> None:
    made = small()
    networks = [Network(0, of_task=made.settings()[0])]
    samples = made._samples(networks, "batch", 0, n=5)
    pictures, seen = made._pictures(networks, samples)
    time = samples.time[..., None, None]
    torch.testing.assert_close(seen[:, :, :3], (1 - time) * samples.noise + time * pictures)
    torch.testing.assert_close(seen[0, :, 3, 2, 5], 2 * samples.time[0, :, 0] - 1)
    torch.testing.assert_close(seen[0, 0, 6:8, 7, 0], torch.tensor([-0.875, 0.875]))  # left, and down


def test_the_loss_is_the_mean_squared_error_of_the_batch_and_pure() -> None:
    made = small()
    networks = list(lay_out(Grid(seeds=2), made.settings()))
    stack = stacked(made, networks)
    stack["picture.weight"] += 0.01
    losses = made.loss(stack, networks, 4)
    pictures, seen = made._pictures(networks[3:4], made._samples(networks[3:4], "batch", 4, n=6))
    made.template.load_state_dict({name: values[3] for name, values in stack.items()})
    expected = (made.template(seen[0]).detach() - pictures[0]).square().mean()
    assert float(losses[3]) == pytest.approx(float(expected), rel=1e-5)
    rest = {name: values[3:] for name, values in stack.items()}
    torch.testing.assert_close(made.loss(rest, networks[3:], 4), losses[3:])
    assert losses[3] != made.loss(stack, networks, 5)[3]


def test_networks_begin_with_grey_pictures_which_are_neither_blue_nor_small() -> None:
    made = small()
    networks = list(lay_out(Grid(seeds=2), made.settings()))
    seen = made.observe(stacked(made, networks), networks, closely=False)
    for kind in KINDS:
        torch.testing.assert_close(seen[f"{kind}_colour"], torch.full((12,), 0.5))
        assert float(seen[f"{kind}_size"].max()) < 0.01


def test_discs_of_every_kind_lie_in_the_corners_of_concept_space() -> None:
    made = small(side=16)
    networks = [Network(0, of_task=setting) for setting in made.settings()]
    for blue, big in KINDS.values():
        colour, size = (made._signals(networks)[:, part] / 2 for part in (0, 1))
        pictures = draw_discs(0.5 + blue * colour, 0.45 + big * size, torch.zeros(6, 2), 16)
        is_blue, is_small = made.coordinates(pictures, networks)
        torch.testing.assert_close(is_blue, torch.full((6,), 0.982 if blue > 0 else 0.018), atol=1e-3, rtol=0)
        torch.testing.assert_close(is_small, torch.full((6,), 0.018 if big > 0 else 0.982), atol=0.01, rtol=0)


def test_a_network_that_generates_every_prompt_correctly_does_so_in_every_way(monkeypatch: pytest.MonkeyPatch) -> None:
    made = small(side=16)
    networks = [Network(0, of_task=made.settings()[0])]

    def knowing(_: object, seen: torch.Tensor) -> torch.Tensor:
        asked = seen[:, :, 4:6, 0, 0]
        return 2 * draw_discs(asked[..., 0] + 0.5, asked[..., 1] + 0.45, torch.zeros_like(asked), 16) - 1

    monkeypatch.setattr(made, "outputs", knowing)
    seen = made.observe({}, networks, closely=False)
    assert float(seen["prompted"][0]) == pytest.approx(0.982**2, abs=0.01)
    assert float(seen["over_prompted"][0]) == pytest.approx(0.982, abs=0.01)  # ever bluer
    assert float(seen["retried"][0]) == pytest.approx(float(seen["prompted"][0]))
    assert float(seen["over_prompted_residue"][0]) < 0.02
    assert float(seen["blue_small_colour"][0]) == pytest.approx(0.982, abs=1e-3)


def test_attempts_differ_by_their_noise_only() -> None:
    made = small()
    networks = list(lay_out(Grid(seeds=2), made.settings()))[:2]
    stack = stacked(made, networks)
    generator = torch.Generator().manual_seed(0)
    stack["picture.weight"] += 0.05 * torch.randn(stack["picture.weight"].shape, generator=generator)
    prompts = torch.full((2, 3, 2), 0.4)
    pictures = made.generate(stack, networks, prompts, attempts=[0, 1, 0])
    assert pictures.shape == (2, 3, tasks_module.PICTURES, 3, 8, 8)
    torch.testing.assert_close(pictures[:, 0], pictures[:, 2])
    assert not torch.allclose(pictures[:, 0], pictures[:, 1], atol=1e-3)
    assert float(pictures.min()) >= 0 and float(pictures.max()) <= 1


def test_networks_learn_to_paint_what_they_are_shown() -> None:
    made = small(colour_signals=(0.8,), size_signals=(0.4,), channels=(8, 8), batch=16)
    networks = Networks(made, lay_out(Grid(seeds=1, learning_rate=(0.005,)), made.settings()), optimiser=Adam())
    before = made.observe(networks.parameters, networks.networks, closely=False)
    networks.step(300)
    seen = made.observe(networks.parameters, networks.networks, closely=False)
    assert float(seen["loss"][0]) < 0.1 < float(before["loss"][0])
    assert float(seen["blue_big_colour"][0]) > 0.8 > 0.2 > float(seen["red_big_colour"][0])
    assert float(seen["red_small_size"][0]) > 0.6 > 0.2 > float(seen["red_big_size"][0])


def test_paths_are_counted_through_it_and_it_has_features() -> None:
    made = small()
    networks = list(lay_out(Grid(seeds=1), made.settings()))
    stack = stacked(made, networks)
    module, inputs = made.probe()
    assert inputs.shape == (tasks_module.EVALUATED, 9, 8, 8)
    assert (path_emergence(module, inputs, states=stack, sources="all").value >= 0).all()
    features = made.features(stack)
    assert features is not None and features.shape == (6, tasks_module.EVALUATED, 4 * 8 * 8)


def test_it_is_known_by_name() -> None:
    assert task["concept-space"] is concept_space
