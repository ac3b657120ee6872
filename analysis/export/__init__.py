"""A run for other tools: ELCC corpora, GraphML and GEXF graphs, CSV and Parquet tables."""

from hubbub.analysis.export.elcc import validate_elcc
from hubbub.analysis.export.run import FORMATS, export_run

__all__ = ["FORMATS", "export_run", "validate_elcc"]
