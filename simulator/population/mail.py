"""What travels between blocks in a step: messages from speakers to listeners, feedback from listeners to speakers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int

from hubbub.simulator.games import Deal


@dataclass(frozen=True)
class Mail:
    """What travels from speakers to listeners: M exchanges of G games.

    Attributes
    ----------
    speakers, listeners
        Numbers of the agents, `[M]`.
    deal
        What was dealt, `[M, G]`.
    messages
        The messages as they arrive, `[M, G, L]` int64.
    intact
        Where the symbols that arrive are those that were sent, `[M, G, L]` booleans.
    lengths
        Number of symbols sent, `[M, G]` int64.
    """

    speakers: Int[np.ndarray, " M"]
    listeners: Int[np.ndarray, " M"]
    deal: Deal
    messages: Int[torch.Tensor, "M G L"]
    intact: Bool[torch.Tensor, "M G L"]
    lengths: Int[torch.Tensor, "M G"]

    def portion(self, rows: slice | np.ndarray) -> Mail:
        """Return some of the exchanges, given by a slice or an index array."""
        at = rows if isinstance(rows, slice) else torch.from_numpy(rows).to(self.messages.device)
        return Mail(
            self.speakers[rows],
            self.listeners[rows],
            self.deal[at],
            self.messages[at],
            self.intact[at],
            self.lengths[at],
        )

    @staticmethod
    def join(mails: list[Mail]) -> Mail:
        """Return the exchanges of all `mails`, in their order."""
        if len(mails) == 1:
            return mails[0]
        return Mail(
            np.concatenate([mail.speakers for mail in mails]),
            np.concatenate([mail.listeners for mail in mails]),
            Deal.join([mail.deal for mail in mails]),
            torch.cat([mail.messages for mail in mails]),
            torch.cat([mail.intact for mail in mails]),
            torch.cat([mail.lengths for mail in mails]),
        )


@dataclass(frozen=True)
class Feedback:
    """What travels back from listeners to speakers, for M exchanges of G games.

    Attributes
    ----------
    log_likelihood
        The listener's log-likelihood of the right answer (nats), `[M, G]`.
    success
        Whether the listener's likeliest answer is right, `[M, G]` booleans.
    gradient
        Gradient of the listeners' loss with respect to the relaxed messages, `[M, G, L, V]`, or None where the speaker
        learns from the log-likelihood as a reward.
    """

    log_likelihood: Float[torch.Tensor, "M G"]
    success: Bool[torch.Tensor, "M G"]
    gradient: Float[torch.Tensor, "M G L V"] | None

    def portion(self, rows: slice | np.ndarray) -> Feedback:
        """Return the feedback of some of the exchanges, given by a slice or an index array."""
        at = rows if isinstance(rows, slice) else torch.from_numpy(rows).to(self.log_likelihood.device)
        gradient = None if self.gradient is None else self.gradient[at]
        return Feedback(self.log_likelihood[at], self.success[at], gradient)

    @staticmethod
    def join(parts: list[Feedback]) -> Feedback:
        """Return the feedback of all `parts`, in their order."""
        if len(parts) == 1:
            return parts[0]
        gradients = [part.gradient for part in parts if part.gradient is not None]
        return Feedback(
            torch.cat([part.log_likelihood for part in parts]),
            torch.cat([part.success for part in parts]),
            torch.cat(gradients) if gradients else None,
        )
