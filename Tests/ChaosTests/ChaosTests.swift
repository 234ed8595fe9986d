import Foundation
import RedisTestSupport
import TestSupport
import Testing

/// Faults over real servers, while several instances decide; every answer is held against a ledger.
///
/// `ASSAY_CHAOS_DECISIONS` is how many decisions there are in sum (`make chaos`), `ASSAY_CHAOS_SEED` the first seed.
@Suite(.serialized, .enabled(if: RedisServer.isInstalled)) struct ChaosTests {
  private static let decisions = number("ASSAY_CHAOS_DECISIONS") ?? 0
  private static let isLong = decisions > 0
  private static let firstSeed =
    number("ASSAY_CHAOS_SEED").map(UInt64.init) ?? UInt64.random(in: 0..<1_000_000_000)
  private static let total = Total()

  private static func number(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
  }

  /// One run of the opening blows; a long test makes `share` of all decisions, in runs that each have new servers, a
  /// seed of their own, and blows at random.
  private func run(
    _ name: String, share: Double, losesData: Bool, opening: [ChaosFault],
    start: (_ clients: Int) async throws -> any ChaosTarget
  ) async throws {
    var sum = ChaosFigures()
    var seed = Self.firstSeed
    let decisions = Int(Double(Self.decisions) * share)
    repeat {
      var plan = ChaosRun.Plan(
        seed: seed, decisions: min(decisions - sum.decisions, 60_000), roundSize: Self.isLong ? 6_000 : 2_000,
        losesData: losesData)
      if !Self.isLong {
        plan.opening = opening
        // All other tests run on the same cores meanwhile.
        plan.recoveryLimit = 4
      }
      say("chaos over \(name): seed \(seed)")
      let figures = try await ChaosRun.figures(plan, over: try await start(plan.instances))
      if Self.isLong { say("chaos over \(name), seed \(seed): \(figures)") }
      #expect(figures.violationCount == 0, "seed \(seed): \(figures.violations.joined(separator: "\n"))")
      sum.add(figures)
      seed += 1
    } while sum.decisions < decisions
    say("chaos over \(name), in sum: \(sum)")
    #expect(sum.compared > sum.decisions / 20)
    #expect(losesData || sum.lost == 0)
    let all = await Self.total.add(sum)
    if Self.isLong { say("chaos so far: \(all)") }
  }

  /// Prints at once, also where the output is a pipe.
  private func say(_ text: String) {
    print(text)
    fflush(nil)
  }

  /// What was acknowledged is still there after a SIGKILL.
  @Test func aServerThatKeepsItsLogs() async throws {
    try await run(
      "a server that keeps its logs", share: 0.35, losesData: false, opening: [.kill, .deaf, .full, .pause]
    ) { try await SingleTarget.start(.appendOnly, clients: $0) }
  }

  /// All is gone after a SIGKILL: what was lost is measured.
  @Test func aServerThatKeepsNothing() async throws {
    try await run(
      "a server that keeps nothing", share: 0.1, losesData: true, opening: [.kill, .cut]
    ) { try await SingleTarget.start(.none, clients: $0) }
  }

  /// With `durability: wait` nothing acknowledged is lost.
  @Test func aClusterThatWaitsForReplicas() async throws {
    try await run(
      "a cluster, waiting for replicas", share: 0.25, losesData: false, opening: [.lag, .mute]
    ) { _ in try await ClusterTarget.start(.wait) }
  }

  /// Without it what is lost in a fail-over is measured.
  @Test func aClusterThatDoesNotWait() async throws {
    try await run(
      "a cluster, not waiting", share: 0.2, losesData: true, opening: [.deaf, .move]
    ) { _ in try await ClusterTarget.start(.primary) }
  }

  /// The same over a primary that sentinels watch.
  @Test(.enabled(if: isLong)) func aPrimaryWatchedBySentinels() async throws {
    try await run(
      "sentinels, waiting for the replica", share: 0.1, losesData: false, opening: []
    ) { _ in try await SentinelTarget.start() }
  }

  /// A ledger that never complains would prove nothing.
  @Test(arguments: SabotagedTarget.Sabotage.allCases)
  func logsThatAreTamperedWithAreNoticed(_ sabotage: SabotagedTarget.Sabotage) async throws {
    var plan = ChaosRun.Plan(seed: Self.firstSeed, decisions: 300, roundSize: 300, losesData: false)
    plan.blows = 1
    let target = try await SabotagedTarget.start(sabotage, clients: plan.instances)
    let figures = try await ChaosRun.figures(plan, over: target)
    #expect(figures.violationCount > 0, "seed \(plan.seed)")
  }
}

/// What all runs of a process come to.
private actor Total {
  private var figures = ChaosFigures()

  func add(_ more: ChaosFigures) -> ChaosFigures {
    figures.add(more)
    return figures
  }
}
