# The doors of the project. Works from any directory: make -C path/to/semantrix test
ROOT := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
JOBS ?= $(shell nproc)
# Tests wait for servers more than they compute.
TEST_JOBS ?= $(shell expr 2 \* $(JOBS))
IN_ROOT := cd '$(ROOT)' &&

.DEFAULT_GOAL := help
.PHONY: help run test bench lint format clean

help: ## Say what each door does
	@awk -F ':.*## ' '/^[a-z]+:.*##/ {printf "make %-8s %s\n", $$1, $$2}' '$(ROOT)/Makefile'

run: ## Build a release and replay the sample prompt log through the embedded store
	@$(IN_ROOT) tools/bootstrap build
	@$(IN_ROOT) tools/build release --target semantrix_cli
	@$(IN_ROOT) build/release/bin/semantrix replay examples/prompts.jsonl --store 'memory://?max_size=1000'

test: ## Build and run every test but the sanitizers' (what CI runs first)
	@$(IN_ROOT) tools/bootstrap build test
	@$(IN_ROOT) tools/build dev
	@$(IN_ROOT) ctest --preset all --parallel $(TEST_JOBS)

bench: ## Measure, and print the tables with the rivals
	@$(IN_ROOT) tools/bootstrap build bench
	@$(IN_ROOT) tools/build release -DSEMANTRIX_BUILD_BENCHMARKS=ON
	@$(IN_ROOT) python3 bench/run.py
	@$(IN_ROOT) python3 bench/redis.py
	@$(IN_ROOT) python3 bench/memcached.py
	@$(IN_ROOT) python3 bench/dynamodb.py
	@$(IN_ROOT) python3 bench/python.py

lint: ## Format, clang-tidy, layers, budgets, spelling
	@$(IN_ROOT) tools/bootstrap build lint
	@$(IN_ROOT) tools/lint

format: ## Rewrite the sources as .clang-format says
	@$(IN_ROOT) tools/bootstrap lint
	@$(IN_ROOT) tools/lint --fix format

clean: ## Remove everything that was built
	@$(IN_ROOT) rm -rf build

export JOBS
