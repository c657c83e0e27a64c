# Everything a developer, a git hook or CI runs. `make` alone lists the targets.

PYTHON ?= python3
BIN := .venv/bin
SIDE_BY_SIDE := --numprocesses 2 --no-loadscope-reorder

.PHONY: help rehearse test endurance check audit unit lock regold bench clean
.DEFAULT_GOAL := help

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

rehearse: .venv/.ready ## compile env.example.yaml, run it on this machine's embedded AWS, check it, take it down
	$(BIN)/windsock rehearse env.example.yaml

test: check ## everything that must hold: style, types, floors, templates, unit tests, whole rehearsals in a browser
	$(BIN)/pytest $(SIDE_BY_SIDE) -m "not endurance"

endurance: .venv/.ready-dev ## the long lives: logins elsewhere and dying workers, on every release, and two weeks of sleep; some hours
	$(BIN)/pytest -m endurance

check: .venv/.ready-dev ## style, types, floors and committed templates, without running a test
	$(BIN)/ruff check
	$(BIN)/ruff check --preview --select PLW1514 # each file is read the same in every locale
	$(BIN)/ruff format --check
	$(BIN)/ruff check --config airflow_home/ruff.toml airflow_home tests/life/days tests/life/workers
	$(BIN)/ruff format --check --config airflow_home/ruff.toml airflow_home tests/life/days tests/life/workers
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/windsock compile --check env.example.yaml examples/*.yaml examples/shared-network/env.yaml
	$(BIN)/windsock network compile --check examples/shared-network/network.yaml

audit: .venv/.ready-dev ## look up our own pins in the advisories of osv.dev; says so where that cannot be reached
	.ci/audit

unit: .venv/.ready-dev ## the tests that need no Airflow: seconds instead of minutes
	$(BIN)/pytest $(SIDE_BY_SIDE) -m "not airflow"

lock: .venv/.ready-dev ## resolve the locks anew from pyproject.toml
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --no-annotate --no-header --no-emit-index-url --python-version 3.11 \
		pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --no-annotate --no-header --no-emit-index-url --python-version 3.11 \
		pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --no-annotate --no-header --no-emit-index-url --python-version 3.11 \
		tests/compiler/checkov.in -o tests/compiler/checkov.lock
	$(BIN)/uv pip compile -q --upgrade --no-deps --generate-hashes --no-annotate --no-header --no-emit-index-url --python-version 3.11 \
		tests/compiler/cfn_guard.in -o tests/compiler/cfn_guard.lock

regold: .venv/.ready-dev ## write the golden files anew with the product itself; commit them on their own
	$(BIN)/windsock compile env.example.yaml examples/*.yaml examples/shared-network/env.yaml
	$(BIN)/windsock network compile examples/shared-network/network.yaml
	$(BIN)/pytest -m "not airflow and not rehearsal and not scanner" --regold

bench: .venv/.ready-dev ## the figures of docs/benchmarks.md, as ratios within one run
	$(BIN)/python -m benchmarks

clean: ## forget the virtual environment (the caches outside the checkout stay)
	rm -rf .venv

.venv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Windsock needs Python 3.11 or newer; name one with make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv .venv \
		|| { rm -rf .venv; echo "This Python cannot make virtual environments; on Debian: apt-get install python3-venv"; exit 1; }
	@echo "Installing what Windsock needs into .venv"
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .venv/uv.lock
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --require-hashes -r .venv/uv.lock

.venv/.ready: .venv/bin/uv requirements.lock pyproject.toml setup.py
	@$(BIN)/uv pip install -q --compile-bytecode --python $(BIN)/python -r requirements.lock
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps -e .
	@touch $@

.venv/.ready-dev: .venv/.ready requirements-dev.lock
	@$(BIN)/uv pip install -q --compile-bytecode --python $(BIN)/python -r requirements-dev.lock
	@touch $@
