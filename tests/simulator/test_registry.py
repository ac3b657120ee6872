"""Things with names: found, refused, given by users."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from typing import ClassVar, Protocol

import pytest

from hubbub.simulator.errors import ConfigurationError, StoreError
from hubbub.simulator.registry import Registry, load_module


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """A registry over a package of its own with one toy in it."""
    package = tmp_path / "toy_shop"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from hubbub.simulator.registry import Registry\n"
        "toy = Registry('toy', package='toy_shop', supplied=('generator',))\n"
    )
    (package / "kite.py").write_text(
        "from __future__ import annotations\n"
        "from toy_shop import toy\n"
        "@toy('kite')\n"
        "def kite(*, tails: int = 2, generator):\n"
        "    return ('kite', tails, generator)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    registry = load_module("toy_shop").toy
    yield registry
    for name in [name for name in sys.modules if name.startswith("toy_shop")]:
        del sys.modules[name]


def test_entries_are_found_in_the_package(shop):
    assert list(shop) == ["kite"]
    assert "kite" in shop
    assert "ball" not in shop


def test_unknown_name_says_what_there_is_and_what_is_near(shop):
    with pytest.raises(ConfigurationError, match=r"toy: expected one of kite, got 'kit'; did you mean 'kite'\?"):
        shop["kit"]
    with pytest.raises(ConfigurationError) as error:
        shop["zzzz"]
    assert "did you mean" not in str(error.value)


def test_parameters_are_the_options_with_resolved_annotations(shop):
    parameters = shop.parameters("kite")
    assert list(parameters) == ["tails"]
    assert parameters["tails"].annotation is int
    assert parameters["tails"].default == 2


def test_call_hands_in_only_what_is_asked_for(shop):
    assert shop.call("kite", {"tails": 3}, generator="drawn", game="unasked") == ("kite", 3, "drawn")


def test_one_name_cannot_be_registered_twice(shop):
    def other() -> None: ...

    assert "kite" in shop
    with pytest.raises(ConfigurationError, match=r"toy 'kite' is registered twice: in toy_shop.kite.kite and .*other"):
        shop("kite")(other)


def test_same_function_may_be_registered_again(shop):
    function = shop["kite"]
    assert shop("kite")(function) is function


def test_decorator_in_the_file_of_a_user_makes_the_name_known(shop, tmp_path):
    file = tmp_path / "named.py"
    file.write_text("from toy_shop import toy\n@toy('ball')\ndef round_thing():\n    return 'ball'\n")
    load_module(str(file))
    assert shop["ball"]() == "ball"
    assert "ball" in list(shop)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("{folder}/none.py", ["there is no file", "none.py"]),
        ("no_such_module", ["cannot import the module 'no_such_module'"]),
        ("{folder}/broken.py", ["broken.py could not be loaded", "ZeroDivisionError"]),
    ],
)
def test_modules_that_lead_nowhere(tmp_path, name, words):
    (tmp_path / "broken.py").write_text("1 / 0\n")
    with pytest.raises(ConfigurationError) as error:
        load_module(name.format(folder=tmp_path))
    assert all(word in str(error.value) for word in words)


def test_a_dotted_name_may_be_a_module_in_the_present_folder(tmp_path, monkeypatch):
    (tmp_path / "of_mine").mkdir()
    (tmp_path / "of_mine" / "graphs.py").write_text("answer = 42\n")
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry])
    monkeypatch.chdir(tmp_path)
    assert load_module("of_mine.graphs").answer == 42
    assert sys.path[-1] == str(tmp_path)
    for name in ("of_mine", "of_mine.graphs"):
        sys.modules.pop(name)


def test_a_broken_file_can_be_mended_and_loaded(tmp_path):
    file = tmp_path / "mended.py"
    file.write_text("1 / 0\n")
    with pytest.raises(ConfigurationError):
        load_module(str(file))
    file.write_text("answer = 42\n")
    assert load_module(str(file)).answer == 42


@pytest.fixture
def tried(shop, tmp_path):
    """The shop with a user's file of three toys that fail in different ways, line 7 among them."""
    file = tmp_path / "tried.py"
    file.write_text(
        "import json\n"
        "from hubbub.simulator.errors import StoreError\n"
        "from toy_shop import toy\n"
        "@toy('broken')\n"
        "class Broken:\n"
        "    def __init__(self, text: str):\n"
        "        json.loads(text)\n"
        "@toy('particular')\n"
        "def particular(tails: int):\n"
        "    raise StoreError(f'tails: expected none, got {tails}')\n"
        "@toy('other')\n"
        "def other(tails: int):\n"
        "    raise StoreError('no kite: tails')\n"
    )
    load_module(str(file))
    return shop


def test_a_users_function_that_fails_is_named_with_the_line(tried, tmp_path):
    with pytest.raises(ConfigurationError) as error:
        tried.call("broken", {"text": "{"})
    start = f"toy 'broken': Broken failed at {tmp_path}/tried.py:7 with JSONDecodeError: Expecting property name"
    assert str(error.value).startswith(start)
    assert type(error.value.__cause__).__name__ == "JSONDecodeError"


