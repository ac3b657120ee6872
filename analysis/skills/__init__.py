"""Skills that are learnt one after another: an exactly solvable model and its scaling laws."""

from hubbub.analysis.skills.multilinear import learning_time, skill_frequencies, skill_strength, strength_from_samples
from hubbub.analysis.skills.scaling import loss_by_compute, loss_by_samples, loss_by_time, loss_by_units

__all__ = [
    "learning_time",
    "loss_by_compute",
    "loss_by_samples",
    "loss_by_time",
    "loss_by_units",
    "skill_frequencies",
    "skill_strength",
    "strength_from_samples",
]
