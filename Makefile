# make demo: install, code data/samples into out/demo, print the summary.
# make test: install with the test extras, then format check, lint, types, tests: what CI runs.
# Another interpreter: make demo PYTHON=/path/to/python3.12

PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3)
VENV ?= .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
BASE := $(VENV)/.installed-base
DEV := $(VENV)/.installed-dev

.PHONY: demo test lint clean

demo: $(BASE)
	$(BIN)/policy-nlp code data/samples --out out/demo --force

test: lint
	$(BIN)/python -m pytest

lint: $(DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

clean:
	rm -rf $(VENV) out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

# The stamps are older than pyproject.toml or constraints.txt when something is to be installed.
$(BASE): $(BIN)/python pyproject.toml constraints.txt
	$(INSTALL) -e .
	@touch $@

$(DEV): $(BIN)/python pyproject.toml constraints.txt
	$(INSTALL) -e ".[dev,encoder,review]"
	@touch $(BASE) $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' || \
	{ echo "policy-nlp needs Python 3.11, 3.12 or 3.13: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --upgrade pip # the pip of Python 3.11 misreads extras such as lxml[html_clean]
