"""Sentences of a formal language: generated freely, unscrambled, or made of given words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import numpy as np
import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.training.catalogue import Parameters, Task, task
from hubbub.simulator.training.grammar import DESCRIPTIVE, Grammar
from hubbub.simulator.training.layout import Network
from hubbub.simulator.training.module_task import stacked_outputs
from hubbub.simulator.training.transformer import Transformer

Count = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(gt=0, le=1)]
END, FREE, UNSCRAMBLE, COMPLETE, OUT = range(5)
"""End of a sequence, also used as padding; the three kinds of sequences; the mark before the sentence."""
MARKS = 5
"""Number of these tokens; those of the grammar come after them."""
KINDS, SHARES = (FREE, UNSCRAMBLE, COMPLETE), (0.2, 0.4, 0.4)
GENERATED, PROMPTED, PAIRS = 200, 64, 300
"""Sentences generated freely, sentences for each kind of prompt, and unseen pairs, for the metrics."""
REACHABLE_RANK = 1.5
"""An unseen value is reachable when its rank is below so many times the number of values of a class."""


@task("formal-language")
def formal_language(
    *,
    entities: Count = 120,
    values: Count = 400,
    verbs: Count = 20,
    classes: Annotated[int, Field(ge=2)] = 10,
    share: Share = 0.1,
    longest: Annotated[int, Field(ge=4)] = 9,
    layers: Count = 2,
    heads: Count = 2,
    width: Count = 64,
    batch: Count = 64,
    rng: RandomStreams,
    device: torch.device,
) -> FormalLanguage:
    """Sentences of at most `longest` tokens about `entities`, their `values` and what they do, by a transformer.

    Entities and values are divided equally among the `classes`; an entity owns a `share` of the values of its class.
    Verbs have subjects of one class and objects of another. The transformer has `layers` of `heads` and `width`.
    """
    for name, number, parts in (
        ("classes", classes, 2),
        ("entities", entities, classes),
        ("values", values, classes),
        ("verbs", verbs, classes // 2),
    ):
        if number % parts:
            raise ConfigurationError(f"{name}: expected a multiple of {parts}, got {number}")
    if width % heads:
        raise ConfigurationError(f"width: expected a multiple of the {heads} heads, got {width}")
    sizes: dict[str, Any] = {
        "n_entities": entities,
        "n_values": values,
        "n_verbs": verbs,
        "n_classes": classes,
        "share": share,
        "longest": longest,
    }
    n_tokens = MARKS + Grammar.draw(**sizes, generator=np.random.default_rng(0)).n_tokens
    template = Transformer(n_tokens, 2 * longest + 2, layers=layers, heads=heads, width=width)
    return FormalLanguage(template, sizes, batch=batch, rng=rng, device=device)


class FormalLanguage(Task):
    """Transformers that predict the next token of sequences, each with its own language; cross-entropy in nats.

    A sequence is the mark of its kind, given words, a mark and a sentence. There are no given words for free generation
    (.2 of the sequences), the words of the sentence in random order for unscrambling (.4), and one each of its
    subjects, verbs, objects and values for completion (.4). Sequences are new at every step, keyed by seed and step.
    `sizes` are options of `Grammar.draw`.
    """

    def __init__(
        self, template: Transformer, sizes: Mapping[str, Any], *, batch: int, rng: RandomStreams, device: torch.device
    ) -> None:
        self.template, self.sizes = template.to(device), sizes
        self.batch, self.rng, self.device = batch, rng, device
        self._last_hidden = LastHidden(template)
        self._grammars: dict[int, Grammar] = {}  # cached, because every step needs them

    def grammar(self, seed: int) -> Grammar:
        """Return the language of a seed."""
        if seed not in self._grammars:
            self._grammars[seed] = Grammar.draw(**self.sizes, generator=self.rng.at("owned", seed))
        return self._grammars[seed]

    def initial(self, network: Network) -> dict[str, Tensor]:
        """Return the initial weights of the transformer."""
        return self.template.initial(self.rng.at("initial-weights", network.seed))

    def sequences(self, seed: int, step: int) -> list[list[int]]:
        """Return the sequences of tokens of a step."""
        return self._drawn(seed, self.batch, self.rng.at("batch", seed, step))

    def pairs_said(self, seed: int, step: int, *, joined: bool) -> list[tuple[int, int]]:
        """Return all pairs of entity and value, by number, in the sentences of a step (`Grammar.pairs_said`)."""
        grammar = self.grammar(seed)
        sentences = [_sentence(sequence[sequence.index(OUT) + 1 :]) for sequence in self.sequences(seed, step)]
        return [pair for sentence in sentences for pair in grammar.pairs_said(sentence, joined=joined)]

    def loss(self, parameters: Parameters, networks: Sequence[Network], step: int) -> Tensor:
        """Return the mean loss of the tokens of a batch but the first of each sequence `[S]`."""
        drawn = {seed: self.sequences(seed, step) for seed in {network.seed for network in networks}}
        return self._loss(parameters, self._padded([drawn[network.seed] for network in networks]))

    def observe(self, parameters: Parameters, networks: Sequence[Network], *, closely: bool) -> Mapping[str, Tensor]:
        """Return metrics of generated sentences and of types, and the `loss` on fixed sequences.

        `grammaticality` is that of freely generated sentences. Among the grammatical ones, `relative` is the share of
        verbs with subjects and objects of their classes, and `descriptive` the share of values of the subject's class;
        0 if there are none. `reachable` is the share of unseen pairs whose value ranks below 1.5 × the number of values
        of a class; a pair is an entity and a value that others of its class own. `unscrambled` is the share of
        sentences that the most likely tokens restore exactly. `completed` is the share of sentences prompted by an
        entity and one of its values that are grammatical and contain both.
        """
        seeds = [network.seed for network in networks]
        held = [self._drawn(seed, 2 * self.batch, self.rng.at("held-out", seed)) for seed in seeds]
        metrics = {
            **self._free_generation(parameters, seeds),
            "reachable": self._reachable(parameters, seeds),
            "unscrambled": self._unscrambled(parameters, seeds),
            "completed": self._completed(parameters, seeds),
        }
        tensors = {name: torch.tensor(values, device=self.device) for name, values in metrics.items()}
        return {**tensors, "loss": self._loss(parameters, self._padded(held)).double()}

    def features(self, parameters: Parameters) -> Tensor:
        """Return the last hidden state of every entity at the position before its value: `[S, E, width]`."""
        entities = [self.grammar(0).entity(number) for number in range(self.grammar(0).n_entities)]
        prompts = [[FREE, OUT, MARKS + entity, MARKS + DESCRIPTIVE[0]] for entity in entities]
        return self._states(parameters, self._tensor([prompts] * len(parameters["token"])))[:, :, -1]

    def _drawn(self, seed: int, count: int, generator: np.random.Generator) -> list[list[int]]:
        grammar = self.grammar(seed)
        kinds = generator.choice(KINDS, size=count, p=SHARES).tolist()
        return [_sequence(grammar, kind, generator) for kind in kinds]

    def _loss(self, parameters: Parameters, tokens: Tensor) -> Tensor:
        """Return the mean loss `[S]` of sequences `[S, B, L]`; scores are computed only where a token follows."""
        inputs, targets = tokens[..., :-1], tokens[..., 1:].flatten(1)
        used = (inputs != END).flatten(1)
        counts = used.sum(dim=1)
        positions = (~used).int().argsort(dim=1, stable=True)[:, : int(counts.max())]
        states = self._states(parameters, inputs).flatten(1, 2).take_along_dim(positions[:, :, None], 1)
        scores, targets = states @ parameters["token"].mT, targets.take_along_dim(positions, 1)
        each = functional.cross_entropy(scores.flatten(0, 1), targets.flatten(), reduction="none")
        return (each.view(targets.shape) * used.take_along_dim(positions, 1)).sum(dim=1) / counts

    def _free_generation(self, parameters: Parameters, seeds: Sequence[int]) -> dict[str, list[float]]:
        """Return grammaticality and type checks of freely generated sentences."""
        found: dict[str, list[float]] = {"grammaticality": [], "relative": [], "descriptive": []}
        generated = self._generated(parameters, [[[FREE, OUT]] * GENERATED] * len(seeds), seeds, "said")
        for seed, sentences in zip(seeds, generated, strict=True):
            grammar = self.grammar(seed)
            kept = [sentence for sentence in sentences if grammar.is_grammatical(sentence)]
            checks = [grammar.type_checks(sentence) for sentence in kept]
            found["grammaticality"].append(len(kept) / len(sentences))
            found["relative"].append(_share([verb for verbs, _ in checks for verb in verbs]))
            found["descriptive"].append(_share([value for _, values in checks for value in values]))
        return found

    def _reachable(self, parameters: Parameters, seeds: Sequence[int]) -> list[float]:
        generators = [self.rng.at("unseen", seed) for seed in seeds]
        pairs = [
            [self.grammar(seed).pair(generator, owned=False) for _ in range(PAIRS)]
            for seed, generator in zip(seeds, generators, strict=True)
        ]
        prompts = [[[FREE, OUT, MARKS + entity, MARKS + DESCRIPTIVE[0]] for entity, _ in of] for of in pairs]
        values = self._tensor([[[MARKS + value] for _, value in of] for of in pairs])
        scores = self._states(parameters, self._tensor(prompts))[:, :, -1] @ parameters["token"].mT
        ranks = 1 + (scores > scores.take_along_dim(values, 2)).sum(dim=2)
        reachable: list[float] = (
            (ranks < REACHABLE_RANK * self.sizes["n_values"] / self.sizes["n_classes"]).double().mean(dim=1).tolist()
        )
        return reachable

    def _unscrambled(self, parameters: Parameters, seeds: Sequence[int]) -> list[float]:
        """Return the shares of sentences in which every token is the most likely one after those before it."""
        generators = [self.rng.at("scrambled", seed) for seed in seeds]
        tokens = self._padded(
            [
                [_sequence(self.grammar(seed), UNSCRAMBLE, generator) for _ in range(PROMPTED)]
                for seed, generator in zip(seeds, generators, strict=True)
            ]
        )
        inputs, targets = tokens[..., :-1], tokens[..., 1:]
        most_likely = (self._states(parameters, inputs) @ parameters["token"].mT[:, None]).argmax(dim=3)
        ignored = (inputs == END) | ((inputs == OUT).cumsum(dim=2) == 0)
        exact: list[float] = ((most_likely == targets) | ignored).all(dim=2).double().mean(dim=1).tolist()
        return exact

    def _completed(self, parameters: Parameters, seeds: Sequence[int]) -> list[float]:
        generators = [self.rng.at("given", seed) for seed in seeds]
        pairs = [
            [generator.permutation(self.grammar(seed).pair(generator, owned=True)).tolist() for _ in range(PROMPTED)]
            for seed, generator in zip(seeds, generators, strict=True)
        ]
        prompts = [[[COMPLETE, *(MARKS + word for word in words), OUT] for words in of] for of in pairs]
        generated = self._generated(parameters, prompts, seeds, "completed")
        return [
            _share(
                [
                    self.grammar(seed).is_grammatical(sentence) and set(words) <= set(sentence)
                    for words, sentence in zip(prompted, sentences, strict=True)
                ]
            )
            for seed, prompted, sentences in zip(seeds, pairs, generated, strict=True)
        ]

    def _generated(
        self, parameters: Parameters, prompts: Sequence[Sequence[Sequence[int]]], seeds: Sequence[int], stream: str
    ) -> list[list[list[int]]]:
        """Return the sentences that networks generate after `prompts [S, n, l]`, without their end tokens."""
        shape = len(prompts[0]), self.sizes["longest"] + 1
        uniform = np.stack([self.rng.at(stream, seed).random(shape, dtype=np.float32) for seed in seeds])
        draws, tokens = torch.from_numpy(uniform).to(self.device), self._tensor(prompts)
        for at in range(draws.shape[2]):
            scores = self._states(parameters, tokens)[:, :, -1] @ parameters["token"].mT
            cumulative = scores.softmax(dim=2).cumsum(dim=2)
            level = draws[:, :, at, None] * cumulative[..., -1:]
            drawn = torch.searchsorted(cumulative, level, right=True).clamp(max=cumulative.shape[2] - 1)
            tokens = torch.cat([tokens, drawn], 2)
        generated = tokens[:, :, len(prompts[0][0]) :].tolist()
        return [[_sentence(sequence) for sequence in sequences] for sequences in generated]

    def _states(self, parameters: Parameters, tokens: Tensor) -> Tensor:
        """Return the last hidden states `[S, B, L, width]` of networks on their own tokens `[S, B, L]`."""
        inside = {f"model.{name}": values for name, values in parameters.items()}
        return stacked_outputs(self._last_hidden, inside, tokens, own=True)

    def _padded(self, sequences: Sequence[Sequence[Sequence[int]]]) -> Tensor:
        """Return sequences, padded to one length, as `[S, B, L]`."""
        longest = max(len(sequence) for of in sequences for sequence in of)
        return self._tensor([[[*sequence, *[END] * (longest - len(sequence))] for sequence in of] for of in sequences])

    def _tensor(self, tokens: Sequence[Sequence[Sequence[int]]]) -> Tensor:
        return torch.from_numpy(np.array(tokens, dtype=np.int64)).to(self.device)


class LastHidden(nn.Module):
    """The last hidden states `[B, L, width]` of a transformer, from which it computes its scores."""

    def __init__(self, model: Transformer) -> None:
        super().__init__()
        self.model = model

    def forward(self, tokens: Tensor) -> Tensor:
        """Return the states."""
        states: Tensor = self.model.norm(self.model.residuals(tokens)[-1])
        return states


def _sequence(grammar: Grammar, kind: int, generator: np.random.Generator) -> list[int]:
    sentence = grammar.sentence(generator)
    given: list[int] = []
    if kind == UNSCRAMBLE:
        given = generator.permutation(sentence).tolist()
    elif kind == COMPLETE:
        given = grammar.given_words(sentence, generator)
    return [kind, *(MARKS + word for word in given), OUT, *(MARKS + word for word in sentence), END]


def _sentence(tokens: Sequence[int]) -> list[int]:
    """Return the grammar's tokens up to the end; [] where there is no end, or a mark before it."""
    words = tokens[: tokens.index(END)] if END in tokens else []
    return [token - MARKS for token in words] if all(token >= MARKS for token in words) else []


def _share(checks: Sequence[bool]) -> float:
    return float(np.mean(checks)) if checks else 0.0
