# Jobview's commands. `make help` lists them; `make run` and `make test` are the two to know.
PYTHON ?= python3
BIN := .venv/bin
MACHINE_PATH := $(PATH)
# The Node.js and npm of .venv come first, so that the machine needs none.
export PATH := $(CURDIR)/.venv/bin:$(PATH)
TESTED := tests/unit tests/contract tests/integration
SOURCES := app.py infra lambdas local tests bench
# More than processors: these tests also wait for the local AWS, which each worker has one of.
WORKERS = $(shell echo $$((2 * $$(nproc 2>/dev/null || echo 1))))

.DEFAULT_GOAL := help
.PHONY: help setup run test lint format typecheck audit unit contract integration infra covered e2e smoke erase bench bench-refresh \
	family catalogue openapi member lock clean

help: ## show this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):[^#]*## ?/\1\t/' | expand -t 16

setup: ## make .venv, .venv-emulator and node_modules (pinned, hashed; seconds when they are right)
	@PATH="$(MACHINE_PATH)" command -v $(PYTHON) >/dev/null || { echo "setup: there is no $(PYTHON): install Python 3.11 or newer, or name one with make PYTHON=/path/to/python3" >&2; exit 1; }
	@PATH="$(MACHINE_PATH)" $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 7))' || { echo "setup: $(PYTHON) is too old: install Python 3.11 or newer, or name one with make PYTHON=/path/to/python3" >&2; exit 1; }
	@PATH="$(MACHINE_PATH)" $(PYTHON) local/environment.py

run: setup ## a local AWS with Jobview deployed and sample jobs, until Ctrl-C (JOBVIEW_PORT chooses the port)
	@exec env PYTHONPATH=lambdas $(BIN)/python -m local.run

test: lint typecheck audit infra covered e2e ## everything

lint: setup ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: setup ## let ruff format and fix what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

typecheck: setup ## mypy --strict
	$(BIN)/mypy $(wildcard $(SOURCES))

audit: setup ## known vulnerabilities of what is locked
	@PATH="$(MACHINE_PATH)" $(PYTHON) local/environment.py .venv-audit
	@$(BIN)/python -m local.checks.audit

unit contract integration infra: setup ## one tier of the tests
	$(BIN)/pytest tests/$@

covered: setup ## unit, contract and integration together, with at least 95 % of the branches of lambdas/
	$(BIN)/pytest $(TESTED) -m "not alone" -n $(WORKERS) --maxprocesses 8 --dist loadfile --cov --cov-branch --cov-fail-under=95 --cov-report=json:.local/coverage.json --cov-report=term
	@$(BIN)/python -m local.checks.branches .local/coverage.json 95
	$(BIN)/pytest $(TESTED) -m alone

e2e: setup ## deploy onto the local AWS with the stock CDK and call it
	$(BIN)/pytest tests/e2e --timeout 600

smoke: setup ## read every family once from AWS, read-only, with your credentials (ARGS="--help" lists options)
	@exec env PYTHONPATH=lambdas $(BIN)/python -m local.smoke $(ARGS)

erase: setup ## erase one job from a deployment's table (ARGS="--table NAME --job ID")
	@exec env PYTHONPATH=lambdas $(BIN)/python -m local.erase $(ARGS)

bench: setup ## measure what docs and issues claim about speed
	env PYTHONPATH=lambdas $(BIN)/python -m bench

bench-refresh: setup ## simulate a day of 200 targets and a million jobs (some 20 minutes; ARGS="--targets 4" one)
	@exec env PYTHONPATH=lambdas $(BIN)/python -m bench.refresh $(ARGS)

family: setup ## draft a family from botocore's model (SERVICE=… with LIST=…, GET=… or both, and TYPE=… if wanted)
	@exec env PYTHONPATH=lambdas $(BIN)/python -m local.catalogue.drafting --service "$(SERVICE)" --list "$(LIST)" --get "$(GET)" --type "$(TYPE)"

catalogue: setup ## compile the declarations of families into the tables that the functions read
	@exec env PYTHONPATH=lambdas $(BIN)/python -m local.catalogue

openapi: setup ## generate the OpenAPI document from the code
	@exec env PYTHONPATH=lambdas $(BIN)/python -m local.openapi

member: setup ## write the template of the role in other accounts from the code
	env PYTHONPATH=lambdas $(BIN)/python -m infra.member

lock: setup ## resolve requirements/*.in anew (then read the diff)
	@for name in bootstrap lambda dev emulator audit; do \
		echo "requirements/$$name.txt"; \
		$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --upgrade --no-emit-index-url \
			--no-header --no-annotate --output-file requirements/$$name.txt requirements/$$name.in || exit 1; \
	done
	npm install --package-lock-only --no-audit --no-fund

clean: ## remove everything that the other commands made
	rm -rf .venv .venv-emulator .venv-audit node_modules .local cdk.out .mypy_cache .ruff_cache .pytest_cache .hypothesis
