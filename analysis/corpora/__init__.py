"""Corpora of emergent language: those of other tools and hubbub's own, read into arrays and measured."""

from hubbub.analysis.corpora.corpus import Corpus
from hubbub.analysis.corpora.languages import Languages, languages
from hubbub.analysis.corpora.measuring import CorpusMeasures, measure_corpus
from hubbub.analysis.corpora.reading import read_corpus

__all__ = ["Corpus", "CorpusMeasures", "Languages", "languages", "measure_corpus", "read_corpus"]
