import Foundation
import TestSupport
import Testing
import Windows

@Suite struct OracleStreamTests {
  /// Streams over random plans; `ASSAY_WINDOW_SEED` repeats one.
  @Test func memoryAnswersAsTheOracleDoes() {
    let repeated = Self.repeatedSeed
    let base = repeated ?? Self.base
    print("window streams from seed \(base)")
    var totals = Totals()
    for seed in base..<base + (repeated == nil ? 1_200 : 1) {
      let difference = Self.run(seed: seed, bytesMax: 1 << 26, totals: &totals)
      #expect(difference == nil, "seed \(seed): \(difference ?? "")")
      if difference != nil { return }
    }
    print(
      "compared \(totals.compared), by panes \(totals.paned), saturated \(totals.saturated), warming \(totals.warming), failed \(totals.failed), conservative \(totals.conservative)"
    )
    #expect(
      repeated != nil
        || totals.saturated > 0 && totals.warming > 0 && totals.failed > 0 && totals.paned > 1_000)
  }

  /// What is put away is folded from its log again: nobody can tell, whatever was cut or pushed out before.
  @Test func restChangesNoAnswer() {
    let repeated = Self.repeatedSeed
    let base = repeated ?? Self.base
    print("window streams with rests from seed \(base)")
    var totals = Totals()
    for seed in base..<base + (repeated == nil ? 1_200 : 1) {
      let difference = Self.run(seed: seed, bytesMax: 1 << 26, rests: true, totals: &totals)
      #expect(difference == nil, "seed \(seed): \(difference ?? "")")
      if difference != nil { return }
    }
    print("compared \(totals.compared), rested \(totals.rested)")
    #expect(repeated != nil || totals.rested > 10_000 && totals.saturated > 0 && totals.paned > 1_000)
  }

  @Test func evictedIsUnknownNeverEmpty() {
    let repeated = Self.repeatedSeed
    let base = repeated ?? Self.base
    print("window streams with evictions from seed \(base)")
    var totals = Totals()
    for seed in base..<base + (repeated == nil ? 400 : 1) {
      let difference = Self.run(seed: seed, bytesMax: 4_000 + Int(seed % 7) * 1_000, totals: &totals)
      #expect(difference == nil, "seed \(seed): \(difference ?? "")")
      if difference != nil { return }
    }
    print("compared \(totals.compared), evicted \(totals.evicted)")
    #expect(repeated != nil || totals.evicted > 0 && totals.evicted < totals.compared)
  }

  /// The same streams on every machine, so that a failure is a change's own; `ASSAY_WINDOW_STREAMS=random` draws
  /// others, which `make soak` does.
  private static let base: UInt64 =
    ProcessInfo.processInfo.environment["ASSAY_WINDOW_STREAMS"] == "random"
    ? UInt64.random(in: 0..<1_000_000_000) : 20_260_101
  private static let repeatedSeed = ProcessInfo.processInfo.environment["ASSAY_WINDOW_SEED"].flatMap {
    UInt64($0)
  }

  struct Totals {
    var compared = 0
    var rested = 0
    var paned = 0
    var evicted = 0
    var saturated = 0
    var warming = 0
    var failed = 0
    var conservative = 0
  }

  private static func run(
    seed: UInt64, bytesMax: Int, rests: Bool = false, totals: inout Totals
  ) -> String? {
    var streams = WindowStreams(seed: seed)
    let forgets = bytesMax < 1 << 20
    streams.hasConflicts = !forgets
    streams.hasEarlyOperations = !forgets
    let plans = [streams.plan(identity: 1), streams.plan(identity: 2), streams.plan(identity: 3)]
    let store = MemoryWindows(bytesMax: bytesMax, shardCount: forgets ? 1 : 4)
    var run = WindowStreamRun(store: store, plan: plans[0], forgets: forgets)
    let events = streams.events(count: Int.random(in: 20...60, using: &streams.random))
    for (number, event) in events.enumerated() {
      if Int.random(in: 0..<100, using: &streams.random) < 4 {
        run.plan = plans[Int.random(in: 0..<3, using: &streams.random)]
      }
      let draw = Int.random(in: 0..<100, using: &streams.random)
      let decision: [UInt8]? = draw < 40 ? Array("decided \(event.id)".utf8) : nil
      if let difference = run.send(event, decision: decision, blocks: draw % 7 == 0) {
        return "event \(number): \(difference)"
      }
      // Often, so that states that were woken are put away again; not always, so that some grow in between.
      if rests && draw % 3 != 0 {
        store.rest()
        totals.rested += store.statistics.restingEntities
      }
    }
    totals.compared += run.compared
    totals.paned += run.paned
    totals.evicted += run.evicted
    totals.saturated += run.saturated
    totals.warming += run.warming
    totals.failed += run.failed
    totals.conservative += run.conservative
    return nil
  }
}
