# make alone tells what there is
.DEFAULT_GOAL := help
.PHONY: help demo test test-all test-jax formats check bench bench-size bench-report bench-evidence mistakes poison lock sync clean
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# without bytecode every process that imports TensorFlow starts 8 s later
unexport PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK = 1

# the first interpreter that serves: Python 3.11 to 3.13
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
INSTALL := $(UV) pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode --link-mode copy
COMPILE := $(UV) pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-header $(UPGRADE)
# files stay whole: they share costly fixtures
PARALLEL := --numprocesses auto --maxprocesses 4 --dist loadfile

help: ## this list
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/make \1	\2/p' Makefile | expand -t 16

demo: $(VENV)/default.stamp ## install, draw a small data set, compare models on it, and tell the verdict
	@$(BIN)/snakemake --cores all --no-hooks
	@$(BIN)/python -m pipeline tell sample

test: $(VENV)/dev.stamp ## the tests, within 15 minutes
	@$(BIN)/python -m pytest -m "not slow" $(PARALLEL)

test-all: $(VENV)/dev.stamp ## the tests, slow ones too
	@$(BIN)/python -m pytest $(PARALLEL)

test-jax: $(VENV)/dev.stamp ## the tests of networks, with JAX instead of TensorFlow
	@KERAS_BACKEND=jax XLA_FLAGS=--xla_backend_optimization_level=0 $(BIN)/python -m pytest -m "not slow" $(PARALLEL) \
		tests/fitting tests/models tests/steps tests/test_{augment,backend,batches,ensemble,losses}.py

formats: $(VENV)/dev.stamp ## the formats that are read: each cell of the matrix written and read back
	@$(BIN)/python -m tests.datasets.reading.matrix

check: $(VENV)/dev.stamp ## format, lint, types, layers and tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/snakefmt --check Snakefile pipeline/rules
	@$(MAKE) test

bench: $(VENV)/default.stamp ## where the CPU seconds of the demo go, rule by rule
	@$(BIN)/snakemake --cores all
	@$(BIN)/python -m pipeline bench sample

mistakes: $(VENV)/dev.stamp ## every mistake of the catalogue: who catches it, what is said, and whether mend mends it
	@$(BIN)/python -m tests.mistakes

poison: $(VENV)/dev.stamp ## what the audit finds of poisoned data sets, and calls poisoned of clean ones
	@$(BIN)/python -m tests.auditing.poisoned

bench-size: $(VENV)/dev.stamp ## what 400,000 samples cost, step by step (SAMPLES="4000 40000" for less)
	@$(BIN)/python -m tests.benchmarks.size $(SAMPLES)

bench-report: $(VENV)/dev.stamp ## what compare, report and verify take on 5 models x 5 folds x 1,000 samples (SAMPLES="100" for less)
	@$(BIN)/python -m tests.benchmarks.report $(SAMPLES)

bench-evidence: $(VENV)/dev.stamp ## whether the comparison can be believed: false claims, coverage, power, simulated (REPLICATIONS=1000 TRIES=1 for less)
	@$(BIN)/python -m tests.benchmarks.labels $(TRIES)
	@$(BIN)/python -m tests.benchmarks.evidence $(REPLICATIONS)

sync: $(VENV)/default.stamp ## after `dvc pull` or `dvc checkout`: let Snakemake and MLflow know what is here
	@$(BIN)/python -m pipeline sync

lock: $(UV) pyproject.toml ## pin every package of every profile, with hashes (UPGRADE=--upgrade for newer ones)
	@$(COMPILE) --output-file requirements.txt
	@$(COMPILE) --extra dev --constraint requirements.txt --output-file requirements-dev.txt
	@for extra in gpu jax torch slurm s3 app hub; do $(COMPILE) --extra $$extra --output-file requirements-$$extra.txt; done
	@echo uv | $(COMPILE:pyproject.toml=-) --output-file requirements-uv.txt
	@! grep -lE '://|file:|$(CURDIR)' requirements*.txt

clean: ## remove the environment and caches; data, reports and runs stay
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find pipeline tests -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/%.stamp: requirements-%.txt $(UV)
	@echo "Installing $< into $(VENV)"
	@$(INSTALL) --requirements $<
	@touch $@

$(VENV)/default.stamp: requirements.txt $(UV)
	@echo "Installing $< into $(VENV)"
	@$(INSTALL) --requirements $<
	@touch $@

$(UV): requirements-uv.txt | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement $<
	@touch $@

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Foldwise needs Python 3.11, 3.12 or 3.13, and python3 is $$(python3 --version 2>&1)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "the module venv is missing: apt-get install python3-venv" >&2; exit 1; }
