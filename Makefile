# Two commands do everything on a fresh machine with Python 3.11+: make try, make test.
PYTHON ?= python3
PORT ?= 8808
VENV := .venv
BIN := $(VENV)/bin
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: try test run lint bench fuzz faults crashes pictures lock clean

$(VENV)/%.done: requirements/%.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "salesbot needs Python 3.11 or newer")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(INSTALL) --require-hashes -r requirements/$*.txt
	$(INSTALL) --no-deps --editable .
	@touch $@

try: $(VENV)/try.done
	@PORT=$(PORT) $(BIN)/python -m playground

test: $(VENV)/test.done
	$(BIN)/python -m pytest

run: $(VENV)/run.done
	$(BIN)/python -m bot

lint: $(VENV)/test.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/test.done  # what an answer costs, against a bare discord.py bot on the same loopback Discord
	$(BIN)/python -m benchmarks

fuzz: $(VENV)/test.done  # any options on every command, for a minute
	$(BIN)/python -m tools.fuzzing

faults: $(VENV)/test.done  # every REST fault that can be answered, as a table
	$(BIN)/python -m tools.loopback_discord.fault_table

crashes: $(VENV)/test.done  # kill -9 while publishing, at 500 moments and at every write
	$(BIN)/python -m tools.crashes 500

lock:  # after a change of dependencies in pyproject.toml; needs uv
	@for set in test try run; do \
	  extra=$$(test $$set = run && echo "--extra charts" || echo "--extra $$set"); \
	  limits=$$(test $$set = test || echo "-c requirements/test.txt"); \
	  uv pip compile -q pyproject.toml $$extra $$limits --generate-hashes --universal --python-version 3.11 \
	    --no-emit-index-url --no-header --no-annotate -o requirements/$$set.txt; done

clean:
	rm -rf $(VENV)

pictures: $(VENV)/test.done  # of real replies, for the README and docs/; needs Chromium
	$(INSTALL) "playwright>=1.50"
	$(BIN)/python docs/pictures.py
