"""hubbub's simulator: everything that runs and makes data. See `docs/design.md`."""
