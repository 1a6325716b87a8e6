# Footnote: 'make help' lists what there is to do. deploy/README.md says what set-up fetches.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

# Where the models and the shared library are; tests find them by these two variables.
export FOOTNOTE_MODELS_DIR := $(abspath $(or $(FOOTNOTE_MODELS_DIR),models))
export FOOTNOTE_LIB_DIR := $(abspath $(or $(FOOTNOTE_LIB_DIR),lib))

# Only set-up may see this one: the binary takes every FOOTNOTE_* variable for a setting.
OFFLINE := $(or $(FILES),$(FOOTNOTE_OFFLINE_DIR))
unexport FOOTNOTE_OFFLINE_DIR
SETUP := FOOTNOTE_OFFLINE_DIR='$(OFFLINE)' deploy/setup/run

FOOTNOTE := $(abspath $(or $(CARGO_TARGET_DIR),target))/release/footnote
DEMO := '$(FOOTNOTE)' --data-dir data/demo
QUESTION ?= When am I allowed to fly business class?
LISTEN ?= 127.0.0.1:8080
SERVE ?= yes

.PHONY: help setup build demo test lint bench clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

setup: ## fetch what building and running needs (FILES=DIR: out of a folder, without a network)
	@$(SETUP)

build: setup ## compile the binary
	@cargo build --release --workspace

demo: build ## read the demo documents, answer one question, serve the portal (SERVE=no: stop before that)
	@if [[ ! -d deploy/demo/documents ]]; then
	    echo "The demo documents are missing from deploy/demo/documents: restore them with 'git checkout deploy/demo'." >&2
	    exit 1
	fi
	$(DEMO) ingest deploy/demo/documents
	printf '\nQuestion: %s\n\n' "$$QUESTION"
	$(DEMO) ask "$$QUESTION"
	if [[ '$(SERVE)' != no ]]; then
	    exec $(DEMO) serve --listen '$(LISTEN)'
	fi
demo: export QUESTION := $(QUESTION)

# The same packages and profile as 'build', so that nothing heavy is compiled twice.
test: ## fetch what the tests need, then run all of them
	@$(SETUP) --tests
	cargo build --release --workspace
	if cargo nextest --version >/dev/null 2>&1; then
	    cargo nextest run --release --workspace
	else
	    cargo test --release --workspace
	fi

lint: ## formatting and clippy
	@cargo fmt --all --check
	cargo clippy --release --workspace --all-targets -- -D warnings

bench: build ## compare with pdftotext, a Python pipeline and llama-cpp-python, search a million passages (bench/run.py lists the settings)
	@$(SETUP) --bench
	cargo build --release --workspace --example throughput --example at_size --example pace
	python3 bench/run.py --footnote '$(FOOTNOTE)' --throughput '$(dir $(FOOTNOTE))examples/throughput' \
	    --at-size '$(dir $(FOOTNOTE))examples/at_size' --pace '$(dir $(FOOTNOTE))examples/pace'

clean: ## remove what was compiled and the demo data; models and libraries stay
	@cargo clean
	rm -rf data/demo
