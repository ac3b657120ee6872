"""Is a language compositional? Each value beside its null
=======================================================

Three measures of the final language of a small group. Each is given with its mean where messages and referents are
permuted, because a value alone says little.
"""

import hubbub
from hubbub.analysis.language import (
    bag_of_symbols_disentanglement,
    positional_disentanglement,
    topographic_similarity,
)

STEPS = 600  # small: 5

run = hubbub.run("group-size", {"topology.n_agents": 4, "training.steps": STEPS, "training.learning_rate": 0.003})
lexicon = run.lexicon().splits["train"]
_, referents, _ = run.referents("train")
print(f"understood: {run.metric('success_all_pairs')[1][-1]:.2f}")
for measure in (topographic_similarity, positional_disentanglement, bag_of_symbols_disentanglement):
    found = measure(lexicon.messages, referents, lengths=lexicon.lengths, permutations=100)
    print(f"{measure.__name__}: {found.value:.3f}, null {found.null.mean:.3f} ± {found.null.sd:.3f}")
