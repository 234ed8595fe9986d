# One release build in .build/release serves the demo, the tests and the benchmarks.
SWIFT ?= swift
BUILD = $(SWIFT) build -c release

.PHONY: help demo test test-node build library fuzz fuzz-cel regex-agreement same-bytes cost-c bench \
  bench-peers bench-redis bench-sidecar soak soak-cel sanitize docs man soak-cluster soak-sidecar simulate-store chaos \
  soak-redis schemathesis simulate worth format lint packages test-packages bench-packages

help:
	@echo "make demo          build, check and test the rules that ship, decide the streams of events"
	@echo "make test          build and run every test"
	@echo "make test-node     run the tests of the client for Node.js and of the packaging, over the command that is built"
	@echo "make build         build the command only: .build/release/assay"
	@echo "make library       build libassay.so and assay.h for other languages: .build/library"
	@echo "make fuzz          feed the C interface and connections with made-up input, a minute each, under AddressSanitizer"
	@echo "make fuzz-cel      the same for expressions: parsed, checked, run, and compiled, a minute each"
	@echo "make regex-agreement  ask RE2 itself about 100,000 generated pairs of pattern and text"
	@echo "make same-bytes    decide 100,000 generated events on every way in and compare the bytes"
	@echo "make cost-c        measure a decision through the C interface"
	@echo "make bench         build and run the benchmarks"
	@echo "make bench-peers   the rules of the benchmark in other engines too, and how much longer they take"
	@echo "make bench-redis   the same for windows in Redis, over a server of their own"
	@echo "make bench-sidecar the same for a sidecar behind its socket"
	@echo "make soak          compare the windows with their oracle on new random streams"
	@echo "make soak-cel      compare a million generated expressions, compiled, with the tree walker"
	@echo "make sanitize      run the tests that use many threads, those of the sidecar among them, under ThreadSanitizer"
	@echo "make man           write the manual pages: .build/man/man1"
	@echo "make docs          convert the documentation of every module and check its links"
	@echo "make soak-cluster  move, kill, pause and promote nodes of a Redis Cluster for five minutes"
	@echo "make soak-sidecar  send many events over every way into a sidecar, and stop it many times under load"
	@echo "make soak-redis    let four processes take turns over Redis on whole files of events"
	@echo "make chaos         decide a million events while servers and clusters are killed, stopped, filled and moved"
	@echo "make simulate-store  run the store in Redis through many seeds of simulated faults"
	@echo "make simulate      write a rewards platform's events to standard output, as many as ARGS say"
	@echo "make worth         measure what the rules that ship catch, what it costs, and how soon"
	@echo "make schemathesis  hold a running sidecar against its own OpenAPI description, a thousand examples an operation"
	@echo "make format        lay out the sources as .swift-format says"
	@echo "make lint          tell where they are not"

demo: build
	@.ci/demo

# Built without the flag for @testable, as the command is: nothing is compiled twice.
test: test-packages
	$(BUILD) --build-tests
	@.ci/tests
	@$(MAKE) --no-print-directory test-node

