"""How long the messages of a corpus are, and how often its symbols and messages are said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Int

from hubbub.analysis.figures.log_axis import log_axis
from hubbub.analysis.figures.style import colour, panels, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PANELS = ("length", "symbols", "messages")


def corpus_profile(
    lengths: Int[np.ndarray, " M"],
    symbol_counts: Int[np.ndarray, " V"],
    message_counts: Int[np.ndarray, " D"],
    *,
    shown: Sequence[str] = PANELS,
) -> Figure:
    """Draw the lengths of M messages, and frequency against rank of V symbols and of D distinct messages.

    On both logarithmic axes of frequency against rank, Zipf's law is a straight line of slope −1. `shown` chooses
    panels: "length", "symbols", "messages".
    """
    from matplotlib.ticker import MaxNLocator

    with style():
        figure, axes = panels(len(shown), size=(3.6, 2.9))
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
