# Every target sets up what it needs; a fresh machine has python3 (3.11 or newer), make, gcc and git.

PYTHON ?= python3
HOST := 127.0.0.1
PORT := 8000
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
READY_IN_DAYS := 12

# The tools for development include what running needs: once they are there, they stay.
ENVIRONMENT := $(if $(wildcard $(VENV)/.dev),$(VENV)/.dev,$(VENV)/.run)
CHECKS := check-lint check-format check-types check-layers check-sizes check-cli check-openapi check-attributes check-results check-merge \
	check-derived check-pages check-web check-words

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
WEB := $(BIN)/python tools/web.py

.PHONY: help run web test check proof bench docs clean $(CHECKS)

help:      ## show this list
	@grep -E '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /\1\t/' \
		| while IFS="$$(printf '\t')" read -r name what; do printf '  make %-7s %s\n' "$$name" "$$what"; done

run: $(ENVIRONMENT)      ## set everything up, make a quote the first time, serve the single window
	@test $(VENV)/.quoted -nt $(ENVIRONMENT) || { \
	ready="$$($(BIN)/python -c 'import datetime as d; print(d.date.today() + d.timedelta(days=$(READY_IN_DAYS)))')"; \
	echo "karvan quote CN-XIA TR-IST --container 40HC --mass-kg 18000 --hs 851660 --ready $$ready"; \
	$(BIN)/karvan quote CN-XIA TR-IST --container 40HC --mass-kg 18000 --hs 851660 --ready "$$ready" \
		&& touch $(VENV)/.quoted; }
	@$(WEB) build --soft
	@$(BIN)/karvan serve --host $(HOST) --port $(PORT)

web: $(ENVIRONMENT)      ## build the page that a browser shows
	@$(WEB) build

test: $(VENV)/.dev      ## set everything up, the gate: everything but the long proofs
	@$(BIN)/python -m pytest -n auto --dist worksteal

check: $(VENV)/.dev      ## format, lint, types, import contracts, sizes, generated files
	@$(MAKE) -j --keep-going --output-sync=target $(CHECKS)
	@echo "check: all passed"

proof: $(VENV)/.dev      ## the long proofs at full count, results in docs/proofs
	@$(BIN)/python tools/prove.py

bench: $(VENV)/.bench      ## how fast, against peers with equal answers; writes benchmarks/results.json
	@$(BIN)/python tools/bench.py

docs: $(VENV)/.dev      ## check the links and build the documentation into site/
	@$(BIN)/python tools/links.py
	@$(BIN)/zensical build --clean --strict

clean:      ## remove the environment and everything that was built
	rm -rf $(VENV) build dist site web/node_modules web/src/locale src/karvan/interfaces/web .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .cache
	find src tests tools benchmarks proofs -name __pycache__ -type d -prune -exec rm -rf {} +

check-lint:
	@$(BIN)/ruff check --quiet

check-format:
	@$(BIN)/ruff format --check --quiet || { echo "run: $(BIN)/ruff format"; exit 1; }

check-types:
	@$(BIN)/mypy --no-error-summary

check-layers:
	@$(BIN)/lint-imports --no-logo > $(VENV)/layers.txt 2>&1 || { cat $(VENV)/layers.txt; exit 1; }

check-sizes:
	@$(BIN)/python tools/sizes.py

check-cli:
	@$(BIN)/python tools/cli_reference.py --check

check-openapi:
	@$(BIN)/python tools/openapi_reference.py --check

check-attributes:
	@$(BIN)/python tools/attributes_reference.py --check

check-results:
	@$(BIN)/python tools/study_results_reference.py --check
	@$(BIN)/python tools/projects_reference.py --check

check-merge:
	@$(BIN)/python tools/merge_facts.py --check

check-derived:
	@for table in oil_shut_in freight_costs; do \
		$(BIN)/python tools/$$table.py --check > $(VENV)/$$table.txt 2>&1 || { cat $(VENV)/$$table.txt; exit 1; }; \
	done

check-pages:
	@for page in place_pages performance_pages route_lengths accounting calibration_page validation_page; do \
		$(BIN)/python tools/$$page.py --check > $(VENV)/$$page.txt 2>&1 || { cat $(VENV)/$$page.txt; exit 1; }; \
	done

check-web:
	@$(WEB) check

check-words:
	@$(BIN)/python tools/words.py --check

# The environment. Each stamp is a file; a newer lock or pyproject.toml makes it stale. Where uv
# cannot reach the packages and pip is set up to, pip installs the same locked ones, slower.

$(VENV)/.uv: requirements-installer.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Karvan needs Python 3.11 or newer; name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV) \
		|| { rm -rf $(VENV); echo "No virtual environment could be made. On Debian install the package python3-venv:" \
			"apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(VENV)/.run: $(VENV)/.uv requirements.lock pyproject.toml
	@VIRTUAL_ENV=$(VENV) $(UV) pip sync --quiet --require-hashes requirements.lock \
		|| $(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.uv requirements-dev.lock pyproject.toml
	@VIRTUAL_ENV=$(VENV) $(UV) pip sync --quiet --require-hashes requirements-dev.lock \
		|| $(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.bench: $(VENV)/.dev requirements-bench.lock
	@VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --no-deps --require-hashes -r requirements-bench.lock \
		|| $(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements-bench.lock
	@touch $@
