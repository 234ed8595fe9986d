# One release build in .build/release serves the demo, the tests and the benchmarks.
SWIFT ?= swift
BUILD = $(SWIFT) build -c release

.PHONY: help demo test build bench soak simulate format lint packages

help:
	@echo "make demo     build, check and test the rules that ship, decide the streams of events"
	@echo "make test     build and run every test"
	@echo "make build    build the command only: .build/release/assay"
	@echo "make bench    build and run the benchmarks"
	@echo "make soak     compare the windows with their oracle on new random streams"
	@echo "make simulate run the store in Redis through many seeds of simulated faults"
	@echo "make format   lay out the sources as .swift-format says"
	@echo "make lint     tell where they are not"

demo: build
	@.ci/demo

# Built without the flag for @testable, as the command is: nothing is compiled twice.
test: packages
	$(BUILD) --build-tests
	$(SWIFT) test -c release --skip-build

build: packages
	$(BUILD) --product assay

bench: packages
	$(BUILD) --product benchmarks
	.build/release/benchmarks

# Windows against the oracle on streams that were never drawn before; each run prints its seeds.
soak: packages
	$(BUILD) --build-tests
	for run in 1 2 3 4 5 6 7 8 9 10; do \
	  ASSAY_WINDOW_STREAMS=random $(SWIFT) test -c release --skip-build --filter OracleStreamTests || exit 1; done

# ASSAY_SIMULATION_SEEDS says how many; a seed that fails is printed, and ASSAY_SIMULATION_SEED=n replays it.
simulate: packages
	$(BUILD) --build-tests
	ASSAY_SIMULATION_SEEDS=$${ASSAY_SIMULATION_SEEDS:-100000} \
	  $(SWIFT) test -c release --skip-build --filter SimulationFaultTests

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

packages:
	@.ci/packages
