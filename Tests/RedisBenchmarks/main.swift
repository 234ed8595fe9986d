import Foundation
import RedisTestSupport

// Prints what windows in Redis cost, against a C client and against other layouts in the same run.
// `make bench-redis`, or `swift run -c release redis-benchmarks [NAME…]` for those named.
let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.first == InstancesBenchmark.childArgument {
  try InstancesBenchmark.runChild(Array(arguments.dropFirst()))
} else if arguments.first == InstructionsBenchmark.childArgument {
  try InstructionsBenchmark.runChild(Array(arguments.dropFirst()))
} else {
  let benchmarks: [(name: String, run: () async throws -> Void)] = [
    ("throughput", ThroughputBenchmark.pipeline),
    ("layouts", ThroughputBenchmark.layouts),
    ("latency", LatencyBenchmark.run),
    ("memory", MemoryBenchmark.run),
    ("instances", InstancesBenchmark.run),
    ("instructions", InstructionsBenchmark.run),
  ]
  if let unknown = arguments.first(where: { name in !benchmarks.contains { $0.name == name } }) {
    let names = benchmarks.map(\.name).joined(separator: " ")
    print("usage: redis-benchmarks [NAME…]; there is no `\(unknown)`, there are: \(names)")
    print(
      "ASSAY_ROUNDS=n says how often `throughput` and `layouts` go round; `make bench-redis` builds and runs them all"
    )
    exit(unknown == "--help" ? 0 : 3)
  }
  guard RedisServer.isInstalled else { fatalError("there is no redis-server to measure") }
  for benchmark in benchmarks where arguments.isEmpty || arguments.contains(benchmark.name) {
    try await benchmark.run()
  }
}
