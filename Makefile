# The ways to build and check Thaw; `make` alone lists them. The build itself is CMake's (CMakePresets.json).
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

JOBS ?= $(shell nproc)
CORPUS ?= ../shared/corpus
PYTHON := .venv/bin/python
PYTEST := $(PYTHON) -m pytest -q -n $(JOBS) --dist loadfile --no-loadscope-reorder
CPP_FOLDERS := $(wildcard include src tests bench)

.PHONY: help
help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

## -- what people use

.PHONY: build
build: deps-build  ## the program, as build/thaw
	@$(call compile,release,thaw)

.PHONY: demo
demo: build  ## thaw a small real model, and go on training it when setup-judge has been done
	@demo/run build/thaw

.PHONY: setup-judge
setup-judge:  ## .venv with the real TensorFlow, for the demo's second half and for the checks
	@tools/setup-judge

## -- what developers use

.PHONY: test
test: deps-test  ## every check that a change must pass (below 25 minutes)
	@$(MAKE) -j2 -Otarget setup-judge check sanitized
	@$(MAKE) check-man cli test-python judge-sample

.PHONY: check
check:  ## formatting, layers, sizes, names, documents: seconds
	@find $(CPP_FOLDERS) -name '*.cc' -o -name '*.h' | xargs clang-format-19 --dry-run -Werror
	@python3 tools/check_layers.py
	@python3 tools/check_tree.py
	@python3 tools/check_docs.py

.PHONY: unit
unit: deps-test  ## unit tests, warnings as errors
	@$(call compile,dev,thaw_tests)
	@tools/run_unit_tests build-dev unit

.PHONY: sanitized
sanitized: deps-test  ## the same under the address and undefined-behaviour sanitizers, as `make test` runs them
	@$(call compile,sanitize,thaw_tests)
	@tools/run_unit_tests build-sanitize sanitized

.PHONY: threads
threads: deps-test  ## verbs on several threads, under the thread sanitizer: ten minutes
	@$(call compile,threads,thaw_tests)
	@tools/run_unit_tests build-threads threads

.PHONY: memory
memory: deps-memory  ## a part of the unit tests under valgrind, which also sees what was never set: a quarter of an hour
	@$(call compile,coverage,thaw_tests)
	@tools/run_valgrind build-coverage

.PHONY: coverage
coverage: deps-test  ## which lines the unit tests run, by layer: ten minutes
	@$(call compile,coverage,thaw_tests)
	@tools/coverage build-coverage

.PHONY: odr
odr: deps-test  ## that no two files, tests too, have different types of one name: a quarter of an hour
	@$(call compile,odr,thaw thaw_tests)

.PHONY: check-man
check-man: build deps-test  ## the manual page against `thaw --help`
	@tools/check_man.py build/thaw

.PHONY: cli
cli: build setup-judge  ## the program from outside: words, exit codes, streams, files
	@$(PYTHON) -m pytest -q -n $(JOBS) tests/cli tests/catalogue
	@$(PYTHON) -m pytest -q -n $(JOBS) tests/kill

.PHONY: soak
soak: build setup-judge  ## every kill, failure and lack of memory of all commands that write, and races: an hour or two
	@$(PYTHON) tests/kill/sweep.py --thaw build/thaw --jobs $(JOBS)
	@$(PYTHON) tests/kill/sweep.py --thaw build/thaw --jobs $(JOBS) --kinds failures --sizes large --folder $${TMPDIR:-/tmp}
	@$(PYTHON) tests/kill/race.py --thaw build/thaw

.PHONY: python
python: deps-build setup-judge  ## the module of the Python package, beside its files in python/tfthaw
	@$(call compile,python,_core)
	@cp --remove-destination build/src/python/_core*.so python/tfthaw/  # an interpreter may have the old one loaded

.PHONY: test-python
test-python: python  ## the Python package: tests, examples in its documentation, types
	@$(MAKE) -j2 -Otarget python-tests python-types

.PHONY: python-tests python-types
python-tests:
	@$(PYTHON) -W error -m pytest -q -n $(JOBS) -W error tests/python
	@$(PYTHON) -W error -m pytest -q -W error --doctest-modules python/tfthaw

python-types:
	@$(PYTHON) -m mypy python/tfthaw
	@MYPYPATH=python PYTHONPATH=python $(PYTHON) -m mypy.stubtest tfthaw --mypy-config-file pyproject.toml --allowlist tools/stubtest-allowlist.txt

.PHONY: sanitized-python
sanitized-python: deps-build setup-judge  ## the same tests with a module built under the sanitizers: a quarter of an hour
	@$(call compile,sanitize-python,_core)
	@tools/run_sanitized_python

