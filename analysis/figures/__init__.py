"""Figures: results in, matplotlib figures out; nothing is shown, nothing is global."""

from analysis.figures.agreement_curve import agreement_curve
from analysis.figures.degree_success import degree_success
from analysis.figures.dialect_strips import dialect_strips
from analysis.figures.distance_curves import DistanceCurve, distance_curves
from analysis.figures.formats import as_inline_svg, as_png, as_svg
from analysis.figures.graph_map import Grouping, graph_map
from analysis.figures.layout import layout
from analysis.figures.learning_curves import Curve, learning_curves
from analysis.figures.success_heatmap import success_heatmap

__all__ = [
    "Curve",
    "DistanceCurve",
    "Grouping",
    "agreement_curve",
    "as_inline_svg",
    "as_png",
    "as_svg",
    "degree_success",
    "dialect_strips",
    "distance_curves",
    "graph_map",
    "layout",
    "learning_curves",
    "success_heatmap",
]
