# Python that makes .venv; 3.11 or newer.
PYTHON ?= python3
# Processes that run the tests.
WORKERS ?= 2
# Random templates of `make differential`, and where their random numbers start.
N ?= 5000
SEED ?= 1

VENV := .venv
BIN := $(VENV)/bin
# Named for the folder that the clone stands in: an environment does not survive a move.
READY := $(VENV)/ready-$(shell printf %s "$(CURDIR)" | cksum | cut -d ' ' -f 1)
READY_BENCH := $(READY)-bench
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

export PYTHONDONTWRITEBYTECODE := 1

.DEFAULT_GOAL := help
.PHONY: help demo test lint format conformance differential bench bench-export wheel-check docs clean

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "velobind needs Python 3.11 or newer, this is %d.%d: make PYTHON=..." % sys.version_info[:2])'
	@echo "making $(VENV) ..."
	@test -e $@ || $(PYTHON) -m venv --clear $(VENV)
	@$(PIP) hatchling
	@$(PIP) --no-build-isolation --editable '.[dev]'
	@touch $@

$(READY_BENCH): $(READY)
	@$(PIP) --no-build-isolation --editable '.[dev,bench]'
	@touch $@

demo: $(READY) ## fill the sample project's messages from a real PostgreSQL, in both ways
	@$(BIN)/velobind demo

test: $(READY) ## run all tests
	$(BIN)/python -m pytest -n $(WORKERS)

lint: $(READY) ## style, types, and which part may import which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict
	$(BIN)/lint-imports

format: $(READY) ## write the files as lint wants them
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

conformance: $(READY) ## how many recorded cases of the genuine engine agree, per area
	@$(BIN)/python -m tests.conformance

differential: $(READY) ## N random templates from SEED against the genuine engine, where that can run
	@$(BIN)/python -m tests.differential --n $(N) --seed $(SEED)

bench: $(READY_BENCH) ## time the language beside other engines, in one run
	@$(BIN)/python -m tests.benchmarks

bench-export: $(READY_BENCH) ## time the export beside raw COPY and dlt, in one run
	@$(BIN)/python -m tests.benchmarks.export

wheel-check: $(READY) ## build the wheel, and use it in a clean environment from another folder
	@BIN=$(BIN) PYTHON=$(PYTHON) sh .ci/wheel-check

docs: $(READY) ## write the generated pages of docs/reference anew
	@$(BIN)/python docs/commands.py
	@$(BIN)/python docs/datasets.py
	@$(BIN)/python -m velobind.language.methods.page > docs/reference/methods.md
	@$(BIN)/python -m tests.conformance.page

clean: ## remove the environment, the demo's database and what the tools leave
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .velobind fixtures/.velobind
