"""hubbub's analysis: arrays or a run in, measures and figures out. It trains nothing."""

if __name__ != "hubbub.analysis":
    raise ImportError("this package is called hubbub.analysis: write `import hubbub.analysis`")
