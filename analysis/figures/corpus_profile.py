"""How long the messages of a corpus are, and how often its symbols and messages are said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Int

from hubbub.analysis.figures.drawing import of_run
from hubbub.analysis.figures.log_axis import log_axis
from hubbub.analysis.figures.style import colour, panels, style
from hubbub.analysis.validation import AT_LEAST_1, COUNT, validated
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hubbub.simulator.store import Run

PANELS = ("length", "symbols", "messages")


def _of_run(run: Run) -> Mapping[str, Any]:
    trained = run.lexicon().splits["train"]
    messages, lengths = trained.messages.reshape(-1, trained.messages.shape[-1]), trained.lengths.ravel()
    said = np.arange(messages.shape[1]) < lengths[:, None]
    return {
        "lengths": lengths,
        "symbol_counts": np.unique(messages[said], return_counts=True)[1],
        "message_counts": np.unique(np.where(said, messages, -1), axis=0, return_counts=True)[1],
    }


@of_run(_of_run)
@validated(lengths=COUNT, symbol_counts=AT_LEAST_1, message_counts=AT_LEAST_1)
def corpus_profile(
    lengths: Int[np.ndarray, " M"],
    symbol_counts: Int[np.ndarray, " V"],
    message_counts: Int[np.ndarray, " D"],
    *,
    shown: Sequence[str] = PANELS,
    ax: Axes | Sequence[Axes] | None = None,
) -> Figure:
    """Draw the lengths of M messages, and frequency against rank of V symbols and of D distinct messages.

    On both logarithmic axes of frequency against rank, Zipf's law is a straight line of slope −1. Of a run: all
    messages of its last lexicon, one for each agent and referent.

    Parameters
    ----------
    lengths
        Length of each message in symbols, `[M]`.
    symbol_counts, message_counts
        How often each of the V symbols was said, `[V]`, and each of the D distinct messages, `[D]`.
    shown
        Panels: "length", "symbols", "messages".
    ax
        Axes to draw into, one for each panel.

    Raises
    ------
    ConfigurationError
        No messages, or an unknown panel.
    """
    from matplotlib.ticker import MaxNLocator

    for name in shown:
        if name not in PANELS:
            raise ConfigurationError(complaint("shown", expected=", ".join(PANELS), got=name, valid=PANELS))
    for field, values in (("lengths", lengths), ("symbol_counts", symbol_counts), ("message_counts", message_counts)):
        if values.ndim != 1 or not len(values):
            raise ConfigurationError(complaint(field, expected="a row of one number or more", got=values.shape))

    with style():
        figure, axes = panels(len(shown), size=(3.6, 2.9), ax=ax)
        for axis, name in zip(axes, shown, strict=True):
            if name == "length":
                values, counts = np.unique(lengths, return_counts=True)
                axis.bar(values, counts / len(lengths), color=colour(0), width=0.8)
                axis.set_xlabel("length in symbols")
                axis.set_ylabel("share of messages")
                axis.set_xlim(values[0] - 1, values[-1] + 1)
                axis.xaxis.set_major_locator(MaxNLocator(integer=True))
                continue
            counts = np.sort(symbol_counts if name == "symbols" else message_counts)[::-1]
            axis.plot(np.arange(1, len(counts) + 1), counts / counts.sum(), ".", color=colour(0), markersize=4)
            log_axis(axis, "x")
            log_axis(axis, "y")
            axis.set_xlabel(f"rank of {name}")
            axis.set_ylabel(f"share of {name}")
            axis.grid(axis="y")
    return figure
