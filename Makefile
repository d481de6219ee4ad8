# `make help` lists everything. Each target makes the environment it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SERVE ?= auto
serve_flag = $(if $(filter 0,$(SERVE)),--no-serve,$(if $(filter 1,$(SERVE)),--serve,))

.PHONY: help demo test check bench train docs clean
help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

$(BIN)/.installed: pyproject.toml
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(BIN)/.dev: pyproject.toml $(BIN)/.installed
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

demo: $(BIN)/.installed ## make a shop, import, analyse, print the findings, write the report
	$(BIN)/huisheng demo $(serve_flag)

# Pages are tested in Debian's browser, the operational store also in Debian's PostgreSQL.
$(BIN)/.servers: $(BIN)/.dev
	command -v chromium >/dev/null && ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || \
	  (apt-get update -qq && apt-get install -qq --yes --no-install-recommends chromium fonts-noto-cjk postgresql >/dev/null)
	touch $@

test: $(BIN)/.servers ## run every test
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: $(BIN)/.dev ## format, lint, types, import contracts
	$(BIN)/ruff format --check src tests benchmarks docs
	$(BIN)/ruff check src tests benchmarks docs
	$(BIN)/mypy
	$(BIN)/lint-imports

# What we are timed against; no test needs it.
$(BIN)/.bench: $(BIN)/.dev
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	touch $@

bench: $(BIN)/.bench ## print performance ratios, side by side in one run
	$(BIN)/python -m benchmarks

train: $(BIN)/.dev ## train the language model on DATA=folder and write its model card
	$(BIN)/python -m huisheng.language.training --data $(DATA) --out src/huisheng/language/model

docs: $(BIN)/.dev ## generate the reference pages from the definitions
	$(BIN)/python docs/generate.py

clean: ## remove the environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
