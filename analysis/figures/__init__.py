"""Functions that draw results with matplotlib; they show nothing and change no global setting.

Each takes arrays (many of them a run instead) and, as `ax`, axes of matplotlib to draw into; each returns the figure.
`save_figure` writes it in sizes for papers and slides.
"""

from hubbub.analysis.figures.action_histograms import action_histograms
from hubbub.analysis.figures.activity_raster import activity_raster
from hubbub.analysis.figures.agent_scatter import agent_scatter
from hubbub.analysis.figures.agreement_curve import agreement_curve
from hubbub.analysis.figures.atlas_grid import AtlasRow, atlas_grid
from hubbub.analysis.figures.concept_paths import concept_paths
from hubbub.analysis.figures.corpus_profile import corpus_profile
from hubbub.analysis.figures.degree_success import degree_success
from hubbub.analysis.figures.dialect_strips import dialect_strips
from hubbub.analysis.figures.distance_curves import DistanceCurve, distance_curves
from hubbub.analysis.figures.formats import as_inline_svg, as_pdf, as_png, as_svg, save_figure
from hubbub.analysis.figures.graph_gallery import graph_gallery
from hubbub.analysis.figures.graph_map import Grouping, graph_map
from hubbub.analysis.figures.interval_curves import Varied, interval_curves
from hubbub.analysis.figures.interval_dots import interval_dots
from hubbub.analysis.figures.layout import layout
from hubbub.analysis.figures.learning_curves import Curve, learning_curves
from hubbub.analysis.figures.map_gallery import map_gallery
from hubbub.analysis.figures.phase_diagram import phase_diagram
from hubbub.analysis.figures.phase_plane import Trajectories, phase_plane
from hubbub.analysis.figures.picture_table import picture_table
from hubbub.analysis.figures.policy_maps import policy_maps
from hubbub.analysis.figures.power_scaling import power_scaling
from hubbub.analysis.figures.scaling_curves import scaling_curves
from hubbub.analysis.figures.seed_curves import SeedCurves, seed_curves
from hubbub.analysis.figures.setting_scatter import setting_scatter
from hubbub.analysis.figures.skill_curves import SkillCurve, skill_curves
from hubbub.analysis.figures.success_heatmap import success_heatmap
from hubbub.analysis.figures.survival_curves import alternative_survival, survival_curves
from hubbub.analysis.figures.trial_curve import trial_curve

__all__ = [
    "AtlasRow",
    "Curve",
    "DistanceCurve",
    "Grouping",
    "SeedCurves",
    "SkillCurve",
    "Trajectories",
    "Varied",
    "action_histograms",
    "activity_raster",
    "agent_scatter",
    "agreement_curve",
    "alternative_survival",
    "as_inline_svg",
    "as_pdf",
    "as_png",
    "as_svg",
    "atlas_grid",
    "concept_paths",
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
    "picture_table",
    "policy_maps",
    "power_scaling",
    "save_figure",
    "scaling_curves",
    "seed_curves",
    "setting_scatter",
    "skill_curves",
    "success_heatmap",
    "survival_curves",
    "trial_curve",
]
