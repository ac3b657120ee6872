"""hubbub's analysis: arrays or a run in, measures and figures out. It trains nothing."""
