# Every command works twice in a row and from a folder with a space in its name: paths are relative, nothing is global.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
INSTALLED := .venv/installed
INSTALLED_TEST := .venv/installed-test
INSTALLED_MUTATE := .venv/installed-mutate
INSTALLED_BENCH := .venv/installed-bench

.PHONY: demo test check bench mutate lock help
.DEFAULT_GOAL := help

help: ## say what each command does
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | sort

demo: $(if $(filter seaweedfs,$(STORE)),$(INSTALLED_TEST),$(INSTALLED)) ## start the demonstration and open its page; STORE=seaweedfs DATA=dir keeps it
	$(BIN)/desk demo --port $(PORT) $(if $(STORE),--store "$(STORE)") $(if $(DATA),--data "$(DATA)")

test: $(INSTALLED_TEST) ## run every test; one that fails is asked once more and counted; missing tools skip theirs and say how to get them
	$(BIN)/python -m pytest -n 3 --dist worksteal --reruns 1

check: $(INSTALLED_TEST) ## what CI runs: style, types, layers, templates, then the tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	$(MAKE) test

bench: $(INSTALLED_BENCH) ## measure everything beside its floor and its peers
	@for each in benchmarks/*.py; do echo; echo "== $$each"; $(BIN)/python "$$each" || exit 1; done

mutate: $(INSTALLED_MUTATE) ## change the rule book's code bit by bit, and count which changes its tests notice
	$(BIN)/mutmut run
	$(BIN)/mutmut results

lock: $(INSTALLED_TEST) ## pin every dependency again, with hashes and without addresses
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --group build --output-file requirements.lock pyproject.toml
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --group build --extra test --output-file requirements-test.lock pyproject.toml
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --group build --extra test --extra mutate --output-file requirements-mutate.lock pyproject.toml
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --group build --extra bench --output-file requirements-bench.lock pyproject.toml

$(INSTALLED): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	touch $@

$(INSTALLED_TEST): $(INSTALLED) requirements-test.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-test.lock
	touch $@

$(INSTALLED_MUTATE): $(INSTALLED_TEST) requirements-mutate.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-mutate.lock
	touch $@

$(INSTALLED_BENCH): $(INSTALLED_TEST) requirements-bench.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-bench.lock
	touch $@
