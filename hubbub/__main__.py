"""`python -m hubbub`: the command line."""

from hubbub.scenarios.cli import main

main()
