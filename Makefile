# `make demo` and `make test` need Python 3.11-3.13 with venv, and make; nothing else. Everything lands in .venv.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PATHS  := src tests bench docs tools
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test check docs bench lock clean

demo: $(VENV)/run            ## the main job, once, on an embedded default
	$(BIN)/missent demo --once

test: $(VENV)/dev check      ## everything that must hold
	rm -f .coverage .coverage.*
	$(BIN)/python -m pytest -q -m timed
	$(BIN)/python -m pytest -q -m "not timed" -n auto --cov --cov-report=term:skip-covered $(ARGS)

check: $(VENV)/dev           ## style, types, the arrows between rooms
	$(BIN)/ruff check $(PATHS)
	$(BIN)/ruff format --check $(PATHS)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

docs: $(VENV)/dev            ## pages that are made from the code
	$(BIN)/python docs/build.py

bench: $(VENV)/dev           ## the benchmarks that need no path
	$(BIN)/python -m bench

lock: $(VENV)/run            ## new pins with hashes from the ranges in pyproject.toml
	$(BIN)/python -m pip install -q uv
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-header \
		pyproject.toml -o requirements/run.lock
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-header \
		requirements/build.in -o requirements/build.lock
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-header \
		--all-extras --group dev -c requirements/run.lock -c requirements/build.lock pyproject.toml -o requirements/dev.lock

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info < (3, 14) else "missent needs Python 3.11-3.13, this is %d.%d: make PYTHON=python3.12" % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run: requirements/run.lock requirements/build.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install -q --require-hashes -r requirements/build.lock -r requirements/run.lock
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/dev: requirements/dev.lock | $(VENV)/run
	$(BIN)/python -m pip install -q --require-hashes -r requirements/dev.lock
	touch $@

clean:
	rm -rf $(VENV) .coverage* .mypy_cache .ruff_cache .hypothesis
