import Assay
import Dispatch
import Foundation
import NIOCore
import RedisTestSupport
import RedisWindows
import Windows
import TestSupport

/// Several processes over one Redis: what they decide together, and how often a read brought nothing but the event's
/// own record.
enum InstancesBenchmark {
  /// The first argument of a process that is one of several.
  static let childArgument = "instance"
  private static let events = 30_000
  private static let firstMeasured = 10_000

  /// Which events go to which process.
  private enum Routing: String { case anywhere, byPlayer }

  static func run() async throws {
    let server = try await RedisServer.start()
    defer { server.stop() }
    print("instances over one Redis, 64 in flight each, medians of 3 rounds in turn")
    var figures: [String: [(perSecond: Double, ownPart: Double)]] = [:]
    let cases: [(Int, Routing)] = [
      (1, .anywhere), (2, .anywhere), (4, .anywhere), (2, .byPlayer), (4, .byPlayer),
    ]
    for _ in 0..<3 {
      for (count, routing) in cases {
        try server.run("FLUSHALL")
        figures["\(count) \(routing)", default: []].append(try together(count, routing, server))
      }
    }
    let alone = median((figures["1 anywhere"] ?? []).map(\.perSecond))
    for (count, routing) in cases {
      let rounds = figures["\(count) \(routing)"] ?? []
      let perSecond = median(rounds.map(\.perSecond))
      print(
        "  \(count), events \(routing == .byPlayer ? "by player" : "anywhere"): \(text(perSecond, 0)) decisions a second, "
          + "\(text(perSecond / alone, 2))x one; \(text(median(rounds.map(\.ownPart)) * 100, 0)) % of reads were only the own record"
      )
    }
  }

  private static func together(
    _ count: Int, _ routing: Routing, _ server: RedisServer
  ) throws -> (perSecond: Double, ownPart: Double) {
    let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let start = Date().timeIntervalSince1970 + 3
    let outputs = Outputs()
    let threads = (0..<count).map { index in
      let arguments = [
        program, childArgument, server.path, "\(index)", "\(count)", routing.rawValue, "\(start)",
      ]
      return DispatchWorkItem {
        outputs.add(
          (try? ChildProcess.output(of: arguments, folder: server.folder.path))?.text ?? "did not start")
      }
    }
    for thread in threads { DispatchQueue.global().async(execute: thread) }
    for thread in threads { thread.wait() }
    var (perSecond, own, known) = (0.0, 0.0, 0.0)
    for output in outputs.all {
      let numbers = output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
      guard numbers.count == 3 else { throw ServerError("an instance failed: \(output)") }
      perSecond += numbers[0]
      own += numbers[1]
      known += numbers[2]
    }
    return (perSecond, own / known)
  }

  /// One of several processes: `PATH INDEX COUNT ROUTING START`; prints decisions a second, own reads, known reads.
  static func runChild(_ arguments: [String]) throws {
    guard arguments.count == 5, let index = Int(arguments[1]), let count = Int(arguments[2]),
      let routing = Routing(rawValue: arguments[3]), let start = Double(arguments[4])
    else {
      throw ServerError("an instance needs a path, its number, how many there are, a routing and a time")
    }
    let workload = try Workload(
      events: events, seed: UInt64(index + 1), label: "i\(index)",
      player: { routing == .anywhere || $0 % count == index })
    var configuration = RedisConfiguration(namespace: Bench.namespace)
    configuration.addresses = [.unixSocket(arguments[0])]
    configuration.timeoutMilliseconds = 10_000
    let store = try RedisWindows.connectAndWait(configuration)
    let engine = Engine(rules: workload.rules, store: store, options: EngineOptions(clock: .replay))
    Thread.sleep(forTimeInterval: max(0, start - Date().timeIntervalSince1970))
    let outcome = try Pipeline.run(
      engine, workload.events[...], inFlight: 64, firstMeasured: firstMeasured)
    let statistics = try store.withCore { $0.report }.wait()
    precondition(outcome.degraded == 0, "a decision of the benchmark was degraded")
    print(
      "\(Double(events - firstMeasured) / outcome.wallSeconds) \(statistics.ownReads) \(statistics.knownReads)"
    )
  }
}

/// What child processes printed, gathered from several threads.
private final class Outputs: Sendable {
  private let texts = Guarded<[String]>([])

  var all: [String] { texts.withLock { $0 } }

  func add(_ text: String) { texts.withLock { $0.append(text) } }
}
