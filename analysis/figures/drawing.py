"""What all figures have in common: they take a run in place of arrays, and refuse what does not fit together."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence, Sized
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, cast, overload

from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from hubbub.simulator.store import Run

P = ParamSpec("P")


class FigureOfRun(Protocol[P]):
    """A function that draws arrays, or what a run recorded of them."""

    __name__: str
    __doc__: str | None

    @overload
    def __call__(self, run: Run, /, **options: Any) -> Figure: ...

    @overload
    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Figure: ...


def of_run(read: Callable[..., Mapping[str, Any]]) -> Callable[[Callable[P, Figure]], FigureOfRun[P]]:
    """Return a decorator by which a figure takes a run as its first argument.

    `read(run)` returns the arguments that a run stands for; those that are given by keyword replace them. Keywords
    that `read` has itself, such as `attribute`, are handed to it.
    """
    asked = read.__code__.co_varnames[1 : read.__code__.co_argcount + read.__code__.co_kwonlyargcount]

    def decorate(draw: Callable[P, Figure]) -> FigureOfRun[P]:
        @functools.wraps(draw)
        def call(*args: Any, **kwargs: Any) -> Figure:
            from hubbub.simulator.store import Run

            if not args or not isinstance(args[0], Run):
                return draw(*args, **kwargs)
            if len(args) > 1:
                raise ConfigurationError(f"{draw.__name__}: expected options by keyword after a run, got {len(args)}")
            of_reader = {name: kwargs.pop(name) for name in asked if name in kwargs}
            return draw(**{**read(args[0], **of_reader), **kwargs})  # type: ignore[call-arg]

        return cast("FigureOfRun[P]", call)

    return decorate


def check_length(values: Sized, n: int, *, field: str, of: str = "agents") -> None:
    """Refuse values of n things, `of` which they are, unless there is one for each.

    Raises
    ------
    ConfigurationError
        Another number of them.
    """
    shape = getattr(values, "shape", ())
    if len(values) != n or len(shape) > 1:
        got = shape if len(shape) > 1 else len(values)
        raise ConfigurationError(complaint(field, expected=f"one for each of the {n} {of}", got=got))


def check_names(names: Sequence[object], n_agents: int) -> None:
    """Refuse names of agents unless there are none or one for each.

    Raises
    ------
    ConfigurationError
        Another number of names.
    """
    if len(names):
        check_length(names, n_agents, field="names")
