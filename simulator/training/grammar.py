"""A formal language: who can do what to whom, and what can be said of whom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from jaxtyping import Int

from hubbub.simulator.counting import part
from hubbub.simulator.errors import ConfigurationError, complaint

T = TypeVar("T")
CONJUNCTIONS, DESCRIPTIVE, RELATIVE = (0, 1), (2, 3), (4, 5, 6)
"""Tokens of the conjunctions, of the words before a value, and of the prepositions after a verb."""
WORDS = 7
"""Number of these."""
SENTENCE = re.compile("e(ce)*(dk|vre(ce)*)(c(dk|vre(ce)*))*")
"""All sentences, as kinds of tokens. The language is regular, because the grammar has recursion in lists only."""


@dataclass(frozen=True, eq=False)
class Grammar:
    """Sentences after Lubana, Kawaguchi, Dick & Tanaka (2024), typed by concept classes.

    NP → subject (.8) | NP and NP (.2); VP → is value (.4) | verb preposition relNP (.4) | VP and VP (.2); relNP →
    object (.7) | object and relNP (.3). Entities and values are divided among the C classes, in order, and verbs
    among pairs of classes: verbs of group g have subjects of class g and objects of class g + C/2. Sentences give an
    entity only values that it owns.

    Tokens are the words, the verbs, the entities and the values, in this order.

    Attributes
    ----------
    owned
        The values `[E, n]` that each of E entities owns, all of its class.
    n_values, n_verbs, n_classes
        Number of values, of verbs and of classes.
    longest
        Number of tokens of the longest sentence; longer ones are drawn again.
    """

    owned: Int[np.ndarray, "E n"]
    n_values: int
    n_verbs: int
    n_classes: int
    longest: int

    @classmethod
    def draw(
        cls,
        *,
        n_entities: int,
        n_values: int,
        n_verbs: int,
        n_classes: int,
        share: float,
        longest: int,
        generator: np.random.Generator,
    ) -> Grammar:
        """Return a grammar in which every entity owns a `share` of its class's values, rounded, and at least one.

        Where in every class all entities own the same values, nothing can be inferred; then all are drawn again.

        Raises
        ------
        ConfigurationError
            If all entities of a class would always own the same values.
        """
        of_class = n_values // n_classes
        own = max(1, round(part(share, of_class)))
        if own == of_class or n_entities == n_classes:
            raise ConfigurationError(
                complaint("share", expected="entities of a class that do not all own the same values", got=share)
            )
        while True:
            owned = np.stack(
                [
                    entity * n_classes // n_entities * of_class + generator.permutation(of_class)[:own]
                    for entity in range(n_entities)
                ]
            )
            if len({frozenset(values) for values in owned.tolist()}) > n_classes:
                return cls(owned, n_values, n_verbs, n_classes, longest)

    @property
    def n_entities(self) -> int:
        """Number of entities."""
        return len(self.owned)

    @property
    def n_tokens(self) -> int:
        """Number of tokens."""
        return self.value(self.n_values)

    def entity(self, number: int) -> int:
        """Return the token of an entity."""
        return WORDS + self.n_verbs + number

    def value(self, number: int) -> int:
        """Return the token of a value."""
        return self.entity(self.n_entities) + number

    def sentence(self, generator: np.random.Generator) -> list[int]:
        """Return the tokens of a sentence.

        All its subjects own all values that the sentence states, or share one value that it does not state, if it
        states none. Subjects drawn from the whole class would reveal the class of an entity by the others beside it.
        """
        subjects, phrases = self._outline(generator)
        group = int(generator.random() * self.n_classes)
        if any(phrases):
            group %= self.n_classes // 2
        first = _pick(self._members[group], generator)
        stated = [_pick(self._owned[first], generator) for objects in phrases if not objects]
        shared = stated or [_pick(self._owned[first], generator)]
        possible = [entity for entity in self._owners[shared[0]] if self._sets[entity].issuperset(shared)]
        subject_tokens = [
            [self.entity(each)] for each in (first, *(_pick(possible, generator) for _ in range(subjects - 1)))
        ]
        phrase_tokens = [
            self._verb_phrase(group, objects, generator)
            if objects
            else [_pick(DESCRIPTIVE, generator), self.value(stated.pop())]
            for objects in phrases
        ]
        return _joined(subject_tokens, generator) + _joined(phrase_tokens, generator)

    def given_words(self, sentence: Sequence[int], generator: np.random.Generator) -> list[int]:
        """Return one subject, verb, object and value of a sentence, where it has them, in random order."""
        subjects, verbs, objects, values = self._parts(sentence)
        words = [_pick(part, generator) for part in (subjects, verbs, objects, values) if part]
        return [words[at] for at in generator.permutation(len(words))]

    def pairs_said(self, sentence: Sequence[int], *, joined: bool) -> list[tuple[int, int]]:
        """Return pairs of entity and value, by number: each value with the last subject, or with all (`joined`)."""
        subjects, _, _, values = self._parts(sentence)
        of = subjects if joined else subjects[-1:]
        return [(subject - self.entity(0), value - self.value(0)) for subject in of for value in values]

    def pair(self, generator: np.random.Generator, *, owned: bool) -> tuple[int, int]:
        """Return the tokens of an entity and of a value that it owns, or that only others of its class own.

        A value is the more likely, the more of these others own it.
        """
        while True:
            entity = int(generator.random() * self.n_entities)
            if owned:
                return self.entity(entity), self.value(_pick(self._owned[entity], generator))
            value = _pick(self._owned[_pick(self._members[self._class(self.entity(entity))], generator)], generator)
            if value not in self._sets[entity]:
                return self.entity(entity), self.value(value)

    def is_grammatical(self, tokens: Sequence[int]) -> bool:
        """Return whether tokens are a sentence, of any types."""
        return SENTENCE.fullmatch("".join(self._kinds[token] for token in tokens)) is not None

    def type_checks(self, sentence: Sequence[int]) -> tuple[list[bool], list[bool]]:
        """Return whether each verb has subjects and objects of its classes, and each value the last subject's class."""
        subjects: list[int] = []
        verbs: list[bool] = []
        values: list[bool] = []
        expected = 0
        for token in sentence:
            kind, own = self._kinds[token], self._class(token)
            if kind == "e" and verbs:
                verbs[-1] &= own == expected
            elif kind == "e":
                subjects.append(own)
            elif kind == "v":
                expected = own + self.n_classes // 2
                verbs.append(all(subject == own for subject in subjects))
            elif kind == "k":
                values.append(own == subjects[-1])
        return verbs, values

    def _outline(self, generator: np.random.Generator) -> tuple[int, list[int]]:
        """Return the number of subjects, and for every phrase the number of objects, 0 where it states a value."""
        while True:
            subjects = _leaves(0.2, generator)
            phrases = [_objects(generator) for _ in range(_leaves(0.2, generator))]
            tokens = 2 * subjects - 2 + sum(2 * objects + 2 if objects else 3 for objects in phrases)
            if tokens <= self.longest:
                return subjects, phrases

    def _verb_phrase(self, group: int, objects: int, generator: np.random.Generator) -> list[int]:
        of_group = self.n_verbs // (self.n_classes // 2)
        verb = WORDS + group * of_group + int(generator.random() * of_group)
        among = self._members[group + self.n_classes // 2]
        targets = [[self.entity(_pick(among, generator))] for _ in range(objects)]
        return [verb, _pick(RELATIVE, generator), *_joined(targets, generator)]

    def _parts(self, sentence: Sequence[int]) -> tuple[list[int], list[int], list[int], list[int]]:
        """Return the subjects, verbs, objects and values of a sentence."""
        parts: dict[str, list[int]] = {"subject": [], "v": [], "e": [], "k": []}
        for token in sentence:
            kind = self._kinds[token]
            if kind == "e" and not parts["v"] and not parts["k"]:
                kind = "subject"
            if kind in parts:
                parts[kind].append(token)
        return parts["subject"], parts["v"], parts["e"], parts["k"]

    def _class(self, token: int) -> int:
        """Return the class of an entity or a value, or the group of a verb."""
        if token >= self.value(0):
            return (token - self.value(0)) * self.n_classes // self.n_values
        if token >= self.entity(0):
            return (token - self.entity(0)) * self.n_classes // self.n_entities
        return (token - WORDS) * (self.n_classes // 2) // self.n_verbs

    @cached_property
    def _kinds(self) -> str:
        """Kinds of all tokens: c, d and r for the three groups of words, v for verbs, e for entities, k for values."""
        words = "c" * len(CONJUNCTIONS) + "d" * len(DESCRIPTIVE) + "r" * len(RELATIVE)
        return words + "v" * self.n_verbs + "e" * self.n_entities + "k" * self.n_values

    @cached_property
    def _members(self) -> list[list[int]]:
        """Entities of every class."""
        return [part.tolist() for part in np.array_split(np.arange(self.n_entities), self.n_classes)]

    @cached_property
    def _owned(self) -> list[list[int]]:
        owned: list[list[int]] = self.owned.tolist()
        return owned

    @cached_property
    def _sets(self) -> list[frozenset[int]]:
        return [frozenset(values) for values in self._owned]

    @cached_property
    def _owners(self) -> list[list[int]]:
        """Entities that own each value."""
        owners: list[list[int]] = [[] for _ in range(self.n_values)]
        for entity, values in enumerate(self._owned):
            for value in values:
                owners[value].append(entity)
        return owners


def _leaves(share: float, generator: np.random.Generator) -> int:
    """Return the number of leaves of X → leaf | X and X, the latter with probability `share`."""
    pending, leaves = 1, 0
    while pending:
        branches = generator.random() < share
        pending += 1 if branches else -1
        leaves += not branches
    return leaves


def _objects(generator: np.random.Generator) -> int:
    """Return the number of objects of a phrase, 0 for one that states a value."""
    if generator.random() < 0.5:
        return 0
    objects = 1
    while generator.random() < 0.3:
        objects += 1
    return objects


def _pick(among: Sequence[T], generator: np.random.Generator) -> T:
    return among[int(generator.random() * len(among))]


def _joined(parts: Sequence[Sequence[int]], generator: np.random.Generator) -> list[int]:
    joined = list(parts[0])
    for other in parts[1:]:
        joined += [_pick(CONJUNCTIONS, generator), *other]
    return joined
