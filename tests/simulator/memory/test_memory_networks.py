import numpy as np
import pytest

from hubbub.simulator.configuration import Section, choice, validate
from hubbub.simulator.engine.system import State
from hubbub.simulator.errors import ConfigurationError, StoreError
from hubbub.simulator.memory import Recording, memory
from hubbub.simulator.memory.models.hopfield import Hopfield
from hubbub.simulator.memory.models.modern_hopfield import ModernHopfield
from hubbub.simulator.memory.models.sedam import Sedam
from hubbub.simulator.memory.models.threshold_neurons import ThresholdNeurons
from hubbub.simulator.topology import Topology

WATCH = Recording(burn_in_steps=20, switches=True, series_every=1)
RING = Topology.from_pairs(40, [(spin, (spin + 1) % 40) for spin in range(40)])
GRID = {"noise": (0.2, 0.35), "load": (2, 4), "repetitions": 2}


def rows(*tables):
    """Return all rows of some tables as one list, so that they can be compared."""
    return [
        row
        for table in tables
        for row in zip(*(np.ma.filled(np.ma.asarray(values), -1).tolist() for values in table.values()), strict=True)
    ]


MODELS = {
    "sedam": (Sedam, "packed"),
    "asynchronous": (lambda: Sedam("asynchronous"), "loop"),
    "hopfield": (lambda: Hopfield(topology=RING), "loop"),
    "modern": (lambda: ModernHopfield(beta=0.05), "plain"),
    "neurons": (lambda: ThresholdNeurons(1, topology=RING), "loop"),
}


@pytest.fixture(params=MODELS)
def make(request, networks, coins):
    model, _ = MODELS[request.param]
    patterns = None if request.param == "neurons" else coins(4, 40)
    grid = {**GRID, "load": (1,)} if patterns is None else GRID
    return lambda **changes: networks(model(), patterns, recording=WATCH, **{**grid, **changes})


def test_steps_may_be_cut_anywhere_and_resumed_in_the_middle_of_an_avalanche(make):
    whole, first, second = make(), make(), make()
    expected = whole.step(90)
    parts = [first.step(3), first.step(20)]
    while not (first.state().tensors["events.sizes"] > 0).any():
        parts.append(first.step(1))
    left = 90 - first.now
    state = first.state()
    second.load(State({name: tensor.clone() for name, tensor in state.tensors.items()}, dict(state.values)))
    first.step(left)
    parts.append(second.step(left))
    for table in ("events", "series"):
        assert rows(*(part[table] for part in parts)) == rows(expected[table])
    assert len(rows(expected["events"])) > 10
    for other in (first, second):
        for name, tensor in whole.state().tensors.items():
            assert np.array_equal(tensor, other.state().tensors[name], equal_nan=True), name


def test_long_steps_are_cut_into_chunks(make, monkeypatch):
    whole, cut = make(), make()
    monkeypatch.setattr(type(cut), "stride", 7)
    expected, got = whole.step(30), cut.step(30)
    assert all(rows(got[table]) == rows(expected[table]) for table in expected)


def test_a_copy_does_not_depend_on_the_other_copies(make):
    grid = {} if make().copies.patterns.shape[1] else {"load": (1,)}
    load = grid.get("load", (4,))
    alone, among = make(noise=(0.35,), load=load, repetitions=1), make(noise=(0.2, 0.35), repetitions=2)
    alone.step(40)
    among.step(40)
    copies = among.copies
    same = np.flatnonzero((copies.noise == 0.35) & (copies.load == alone.copies.load[0]) & (copies.repetition == 0))
    assert np.array_equal(among._state[same], alone._state)


def test_what_is_remembered_does_not_grow(make):
    made = make()
    before = {name: tensor.shape for name, tensor in made.state().tensors.items()}
    made.step(200)
    assert before == {name: tensor.shape for name, tensor in made.state().tensors.items()}


def test_events_are_those_of_the_series(networks, coins):
    patterns = coins(6, 50)
    recording = Recording(burn_in_steps=50, avalanche_sds=0.5, coincidence_sds=1.0, switches=True, series_every=1)
    made = networks(Sedam(), patterns, noise=(0.3,), recording=recording)
    states, tables = [made._state[0].copy()], []
    for _ in range(300):
        tables.append(made.step(1)["events"])
        states.append(made._state[0].copy())
    states = np.array(states)
    activity, nearest = (states > 0).sum(axis=1), (states @ patterns.T.astype(int)).argmax(axis=1)
    turned_on = np.r_[0, ((states[1:] > 0) & (states[:-1] < 0)).sum(axis=1)]
    high, many = (of[1:51].mean() + sds * of[1:51].std() for of, sds in ((activity, 0.5), (turned_on, 1.0)))
    expected, born = [], None if activity[51] < high else -1
    for step in range(51, 301):
        if activity[step] >= high and born is None:
            expected.append((step, "avalanche-birth", -1, -1, -1))
            born = step
        if activity[step] < high and born is not None:
            if born > 0:
                expected.append((step, "avalanche-death", activity[born:step].sum(), -1, -1))
            born = None
        if turned_on[step] >= many:
            expected.append((step, "coincidence", turned_on[step], -1, -1))
        if nearest[step] != nearest[step - 1]:
            expected.append((step, "switch", -1, nearest[step - 1], nearest[step]))
    names = ("step", "kind", "value", "source", "target")
    assert rows(*({name: table[name] for name in names} for table in tables)) == expected
    assert {row[1] for row in expected} == {"avalanche-birth", "avalanche-death", "coincidence", "switch"}


