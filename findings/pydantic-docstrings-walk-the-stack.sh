#!/usr/bin/env bash
# pydantic: `use_attribute_docstrings=True` is inherited, and a model made by `create_model` then searches the whole call stack.
#
# Expected: a model that `create_model` makes has no class statement, so there are no attribute docstrings to look for, and making
# it costs the same wherever it is called. Seen with pydantic 2.14.3 on Python 3.11: pydantic looks for the class statement in every frame
# of the call stack. Each frame costs two calls of `inspect.getmodule`, which searches through all loaded modules.
# So a program that makes many such models far down the stack, as a test runner does, waits noticeably longer.
# What helps: base classes of generated models say `use_attribute_docstrings=False`; hubbub does so in simulator/configuration.py.
# Python 3.13 and newer take another way (`inspect.getsourcelines`), so the script wants 3.11 or 3.12.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' || { echo "set PYTHON to a Python 3.11 or 3.12"; exit 1; }
"$python" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check pydantic==2.14.3
cat > "$folder/count.py" <<'PY'
import inspect
import sys

import pydantic

calls = 0
original = inspect.getmodule


def counted(*arguments, **options):
    global calls
    calls += 1
    return original(*arguments, **options)


inspect.getmodule = counted


class Base(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(use_attribute_docstrings=True)


def made(depth):
    if depth:
        return made(depth - 1)
    return pydantic.create_model("Made", __base__=Base, number=(int, 1))


def cost(depth):
    global calls
    calls = 0
    made(depth)
    return calls


few, many = cost(0), cost(200)
print(f"pydantic {pydantic.VERSION}, Python {sys.version.split()[0]}: {few} calls of inspect.getmodule at depth 0, {many} at depth 200")
sys.exit(0 if many - few >= 200 else 1)
PY
"$folder/venv/bin/python" "$folder/count.py" || { echo "the behaviour has changed"; exit 1; }
