"""Records of other tools, such as spike trains: read into an activity in bins of time and measured."""

from hubbub.analysis.records.electrophysiology import neo_trains
from hubbub.analysis.records.reading import read_record
from hubbub.analysis.records.record import Record

__all__ = ["Record", "neo_trains", "read_record"]
