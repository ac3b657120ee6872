# Two commands for newcomers: `make demo` and `make test`. Both set everything up, and are quick the second time.
PYTHON ?= python3
# Each Python has an environment of its own: `make test PYTHON=python3.13` leaves that of `make test` alone.
VENV   := $(if $(filter python3,$(PYTHON)),.venv,.venv-$(notdir $(PYTHON)))
TORCH  := $(shell sed -n 's/^ *"\(torch[^"]*\)",$$/\1/p' pyproject.toml)
BIN    := $(VENV)/bin
export OMP_NUM_THREADS ?= 1
export OMP_WAIT_POLICY ?= PASSIVE
# Where it is set, each of the many processes of the tests would translate all sources again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install demo test tests test-oldest lint style types reference docs links bench clean

install: $(VENV)/.compiled

# Packages are translated when they are first imported: most of their modules never are.
$(VENV)/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "hubbub needs Python 3.11 or newer, $(PYTHON) is $$($(PYTHON) --version); try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-compile $(TORCH_INDEX:%=--index-url %) '$(TORCH)'
	$(BIN)/python -m pip install --quiet --no-compile --editable '.[mnist,dev]'
	touch $@

# The kernels, once; lint and types need none of them.
$(VENV)/.compiled: $(VENV)/.installed
	$(BIN)/hubbub doctor --compile
	touch $@

demo: install
	@if test -d runs/demo/checkpoints; then $(BIN)/hubbub resume runs/demo; \
	  else $(BIN)/hubbub run karate --out runs/demo; fi
	$(BIN)/hubbub report runs/demo
	@echo "open runs/demo/report.html in a browser; to watch it again: rm -r runs/demo && make demo"

# Types are checked while kernels are compiled: each uses one core.
test: style
	@$(MAKE) --no-print-directory -j 2 types tests

tests: install
	$(BIN)/python -m pytest -n 3 --dist worksteal

# The oldest versions that pyproject.toml admits, in an environment of their own; outside of CI, since it takes long.
# They may use what newer packages below them call deprecated.
test-oldest: OLDEST := .venv-oldest
test-oldest: install
	test -x $(OLDEST)/bin/python || $(PYTHON) -m venv $(OLDEST)
	$(BIN)/python tests/oldest_requirements.py > $(OLDEST)/requirements.txt
	$(OLDEST)/bin/python -m pip install --quiet $(TORCH_INDEX:%=--index-url %) "$$(grep '^torch==' $(OLDEST)/requirements.txt)"
	$(OLDEST)/bin/python -m pip install --quiet --requirement $(OLDEST)/requirements.txt
	$(OLDEST)/bin/python -m pip install --quiet --no-deps --editable .
	$(OLDEST)/bin/python -m pytest -n 3 --dist worksteal -W ignore::DeprecationWarning

lint: style types

style: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed
	$(BIN)/mypy

# What the code says about itself: quick, and compared with the code by the tests.
reference: install
	$(BIN)/python docs/reference.py

# The site, without a warning; examples and notebooks run, so the first time takes some minutes.
docs: reference $(VENV)/.installed-docs
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet docs docs/_build/html
	@echo "open docs/_build/html/index.html in a browser"

$(VENV)/.installed-docs: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --editable '.[docs]'
	touch $@

# Links to other sites, which need the network.
links: $(VENV)/.installed-docs
	$(BIN)/python -m sphinx -b linkcheck --quiet docs docs/_build/links

bench: install
	$(BIN)/python benchmarks/games_per_second.py
	$(BIN)/python benchmarks/similarity.py
	$(BIN)/python benchmarks/tails.py
	$(BIN)/python benchmarks/crossplay.py --agents 64 256
	$(BIN)/python benchmarks/graphs.py
	$(BIN)/python benchmarks/report.py --agents 500 2000
	$(BIN)/python benchmarks/cluster.py
	$(BIN)/python benchmarks/sweep.py
	$(BIN)/python benchmarks/training.py
	$(BIN)/python benchmarks/temporal.py
	$(BIN)/python benchmarks/memory.py
	$(BIN)/python benchmarks/emergence.py

clean:
	rm -rf .venv .venv-* build dist *.egg-info docs/_build docs/api docs/gallery docs/notebooks docs/commands.md
