"""Files for other tools, written from plain columns: graphs as GraphML and GEXF, tables for spreadsheets.

Nothing here knows simulations or measures, so that both may use it. What a value of any sort becomes in a file is
decided in one place, `values`.
"""

from __future__ import annotations
