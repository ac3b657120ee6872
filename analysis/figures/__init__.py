"""Figures: results in, matplotlib figures out; nothing is shown, nothing is global."""

from analysis.figures.activity_raster import activity_raster
from analysis.figures.agent_scatter import agent_scatter
from analysis.figures.agreement_curve import agreement_curve
from analysis.figures.degree_success import degree_success
from analysis.figures.dialect_strips import dialect_strips
from analysis.figures.distance_curves import DistanceCurve, distance_curves
from analysis.figures.formats import as_inline_svg, as_png, as_svg
from analysis.figures.graph_gallery import graph_gallery
from analysis.figures.graph_map import Grouping, graph_map
from analysis.figures.interval_curves import Varied, interval_curves
from analysis.figures.interval_dots import interval_dots
from analysis.figures.layout import layout
from analysis.figures.learning_curves import Curve, learning_curves
from analysis.figures.phase_diagram import phase_diagram
from analysis.figures.phase_plane import Trajectories, phase_plane
from analysis.figures.scaling_curves import scaling_curves
from analysis.figures.success_heatmap import success_heatmap
from analysis.figures.survival_curves import alternative_survival, survival_curves

__all__ = [
    "Curve",
    "DistanceCurve",
    "Grouping",
    "Trajectories",
    "Varied",
    "activity_raster",
    "agent_scatter",
    "agreement_curve",
    "alternative_survival",
    "as_inline_svg",
    "as_png",
    "as_svg",
    "degree_success",
    "dialect_strips",
    "distance_curves",
    "graph_gallery",
    "graph_map",
    "interval_curves",
    "interval_dots",
    "layout",
    "learning_curves",
    "phase_diagram",
    "phase_plane",
    "scaling_curves",
    "success_heatmap",
    "survival_curves",
]
