# make demo and make test are all the set-up there is; every target makes .venv first.
PYTHON ?= python3
BIN = .venv/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check
INSTALL = $(PIP) install -q --require-hashes -r
RUN = .venv/.installed
DEV = .venv/.installed-dev
BENCH = .venv/.installed-bench
COMPILE = uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
  --generate-hashes --no-emit-index-url --no-emit-find-links --upgrade -q

.PHONY: demo crawl quick test long lint accuracy bench audit lock clean

$(RUN): requirements.lock pyproject.toml     # what a crawl needs, with every extra
	@$(PYTHON) -c 'import sys; sys.exit("kicrawl needs Python 3.11 or newer: make PYTHON=python3.11 ...") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(INSTALL) requirements.lock
	$(PIP) install -q --no-deps --no-build-isolation -e .
	touch $@

$(DEV): requirements-dev.lock $(RUN)         # and what the tests need
	$(INSTALL) requirements-dev.lock
	touch $@

$(BENCH): requirements-bench.lock $(DEV)     # and the peers of the benchmarks
	$(INSTALL) requirements-bench.lock
	touch $@

demo: $(RUN)               ## crawl the bundled replica into SQLite and show what came out
	$(BIN)/python -m tests.replica.demo

crawl: $(RUN)              ## crawl the real site into kicrawl.db
	$(BIN)/scrapy crawl newsfeed

quick: $(DEV)              ## seconds: lint and the tests that start nothing
	$(BIN)/ruff check -q .
	$(BIN)/python -m pytest -q -n 2 -m "not slow and not long"

test: $(DEV) lint          ## minutes: everything but the long runs, on SQLite and PostgreSQL
	$(BIN)/python -m pytest -n 3 -m "not long"

long: $(BENCH)             ## the long runs and the benchmarks: hours
	$(BIN)/python -m pytest -m long
	$(MAKE) accuracy bench

bench: $(BENCH)            ## what reading, crawling, storing, searching, exporting, reading again take, beside peers
	$(BIN)/python -m benchmarks.speed
	$(BIN)/python -m benchmarks.scaling
	$(BIN)/python -m benchmarks.search
	$(BIN)/python -m benchmarks.store
	$(BIN)/python -m benchmarks.export
	$(BIN)/python -m benchmarks.backfill
	$(BIN)/python -m benchmarks.reprocess
	$(BIN)/python -m benchmarks.growth

audit: $(DEV)              ## known holes in what a crawl installs; asks the package index
	$(BIN)/pip-audit --strict --disable-pip --require-hashes -r requirements.lock

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/scrapy-lint
	$(BIN)/mypy

accuracy: $(DEV)           ## how exactly pages are read, beside the peers (needs ../shared/gold)
	$(BIN)/python benchmarks/accuracy.py

lock:                      ## new versions of the dependencies into the requirements*.lock (needs uv)
	$(COMPILE) --group setup -o requirements.lock
	$(COMPILE) --group dev -c requirements.lock -o requirements-dev.lock
	$(COMPILE) --group dev --group bench -c requirements-dev.lock -o requirements-bench.lock

clean:
	rm -rf .venv .demo
