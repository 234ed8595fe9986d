// Prints what the README's claims rest on. `swift run -c release benchmarks [NAME…]` runs those named.
let benchmarks: [(name: String, run: () throws -> Void)] = [
  ("handbook", HandbookBenchmark.run),
  ("rules", RulesBenchmark.run),
  ("records", WindowGrowthBenchmark.records),
  ("entities", WindowGrowthBenchmark.entities),
  ("memory", WindowGrowthBenchmark.memory),
]
let wanted = CommandLine.arguments.dropFirst()
for benchmark in benchmarks where wanted.isEmpty || wanted.contains(benchmark.name) {
  try benchmark.run()
}
