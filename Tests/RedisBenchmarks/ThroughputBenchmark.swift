import CRedisLoad
import Foundation
import RedisTestSupport
import RedisWindows
import TestSupport

/// Decisions a second, many in flight: this project from JSON to JSON, against C clients that look at no event, all in
/// turn and several times over.
enum ThroughputBenchmark {
  private static let inFlight = 128

  private static let own: (name: String, variant: Variant) = ("decisions of this project", .assay)

  /// Against a C client that issues the same commands.
  static func pipeline() async throws {
    try await run("throughput", [own, ("C client, the same commands", .plain(ASSAY_LAYOUT_LOG))], rounds: 15)
  }

  /// Against other ways to keep the same windows.
  static func layouts() async throws {
    try await run(
      "layouts",
      [
        own,
        ("C client, ten INCRBY buckets by MGET", .plain(ASSAY_LAYOUT_BUCKETS)),
        ("C client, Lua over sorted sets", .plain(ASSAY_LAYOUT_SORTED_SETS)),
        ("C client, a stream for each entity", .plain(ASSAY_LAYOUT_STREAM)),
      ], rounds: 5)
  }

  private static func run(
    _ title: String, _ variants: [(name: String, variant: Variant)], rounds: Int
  ) async throws {
    let rounds = ProcessInfo.processInfo.environment["ASSAY_ROUNDS"].flatMap { Int($0) } ?? rounds
    let server = try await RedisServer.start()
    defer { server.stop() }
    let bench = try Bench(path: server.path, events: 50_000, firstMeasured: 20_000)
    var costs: [Variant: [Variant.Cost]] = [:]
    for _ in 0..<max(1, rounds) {
      for (_, variant) in variants {
        costs[variant, default: []].append(try bench.decide(variant, inFlight: inFlight))
      }
    }
    print("\(title): 4 entities, 12 features, \(inFlight) in flight, medians of \(rounds) rounds in turn;")
    print("best against best as well, since what else runs on the machine differs from run to run")
    print("  a second      best  of this  by best  client us  server us  commands")
    for (name, variant) in variants { report(name, costs[variant] ?? [], costs[.assay] ?? []) }
    let statistics = (costs[.assay] ?? []).compactMap(\.statistics)
    print("  rereads \(statistics.map(\.rereads)), trims \(statistics.map(\.trims))")
  }

  private static func report(_ name: String, _ costs: [Variant.Cost], _ own: [Variant.Cost]) {
    let ratios = zip(own, costs).map { $0.perSecond / $1.perSecond }
    let best = costs.map(\.perSecond).max() ?? .nan
    let ownBest = own.map(\.perSecond).max() ?? .nan
    print(
      column(text(median(costs.map(\.perSecond)), 0), 10) + column(text(best, 0), 10)
        + column(text(median(ratios), 2) + "x", 9) + column(text(ownBest / best, 2) + "x", 9)
        + column(text(median(costs.map(\.clientMicroseconds)), 2), 11)
        + column(text(median(costs.map(\.serverMicroseconds)), 2), 11)
        + column(text(median(costs.map(\.commands)), 2), 10) + "  " + name)
  }
}
