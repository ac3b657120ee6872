"""Networks in training, and agents that learn control: metrics over steps, by setting, with intervals over seeds."""

from hubbub.analysis.views.training.view import TrainingView

__all__ = ["TrainingView"]
