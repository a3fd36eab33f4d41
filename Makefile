PYTHON ?= python3
VENV := .venv
FUZZ_SECONDS ?= 3600
BIN := $(VENV)/bin
PIP_INSTALL = $(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable

.PHONY: demo test lint postgres-server java format clean browser screenshots kill kill-dedup fuzz fuzz-sources

$(VENV)/.runtime: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP_INSTALL) .
	@touch $@

$(VENV)/.development: $(VENV)/.runtime
	$(PIP_INSTALL) '.[dev,postgres,spark,web]'
	@touch $@

demo: $(VENV)/.runtime  ## index the shipped pages and check one of them
	@$(BIN)/provenance demo

lint: $(VENV)/.development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint postgres-server java  ## ruff, mypy --strict and pytest
	$(BIN)/pytest -n 2 --dist loadgroup

postgres-server:  ## Debian's PostgreSQL, which the tests start; installed by root where it is missing
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || { \
		[ "$$(id -u)" = 0 ] && apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql; \
	} || { echo "PostgreSQL's server is missing; run: apt-get install postgresql" >&2; exit 1; }

java:  ## Java, on which Spark runs; Debian's is installed by root where it is missing
	@command -v java >/dev/null || { \
		[ "$$(id -u)" = 0 ] && apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless; \
	} || { echo "Java is missing; run: apt-get install openjdk-17-jre-headless" >&2; exit 1; }

browser: $(VENV)/.development  ## drive the pages in Debian's chromium; axe-core comes from npm
	npm install --silent --no-save --prefix build/npm axe-core@4.14.1
	$(BIN)/pytest --override-ini addopts=-q tests/browser

screenshots: $(VENV)/.development  ## pictures of every page at desktop and phone width
	$(BIN)/python -m tests.browser.screenshots build/screenshots

kill-dedup: $(VENV)/.development  ## kill bulk dedup two hundred times and see that it ends the same
	$(BIN)/python -m tests.bulk.kills 200

kill: $(VENV)/.development kill-dedup  ## kill -9 at random moments, 200 times each; nothing may be lost
	$(BIN)/python -m tests.index.kills 200
	$(BIN)/python -m tests.jobs.kills 200

fuzz: $(VENV)/.development  ## an hour of mutated files, each read, judged, shown and stored in a watched process
	$(BIN)/python -m tests.fuzz.watched --cases 1000000000 --seconds $(FUZZ_SECONDS)

fuzz-sources: $(VENV)/.development  ## an hour of mutated files, read only: many more of them
	$(BIN)/python -m tests.sources.fuzz 1000000000 $${SEED:-0} $(FUZZ_SECONDS)

format: $(VENV)/.development
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) build *.egg-info
