"""Which columns of a table are the two ends of a link, its weight and its time, by the names that people give them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import permutations

from hubbub.simulator.errors import TopologyError

ENDS = (
    "source target",
    "source destination",
    "source dest",
    "source sink",
    "src dst",
    "src dest",
    "src tgt",
    "src trg",
    "from to",
    "ego alter",
    "sender receiver",
    "sender recipient",
    "giver receiver",
    "giver taker",
    "initiator receiver",
    "initiator recipient",
    "caller callee",
    "follower followee",
    "follower followed",
    "speaker listener",
    "speaker hearer",
    "origin destination",
    "origin dest",
    "citing cited",
    "rater ratee",
    "rater rated",
    "rater target",
    "nominator nominee",
    "nominator nominated",
    "trustor trustee",
    "truster trustee",
    "exporter importer",
    "parent child",
    "tail head",
    "actor partner",
    "subject object",
    "lender borrower",
    "donor recipient",
    "mentor mentee",
    "von nach",
    "quelle ziel",
    "origen destino",
)
"""Names of the two ends of a link; the first is its source."""

RELATIONS = {"relation", "predicate", "rel", "property"}
"""Beside one of these, `head` is the source and `tail` the target, as in a knowledge graph; arcs lead to heads."""

# fmt: off
PERSONS = {
    "person", "user", "id", "name", "node", "ego", "student", "pupil", "respondent", "participant",
    "individual", "subject", "agent", "member",
}
OTHERS = {
    "friend", "neighbor", "neighbour", "neighbors", "neighbours", "contact", "partner", "peer", "colleague",
    "alter", "nominee", "nominated", "acquaintance", "confidant", "classmate", "followee",
}
"""A column of `PERSONS` is the source of one of `OTHERS`."""

ANY = {
    "node", "nodes", "id", "ids", "name", "user", "person", "vertex", "agent", "actor", "label", "key", "uid",
    "account", "author", "student", "of", "the", "protein", "gene", "entity", "interactor", "city", "country",
    "airport", "station", "word", "company", "firm", "party", "village", "species", "page", "paper", "member", "neuron",
    "region",
}
# fmt: on
"""Words that may stand beside those of `ENDS`."""

PAIRS = (("1", "2"), ("a", "b"), ("i", "j"), ("0", "1"), ("u", "v"), ("x", "y"))
THIRD = {("1", "2"): "3", ("0", "1"): "2", ("a", "b"): "c", ("i", "j"): "k", ("x", "y"): "z"}
"""What comes after a pair; where it is there too, the columns are a series and no pair."""

BETWEEN = {"start": "source", "end": "target"}
"""Ends of a link where they stand beside a word of `ANY`, as in start_node; alone they are times."""

# fmt: off
OF_ENDS = {
    "type", "date", "time", "timestamp", "year", "month", "day", "age", "x", "y", "lat", "lon", "latitude", "longitude",
    "weight", "degree",
}
# fmt: on
"""What two columns may say of the ends of a link, as from_date and to_date do, without being these ends."""

MOST_NUMBERED = 100
"""Pairs of numbered names are looked for among at most so many columns."""

LETTERS = ({"i", "j"}, {"u", "v"}, {"a", "b"})
"""Letters alone are the names of columns only where everything below them is a number."""

WEIGHTS = ("weight weights w wt wgt", "value values val count counts strength frequency freq intensity multiplicity")
"""Names of a column of weights, those that leave no doubt first."""

TIMES = ["timestamp", "time", "ts", "t", "unixtime", "unixts", "epoch", "datetime", "date", "year", "day"]
STARTS = ["start", "begin", "onset", "starttime", "timestart", "startdate", "starttimestamp", "firstseen"]
STOPS = ["end", "finish", "terminus", "stop", "until", "endtime", "timeend", "enddate", "endtimestamp", "lastseen"]


KNOWN = {*" ".join(ENDS).split(), *PERSONS, *OTHERS, *ANY, *BETWEEN, "edge", "link", "weight"}
LONGEST = 40
"""Letters of words that may stand together."""

_TOGETHER = re.compile(rf"(?:{'|'.join(sorted(KNOWN, key=len, reverse=True))})+[a-z]?")
_WORD = re.compile("|".join(sorted(KNOWN, key=len, reverse=True)))


def words(heading: str) -> tuple[str, ...]:
    """Return the words and numbers in the name of a column, in lower case: "FromNodeId" is from, node, id.

    Known words that stand together are told apart, also before one letter: "sourceid" is source, id, and "nodea" is
    node, a.
    """
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", heading)
    found = re.findall(r"[^\W\d_]+|\d+", split.lower())
    return tuple(part for word in found for part in _apart(word))


def _apart(word: str) -> list[str]:
    """Return the known words that a word consists of, or the word itself."""
    if word in KNOWN or len(word) > LONGEST or not _TOGETHER.fullmatch(word):
        return [word]
    for end in (len(word), len(word) - 1):
        parts = _WORD.findall(word[:end])
        if parts and "".join(parts) == word[:end]:
            return [*parts, *word[end:]]
    return [word]


def ends_in(heading: Sequence[str], *, numeric: Callable[[], bool]) -> tuple[int, int] | None:
    """Return the columns of source and target, or None where no names say it.

    Parameters
    ----------
    heading
        Names of the columns.
    numeric
        Whether at least two columns are numbers below the heading, so that letters alone may be names of columns.

    Raises
    ------
    TopologyError
        If several pairs of columns may be the ends.
    """
    split = [_between(words(name)) for name in heading]
    if any(RELATIONS & set(name) for name in split):
        split = [("source",) if name == ("head",) else ("target",) if name == ("tail",) else name for name in split]
    first = [at for at, name in enumerate(split) if name][:2]
    ways = (_roles(split, set()), _roles(split, ANY), _persons(split), _numbered(split, first, ANY))
    for found in (*ways, _numbered(split, first), _of_both_ends(split, first)):
        if any(_are_letters(heading, pair) for pair in found) and not numeric():
            found = [pair for pair in found if not _are_letters(heading, pair)]
        if len(found) > 1:
            pairs = " or ".join(f"{heading[one]} and {heading[other]}" for one, other in found)
            raise TopologyError(
                f"heading: expected one pair of columns that are the ends of a link, got {pairs}; "
                "say which: topology.source=… topology.target=…"
            )
        if found:
            return found[0]
    return None


def _between(name: tuple[str, ...]) -> tuple[str, ...]:
    """Return the name of a column with source for start and target for end, where it is that of an end of a link."""
    if len(name) > 1 and set(name[1:]) <= ANY:
        return BETWEEN.get(name[0], name[0]), *name[1:]
    return name


def _are_letters(heading: Sequence[str], pair: tuple[int, int]) -> bool:
    return {heading[one].strip().lower() for one in pair} in LETTERS


def common_words(heading: Sequence[str], pair: tuple[int, int]) -> tuple[str, ...] | None:
    """Return the words that two names share if they differ in one of `PAIRS` only, such as id of id_1 and id_2."""
    first, second = (words(heading[one]) for one in pair)
    if len(first) != len(second):
        return None
    differing = [one for one in zip(first, second, strict=True) if one[0] != one[1]]
    if len(differing) != 1 or differing[0] not in PAIRS:
        return None
    return tuple(one for one, other in zip(first, second, strict=True) if one == other)


def weight_in(heading: Sequence[str]) -> tuple[list[int], bool]:
    """Return the columns that may hold weights by their names, and whether these names leave no doubt."""
    plain = ["".join(word for word in words(name) if word not in ("edge", "link", "of")) for name in heading]
    certain, likely = ([at for at, name in enumerate(plain) if name in known.split()] for known in WEIGHTS)
    return certain or likely, bool(certain)


def times_in(heading: Sequence[str]) -> tuple[int, ...] | None:
    """Return the column of times, or those of start and end (−1 for one that is not there), or None."""
    plain = ["".join(words(name)) for name in heading]
    start = next((at for name in STARTS for at, own in enumerate(plain) if own == name), -1)
    stop = next((at for name in STOPS for at, own in enumerate(plain) if own == name), -1)
    if start >= 0 or stop >= 0:
        return start, stop
    return next(((at,) for name in TIMES for at, own in enumerate(plain) if own == name), None)


def _roles(split: list[tuple[str, ...]], beside: set[str]) -> list[tuple[int, int]]:
    """Return the pairs of columns named as in `ENDS`, with or without the words of `beside`."""
    left = [" ".join(word for word in name if word not in beside) or " ".join(name) for name in split]
    at: dict[str, list[int]] = {}
    for column, name in enumerate(left):
        at.setdefault(name, []).append(column)
    found: dict[tuple[int, int], None] = {}
    for source, target in (pair.split() for pair in ENDS):
        found.update(dict.fromkeys((one, other) for one in at.get(source, ()) for other in at.get(target, ())))
    return list(found)


def _persons(split: list[tuple[str, ...]]) -> list[tuple[int, int]]:
    """Return the pairs of a person and a friend."""
    others = [at for at, name in enumerate(split) if len(set(name) - (ANY - OTHERS)) == 1 and set(name) & OTHERS]
    persons = [at for at, name in enumerate(split) if name and set(name) <= ANY | PERSONS and at not in others]
    persons = [at for at in persons if not set(split[at]) <= {"id", "name"}] or persons  # "id" may number the rows
    found = [(one, other) for one in persons for other in others]
    return [(one, other) for one, other in found if set(split[one]) & set(split[other])] or found


def _of_both_ends(split: list[tuple[str, ...]], first: list[int]) -> list[tuple[int, int]]:
    """Return the first two columns if their names are alike but for a pair of `ENDS`: source_subreddit and target_…."""
    found = []
    for one, other in permutations(first, 2):
        known = [pair.split() for pair in ENDS if pair.split()[0] in split[one] and pair.split()[1] in split[other]]
        for source, target in known:
            common = [tuple(word for word in split[at] if word != end) for at, end in ((one, source), (other, target))]
            if common[0] == common[1] and not OF_ENDS & set(common[0]):
                found.append((one, other))
    return found


def _numbered(split: list[tuple[str, ...]], named: list[int], allowed: set[str] | None = None) -> list[tuple[int, int]]:
    """Return the pairs of columns whose names differ in one of `PAIRS` only, such as id_1 and id_2.

    `named` are the first two columns with a name.
    """
    if len(split) > MOST_NUMBERED:
        return []
    found = []
    for one, other in permutations(range(len(split)), 2):
        first, second = split[one], split[other]
        if len(first) != len(second):
            continue
        differing = [(at, pair) for at, pair in enumerate(zip(first, second, strict=True)) if pair[0] != pair[1]]
        common = {a for a, b in zip(first, second, strict=True) if a == b}
        if len(differing) != 1 or differing[0][1] not in PAIRS or (allowed is not None and not common <= allowed):
            continue
        if common and not common & ANY and {one, other} != set(named):  # score_1 and score_2 are no ends
            continue
        at, pair = differing[0]
        if not common and set(pair) not in LETTERS:
            continue
        third = (*first[:at], THIRD.get(pair, ""), *first[at + 1 :])
        if third not in split and not common & OTHERS:  # friend_1, friend_2, … are several others of one person
            found.append((one, other))
    return found
