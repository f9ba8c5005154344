# make demo [ARGS='--once disk']   set up what running needs, then run the main job
# make test [ARGS='-k words']      set up what testing needs, then check and test everything
# make coverage                    the same tests, and which lines they reach
# make bench [ARGS='loop --quick']  measure, beside pywa, aiogram and python-telegram-bot in environments of their own
# make oracle                      set up the libraries that the simulated Telegram is tried with
# make docs                        write daemon.yaml.example and the reference pages that come out of the code
# make pictures                    take the pictures in docs/images (needs chromium)
# make lock                        resolve the locked requirements again (needs uv)
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Most tests wait for a daemon, a program or a clock: two of them keep a core busy.
WORKERS ?= $(shell $(PYTHON) -c "import os; print(2 * (os.cpu_count() or 1))")
# Tests start hundreds of processes, and each would compile anew what it imports.
unexport PYTHONDONTWRITEBYTECODE
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test lint coverage bench oracle docs pictures lock clean

demo: $(VENV)/.run
	@$(BIN)/aof demo $(ARGS)

test: lint
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

coverage: $(VENV)/.test
	$(BIN)/python -m pytest --cov --cov-report=term-missing:skip-covered $(ARGS)

# Who is measured beside us shares no package with us.
bench: $(VENV)/.run .bench/pywa/.done .oracle/.done
	@$(BIN)/python -m bench $(ARGS)

.bench/pywa/.done: requirements/bench.txt
	@$(PYTHON) -m venv .bench/pywa
	@.bench/pywa/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement requirements/bench.txt
	@touch $@

# Telegram's libraries, in an environment of their own: the simulator has to be right for clients that nobody here wrote,
# and they are measured beside us.
oracle: .oracle/.done

.oracle/.done: requirements/oracle.txt
	@$(PYTHON) -m venv .oracle
	@.oracle/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --no-deps --requirement requirements/oracle.txt
	@touch $@

docs: $(VENV)/.test
	@$(BIN)/python -m tests.docs.pages

pictures: $(VENV)/.test
	@$(BIN)/python -m tests.browser.pictures

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

$(BIN)/python:
	@echo "Setting up $(VENV), once."
	@$(PYTHON) -m venv $(VENV)

# The locked files hold every package with its hashes, so pip has nothing to resolve (an old one can't, with extras and
# hashes); the project itself is built by the backend that stands in them.
$(VENV)/.run: $(BIN)/python requirements/llm.txt pyproject.toml
	@$(PIP) install --require-hashes --no-deps --requirement requirements/llm.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.run requirements/test.txt
	@$(PIP) install --require-hashes --no-deps --requirement requirements/test.txt
	@touch $@

COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-strip-extras pyproject.toml
# Tests speak to every vendor's stand-in with the vendor's own library.
VENDORS := --extra anthropic --extra bedrock --extra google --extra groq

lock:
	$(COMPILE) --group build --output-file requirements/run.txt
	$(COMPILE) --group build --extra llm --constraint requirements/run.txt --output-file requirements/llm.txt
	$(COMPILE) --group build --extra llm $(VENDORS) --group test --constraint requirements/llm.txt --output-file requirements/test.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-strip-extras \
		--group bench --output-file requirements/bench.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-strip-extras \
		--group oracle --output-file requirements/oracle.txt

clean:
	rm -rf $(VENV) .bench .oracle .mypy_cache .ruff_cache .pytest_cache .hypothesis
