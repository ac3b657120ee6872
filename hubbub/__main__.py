"""`python -m hubbub`: the command line."""

from __future__ import annotations

import signal
import sys


def main() -> None:
    """Run the command line; Ctrl-C ends it with one line from its first moment to its last."""
    try:
        from hubbub.scenarios.cli import main as command_line

        command_line()
    except KeyboardInterrupt:
        sys.stderr.write("hubbub: interrupted\n")
        sys.exit(1)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # nothing is left to interrupt but the end of Python itself


if __name__ == "__main__":
    main()
