# The README's two commands (`make figures`, `make test`) and a few habits.
# Each makes the virtual environment first if it is not there.

CORES ?= 2
RESULTS ?= results
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STYLE := --report-stylesheet workflow/report/front_page.css
RUN := PATH="$(CURDIR)/$(BIN):$$PATH"
# uv does not read pip's configuration: where pip has folders of wheels configured, uv is told. Asked in the recipe,
# since make would expand a variable before there is a virtual environment to ask. Bytecode is compiled, as pip does:
# where Python may not write it, each job would otherwise spend 3 s on compiling what it imports.
FIND_LINKS = $(BIN)/python -m pip config list | sed -n "s/.*find-links='\(.*\)'/\1/p" | head -n 1

.PHONY: help install scenarios figures demo report archive compare reference test test-slurm bench docs lint why verify recover soak

help:
	@echo "make figures CORES=8   install, then run the whole pipeline into results/"
	@echo "make demo              install, then run a small version into results/demo/ (minutes)"
	@echo "make scenarios         what each file in scenarios/ is for, its jobs, estimated time and memory"
	@echo "make report            the run in results/ as a web page: report.html and report.zip"
	@echo "make archive           that run with its report, code and versions in one zip, to share: archive.zip"
	@echo "make compare           for each claim, whether the run in results/ agrees with the reference run"
	@echo "make test              install, then run the tests"
	@echo "make why               what would be remade, and which setting, code, package or input changed"
	@echo "make verify            check RESULTS=results against itself: nothing corrupt, stale or mixed"
	@echo "make recover CORES=8   go on after a run was killed"
	@echo "make soak              kill small runs 50 times; results must equal those of an undisturbed run"
	@echo "make test-slurm        install, then run those that start a SLURM of their own (root, Debian)"
	@echo "make bench             ratios to what else one could use, and where RESULTS=results spent its time: docs/benchmark.md"
	@echo "make docs              the documentation as a site that opens without a network: build/docs/site/index.html"
	@echo "make lint              ruff, snakefmt and Snakemake's own linter"

# CONSTRAINTS=1 installs the versions of envs/constraints.txt instead of the newest that pyproject.toml allows.
install: $(VENV)/installed

# The environment knows its folder and its Python: a copy of it elsewhere, or one of an old Python, is made anew.
ifneq ($(shell cat $(VENV)/installed 2>/dev/null),$(CURDIR))
.PHONY: $(VENV)/installed
endif

$(VENV)/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "PYTHON is $(PYTHON), which is Python %d.%d; allowed: 3.11 or newer, as in make install PYTHON=python3.11" % sys.version_info[:2])'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet uv
	UV_FIND_LINKS="$$($(FIND_LINKS))" $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python $(if $(CONSTRAINTS),--constraints envs/constraints.txt) --editable ".[dev]"
	@echo '$(CURDIR)' > $@

scenarios: install
	$(RUN) python -m pipeline.scenarios $(CORES)

figures: install
	$(RUN) snakemake --cores $(CORES)

demo: install
	$(RUN) snakemake --cores $(CORES) --configfile scenarios/demo.yaml

# Of the run in results/, or of another: make report CONFIGFILE=scenarios/demo.yaml
report: install
	$(RUN) snakemake $(if $(CONFIGFILE),--configfile $(CONFIGFILE)) --report report.html $(STYLE)
	$(RUN) snakemake $(if $(CONFIGFILE),--configfile $(CONFIGFILE)) --report report.zip $(STYLE)

# Another run: make compare RESULTS=results/demo
compare: install
	$(BIN)/python -m pipeline.reference compare "$(RESULTS)" reference

# The run in results/, or of another: make archive CONFIGFILE=scenarios/demo.yaml
archive: report
	$(RUN) python -m pipeline.archive archive.zip $(CONFIGFILE)

# For maintainers: the run in results/ becomes the reference, and the README shows its claims and its figures.
reference: install
	$(BIN)/python -m pipeline.reference keep "$(RESULTS)" reference README.md
	$(BIN)/python -m pipeline.estimates $(RESULTS) reference/benchmarks.csv
	cp "$(RESULTS)/figures/animation.gif" docs/images/replay.gif
	cp "$(RESULTS)/figures/decoders.png" docs/images/decoders.png
	cp "$(RESULTS)/figures/twins.png" docs/images/twins.png

test: install
	$(RUN) python -m pytest -n 2 --dist loadfile -m "not slow and not slurm"

# On a SLURM that the tests start themselves: root, and Debian's munge, slurm-client, slurmctld and slurmd.
test-slurm: install
	UV_FIND_LINKS="$$($(FIND_LINKS))" $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --editable ".[dev,slurm]"
	$(RUN) python -m pytest -m slurm

# On an idle machine, in ten minutes; ROUNDS=1 only sees that all runs through.
bench: install
	UV_FIND_LINKS="$$($(FIND_LINKS))" $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --editable ".[dev,bench]"
	mkdir -p build
	$(RUN) RESULTS="$(RESULTS)" python -m pytest benchmarks/bench_*.py --benchmark-timer=time.process_time --benchmark-quiet --benchmark-json=build/benchmark.json
	$(RUN) python -m benchmarks.document build/benchmark.json docs

# For maintainers: the newest versions that pyproject.toml allows, those of this day. No version is of one machine's
# build only, such as 2.13.0+cpu: pip takes such a build for 2.13.0 where it finds one.
constraints: install
	UV_FIND_LINKS="$$($(FIND_LINKS))" $(BIN)/uv pip compile --quiet --upgrade --all-extras --no-annotate --no-header --no-emit-find-links --python-version 3.11 pyproject.toml | sed 's/+[^ ]*//' > build/constraints.txt
	{ sed -n '/^#/p' envs/constraints.txt; cat build/constraints.txt; } > build/new.txt
	mv build/new.txt envs/constraints.txt

docs: install
	UV_FIND_LINKS="$$($(FIND_LINKS))" $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --editable ".[dev,docs]"
	$(RUN) python docs/site/build.py

why: install
	$(RUN) snakemake --dry-run --quiet all

verify: install
	$(RUN) python -m pipeline.verify "$(RESULTS)"

recover: install
	$(RUN) python -m pipeline.recovery --cores $(CORES)

soak: install
	$(RUN) KILLS=50 python -m pytest tests/test_kill.py -q -s

lint: install
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) snakefmt --check Snakefile workflow/rules
	$(RUN) snakemake --lint
