"""Statistics of time series: events and avalanches, scaling exponents, and surrogates as their null."""

from hubbub.analysis.temporal.activity import (
    Activity,
    activity_from_counts,
    activity_from_events,
    activity_from_raster,
    mean_interval,
)
from hubbub.analysis.temporal.avalanches import Avalanches, avalanches
from hubbub.analysis.temporal.branching_ratio import BranchingRatio, branching_ratio
from hubbub.analysis.temporal.burstiness import burstiness, memory_coefficient
from hubbub.analysis.temporal.coincidences import coincidences, switched_on
from hubbub.analysis.temporal.crackling import Crackling, Growth, crackling, size_growth
from hubbub.analysis.temporal.critical_interval import CriticalInterval, critical_interval
from hubbub.analysis.temporal.dfa import Multifractal, dfa, multifractal_dfa
from hubbub.analysis.temporal.diffusion_entropy import diffusion_entropy
from hubbub.analysis.temporal.event_walk import EventScaling, event_scaling, event_walk
from hubbub.analysis.temporal.exponent_relations import Branches, delta_of_mu, h_of_mu, mu_of_delta, mu_of_h
from hubbub.analysis.temporal.inter_event_times import inter_event_times
from hubbub.analysis.temporal.measuring import ActivityMeasures, measure_activity
from hubbub.analysis.temporal.rapid_transitions import rapid_transition_events
from hubbub.analysis.temporal.recorded import recorded_avalanches, recorded_events, recorded_series
from hubbub.analysis.temporal.scaling import Scaling, Segment
from hubbub.analysis.temporal.shape_collapse import ShapeCollapse, shape_collapse
from hubbub.analysis.temporal.spectral_exponent import spectral_exponent
from hubbub.analysis.temporal.surrogates import phase_randomised, shuffled, shuffled_intervals, surrogate_null
from hubbub.analysis.temporal.threshold_sweep import AtThreshold, threshold_sweep

__all__ = [
    "Activity",
    "ActivityMeasures",
    "AtThreshold",
    "Avalanches",
    "Branches",
    "BranchingRatio",
    "Crackling",
    "CriticalInterval",
    "EventScaling",
    "Growth",
    "Multifractal",
    "Scaling",
    "Segment",
    "ShapeCollapse",
    "activity_from_counts",
    "activity_from_events",
    "activity_from_raster",
    "avalanches",
    "branching_ratio",
    "burstiness",
    "coincidences",
    "crackling",
    "critical_interval",
    "delta_of_mu",
    "dfa",
    "diffusion_entropy",
    "event_scaling",
    "event_walk",
    "h_of_mu",
    "inter_event_times",
    "mean_interval",
    "measure_activity",
    "memory_coefficient",
    "mu_of_delta",
    "mu_of_h",
    "multifractal_dfa",
    "phase_randomised",
    "rapid_transition_events",
    "recorded_avalanches",
    "recorded_events",
    "recorded_series",
    "shape_collapse",
    "shuffled",
    "shuffled_intervals",
    "size_growth",
    "spectral_exponent",
    "surrogate_null",
    "switched_on",
    "threshold_sweep",
]
