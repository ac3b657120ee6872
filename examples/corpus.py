"""A corpus of another tool: messages from a table
===============================================

Messages about shapes and colours, one in each row of a table. All measures of a run's language are computed of them;
without a column of listeners, those of dialects need the speakers.
"""

from pathlib import Path

import hubbub
from hubbub.analysis.corpora import measure_corpus

rows = ["speaker,shape,colour,message"]
for speaker, word in (("Ann", "ka"), ("Bob", "ka"), ("Cy", "to")):
    rows += [
        f"{speaker},{shape},{colour},{word} {shape[:2]} {colour[:2]}"
        for shape in ("circle", "square", "triangle")
        for colour in ("red", "green", "blue")
    ]
Path("talk.csv").write_text("\n".join(rows))

corpus = hubbub.read_corpus("talk.csv", referent="shape,colour")
print(corpus.summary)
for note in corpus.notes:
    print("note:", note)
found = measure_corpus(corpus)
for name, measure in {**found.language, **found.dialects}.items():
    print(f"{name}: {measure.value:.2f}" if not measure.reason else f"{name}: {measure.reason}")
