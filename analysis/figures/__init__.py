"""Functions that turn results into matplotlib figures; they show nothing and change no global setting."""

from hubbub.analysis.figures.activity_raster import activity_raster
from hubbub.analysis.figures.agent_scatter import agent_scatter
from hubbub.analysis.figures.agreement_curve import agreement_curve
from hubbub.analysis.figures.corpus_profile import corpus_profile
from hubbub.analysis.figures.degree_success import degree_success
from hubbub.analysis.figures.dialect_strips import dialect_strips
from hubbub.analysis.figures.distance_curves import DistanceCurve, distance_curves
from hubbub.analysis.figures.formats import as_inline_svg, as_png, as_svg
from hubbub.analysis.figures.graph_gallery import graph_gallery
from hubbub.analysis.figures.graph_map import Grouping, graph_map
from hubbub.analysis.figures.interval_curves import Varied, interval_curves
from hubbub.analysis.figures.interval_dots import interval_dots
from hubbub.analysis.figures.layout import layout
from hubbub.analysis.figures.learning_curves import Curve, learning_curves
from hubbub.analysis.figures.map_gallery import map_gallery
from hubbub.analysis.figures.phase_diagram import phase_diagram
from hubbub.analysis.figures.phase_plane import Trajectories, phase_plane
from hubbub.analysis.figures.scaling_curves import scaling_curves
from hubbub.analysis.figures.setting_scatter import setting_scatter
from hubbub.analysis.figures.success_heatmap import success_heatmap
from hubbub.analysis.figures.survival_curves import alternative_survival, survival_curves
from hubbub.analysis.figures.trial_curve import trial_curve

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
    "corpus_profile",
    "degree_success",
    "dialect_strips",
    "distance_curves",
    "graph_gallery",
    "graph_map",
    "interval_curves",
    "interval_dots",
    "layout",
    "learning_curves",
    "map_gallery",
    "phase_diagram",
    "phase_plane",
    "scaling_curves",
    "setting_scatter",
    "success_heatmap",
    "survival_curves",
    "trial_curve",
]