def test_an_option_that_a_function_refuses_is_named_as_a_field(tried):
    with pytest.raises(StoreError, match=r"^toy\.tails: expected none, got 3$"):
        tried.call("particular", {"tails": 3})
    with pytest.raises(StoreError, match=r"^no kite: tails$"):
        tried.call("other", {"tails": 3})


def test_what_a_function_of_the_house_raises_comes_as_it_is(shop, tmp_path):
    (tmp_path / "toy_shop" / "clumsy.py").write_text(
        "from toy_shop import toy\n@toy('clumsy')\ndef clumsy():\n    return 1 / 0\n"
    )
    load_module("toy_shop.clumsy")
    with pytest.raises(ZeroDivisionError):
        shop.call("clumsy", {})


def test_names_of_the_house_are_found():
    from hubbub.simulator.games.rules import game

    assert isinstance(game, Registry)
    assert {"reconstruction", "discrimination"} <= set(game)


class Toy(Protocol):
    """What every toy has."""

    brand: ClassVar[str]
    price: float

    def play(self) -> str:
        """Play."""

    @property
    def size(self) -> int:
        """Return the size."""


class Machine(ABC):
    """What every machine has."""

    @abstractmethod
    def run(self) -> str:
        """Run."""

    def stop(self) -> str:
        """Stop."""
        return "stopped"


@pytest.fixture
def registry():
    """A function that makes an empty registry with a contract."""
    return lambda contract: Registry("toy", package="hubbub.simulator.pairing", contract=contract)


def made(**members):
    return type("Made", (members.pop("base", object),), {"__module__": __name__, "__qualname__": "Made", **members})


WHOLE = {"brand": "Any", "price": 1.0, "play": lambda self: "", "size": 3}


@pytest.mark.parametrize("lacking", ["brand", "play", "size"])
@pytest.mark.parametrize("base", [object, Toy])
def test_a_class_that_lacks_what_a_protocol_lists_is_refused(registry, lacking, base):
    members = {name: member for name, member in WHOLE.items() if name != lacking}
    with pytest.raises(ConfigurationError, match=rf"^toy 'kite': {__name__}.Made lacks {lacking}; every toy .*\.Toy"):
        registry(Toy)("kite")(made(base=base, **members))
    registry(Toy)("kite")(made(base=base, **WHOLE))


def test_an_attribute_of_instances_is_asked_for_when_one_is_made(registry):
    toys = registry(Toy)
    toys("kite")(made(**{name: member for name, member in WHOLE.items() if name != "price"}))
    with pytest.raises(ConfigurationError, match="lacks price"):
        toys.call("kite", {})
    toys("car")(made(**WHOLE))
    assert toys.call("car", {}).price == 1


def test_a_class_that_leaves_a_method_abstract_is_refused(registry):
    with pytest.raises(ConfigurationError, match="lacks run;"):
        registry(Machine)("fan")(made(base=Machine))
    with pytest.raises(ConfigurationError, match="lacks stop;"):
        registry(Machine)("fan")(made(run=lambda self: ""))
    assert registry(Machine)("fan")(made(base=Machine, run=lambda self: ""))().stop() == "stopped"


def test_what_a_function_returns_is_checked_too(registry):
    machines = registry(Machine)
    machines("fan")(lambda: object())
    with pytest.raises(ConfigurationError, match=r"builtins.object lacks run, stop"):
        machines.call("fan", {})


def test_every_registry_of_classes_names_what_is_lacking():
    from hubbub.scenarios.systems import system
    from hubbub.simulator.agents import agent
    from hubbub.simulator.control import environment
    from hubbub.simulator.games import game
    from hubbub.simulator.memory import memory
    from hubbub.simulator.search.constraints import constraint
    from hubbub.simulator.training import task

    needed = {
        agent: "initialise, speak, listen, understand, score",
        game: "answer_sizes, deal, log_likelihood, answer, success",
        memory: "plain_step",
        task: "initial, loss, observe",
        system: "model, assemble, describe, measure, headline",
        environment: "episodes",
        constraint: "draw, move",
    }
    for registry, names in needed.items():
        with pytest.raises(ConfigurationError) as refused:
            registry("empty")(made(base=registry.contract))
        assert f"{registry.noun} 'empty': {__name__}.Made lacks {names};" in str(refused.value)
        assert "empty" not in registry


def test_one_file_may_be_imported_under_two_names(shop, tmp_path):
    file = tmp_path / "twice.py"
    file.write_text("from toy_shop import toy\n@toy('ball')\ndef round_thing():\n    return 'ball'\n")
    load_module(str(file))
    assert load_module("twice").round_thing() == "ball"  # the folder is on the path
    assert shop["ball"].__module__ == "twice"
    del sys.modules["twice"]