# Against real sidecars of their own, at sockets in a temporary folder.
test-node:
	@node --test Clients/node/test/*.test.mjs Packaging/test/*.test.mjs

build: packages
	$(BUILD) --product assay

# make library PREFIX=/usr/local puts it there.
library: packages
	$(BUILD) --product CAssay
	@.ci/library $(PREFIX)

# ASSAY_FUZZ_SECONDS=600 fuzzes longer.
fuzz: test-packages
	@.ci/fuzz

# ASSAY_FUZZ_SECONDS=600 fuzzes each longer, ASSAY_FUZZ_HARNESS=run only one of them.
fuzz-cel: packages
	@.ci/fuzz-cel

# ASSAY_SEED=n draws the pairs of an earlier run again.
regex-agreement: packages
	$(BUILD) --product assay
	Tests/RegexAgreement/run $${ASSAY_REGEX_PAIRS:-100000}

# Each run prints the seed of its events; ASSAY_SEED=n draws them again.
same-bytes: test-packages
	$(BUILD) --build-tests
	ASSAY_GENERATED_EVENTS=$${ASSAY_GENERATED_EVENTS:-100000} \
	  $(SWIFT) test -c release --skip-build --filter SameBytesTests

# A call through C beside a call of the engine; alone, as other tests would disturb it.
cost-c: packages
	$(BUILD) --build-tests
	ASSAY_MEASURE=1 $(SWIFT) test -c release --skip-build --filter CostTests

bench: packages
	$(BUILD) --product benchmarks
	.build/release/benchmarks

# Python packages in an environment of their own, .build/peers.
bench-peers: packages
	$(BUILD) --product benchmarks
	python3 Tests/Benchmarks/peers/peers.py

bench-redis: test-packages
	$(BUILD) --product redis-benchmarks
	.build/release/redis-benchmarks

bench-sidecar: bench-packages
	$(BUILD) --product sidecar-benchmarks
	.build/release/sidecar-benchmarks

# Windows against the oracle on streams that were never drawn before; each run prints its seeds.
soak: packages
	$(BUILD) --build-tests
	for run in 1 2 3 4 5 6 7 8 9 10; do \
	  ASSAY_WINDOW_STREAMS=random $(SWIFT) test -c release --skip-build --filter OracleStreamTests || exit 1; done

# ASSAY_CEL_EXPRESSIONS and ASSAY_CEL_SETS say how many; each run prints its seed, ASSAY_SEED=n draws the same again.
soak-cel: packages
	$(BUILD) --build-tests
	ASSAY_CEL_EXPRESSIONS=$${ASSAY_CEL_EXPRESSIONS:-1000000} ASSAY_CEL_SETS=$${ASSAY_CEL_SETS:-3000} \
	  $(SWIFT) test -c release --skip-build --filter 'CompiledProgramTests|ConditionSetTests'

# A debug build of its own, without optimisation, as ThreadSanitizer wants it.
sanitize: packages
	$(SWIFT) test --no-parallel --sanitize=thread --scratch-path .build-thread \
	  --filter 'EngineTests|StoreTests|MemoryWindowsTests|CAssayTests.ReloadTests|SidecarTests' --skip 'OverloadTests|CrowdTests|OtherUserTests'

man: build
	@.build/release/assay manual .build/man/man1

docs: packages
	$(BUILD) --product assay
	@.ci/docs

# ASSAY_CLUSTER_SOAK=SECONDS makes it shorter or longer; each run prints its seed and what was lost in fail-overs.
soak-cluster: test-packages
	$(BUILD) --build-tests
	ASSAY_CLUSTER_SOAK=$${ASSAY_CLUSTER_SOAK:-300} $(SWIFT) test -c release --skip-build --filter ClusterSoakTests

# A hundred thousand events over every way in, and two hundred stops under load.
soak-sidecar: test-packages
	$(BUILD) --build-tests
	ASSAY_SIDECAR_EVENTS=100000 ASSAY_SIDECAR_STOPS=200 $(SWIFT) test -c release --skip-build --filter SidecarTests

# ASSAY_SIMULATION_SEEDS says how many; a seed that fails is printed, and ASSAY_SIMULATION_SEED=n replays it.
simulate-store: packages
	$(BUILD) --build-tests
	ASSAY_SIMULATION_SEEDS=$${ASSAY_SIMULATION_SEEDS:-100000} \
	  $(SWIFT) test -c release --skip-build --filter SimulationFaultTests

# make simulate ARGS="--players 5000 --days 90 --labels labels.ndjson" >events.ndjson; what is built is told apart.
simulate: packages
	@$(BUILD) --product rewards-simulator >&2
	@.build/release/rewards-simulator $(ARGS)

# On the training seeds; SEEDS=held-aside gives the figures that are published, ARGS="--format markdown" as they are there.
worth: packages
	@$(BUILD) --product rewards-worth >&2
	@.build/release/rewards-worth Rules/rewards --seeds $(or $(SEEDS),training) $(ARGS)

# ASSAY_CHAOS_DECISIONS says how many in sum; each run prints its seed, ASSAY_CHAOS_SEED=n draws the same faults again.
chaos: test-packages
	$(BUILD) --build-tests
	ASSAY_CHAOS_DECISIONS=$${ASSAY_CHAOS_DECISIONS:-1000000} \
	  $(SWIFT) test -c release --skip-build --filter ChaosTests

# Four processes take the events in turn, each waiting for the one before: all of rewards and of the handbook.
soak-redis: test-packages
	$(BUILD) --build-tests
	ASSAY_REDIS_TURNS=all $(SWIFT) test -c release --skip-build --filter fourProcessesThatTakeTurns

# ASSAY_SCHEMATHESIS_EXAMPLES says how many for each operation.
schemathesis: packages
	$(BUILD) --product assay
	Tests/Schemathesis/run $${ASSAY_SCHEMATHESIS_EXAMPLES:-1000}

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

packages:
	@.ci/packages

# With the servers that the tests start.
test-packages:
	@.ci/packages test

bench-packages:
	@.ci/packages bench
