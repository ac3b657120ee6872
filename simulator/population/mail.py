"""What travels between blocks in a step: messages one way, feedback the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from hubbub.simulator.games import Deal


@dataclass(frozen=True)
class Mail:
    """What travels from speakers to listeners: M exchanges of G games.

    Attributes
    ----------
    speakers, listeners
        Agents, `[M]` int64.
    deal
        What was dealt, `[M, G]`.
    messages
        The messages as they arrive, `[M, G, L]` int64.
    intact
        Where the symbols that arrive are those that were sent, `[M, G, L]` booleans.
    lengths
        Number of symbols sent, `[M, G]` int64.
    """

    speakers: np.ndarray
    listeners: np.ndarray
    deal: Deal
    messages: torch.Tensor
    intact: torch.Tensor
    lengths: torch.Tensor

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
        """Return the mails one after the other."""
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
    """What travels back from listeners to speakers.

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

    log_likelihood: torch.Tensor
    success: torch.Tensor
    gradient: torch.Tensor | None

    def portion(self, rows: slice | np.ndarray) -> Feedback:
        """Return the feedback of some of the exchanges, given by a slice or an index array."""
        at = rows if isinstance(rows, slice) else torch.from_numpy(rows).to(self.log_likelihood.device)
        gradient = None if self.gradient is None else self.gradient[at]
        return Feedback(self.log_likelihood[at], self.success[at], gradient)

    @staticmethod
    def join(parts: list[Feedback]) -> Feedback:
        """Return the parts one after the other."""
        if len(parts) == 1:
            return parts[0]
        gradients = [part.gradient for part in parts if part.gradient is not None]
        return Feedback(
            torch.cat([part.log_likelihood for part in parts]),
            torch.cat([part.success for part in parts]),
            torch.cat(gradients) if gradients else None,
        )
