# Two commands for a newcomer: `make demo` and `make test`. Python 3.11+ is all they need.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CLIENTS := tests/clients/node_modules/.package-lock.json
FOREIGN := .venv-foreign/made-from
UV := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
      --no-emit-index-url --no-emit-find-links --no-annotate --no-header

.DEFAULT_GOAL := help
.PHONY: help demo smoke test prove check fix bench lock snapshots

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.runtime ## Run everything on this machine: simulator, server, embedded Redis, SQLite
	@$(BIN)/python -m snmcp_project.demo $(ARGS)

smoke: $(VENV)/.runtime ## Walk the main job with a real MCP client on free ports; exit 0 or 1
	@$(BIN)/python -m snmcp_project.demo.smoke

test: $(VENV)/.development $(CLIENTS) $(FOREIGN) ## Run every test that must pass before a change lands
	@$(BIN)/python -m tests.run

prove: $(VENV)/.development ## Break things for forty minutes; write what held into docs/proof.md
	@$(BIN)/python -m proofs $(ARGS)

check: $(VENV)/.development ## Lint, types, architecture, templates, migrations, snapshots
	@$(BIN)/python -m tests.check

fix: $(VENV)/.development ## Format and mend what can be mended by itself
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .
	@git ls-files -z '*.html' | xargs -0 $(BIN)/djade --target-version 5.2 || true

bench: $(VENV)/.development ## Measure the simulator: rates, latencies, memory, writes
	@$(BIN)/python -m benchmarks.simulator $(ARGS)

snapshots: $(VENV)/.development ## Write the generated files of tools and simulator anew
	@$(BIN)/python -m tests.inventory.snapshots

lock: $(VENV)/.development ## Pin every dependency anew, with hashes
	@$(UV) --upgrade pyproject.toml --output-file requirements.lock
	@$(UV) --upgrade --constraint requirements.lock --group dev pyproject.toml \
	    --output-file requirements-dev.lock
	@$(UV) --upgrade tests/foreign_clients/requirements.in \
	    --output-file tests/foreign_clients/requirements.lock

# --- what the targets need -------------------------------------------------------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock | $(BIN)/python
	@echo "Installing what the server needs (about a minute) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
	    --requirement requirements.lock
	@touch $@

$(VENV)/.development: requirements-dev.lock | $(BIN)/python
	@echo "Installing what the server and its tests need (about two minutes) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
	    --requirement requirements-dev.lock
	@touch $@ $(VENV)/.runtime

$(CLIENTS): tests/clients/package-lock.json | $(VENV)/.development
	@echo "Installing the MCP clients that the tests drive …"
	@$(BIN)/python -m tests.support.install_clients

$(FOREIGN): tests/foreign_clients/requirements.lock | $(VENV)/.development
	@echo "Installing the ServiceNow clients that the simulator is tried with …"
	@$(BIN)/python -m tests.foreign_clients.environment
	@touch $@
