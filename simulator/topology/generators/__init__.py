"""One family of graphs per file; a new file with a function under `@topology("name")` is found by itself."""
