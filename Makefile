# The commands of the project. The first one that is run makes .venv from the lock.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/.ready
TESTED := $(VENV)/.ready-for-tests
PANDAS := $(VENV)/beside/pandas
READER := $(VENV)/beside/duckdb-1.5

.PHONY: scorecard show explain status accept confirm whatif verify year source contracts prune development dbt dev lint test test-all torture soak sweep bench sample messages lineage reference spark production bucket lock clean
.DEFAULT_GOAL := scorecard

INSTALL := $(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all:

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed, this is " + sys.version.split()[0] + ": say which with make PYTHON=...")'
	@echo "Installing into $(VENV) from requirements.lock ..."
	@$(PYTHON) -m venv $(VENV)
	@$(INSTALL) -r requirements.lock
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(RUN) -m orchestration prepare
	@touch $@

$(TESTED): requirements-test.lock | $(READY)
	@$(INSTALL) -r requirements-test.lock
	@touch $@

# out of the way of all but the benchmarks
$(PANDAS): requirements-bench.lock | $(READY)
	@$(INSTALL) --upgrade --target $@ -r requirements-bench.lock
	@touch $@

# the oldest DuckDB that readers of a release are promised
$(READER): requirements-reader.lock | $(READY)
	@$(INSTALL) --upgrade --target $@ -r requirements-reader.lock
	@touch $@

# run the months FROM to TO (default: every month in raw/) and print the newest card
scorecard: $(READY)
	@$(RUN) -m orchestration scorecard --from "$(FROM)" --to "$(TO)"

# print the published card of MONTH (default: the newest); LETTERS=1: the letters of its year, month by month
show: $(READY)
	@$(RUN) -m orchestration show --month "$(MONTH)" $(if $(LETTERS),--letters)

# tell how LINE of the card of MONTH came about; without LINE what changed on it since last month (JSON=1: as JSON)
explain: $(READY)
	@$(RUN) -m orchestration explain --month "$(MONTH)" --line "$(LINE)" $(if $(JSON),--json)

# print what waits for a person: deliveries, cards, what is to be confirmed, each with what to do
status: $(READY)
	@$(RUN) -m orchestration status

# vouch for a quarantined delivery: FILE=recorded_crime/2009-08.csv REASON="..."
accept: export SCORECARD_REASON = $(REASON)
accept: $(READY)
	@$(RUN) -m orchestration accept --file "$(FILE)" --reason "$$SCORECARD_REASON"

# keep sentences whose numbers changed, let go what a published card would lose: MONTH=2009-08 [LINE=4a] REASON="..."
confirm: export SCORECARD_REASON = $(REASON)
confirm: $(READY)
	@$(RUN) -m orchestration confirm --month "$(MONTH)" --line "$(LINE)" --reason "$$SCORECARD_REASON"

# print what an edited catalogue (default: as it stands; CATALOGUE=folder) would change, and publish nothing
whatif: $(READY)
	@$(RUN) -m orchestration whatif --catalogue "$(CATALOGUE)" --from "$(FROM)" --to "$(TO)"

# prove vault, ledger, quarantine and releases from what lies on the disk (DEEP=1: every byte of the vault as well)
verify: $(READY)
	@$(RUN) -m orchestration verify $(if $(DEEP),--deep)

# begin the next financial year's rows of the catalogue from this year's, for a person to edit
year: $(READY)
	@$(RUN) -m orchestration year

# draft the declaration of a source from a published CSV: FILE=path [NAME=...]
source: $(READY)
	@$(RUN) -m orchestration source --file "$(FILE)" --name "$(NAME)"

# write the declarations of sources as files of the Open Data Contract Standard: [INTO=folder]
contracts: $(READY)
	@$(RUN) -m orchestration contracts --into "$(INTO)"

# delete all but the last KEEP runs (default: 100) from Dagster's record
prune: $(READY)
	@$(RUN) -m orchestration prune --keep "$(or $(KEEP),100)"

# copy the working database for dbt by hand, which builds the report months FROM to TO there (docs/operating.md)
development: $(READY)
	@$(RUN) -m orchestration development --from "$(FROM)" --to "$(TO)"

# run dbt on that copy: ARGS="build --select rolling_year+"
dbt: $(READY)
	@$(RUN) -m orchestration dbt $(ARGS)

# open Dagster
dev: $(READY)
	@$(RUN) -m orchestration dev

LINT = $(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check . && $(VENV)/bin/lint-imports && \
	$(VENV)/bin/mypy --no-error-summary && \
	$(VENV)/bin/sqlfluff lint \
	--processes 2 --disable-progress-bar dbt_project/models dbt_project/analyses dbt_project/tests

# the linters alone
lint: $(TESTED)
	@$(LINT)

# ONLY=release: the tests of a room; ONLY=rolling_year: those that a model or any other word names
CHOSEN = $(if $(ONLY),$(if $(wildcard tests/$(firstword $(ONLY))),$(addprefix tests/,$(ONLY)),-k "$(ONLY)"))

# linters, and every test but those marked slow (browsers, clusters, kills, further runs)
test: $(TESTED)
	@$(LINT)
	@$(RUN) -m pytest -m "not slow" $(CHOSEN)

# linters and every test; what needs Chromium, Java or Spark is skipped, and says so, where that is not installed
test-all: $(TESTED) $(PANDAS) $(READER)
	@$(LINT)
	@$(RUN) -m pytest -rs $(CHOSEN)

# kills, full disks, damaged files, readers: PART of the full numbers (default: all of it, which takes hours)
torture: $(TESTED)
	@$(RUN) -m tests.torture --part "$(or $(PART),1)"

# simulated YEARS of the schedule and the sensors, deliveries, people and faults by seed: SEEDS=1-5, or SEED=17 to replay
# one; EVERYTHING=1 writes every table and edition of a card as well; BUGS=1 plants known mistakes, and prints what finds
# each
soak: $(TESTED)
	@$(RUN) -m tests.soak --years "$(or $(YEARS),10)" --seeds "$(or $(SEEDS),1-5)" $(if $(SEED),--seed $(SEED)) $(if $(EVERYTHING),--everything) $(if $(BUGS),--bugs)

# generated catalogues with their deliveries, on which models, audit and plain definitions must agree: CASES=10000, or
# SEED=17 to replay one, made small where they differ; MUTATIONS=1 plants known mistakes and prints which seed finds each
sweep: $(TESTED)
	@$(RUN) -m tests.sweep --cases "$(or $(CASES),10000)" $(if $(SEED),--seed $(SEED)) $(if $(MUTATIONS),--mutations)

# seconds and memory beside the plainest other way: PART of the full sizes (default: all of it, which takes an hour)
bench: $(TESTED) $(PANDAS)
	@$(RUN) -m benchmarks --part "$(or $(PART),1)"

# write the sample deliveries in raw/ again
sample: $(READY)
	@$(RUN) -m raw._sample

# write docs/messages.md again: every code of a finding, with an example that validation says
messages: $(READY)
	@$(RUN) -m tests.messages

# write docs/lineage.md again, the files, tables, models and modules that a figure passes, and for Dagster the lineage of
# columns, dbt_project/column_lineage.json
lineage: $(READY)
	@$(RUN) -m tests.lineage

# write docs/reference/ again, the rules of the models by example, from dbt's unit tests
reference: $(READY)
	@$(RUN) -m tests.reference

# what SCORECARD_ENGINE=spark needs beside (docs/scaling.md); PySpark comes as a source archive only, built here by the
# setuptools of the same lock, without fetching anything else
spark: $(READY)
	@awk '/^[a-z]/ {wheel = !/^pyspark==/} wheel' requirements-spark.lock | $(INSTALL) -r /dev/stdin
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
		--no-binary pyspark --no-build-isolation -r requirements-spark.lock

# what keeps Dagster's record of runs in Postgres (docs/operating.md)
production: $(READY)
	@$(INSTALL) -r requirements-production.lock

# what takes deliveries from a bucket and copies releases into one (docs/operating.md)
bucket: $(READY)
	@$(INSTALL) -r requirements-bucket.lock

# write the locks again: the versions in them stay, but for PACKAGE=name, or all of them with ALL=1 (needs uv, `pip install
# uv`). Nothing younger than ten days gets in: bad releases are nearly always found and withdrawn within days.
COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--exclude-newer "10 days" --no-annotate --no-header --only-binary :all: \
	$(if $(ALL),--upgrade) $(if $(PACKAGE),--upgrade-package $(PACKAGE))
LOCK := $(COMPILE) pyproject.toml
WITHOUT = -c requirements.lock $$(sed -n 's/^\([a-z0-9._-]*\)==.*/--no-emit-package \1/p' requirements.lock)
lock:
	$(LOCK) --extra install -o requirements.lock
	$(LOCK) --extra test $(WITHOUT) -o requirements-test.lock
	$(LOCK) --extra production $(WITHOUT) -o requirements-production.lock
	$(LOCK) --extra bucket $(WITHOUT) -o requirements-bucket.lock
	$(LOCK) --extra bench $(WITHOUT) -o requirements-bench.lock
	echo 'duckdb>=1.5,<1.6' | $(COMPILE) - -o requirements-reader.lock
	$(LOCK) --extra spark --no-binary pyspark $(WITHOUT) -o requirements-spark.lock

clean:
	rm -rf $(VENV) warehouse
