"""hubbub's simulator: everything that runs and makes data. See `docs/design.md`."""

if __name__ != "hubbub.simulator":
    raise ImportError("this package is called hubbub.simulator: write `import hubbub.simulator`")
