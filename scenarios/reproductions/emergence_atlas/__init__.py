"""One set of measures on many systems: do general measures of emergence see the published transitions?"""

from __future__ import annotations

from collections.abc import Mapping

from hubbub.scenarios.reproductions.catalogue import Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.design import Design
from hubbub.scenarios.reproductions.emergence_atlas.claims import claims, in_plain_words
from hubbub.scenarios.reproductions.emergence_atlas.figures import figures
from hubbub.scenarios.reproductions.emergence_atlas.networks import REACH, SAMPLES
from hubbub.scenarios.reproductions.emergence_atlas.psi import GROUPS
from hubbub.scenarios.reproductions.emergence_atlas.systems import RECORDS, SYSTEMS, System, atlas_rows
from hubbub.scenarios.reproductions.table import Table


@reproduction("emergence-atlas")
@sizes(small={"seeds": 5}, full={"seeds": 20})
def emergence_atlas(*, seeds: int, systems: Mapping[str, System] = SYSTEMS) -> Reproduction:
    """Paths, dimensions, learning coefficient and Ψ of every system, beside the transition that its source tells of."""
    designs = [
        Design(
            name,
            "{system}-s{seed}",
            atlas_rows,
            seeds,
            {**of.changes, "name": name},
            labels={"system": name},
            is_slow=True,
        )
        for name, of in systems.items()
    ]

    def remarks(table: Table) -> list[str]:
        return [
            *in_plain_words(claims(table)),
            f"{seeds} seeds of each system, {RECORDS} records at equal steps; sizes are smaller than those of the "
            "systems' own reproductions. Order parameters: "
            + "; ".join(f"{of.label}: {of.tells}" for of in systems.values())
            + ".",
            *REMARKS,
        ]

    title = "Atlas: do general measures of emergence see the published transitions?"
    return Reproduction(title, "ours", designs, claims, figures, remarks, digits=6)


REMARKS = (
    "A measure sees a transition when it changes most between the records between which the order parameter changes "
    "most: rank correlation over records of how far each moves, seed by seed.",
    "Caution: all networks of a system learn at about the same step, and everything moves most while a network "
    "learns at all. So the same is said for the order parameters of other seeds, and of the loss; only what is "
    "beyond both tells of more than the schedule of training.",
    "E: every sample's paths from inactive to active units, from the input on, in the mean. Participation "
    f"ratio: of the last hidden layer. Ψ: from one record to the next, parts are {GROUPS} groups of units of "
    "that layer, in quartiles over inputs, redundancy taken off as often as it occurs: a lower bound, so "
    "below 0 it does not show that there is no emergence. Of talking agents it is that of groups of agents, of "
    "the memory that of groups of spins, with their overlap as whole.",
    f"Caution: the learning coefficient is that of a short walk that goes {REACH:g} of the weights' size away, "
    f"at the temperature of {SAMPLES} samples. Directions that are not much steeper than that count less, and "
    "losses are those that are trained (squared errors are no likelihoods; for control, how unlikely a policy "
    "finds its own actions), so values of different systems do not compare. Around weights that are no "
    "minimum it is low or negative, and tells how much is still to be gained.",
)
