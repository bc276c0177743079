# make demo and make test are all the set-up there is; every target makes .venv first.
PYTHON ?= python3
SITE_PACKAGES = .venv/.installed
BIN = .venv/bin

.PHONY: demo crawl quick test long lint accuracy lock clean

$(SITE_PACKAGES): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("kicrawl needs Python 3.11 or newer: make PYTHON=python3.11 ...") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

demo: $(SITE_PACKAGES)     ## crawl the bundled replica into SQLite and show what came out
	$(BIN)/python -m tests.replica.demo

crawl: $(SITE_PACKAGES)    ## crawl the real site into kicrawl.db
	$(BIN)/scrapy crawl newsfeed

quick: $(SITE_PACKAGES)    ## seconds: lint and the tests that start nothing
	$(BIN)/ruff check -q .
	$(BIN)/python -m pytest -q -n 2 -m "not slow and not long"

test: $(SITE_PACKAGES) lint  ## minutes: everything but the long runs, on SQLite and PostgreSQL
	$(BIN)/python -m pytest -n 2 -m "not long"

long: $(SITE_PACKAGES)     ## the long runs and the benchmarks
	$(BIN)/python -m pytest -m long
	$(BIN)/python -m benchmarks.growth
	$(MAKE) accuracy

lint: $(SITE_PACKAGES)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

accuracy: $(SITE_PACKAGES) ## how exactly pages are read, beside the peers (needs ../shared/gold)
	$(BIN)/python benchmarks/accuracy.py

lock: $(SITE_PACKAGES)     ## new versions of the dependencies into requirements.lock (needs uv)
	uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --upgrade -q -o requirements.lock

clean:
	rm -rf .venv .demo
