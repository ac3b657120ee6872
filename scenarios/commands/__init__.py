"""The verbs of the command line, one file for each group; `hubbub.scenarios.cli` joins them."""
