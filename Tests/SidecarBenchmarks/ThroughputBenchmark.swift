import Assay
import CAllocationCount
import CSocketLoad
import Foundation
import RuleSets
import TestSupport
import SocketLoad

/// As many decisions a second as go through one connection or many, against the same decisions in this process.
enum ThroughputBenchmark {
  private static let rounds = 5

  /// Lines without waiting for answers, against decisions in process; both from bytes to bytes.
  static func pipelined() async throws {
    var inProcess: [Double] = []
    var lines: [Double] = []
    var generator: [Double] = []
    for _ in 0..<rounds {
      inProcess.append(try await onServerCore { try decideAll() })
      let (result, _) = try await load(SOCKET_LINES, connections: 1, window: 4_096)
      lines.append(Double(result.answered) / result.wall_seconds)
      generator.append(result.processor_seconds / Double(result.answered) * 1e9)
    }
    let ratio = median(zip(lines, inProcess).map { $0 / $1 })
    print(
      "pipelined lines, one connection: \(text(median(lines), 0)) a second, in process "
        + "\(text(median(inProcess), 0)): \(text(ratio, 2))x (the generator costs \(text(median(generator), 0)) ns "
        + "an event on the other processor); medians of \(rounds) rounds in turn")
  }

  /// Requests over 64 connections that are kept, one in flight on each.
  static func connections() async throws {
    var found: [Double] = []
    var halves: [Double] = []
    var allocations: [Double] = []
    for _ in 0..<rounds {
      let before = allocation_count()
      let (result, nanoseconds) = try await load(SOCKET_HTTP, connections: 64, window: 1)
      allocations.append(Double(allocation_count() - before) / Double(result.answered))
      found.append(Double(result.answered) / result.wall_seconds)
      halves.append(percentile(nanoseconds, 0.5) / 1_000)
    }
    print(
      "HTTP, 64 connections kept, one request in flight on each: \(text(median(found), 0)) a second, p50 "
        + "\(text(median(halves), 0)) us, at most \(text(allocations.min() ?? .nan)) allocations a request "
        + "(making the requests and starting included)")
    try await EchoBenchmark.run()
  }

  private static func load(
    _ framing: socket_framing, connections: Int, window: Int
  ) async throws -> (result: socket_load_result, nanoseconds: [Int64]) {
    let bench = try await LoadBench()
    let found = try await onLoadCore {
      try LoadBench.requests(0..<LoadBench.events.count, framing)
        .run(bench.path, connections: connections, window: window)
    }
    await bench.stop()
    return found
  }

  /// What the engine alone decides in a second, on the processor that the sidecar has otherwise.
  private static func decideAll() throws -> Double {
    let engine = Engine(rules: try RuleSet(contentsOf: LoadBench.folder))
    var output: [UInt8] = []
    let clock = ContinuousClock()
    let start = clock.now
    for event in LoadBench.events {
      output.removeAll(keepingCapacity: true)
      try engine.decide(event.span).write(to: &output)
    }
    return Double(LoadBench.events.count) / ((clock.now - start) / .seconds(1))
  }

  private static func onServerCore<Result: Sendable>(
    _ body: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    try await onLoadCore {
      socket_use_core(Cores.server)
      return try body()
    }
  }
}