def test_fixed_thresholds_need_no_burn_in(networks, coins):
    recording = Recording(burn_in_steps=0, avalanche_threshold=25, coincidence_threshold=15)
    events = networks(Sedam(), coins(2, 50), noise=(0.45,), recording=recording).step(60)["events"]
    assert {"avalanche-birth", "avalanche-death"} <= set(events["kind"])
    assert (np.asarray(events["value"][events["kind"] == "coincidence"]) >= 15).all()
    with pytest.raises(ConfigurationError, match="burn_in_steps: expected at least 2"):
        validate(Recording, {"burn_in_steps": 1})


def test_an_avalanche_whose_birth_was_not_seen_is_left_out(networks, coins):
    recording = Recording(burn_in_steps=0, avalanche_threshold=0, coincidences=False)
    assert len(networks(Sedam(), coins(2, 50), noise=(0.45,), recording=recording).step(60)["events"]["step"]) == 0


def test_series_come_at_their_steps(networks, coins):
    recording = Recording(burn_in_steps=0, avalanches=False, coincidences=False, series_every=4)
    made = networks(Sedam(), coins(2, 50), noise=(0.1, 0.2), recording=recording)
    series = [made.step(n)["series"] for n in (3, 3, 8)]
    assert rows(*({"step": part["step"], "copy": part["copy"]} for part in series)) == [
        (step, copy) for step in (4, 8, 12) for copy in (0, 1)
    ]


def test_observed_with_and_without_a_snapshot(networks, coins):
    patterns = coins(3, 30)
    made = networks(Sedam(), patterns, noise=(0.1,), load=(1, 3), recording=WATCH)
    made.step(50)
    state = made._state.copy()
    few, many = made.observe(closely=False), made.observe(closely=True)
    values = {(row["name"], row["copy"]): row["value"] for row in many.metrics}
    assert {row["name"] for row in few.metrics} == {"activity", "overlap", "mean_overlap"}
    assert {name for name, _ in values} == {"activity", "overlap", "mean_overlap", "energy"}
    assert values["activity", 1] == (state[1] > 0).sum()
    assert values["overlap", 1] == pytest.approx(patterns[0] @ state[1].astype(int) / 30)
    table = many.snapshot.to_tables()["overlaps"].to_pydict()
    assert few.snapshot is None
    assert (table["copy"], table["pattern"]) == ([0, 1, 1, 1], [0, 0, 1, 2])
    assert table["overlap"][1:] == pytest.approx((patterns @ state[1].astype(int) / 30).tolist())
    assert np.array_equal(made._state, state)
    assert made.work == ("spin updates", 50 * 2 * 30)


def test_mean_overlap_is_that_of_the_series_after_the_burn_in(networks, coins):
    made = networks(Sedam(), coins(3, 30), noise=(0.3,), recording=WATCH)
    series = made.step(80)["series"]
    mean = [row["value"] for row in made.observe(closely=False).metrics if row["name"] == "mean_overlap"]
    assert mean == pytest.approx([series["overlap"][20:].mean()])


def test_a_state_of_another_configuration(networks, coins):
    made, other = (networks(Sedam(), coins(3, size)) for size in (30, 31))
    with pytest.raises(StoreError, match=r"expected spins of shape \(1, 31\), got \(1, 30\); it belongs to another"):
        other.load(made.state())
    with pytest.raises(StoreError, match=r"expected spins of shape .*, got nothing"):
        made.load(State({}, {"step": 0}))


def test_kernels_by_name(networks, coins):
    for model, kernel in MODELS.values():
        assert networks(model(), coins(2, 40)).kernel == kernel
    with pytest.raises(
        ConfigurationError, match=r"dynamics\.kernel: expected one of fastest, loop, plain, got 'packed'"
    ):
        networks(Hopfield(), coins(2, 40), kernel="packed")


def test_every_memory_can_be_chosen_by_name():
    model = type("Configuration", (Section,), {"__annotations__": {"memory": choice(memory)}})
    assert list(memory) == ["hopfield", "modern-hopfield", "polynomial", "sedam", "threshold-neurons"]
    chosen = validate(model, {"memory": {"kind": "hopfield", "rule": "storkey"}}).memory.build(topology=RING)
    assert (chosen.rule, chosen.n_spins) == ("storkey", 40)
    with pytest.raises(ConfigurationError, match="did you mean 'storkey'"):
        validate(model, {"memory": {"kind": "hopfield", "rule": "stork"}})
