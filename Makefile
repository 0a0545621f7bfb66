# packstation: `make demo` and `make test` do all their own set-up.
.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format bench fonts lock ratchet test-installer clean

PYTHON := $(shell [ -x .venv/bin/python ] && echo .venv/bin/python || echo python3)
BIN := .venv/bin
CHECKED := packstation tests installer setup gates
WORKERS ?= 2

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24

setup: ## .venv with the locked dependencies, system libraries, fonts
	@$(PYTHON) -m setup.prepare demo

demo: setup ## the demonstration: the window, or 20 orders by a robot where there is no display
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then exec $(BIN)/packstation demo; \
	else exec $(BIN)/packstation demo --headless --orders 20 --out demo-out; fi

test: lint ## every check and test but those of the installers
	@mkdir -p .cache
	@$(BIN)/pytest -q -n $(WORKERS) -m "not installer" \
	  --cov --cov-report= --cov-report=json:.cache/coverage.json
	@$(BIN)/python -m gates.coverage

lint: ready-for-tests ## ruff, formatting, types, import walls
	@$(BIN)/ruff check --quiet $(CHECKED)
	@$(BIN)/ruff format --quiet --check $(CHECKED)
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

.PHONY: ready-for-tests
ready-for-tests:
	@$(PYTHON) -m setup.prepare test

format: ready-for-tests ## what ruff can mend by itself
	@$(BIN)/ruff check --quiet --fix $(CHECKED)
	@$(BIN)/ruff format --quiet $(CHECKED)

bench: setup ## the figures, beside their references
	@$(BIN)/packstation bench

fonts: setup ## resources/fonts, again
	@rm -f resources/fonts/built.json
	@$(BIN)/python setup/fonts.py

lock: ready-for-tests ## requirements/*.lock from pyproject.toml
	@$(BIN)/python -m setup.lock

ratchet: ready-for-tests ## raise the coverage floors to the last run's figures
	@$(BIN)/python -m gates.coverage --raise

test-installer: ## build, install, start and remove the packages in a clean chroot
	@$(PYTHON) -m setup.prepare installer
	@$(BIN)/pytest -q -m installer tests/installer

clean: ## what builds, tests and demos left; .venv and fonts stay
	@rm -rf build dist demo-out .cache .coverage .mypy_cache .ruff_cache .pytest_cache
