"""The numbers of a report on a population, for programs."""

from __future__ import annotations

import math
from typing import Any

from hubbub.analysis.dialects import ByDistance
from hubbub.analysis.views.population.findings import PopulationFindings


def population_summary(found: PopulationFindings) -> dict[str, Any]:
    """Return the findings as numbers, arrays and measures by name."""
    known, course = found.partition, found.hubs_over_time
    return {
        "lexicon_step": found.lexicon.step,
        "n_agents": found.n_agents,
        "n_edges": len(found.edges),
        "n_agents_sampled_for_pairs": found.n_sampled,
        "success": found.success,
        "success_by_chance": found.chance,
        "asymmetry": {
            "overall": found.asymmetry.overall,
            "within_dialects": found.asymmetry.within,
            "between_dialects": found.asymmetry.between,
        },
        "similarity": {**found.similarity_means, "all_pairs_measure": found.similarity.mean},
        "dialects": {
            "n": found.dialects.n_clusters,
            "silhouette": found.dialects.silhouette,
            "silhouettes": found.dialects.silhouettes,
            "labels": found.dialects.labels,
            "success_within": found.within_dialects,
            "success_between": found.between_dialects,
            "n_by_success": found.other_clusterings.by_success.n_clusters,
            "n_at_threshold": found.other_clusterings.at_threshold,
            "modularity_on_graph": found.dialect_modularity,
        },
        "mantel": found.mantel,
        "border_or_continuum": found.border,
        "zig_zag": found.zig_zag,
        "dialects_over_time": {"step": found.history.steps, "n": found.history.n_clusters},
        "known_partition": known
        and {
            "attribute": known.name,
            "values": known.values,
            "n_dialects": known.over_time.n_clusters,
            "step": known.over_time.steps,
            "adjusted_rand": known.over_time.values,
            "null_95_percent": known.over_time.null_high,
            "p_value": known.over_time.p_values,
            "peak_step": known.over_time.steps[known.over_time.peak],
            "peak_adjusted_rand": known.over_time.values[known.over_time.peak],
            "peak_p_value_corrected": known.over_time.peak_p_value,
            "at_end": {
                "adjusted_rand": known.at_end.rand,
                "adjusted_mutual_information": known.at_end.mutual_information,
            },
            "graph_alone_adjusted_rand": known.graph_alone,
            "success_over_links_at_peak": known.success_at_peak,
            "success_over_links_at_end": known.success_at_end,
        },
        "success_by_distance": _by_distance(found.success_by_distance),
        "similarity_by_distance": _by_distance(found.similarity_by_distance),
        "hubs": {
            "gini": found.gini,
            "top_share": found.top_share,
            "degree_and_success": found.degree_and_success,
            "against_random_graphs": [row._asdict() for row in found.hub_rows],
            "over_time": course
            and {
                "step": course.steps,
                "turnover": course.turnover,
                "rank_correlation_with_first": course.rank_correlation_with_first,
            },
        },
        "language": {"topographic_similarity": found.topographic, "message_entropy": found.entropy},
    }


def _by_distance(found: ByDistance) -> dict[str, Any]:
    """Return success or similarity by distance, an infinite distance as "inf"."""
    return {
        "distance": ["inf" if math.isinf(d) else int(d) for d in found.distance],
        **{name: getattr(found, name) for name in ("mean", "sd", "standard_error", "pairs")},
    }
