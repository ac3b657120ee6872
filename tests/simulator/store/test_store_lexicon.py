from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store import Lexicon, LexiconSplit


def assert_equal(one: Lexicon, other: Lexicon) -> None:
    assert one.step == other.step
    assert list(one.splits) == list(other.splits)
    for name, split in one.splits.items():
        for field in ("referents", "messages", "lengths", "success"):
            left, right = getattr(split, field), getattr(other.splits[name], field)
            assert left.dtype == right.dtype
            assert np.array_equal(left, right)


def test_tables_by_hand() -> None:
    split = LexiconSplit(
        referents=np.array([7, 3]),
        messages=np.array([[[1, 2], [5, 0]], [[0, 0], [9, 9]]]),
        lengths=np.array([[2, 2], [1, 2]]),
        success=np.array([[1.0, 0.5], [0.0, 0.25]]),
    )
    messages, success = Lexicon(0, {"train": split}).to_tables().values()
    assert messages.to_pylist() == [
        {"split": "train", "agent": 0, "referent": 7, "length": 2, "message": [1, 2]},
        {"split": "train", "agent": 0, "referent": 3, "length": 2, "message": [5, 0]},
        {"split": "train", "agent": 1, "referent": 7, "length": 1, "message": [0, 0]},
        {"split": "train", "agent": 1, "referent": 3, "length": 2, "message": [9, 9]},
    ]
    assert success.to_pylist() == [
        {"split": "train", "speaker": 0, "listener": 0, "success": 1.0},
        {"split": "train", "speaker": 0, "listener": 1, "success": 0.5},
        {"split": "train", "speaker": 1, "listener": 0, "success": 0.0},
        {"split": "train", "speaker": 1, "listener": 1, "success": 0.25},
    ]
    assert messages.schema.field("message").type == pa.list_(pa.int16())


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(n=st.integers(1, 5), r=st.integers(1, 6), length=st.integers(1, 4), both=st.booleans())
def test_round_trip(make_lexicon: Callable[..., Lexicon], n: int, r: int, length: int, both: bool) -> None:
    lexicon = make_lexicon(3, n=n, r=r, length=length, splits=("train", "held_out") if both else ("train",))
    assert_equal(Lexicon.from_tables(3, **lexicon.to_tables()), lexicon)


def test_a_split_without_referents_leaves_no_trace(make_lexicon: Callable[..., Lexicon]) -> None:
    train = make_lexicon().splits["train"]
    nothing = LexiconSplit(train.referents[:0], train.messages[:, :0], train.lengths[:, :0], train.success)
    lexicon = Lexicon(5, {"train": train, "held_out": nothing})
    assert_equal(Lexicon.from_tables(5, **lexicon.to_tables()), Lexicon(5, {"train": train}))
    messages, success = Lexicon(5, {"held_out": nothing}).to_tables().values()
    assert len(messages) == len(success) == 0
    assert Lexicon.from_tables(5, messages, success).splits == {}


def test_a_vocabulary_beyond_the_type_on_disk_is_not_wrapped(make_lexicon: Callable[..., Lexicon]) -> None:
    train = make_lexicon().splits["train"]
    large = LexiconSplit(train.referents, train.messages + 40_000, train.lengths, train.success)
    with pytest.raises(pa.ArrowInvalid, match="not in range"):
        Lexicon(5, {"train": large}).to_tables()


def shuffled(messages: pa.Table, success: pa.Table) -> tuple[pa.Table, pa.Table]:
    return messages.sort_by([("referent", "ascending"), ("agent", "ascending")]), success


def a_row_short(messages: pa.Table, success: pa.Table) -> tuple[pa.Table, pa.Table]:
    return messages[1:], success


def without_success(messages: pa.Table, success: pa.Table) -> tuple[pa.Table, pa.Table]:
    return messages, success[:0]


def transposed(messages: pa.Table, success: pa.Table) -> tuple[pa.Table, pa.Table]:
    return messages, success.sort_by([("listener", "ascending"), ("speaker", "ascending")])


def ragged(messages: pa.Table, success: pa.Table) -> tuple[pa.Table, pa.Table]:
    lists = messages["message"].to_pylist()
    lists[0], lists[1] = lists[0][:1], [*lists[1], 0]
    column = pa.array(lists, pa.list_(pa.int16()))
    return messages.set_column(4, "message", column), success


@pytest.mark.parametrize("damage", [shuffled, a_row_short, without_success, transposed, ragged])
def test_rows_in_another_shape_are_refused(
    make_lexicon: Callable[..., Lexicon], damage: Callable[[pa.Table, pa.Table], tuple[pa.Table, pa.Table]]
) -> None:
    with pytest.raises(StoreError, match="lexicon of step 5, split 'train': expected one row for each agent"):
        Lexicon.from_tables(5, *damage(*make_lexicon().to_tables().values()))
