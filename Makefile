# Everything a newcomer needs: `make run` shows the product, `make test` proves it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JUDGES := tests/interop/node
WORKERS ?= $(shell echo $$(($$(nproc 2>/dev/null || echo 2) * 2)))
CATALOGUES := certs/wording/catalogues

.PHONY: help setup setup-dev system judges run test lint chaos cluster mutants honest bench bench-crowds bench-steady bench-desk bench-load fuzz page messages lock clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(VENV)/.runtime: requirements.txt pyproject.toml
	@sh .ci/venv $(PYTHON) $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q -j 0 $(VENV)/lib certs
	touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m compileall -q -j 0 $(VENV)/lib
	touch $@

setup: $(VENV)/.runtime ## prepare .venv with everything the program needs

setup-dev: $(VENV)/.dev ## setup, and what tests and lint need

system: ## programs that tests need beyond Python (apt when root and missing)
	@sh .ci/system

$(JUDGES)/node_modules/.certs: $(JUDGES)/package-lock.json
	cd $(JUDGES) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

judges: system ## credential verifiers of other people, from npm
	@command -v npm >/dev/null || { echo "npm is missing: their tests will be skipped" >&2; exit 0; } && $(MAKE) --no-print-directory $(JUDGES)/node_modules/.certs

run: setup ## import, issue and serve the sample marathon on http://127.0.0.1:8000
	$(BIN)/python -m certs demo

test: setup-dev system judges ## run all tests, two at once for each core, as half of their time is waiting; WORKERS=0 for one after the other
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

lint: setup-dev ## ruff, mypy strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

chaos: setup-dev ## kill workers and a real issue at random moments, 50 times each over 5 seeds
	$(BIN)/python -m tests.chaos

cluster: setup-dev ## kill workers, stop brokers and PostgreSQL while machines share a batch, all over RabbitMQ and Redis
	CLUSTER_EVERYWHERE=1 $(BIN)/python -m pytest tests/e2e/test_cluster.py -q -p no:randomly

mutants: setup-dev ## take away one check of the register at a time; a test of it must fail
	$(BIN)/python -m tests.chaos.mutants

honest: setup-dev ## let a register live, with backups and restores; nothing honest may be called false
	$(BIN)/python -m tests.chaos.honest

bench: setup-dev ## measure against the naive pipeline in the same run
	$(BIN)/python -m tests.bench

bench-crowds: setup-dev ## issue 25,000 and 100,000, import 1,000,000 on SQLite and PostgreSQL (half an hour)
	$(BIN)/python -m tests.bench.crowds

bench-steady: setup-dev ## issue a million on PostgreSQL and print the pace, the write-ahead log and the memory (twenty minutes)
	$(BIN)/python -m tests.bench.steady

bench-desk: setup-dev ## what each page and form of the console costs with 10,000 people (three minutes)
	$(BIN)/python -m tests.bench.desk

bench-load: setup-dev ## ask two workers of the site as fast as wrk can, from the same machine (two minutes)
	$(BIN)/python -m tests.bench.load

fuzz: setup-dev ## read 100,000 damaged exports; only clear refusals may come out
	$(BIN)/python -m tests.fuzz

page: ## bundle the page that works without the site (npm; certs/offline/page)
	cd certs/offline/page && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && node build.mjs

messages: setup-dev ## find the sentences of the source, bring every catalogue up to date and compile it
	$(BIN)/pybabel -q extract -F pyproject.toml --no-default-keywords -k say -k say_n:1,2 -k mark -k _ -k ngettext:1,2 --no-location --sort-output --no-wrap --omit-header -o $(CATALOGUES)/certs.pot certs templates/web templates/desk
	$(BIN)/pybabel -q update --ignore-obsolete --no-fuzzy-matching --ignore-pot-creation-date --no-wrap -D certs -i $(CATALOGUES)/certs.pot -d $(CATALOGUES)
	$(BIN)/pybabel -q compile -D certs -d $(CATALOGUES)

lock: setup-dev ## compile requirements*.txt from pyproject.toml
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes pyproject.toml --group build -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes pyproject.toml --extra cluster --extra s3 --group build -c requirements.txt -o deploy/requirements-cluster.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes pyproject.toml --extra cluster --extra s3 --group build --group dev -c requirements.txt -o requirements-dev.txt

clean: ## remove .venv and caches; leaves instance/ and signing_keys/ alone
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
