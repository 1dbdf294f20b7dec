# The commands of the project. The first one that is run makes .venv from the lock.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/.ready
PANDAS := $(VENV)/beside/pandas

.PHONY: scorecard show explain accept confirm whatif verify dev test torture bench sample spark lock clean
.DEFAULT_GOAL := scorecard

$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed, this is " + sys.version.split()[0] + ": say which with make PYTHON=...")'
	@echo "Installing into $(VENV) from requirements.lock ..."
	@$(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: -r requirements.lock
	@touch $@

# out of the way of all but the benchmarks
$(PANDAS): requirements-bench.lock | $(READY)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
		--upgrade --target $@ -r requirements-bench.lock
	@touch $@

# run the months FROM to TO (default: every month in raw/) and print the newest card
scorecard: $(READY)
	@$(RUN) -m orchestration scorecard --from "$(FROM)" --to "$(TO)"

# print the published card of MONTH (default: the newest)
show: $(READY)
	@$(RUN) -m orchestration show --month "$(MONTH)"

# tell how LINE of the card of MONTH came about; without LINE what changed on it since last month (JSON=1: as JSON)
explain: $(READY)
	@$(RUN) -m orchestration explain --month "$(MONTH)" --line "$(LINE)" $(if $(JSON),--json)

# vouch for a quarantined delivery: FILE=recorded_crime/2009-08.csv REASON="..."
accept: export SCORECARD_REASON = $(REASON)
accept: $(READY)
	@$(RUN) -m orchestration accept --file "$(FILE)" --reason "$$SCORECARD_REASON"

# keep the words of sentences whose numbers changed: MONTH=2009-08 [LINE=4a] REASON="..."
confirm: export SCORECARD_REASON = $(REASON)
confirm: $(READY)
	@$(RUN) -m orchestration confirm --month "$(MONTH)" --line "$(LINE)" --reason "$$SCORECARD_REASON"

# print what an edited catalogue (default: as it stands; CATALOGUE=folder) would change, and publish nothing
whatif: $(READY)
	@$(RUN) -m orchestration whatif --catalogue "$(CATALOGUE)" --from "$(FROM)" --to "$(TO)"

# prove the published release from what lies on the disk
verify: $(READY)
	@$(RUN) -m orchestration verify

# open Dagster
dev: $(READY)
	@$(RUN) -m orchestration dev

# every test, linters included
test: $(READY) $(PANDAS)
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/sqlfluff lint --disable-progress-bar dbt_project/models dbt_project/tests
	@$(RUN) -m pytest

# kills, full disks, damaged files, readers: PART of the full numbers (default: all of it, which takes hours)
torture: $(READY)
	@$(RUN) -m tests.torture --part "$(or $(PART),1)"

# seconds and memory beside the plainest other way: PART of the full sizes (default: all of it, which takes an hour)
bench: $(READY) $(PANDAS)
	@$(RUN) -m benchmarks --part "$(or $(PART),1)"

# write the sample deliveries in raw/ again
sample: $(READY)
	@$(RUN) -m raw._sample

# what SCORECARD_ENGINE=spark needs beside (docs/scaling.md); PySpark comes as a source archive only, built here by the
# setuptools of the same lock, without fetching anything else
spark: $(READY)
	@awk '/^[a-z]/ {wheel = !/^pyspark==/} wheel' requirements-spark.lock | $(RUN) -m pip install --quiet \
		--disable-pip-version-check --no-deps --require-hashes --only-binary :all: -r /dev/stdin
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
		--no-binary pyspark --no-build-isolation -r requirements-spark.lock

# choose the newest versions that fit pyproject.toml and write their hashes (needs uv)
lock:
	uv pip compile pyproject.toml --extra test --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --only-binary :all: --upgrade -o requirements.lock
	uv pip compile pyproject.toml --extra test --extra bench --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --only-binary :all: --upgrade -c requirements.lock \
		$$(sed -n 's/^\([a-z0-9._-]*\)==.*/--no-emit-package \1/p' requirements.lock) -o requirements-bench.lock
	uv pip compile pyproject.toml --extra test --extra spark --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --only-binary :all: --no-binary pyspark --upgrade \
		-c requirements.lock $$(sed -n 's/^\([a-z0-9._-]*\)==.*/--no-emit-package \1/p' requirements.lock) \
		-o requirements-spark.lock

clean:
	rm -rf $(VENV) warehouse
