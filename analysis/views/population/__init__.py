"""Populations: success, dialects, hubs and language; also the best graph of a graph search, and partner search."""

from hubbub.analysis.views.population.view import PopulationView

__all__ = ["PopulationView"]
