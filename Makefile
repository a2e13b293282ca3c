# make demo: set up and run a shipped case. make test: set up and pass the tests. Both build .venv when it is missing.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
export OMP_NUM_THREADS ?= 1

BIN := .venv/bin
CASE ?= cases/edge_node.toml
OUT ?= out/edge_node
# two files of tests at a time, in the order of tests/conftest.py
SIDE_BY_SIDE := -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: demo test check verify verify-ci bench docs clean setup

demo: .venv/ready
	$(BIN)/heliorack run $(CASE) -o $(OUT) --force

test: .venv/ready
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) -m "not full" -q

check: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# every random case and mutant that is promised (tests/thorough.py); verify-ci alone takes fewer
verify: export HELIORACK_VERIFY := all
verify: .venv/ready verify-ci
	status=0; $(BIN)/python -m pytest $(SIDE_BY_SIDE) -q tests/verification tests/parallel --junitxml=out/verification.xml || status=$$?; \
	$(BIN)/python docs/build.py --verification out/verification.xml; exit $$status

verify-ci: .venv/ready
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) -q -m full

docs: .venv/ready
	$(BIN)/python docs/build.py --check
	$(BIN)/python -m sphinx -q -W --keep-going -j 2 -b html docs out/site
	@echo "site     out/site/index.html"

bench: .venv/ready .venv-peers/ready
	$(BIN)/python benchmarks/run.py

.venv-peers/ready: benchmarks/peers.txt | .venv/ready
	$(BIN)/python -m venv --clear .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --requirement benchmarks/peers.txt
	@touch .venv-peers/ready

setup: .venv/ready

.venv/ready: pyproject.toml constraints.txt
	@for candidate in python3 python3.14 python3.13 python3.12; do \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then python="$$candidate"; break; fi; \
	done; \
	if [ -z "$${python:-}" ]; then echo "heliorack needs Python 3.12 or newer: install python3.12 and its venv package" >&2; exit 1; fi; \
	"$$python" -m venv .venv || { echo "heliorack needs Python's venv: on Debian, apt-get install python3-venv" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[test,check,docs]"
	$(BIN)/python -m heliorack.runtime.doctor
	@touch .venv/ready

clean:
	rm -rf out build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
