"""A friendship file: who comes to speak like whom?
================================================

Two groups of friends, linked by Dana and Eve alone. The first line says what was read from the file. The map shows
the dialects that developed along the friendships.
"""

from pathlib import Path

import hubbub
from hubbub.analysis.dialects import cluster, similarity
from hubbub.analysis.figures import Grouping, graph_map, layout

STEPS = 600  # small: 5

Path("friends.csv").write_text(
    "person,friend,hours\nAnn,Bob,3\nAnn,Cy,2\nBob,Cy,4\nBob,Dana,1\nCy,Dana,2\nAnn,Dana,2\n"
    "Dana,Eve,1\nEve,Flo,3\nEve,Gus,2\nFlo,Gus,5\nFlo,Hal,1\nGus,Hal,2\nEve,Hal,2\n"
)
friends = hubbub.read_topology("friends.csv", weight="hours")
print(friends.summary)

run = hubbub.run("ring-dialects", {"training.steps": STEPS, "training.learning_rate": 0.003}, topology=friends)
lexicon = run.lexicon().splits["train"]
dialects = cluster(similarity(lexicon.messages, lengths=lexicon.lengths).matrix)
names = run.agents().names
for number in range(dialects.n_clusters):
    print(f"dialect {number + 1}:", *(name for name, own in zip(names, dialects.labels, strict=True) if own == number))

edges = run.edges()
groups = [f"dialect {number + 1}" for number in range(dialects.n_clusters)]
figure = graph_map(edges, layout(edges, 8), [Grouping("Dialects", dialects.labels, groups)], names=names)
figure.savefig("friends_file.png")
