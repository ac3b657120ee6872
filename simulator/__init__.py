"""hubbub's simulator: everything that runs and makes data. See `docs/design.md`."""

import time

if __name__ != "hubbub.simulator":
    raise ImportError("this package is called hubbub.simulator: write `import hubbub.simulator`")

IMPORTED_AT = time.time()
"""When this process imported the first module of the simulator, seconds since 1970."""
