# What one does with this project. `make run` needs python3 (3.11 or later) with venv, and make; nothing else.

PYTHON ?= python3
PORT ?=
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test assets bench faults mutants clean

INSTALLED := .venv/installed
IN_VENV := .venv/bin/python
# More than eight only wait for the one database.
WORKERS ?= $(shell n=$$(nproc 2>/dev/null || echo 2); echo $$((n > 8 ? 8 : n)))

help:
	@echo "make run      start everything and print the address and the log-ins (PORT=8000)"
	@echo "make test     the checks and the tests (TESTS=tests/kernel for a part)"
	@echo "make assets   build the styles and scripts"
	@echo "make bench    the benchmarks"
	@echo "make faults   make likely mistakes in a copy and show which tests go red (FAULTS=a-grant-too-much for one)"
	@echo "make mutants  make small changes in the policy core and name those that no test notices (MUTANTS='--each 60')"
	@echo "make clean    delete what was installed, built or loaded, the embedded database included"

# The folder is made anew where it was made by a Python that has gone since.
$(INSTALLED): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed, this is %s; name another: make PYTHON=python3.13" % sys.version.split()[0])'
	@$(IN_VENV) -c '' 2>/dev/null || { rm -rf .venv; $(PYTHON) -m venv .venv; }
	@echo "Installing what requirements.txt lists (a minute or two)"
	@$(IN_VENV) -m pip install --quiet --disable-pip-version-check --no-deps --requirement requirements.txt
	@touch $@

run: $(INSTALLED)
	@PORT=$(PORT) exec $(IN_VENV) -m app.kernel.launch

assets: $(INSTALLED)
	@$(IN_VENV) -m app.shell.assets

test: $(INSTALLED)
	@.ci/browser
	@$(IN_VENV) -m app.shell.assets
	@$(IN_VENV) -m ruff check .
	@$(IN_VENV) -m mypy
	@$(IN_VENV) -m pytest -n $(WORKERS) --dist loadgroup $(TESTS)

bench: $(INSTALLED)
	@$(IN_VENV) -m bench

faults: $(INSTALLED)
	@$(IN_VENV) -m tests.faults --workers $(WORKERS) $(FAULTS)

mutants: $(INSTALLED)
	@$(IN_VENV) -m pip install --quiet --disable-pip-version-check cosmic-ray==8.7.0
	@$(IN_VENV) -m tests.mutants $(MUTANTS)

clean:
	@if [ -e $(INSTALLED) ]; then $(IN_VENV) -m app.kernel.embedded remove; fi
	@rm -rf .venv var node_modules app/shell/static/built bench/results .pytest_cache .ruff_cache .mypy_cache \
		.hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
