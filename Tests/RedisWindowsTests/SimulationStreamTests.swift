import Foundation
import RedisTestSupport
import RedisWindows
import TestSupport
import Testing
import Windows

/// Several processes over one simulated Redis answer what the oracle answers, while logs are trimmed and forgotten all
/// the time; `ASSAY_SIMULATION_SEED` repeats one stream.
@Suite struct SimulationStreamTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let repeated = environment["ASSAY_SIMULATION_SEED"].flatMap { UInt64($0) }
  private static let count = environment["ASSAY_SIMULATION_SEEDS"].flatMap { Int($0) } ?? 1_000

  @Test func theStoreAnswersAsTheOracleDoes() {
    let base = Self.repeated ?? 20_260_101
    var totals = Totals()
    for seed in base..<base + UInt64(Self.repeated == nil ? Self.count : 1) {
      let difference = Self.run(seed: seed, totals: &totals)
      #expect(difference == nil, "ASSAY_SIMULATION_SEED=\(seed): \(difference ?? "")")
      if difference != nil { return }
    }
    print("simulated streams from seed \(base): \(totals)")
    #expect(
      Self.repeated != nil
        || totals.trims > 100 && totals.saturated > 0 && totals.rereads > 100 && totals.slicedReads > 100
          && totals.paned > 1_000
    )
  }

  struct Totals {
    var compared = 0
    var paned = 0
    var saturated = 0
    var warming = 0
    var evicted = 0
    var conservative = 0
    var trims = 0
    var rereads = 0
    var slicedReads = 0
    var lost = 0
  }

  private static func run(seed: UInt64, totals: inout Totals) -> String? {
    var streams = WindowStreams(seed: seed)
    let plans = [streams.plan(identity: 1), streams.plan(identity: 2), streams.plan(identity: 3)]
    let reloads = [0, 4, 50][Int.random(in: 0..<3, using: &streams.random)]
    let store = SimulatedWindows(seed: seed, instances: Int.random(in: 1...4, using: &streams.random)) {
      $0.cacheBytesMax = [600, 4_000, 1 << 20][Int.random(in: 0..<3, using: &streams.random)]
      $0.trimBytesMin = [64, 400, 1_500][Int.random(in: 0..<3, using: &streams.random)]
      $0.recordsKept = Int.random(in: 0...6, using: &streams.random)
      $0.sliceBytes = [100, 700, 1 << 18][Int.random(in: 0..<3, using: &streams.random)]
      $0.isSharded = Int.random(in: 0..<3, using: &streams.random) == 0
    }
    var run = WindowStreamRun(store: store, plan: plans[0])
    let events = streams.events(count: Int.random(in: 20...80, using: &streams.random))
    for (number, event) in events.enumerated() {
      if Int.random(in: 0..<100, using: &streams.random) < reloads {
        run.plan = plans[Int.random(in: 0..<3, using: &streams.random)]
      }
      let draw = Int.random(in: 0..<100, using: &streams.random)
      let decision: [UInt8]? = draw < 40 ? Array("decided \(event.id)".utf8) : nil
      if let difference = run.send(event, decision: decision, blocks: draw % 7 == 0) {
        return "event \(number): \(difference)"
      }
    }
    totals.compared += run.compared
    totals.paned += run.paned
    totals.saturated += run.saturated
    totals.warming += run.warming
    totals.evicted += run.evicted
    totals.conservative += run.conservative
    for report in store.reports {
      totals.trims += report.trims
      totals.rereads += report.rereads
      totals.slicedReads += report.slicedReads
      totals.lost += report.lostLogs
    }
    return totals.lost == 0 ? nil : "a log is said to be lost"
  }
}