.PHONY: docs
docs: python  ## the package's guide and reference, as build-docs/tfthaw.html
	@$(PYTHON) -W error tools/make_docs

.PHONY: wheel
wheel: deps-build setup-judge  ## dist/*.whl with everything inside, tried in an environment without a compiler
	@tools/make_wheel

.PHONY: judge-sample
judge-sample: build python  ## real TensorFlow on the project's own models and a sample of the corpus
	@$(PYTEST) tests/judge
	@$(PYTHON) tests/judge/judge.py --own --sample --corpus $(CORPUS) --cap 120
	@$(PYTHON) tests/judge/there_and_back.py --corpus $(CORPUS) --sample
	@$(PYTHON) tests/judge/saved_model_corpus.py --corpus $(CORPUS) --every 12
	@$(PYTHON) tests/judge/blind.py --corpus $(CORPUS) --sample

.PHONY: judge
judge: build python  ## real TensorFlow on all of the corpus (CORPUS=folder), and every combination of its tests
	@$(PYTEST) --all tests/judge
	@$(PYTHON) tests/judge/judge.py --corpus $(CORPUS)
	@$(PYTHON) tests/judge/pairs.py --corpus $(CORPUS)
	@$(PYTHON) tests/judge/there_and_back.py --corpus $(CORPUS)
	@$(PYTHON) tests/judge/raise_corpus.py --corpus $(CORPUS)
	@$(PYTHON) tests/judge/freeze_corpus.py --corpus $(CORPUS)
	@$(PYTHON) tests/judge/inspect_corpus.py --corpus $(CORPUS)
	@$(PYTHON) tests/judge/verify_corpus.py --corpus $(CORPUS)
	@$(PYTHON) tests/judge/verify_corruptions.py --corpus $(CORPUS)
	@$(PYTHON) tests/judge/load_checkpoints.py --corpus $(CORPUS)
	@$(PYTHON) tests/judge/mutated.py --count 5000
	@THAW_FLEET=1000 $(PYTHON) -W error -m pytest -q -W error tests/python/test_fleet.py
	@$(PYTHON) tests/judge/transplant_pairs.py --corpus $(CORPUS)
	@$(PYTHON) tests/judge/saved_model_corpus.py --corpus $(CORPUS)
	@$(PYTHON) tests/judge/saved_model_corpus.py --own
	@$(PYTHON) tests/judge/context_corpus.py --corpus $(CORPUS)
	@$(PYTHON) tests/judge/loop_corpus.py --corpus $(CORPUS)
	@$(PYTHON) tests/judge/blind.py --corpus $(CORPUS)
	@$(PYTHON) tests/judge/blind.py --corpus $(CORPUS) --verify
	@$(PYTHON) tests/judge/tf2_fixtures.py

.PHONY: versions
versions: build python setup-judge  ## every TensorFlow 2 that the registry has for this Python, both ways: an hour
	@$(PYTHON) tests/judge/versions.py

.PHONY: bench
bench: build setup-judge  ## speed and memory against cp and TensorFlow scripts: half an hour (BENCH=--quick: minutes)
	@python3 bench/run.py $(BENCH)
	@$(MAKE) python
	@$(PYTHON) bench/list_weights.py

.PHONY: tidy
tidy: deps-tidy  ## clang-tidy over the library and the program: minutes
	@cmake --preset dev >/dev/null
	@run-clang-tidy-19 -quiet -p build-dev -j $(JOBS) "$(CURDIR)/src/"

MINUTES ?= 10
.PHONY: fuzz
fuzz: deps-test  ## random inputs: MINUTES of the processor for each target (TARGETS=names); totals in docs/fuzz-log.tsv
	@$(call compile,fuzz,thaw_fuzz)
	@tools/fuzz $(MINUTES) $(TARGETS)

.PHONY: format
format: deps-test  ## reformat the C++ sources
	@find $(CPP_FOLDERS) -name '*.cc' -o -name '*.h' | xargs clang-format-19 -i

.PHONY: clean
clean:  ## remove the build folders
	rm -rf build build-coverage build-dev build-docs build-fuzz build-odr build-sanitize build-sanitize-python build-threads dist

.PHONY: deps-build deps-test deps-tidy deps-memory
deps-build deps-test deps-tidy deps-memory:
	@tools/install-deps --$(@:deps-%=%)

define compile
cmake --preset $(1) >/dev/null
cmake --build --preset $(1) --parallel $(JOBS) --target $(2)
endef
