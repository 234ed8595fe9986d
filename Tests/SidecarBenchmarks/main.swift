import CSocketLoad
import Foundation
import SocketLoad

// Prints what a sidecar costs over its socket, against what the machine does without any work, in the same run.
// `make bench-sidecar`, or `swift run -c release sidecar-benchmarks [NAME…]` for those named.
let arguments = Array(CommandLine.arguments.dropFirst())
// Threads that start from here on stay on the server's processor; only the load goes to the other.
socket_use_core(Cores.server)
switch arguments.first {
case InstructionsBenchmark.serverArgument:
  try await InstructionsBenchmark.runServer(Array(arguments.dropFirst()))
case InstructionsBenchmark.loadArgument:
  try InstructionsBenchmark.runLoad(Array(arguments.dropFirst()))
default:
  let benchmarks: [(name: String, run: () async throws -> Void)] = [
    ("latency", LatencyBenchmark.run),
    ("redis", LatencyBenchmark.redis),
    ("pipelined", ThroughputBenchmark.pipelined),
    ("connections", ThroughputBenchmark.connections),
    ("idle", MemoryBenchmark.idle),
    ("overload", OverloadBenchmark.run),
    ("instructions", InstructionsBenchmark.run),
  ]
  // Takes half an hour: only where it is named.
  let named = benchmarks + [("soak", MemoryBenchmark.soak)]
  if let unknown = arguments.first(where: { name in !named.contains { $0.name == name } }) {
    print(
      "usage: sidecar-benchmarks [NAME…]; there is no `\(unknown)`, there are: "
        + named.map(\.name).joined(separator: " "))
    exit(unknown == "--help" ? 0 : 3)
  }
  for benchmark in arguments.isEmpty ? benchmarks : named.filter({ arguments.contains($0.name) }) {
    do {
      try await benchmark.run()
    } catch {
      print("\(benchmark.name): \(error)")
      exit(1)
    }
  }
}
