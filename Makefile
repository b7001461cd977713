# `make help` lists the targets. Nothing but Python 3.11 or newer, make and a shell is needed.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
JOBS   ?= auto
ARGS   ?=

.DEFAULT_GOAL := help
.PHONY: help setup run test test-long check format bench manual lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/run.done ## start LZC here, everything included (Ctrl-C ends it)
	@exec $(BIN)/python -m lzc.run

test: setup ## the tests (about six minutes; ARGS="-k name" for some of them)
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

test-long: setup ## the tests and those that take minutes each
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal -m "long or not long" $(ARGS)

check: $(VENV)/dev.done ## style, types, imports, migrations, translations, documentation
	@$(BIN)/python -m lzc.run.check

format: $(VENV)/dev.done ## mend what can be mended of style
	@$(BIN)/ruff check --fix --quiet . && $(BIN)/ruff format --quiet .

bench: setup ## the figures that are claimed about speed
	@$(BIN)/python -m benchmarks $(ARGS)

manual: setup ## the pictures of the manual, taken anew
	@$(BIN)/python -m tests.manual $(ARGS)

setup: $(VENV)/dev.done ## what the tests need, the browser included
	@$(BIN)/python -m lzc.run.assets
	@$(BIN)/python -m lzc.run.browser

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11.0 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate \
	--custom-compile-command "make lock" --upgrade
lock: $(VENV)/dev.done ## newer pinned versions, within what pyproject.toml allows
	$(LOCK) pyproject.toml --output-file requirements.txt
	$(LOCK) pyproject.toml --group dev --constraint requirements.txt --output-file requirements-dev.txt
	$(LOCK) --group assets --output-file requirements-assets.txt

clean: ## remove the environment and all data of this copy
	@[ ! -x $(BIN)/python ] || $(BIN)/python -m lzc.run.clean
	rm -rf $(VENV) node_modules

$(VENV)/run.done: requirements.txt | $(BIN)/python
	@echo "Installing what LZC runs on"
	@$(PIP) --requirement requirements.txt
	@touch $@

$(VENV)/dev.done: requirements-dev.txt | $(BIN)/python
	@echo "Installing what LZC runs on and what tests it"
	@$(PIP) --requirement requirements-dev.txt
	@touch $@ $(VENV)/run.done

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "LZC needs Python 3.11 or newer. Name one: make PYTHON=/path/to/python3.12 run"; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); \
	  echo "Python could not make an environment. Debian: apt-get install python3-venv"; exit 1; }
