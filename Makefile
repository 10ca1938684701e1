# Two commands do everything on a fresh machine with Python 3.11+: make try, make test.
PYTHON ?= python3
PORT ?= 8808
PACKS ?= 200
VENV := .venv
BIN := $(VENV)/bin
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
# The folders that take milliseconds a test; their property tests are left to make test.
FAST := tests/values tests/facts tests/words tests/questions tests/query tests/packs/test_cells.py tests/packs/test_folder.py \
  tests/storage/test_difference.py tests/test_settings.py tests/test_glossary.py tests/test_texts.py

.DEFAULT_GOAL := help
.PHONY: help try browse fast test versions run lint format bench fuzz faults crashes mutants pictures lock clean oracle attack soak restarts http-restarts sharing dist release traditional

help:  # this list
	@awk -F ':.*# ' '/^[a-z-]+:.*# / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/%.done: requirements/%.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "salesbot needs Python 3.11 or newer")'
	@echo "salesbot: installing what it needs into $(VENV), a minute or so; nothing outside of it is touched"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(INSTALL) --require-hashes -r requirements/$*.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

try: $(VENV)/try.done  # the bot in your browser, on a simulated Discord; PORT=8899 chooses the port
	@PORT=$(PORT) $(BIN)/python -m playground

browse: $(VENV)/browse.done  # the facts in your browser, read-only; PORT=8899 chooses the port
	@$(BIN)/salesbot browse --port $(PORT)

fast: $(VENV)/test.done  # the fast tests, in less than 10 seconds
	@$(BIN)/python -m pytest -n 2 -m "not slow" -p no:simcord --ignore=tests/query/test_properties.py $(FAST)

test: $(VENV)/test.done  # every test
	$(BIN)/python -m pytest

versions:  # every test on each Python from 3.11 to 3.14 that is found
	@for version in 3.11 3.12 3.13 3.14; do \
	  command -v python$$version > /dev/null || { echo "python$$version is not here"; continue; }; \
	  echo "python$$version"; \
	  $(MAKE) --no-print-directory test VENV=.venv-$$version PYTHON=python$$version || exit 1; \
	done

run: $(VENV)/run.done  # the bot on Discord; needs SALESBOT_DISCORD_TOKEN
	$(BIN)/python -m bot

lint: $(VENV)/test.done  # ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/test.done  # format the code, and apply the fixes that are safe
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/test.done  # what an answer costs, against a bare discord.py bot on the same loopback Discord
	$(BIN)/python -m benchmarks

fuzz: $(VENV)/test.done  # any options on every command, for a minute
	$(BIN)/python -m tools.fuzzing

faults: $(VENV)/test.done  # every REST fault that can be answered, as a table
	$(BIN)/python -m tools.loopback_discord.fault_table

crashes: $(VENV)/test.done  # kill -9 while publishing, at 500 moments and at every write
	$(BIN)/python -m tools.crashes 500

oracle: $(VENV)/test.done  # random packs answered by an independent reference and by the engine; PACKS=N
	@$(BIN)/python -m tests.oracle --packs $(PACKS) --questions 15

mutants: $(VENV)/test.done  # which of 120 small faults in the engine the fast tests miss; a quarter of an hour
	$(BIN)/python -m tools.mutants

attack: $(VENV)/test.done  # one server at its worst, and what another sees of it
	$(BIN)/python -m benchmarks.attack

restarts: $(VENV)/test.done  # questions while the process is killed and upgraded 70 times, for two minutes
	$(BIN)/python -m tools.restarts

http-restarts: $(VENV)/test.done  # the same over HTTP, with three processes behind HAProxy, which has to be installed
	$(BIN)/python -m tools.http_restarts

sharing: $(VENV)/test.done  # 8 processes that share a database, and how long until all serve what one changes
	@$(BIN)/python -m tools.sharing

dist: $(VENV)/test.done  # the wheel and the sdist, each installed into a new environment and asked
	@$(BIN)/python -m tools.distribution

release: $(VENV)/test.done  # VERSION=1.2.3: the changelog's unreleased part becomes that release, which is tagged
	@$(BIN)/python -m tools.release $(VERSION)

soak: $(VENV)/test.done  # half an hour of everything at once, with faults drawn at random
	@$(BIN)/python -m tools.soak

traditional: $(VENV)/test.done  # the traditional Chinese words, made of the simplified ones
	@$(BIN)/python -m tools.traditional

lock:  # after a change of dependencies in pyproject.toml; needs uv
	@for set in test try run browse; do \
	  extra="--extra build $$(test $$set = run && echo "--extra charts --extra postgres --extra fast" || echo "--extra $$set")"; \
	  limits=$$(test $$set = test || echo "-c requirements/test.txt"); \
	  uv pip compile -q pyproject.toml $$extra $$limits --generate-hashes --universal --python-version 3.11 \
	    --no-emit-index-url --no-header --no-annotate -o requirements/$$set.txt; done

clean:  # remove the virtual environment
	rm -rf $(VENV)

pictures: $(VENV)/test.done  # of real replies, for the README and docs/; needs Chromium
	$(INSTALL) "playwright>=1.50"
	$(BIN)/python docs/pictures.py
