import Dispatch
import Foundation

/// What can be measured, by name.
enum SidecarBenchmarks {
  private static let all: [(name: String, run: @Sendable () async throws -> Void)] = [
    ("latency", LatencyBenchmark.run),
    ("redis", LatencyBenchmark.redis),
    ("pipelined", ThroughputBenchmark.pipelined),
    ("connections", ThroughputBenchmark.connections),
    ("idle", MemoryBenchmark.idle),
    ("overload", OverloadBenchmark.run),
    ("instructions", InstructionsBenchmark.run),
  ]
  /// Takes half an hour: only where it is named.
  private static let named = all + [("soak", SoakBenchmark.run)]

  /// Runs what the arguments name. The main thread waits: one that ends, as it does where `main` itself is asynchronous,
  /// is more than valgrind can follow.
  static func runAndExit(_ arguments: [String]) -> Never {
    Task.detached { exit(await run(arguments)) }
    DispatchSemaphore(value: 0).wait()
    exit(1)
  }

  private static func run(_ arguments: [String]) async -> Int32 {
    do {
      switch arguments.first {
      case InstructionsBenchmark.serverArgument:
        try await InstructionsBenchmark.runServer(Array(arguments.dropFirst()))
      case InstructionsBenchmark.loadArgument:
        try InstructionsBenchmark.runLoad(Array(arguments.dropFirst()))
      default:
        return await runNamed(arguments)
      }
      return 0
    } catch {
      print("\(arguments.first ?? ""): \(error)")
      return 1
    }
  }

  private static func runNamed(_ names: [String]) async -> Int32 {
    if let unknown = names.first(where: { name in !named.contains { $0.name == name } }) {
      print(
        "usage: sidecar-benchmarks [NAME…]; there is no `\(unknown)`, there are: "
          + named.map(\.name).joined(separator: " "))
      return unknown == "--help" ? 0 : 3
    }
    for benchmark in names.isEmpty ? all : named.filter({ names.contains($0.name) }) {
      do {
        try await benchmark.run()
      } catch {
        print("\(benchmark.name): \(error)")
        return 1
      }
    }
    return 0
  }
}
