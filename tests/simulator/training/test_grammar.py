from __future__ import annotations

import itertools

import numpy as np
import pytest

from hubbub.simulator.training.grammar import CONJUNCTIONS, DESCRIPTIVE, RELATIVE, WORDS, Grammar


def drawn(**changes: int | float) -> Grammar:
    options = {"n_entities": 12, "n_values": 24, "n_verbs": 4, "n_classes": 4, "share": 0.34, "longest": 9} | changes
    return Grammar.draw(**options, generator=np.random.default_rng(0))


def split(grammar: Grammar, sentence: list[int]) -> tuple[list[int], list[list[int]]]:
    """Return the subjects and the phrases of a sentence, read from left to right by hand."""
    rest, subjects = list(sentence), [sentence[0]]
    del rest[0]
    while rest[0] in CONJUNCTIONS:
        subjects.append(rest[1])
        del rest[:2]
    phrases: list[list[int]] = [[]]
    for at, token in enumerate(rest):
        starts_a_phrase = token in CONJUNCTIONS and not grammar.entity(0) <= rest[at + 1] < grammar.value(0)
        phrases.append([]) if starts_a_phrase else phrases[-1].append(token)
    return subjects, phrases


def test_entities_own_values_of_their_class() -> None:
    grammar = drawn()
    assert grammar.owned.shape == (12, 2)
    assert [sorted({value // 6 for value in values}) for values in grammar.owned.tolist()] == [
        [entity // 3] for entity in range(12)
    ]
    assert drawn(share=0.01).owned.shape == (12, 1)
    assert grammar.n_tokens == WORDS + 4 + 12 + 24


def test_sentences_are_as_long_as_the_docs_say() -> None:
    grammar = drawn()
    lengths = [len(grammar.sentence(generator)) for generator in [np.random.default_rng(1)] for _ in range(4000)]
    assert max(lengths) == 9
    assert np.mean(lengths) == pytest.approx(4.6, abs=0.1)


def test_there_is_something_to_infer_in_the_smallest_language_whatever_is_drawn() -> None:
    for seed in range(30):
        grammar = Grammar.draw(
            n_entities=4,
            n_values=4,
            n_verbs=1,
            n_classes=2,
            share=0.5,
            longest=4,
            generator=np.random.default_rng(seed),
        )
        assert len({*map(tuple, grammar.owned.tolist())}) > 2
        entity, value = grammar.pair(np.random.default_rng(0), owned=False)
        assert value - grammar.value(0) not in grammar.owned[entity - grammar.entity(0)]


def test_sentences_are_of_the_language_and_of_its_types() -> None:
    grammar, generator = drawn(longest=14, n_entities=24, share=0.5), np.random.default_rng(3)
    for _ in range(1500):
        sentence = grammar.sentence(generator)
        assert len(sentence) <= 14
        assert grammar.is_grammatical(sentence)
        verbs, values = grammar.type_checks(sentence)
        assert all(verbs)
        assert all(values)
        subjects, phrases = split(grammar, sentence)
        own = [set(grammar.owned[subject - grammar.entity(0)]) for subject in subjects]
        assert set.intersection(*own), "subjects share a value"
        for phrase in phrases:
            if phrase[0] in DESCRIPTIVE:
                assert all(phrase[1] - grammar.value(0) in values for values in own)
                assert len(phrase) == 2
            else:
                group = (phrase[0] - WORDS) // 2
                assert {(subject - grammar.entity(0)) // 6 for subject in subjects} == {group}
                assert phrase[1] in RELATIVE
                assert {(entity - grammar.entity(0)) // 6 for entity in phrase[2::2]} == {group + 2}
                assert set(phrase[3::2]) <= set(CONJUNCTIONS)


def test_rules_are_used_as_often_as_they_should_be() -> None:
    grammar, generator = drawn(longest=200), np.random.default_rng(0)
    parts = [split(grammar, grammar.sentence(generator)) for _ in range(6000)]
    n_subjects = [len(subjects) for subjects, _ in parts]
    phrases = [phrase for _, each in parts for phrase in each]
    objects = [len(phrase) // 2 for phrase in phrases if phrase[0] not in DESCRIPTIVE]
    assert np.mean(np.array(n_subjects) == 1) == pytest.approx(0.8, abs=0.02)
    assert np.mean(np.array(n_subjects) == 2) == pytest.approx(0.2 * 0.8**2, abs=0.02)
    assert np.mean([len(each) == 1 for _, each in parts]) == pytest.approx(0.8, abs=0.02)
    assert np.mean([phrase[0] in DESCRIPTIVE for phrase in phrases]) == pytest.approx(0.5, abs=0.02)
    assert np.mean(np.array(objects) - 1 == 0) == pytest.approx(0.7, abs=0.02)
    assert np.mean(objects) == pytest.approx(1 / 0.7, abs=0.06)


def test_the_language_is_that_of_the_rules() -> None:
    """A recogniser by recursive descent agrees on all strings of the kinds up to seven."""
    grammar = drawn()
    letters = {"e": grammar.entity(0), "k": grammar.value(0), "v": WORDS, "c": 1, "d": 2, "r": 5}

    def ends(rule: str, text: str, start: int) -> set[int]:
        if rule == "noun":
            first = {start + 1} if text[start : start + 1] == "e" else set()
            return first | {end for at in first if text[at : at + 1] == "c" for end in ends("noun", text, at + 1)}
        said = {start + 2} if text[start : start + 2] == "dk" else set()
        done = ends("noun", text, start + 2) if text[start : start + 2] == "vr" else set()
        first = said | done
        return first | {end for at in first if text[at : at + 1] == "c" for end in ends("told", text, at + 1)}

    accepted = 0
    for length in range(1, 8):
        for kinds in itertools.product("ekvcdr", repeat=length):
            text = "".join(kinds)
            expected = text[0] == "e" and any(length in ends("told", text, at) for at in ends("noun", text, 0))
            if expected or text[0] == "e":
                assert grammar.is_grammatical([letters[kind] for kind in kinds]) == expected
            accepted += expected
    assert accepted == 9  # edk, evre, ecedk, evrece, ecevre, edkcdk, ececedk, edkcvre, evrecdk


def test_types_are_told_from_those_of_other_classes() -> None:
    grammar = drawn()
    conj, said, to = CONJUNCTIONS[0], DESCRIPTIVE[0], RELATIVE[0]
    entity, value = grammar.entity, grammar.value
    assert grammar.type_checks([entity(0), said, value(5)]) == ([], [True])
    assert grammar.type_checks([entity(0), said, value(6)]) == ([], [False])
    assert grammar.type_checks([entity(0), conj, entity(3), said, value(6)]) == ([], [True])
    assert grammar.type_checks([entity(0), WORDS + 1, to, entity(8)]) == ([True], [])
    assert grammar.type_checks([entity(0), WORDS + 2, to, entity(9)]) == ([False], [])
    assert grammar.type_checks([entity(0), conj, entity(3), WORDS, to, entity(6)]) == ([False], [])
    assert grammar.type_checks([entity(0), WORDS, to, entity(6), conj, entity(9)]) == ([False], [])
    two = [entity(0), WORDS, to, entity(3), conj, said, value(0), conj, WORDS + 1, to, entity(6)]
    assert grammar.type_checks(two) == ([False, True], [True])


def test_pairs_are_owned_or_owned_only_by_others_of_the_class() -> None:
    grammar, generator = drawn(), np.random.default_rng(0)
    for owned in (True, False):
        for _ in range(200):
            entity, value = grammar.pair(generator, owned=owned)
            of, what = entity - grammar.entity(0), value - grammar.value(0)
            assert (what in grammar.owned[of]) == owned
            assert what in grammar.owned[of // 3 * 3 : of // 3 * 3 + 3]


def test_given_words_are_one_of_each_part() -> None:
    grammar, generator = drawn(), np.random.default_rng(0)
    entity, value = grammar.entity, grammar.value
    sentence = [entity(0), 0, entity(1), WORDS, RELATIVE[0], entity(7), 0, entity(8), 0, DESCRIPTIVE[0], value(4)]
    given = [grammar.given_words(sentence, generator) for _ in range(100)]
    assert {len(words) for words in given} == {4}
    for allowed in ({entity(0), entity(1)}, {WORDS}, {entity(7), entity(8)}, {value(4)}):
        assert {word for words in given for word in words if word in allowed} == allowed
        assert all(len(allowed & set(words)) == 1 for words in given)
    assert len({tuple(np.argsort(words)) for words in given}) > 10
