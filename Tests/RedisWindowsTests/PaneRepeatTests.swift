import CEL
import Events
import RedisTestSupport
import RedisWindows
import TestSupport
import Testing
import Windows

/// Repeats of events that panes count.
@Suite struct PaneRepeatTests {
  /// A count by panes for each of some entities.
  private static func plan(_ names: [String]) -> WindowPlan {
    let entities = names.enumerated().map { index, name in
      let count = FeaturePlan(
        slot: WindowEvent.Fields.features + index, aggregation: .count, types: [11], overMilliseconds: 1_000,
        panes: 10)
      return EntityPlan(
        name: name, keySlots: name == "user" ? [0] : [0, 1], columns: WindowEvent.columns, features: [count],
        recordsType: [true, true, false], readsByType: Array(repeating: [0], count: 3),
        retentionMilliseconds: 2_000)
    }
    return WindowPlan(
      identity: UInt64(names.count), typeTags: [11, 12, 13], entities: entities, latenessMillisecondsMax: 50,
      idRetentionMilliseconds: 86_400_000)
  }

  private let bench = CoreBench()

  private func send(_ event: WindowEvent, to core: RedisCore, _ plan: WindowPlan) -> Visit? {
    var finished: Visit?
    core.exchange(Visit.prepare(event.decoded(featureCount: 2), plan: plan)) { finished = $0 }
    while finished == nil && bench.clock.step() {}
    bench.clock.pass(5_000_000)
    return finished
  }

  private func counts(_ visit: Visit?) -> [Int64]? {
    visit?.event.frame.slots[WindowEvent.Fields.features...].prefix(2).map(\.integer)
  }

  /// The first attempt reached one of two logs: the second one counts in the other, in every process.
  @Test func aLogThatTheFirstAttemptDidNotReachCountsTheSecond() {
    let both = Self.plan(["user", "user+device"])
    let (one, other) = (bench.instance(), bench.instance())
    #expect(send(bench.event("a", 1_000), to: one.core, Self.plan(["user"]))?.failure == nil)
    let second = send(bench.event("a", 1_000), to: one.core, both)
    #expect(second?.prior == .attempted)
    #expect(counts(second) == [1, 1])
    #expect(counts(send(bench.event("b", 1_001), to: one.core, both)) == [2, 2])
    #expect(counts(send(bench.event("c", 1_002), to: other.core, both)) == [3, 3])
    #expect(counts(send(bench.event("d", 1_003), to: bench.instance().core, both)) == [4, 4])
  }

  /// What waits to be appended, and was decided elsewhere in the meantime, is not appended once more.
  @Test func whatWasDecidedElsewhereIsNotAppendedLate() {
    let plan = Self.plan(["user"])
    let (one, other) = (bench.instance(), bench.instance())
    bench.network.weather.dropsReplies = 1_000
    var failed: Visit?
    one.core.exchange(Visit.prepare(bench.event("x", 1_000).decoded(featureCount: 2), plan: plan)) {
      failed = $0
    }
    while failed == nil && bench.clock.step() {}
    bench.network.weather.dropsReplies = 0
    #expect(failed?.failure != nil && one.core.report.backlogCount == 1)
    guard let visit = send(bench.event("x", 1_000), to: other.core, plan) else { return }
    #expect(visit.prior == .attempted && counts(visit)?.first == 1)
    other.core.remember(visit, decision: [1])
    bench.clock.pass(5_000_000)
    let length = bench.redis.value(bench.logKey)?.count
    bench.clock.pass(1_000_000_000)
    #expect(one.core.report.backlogCount == 0 && one.core.report.appendedLate == 0)
    #expect(bench.redis.value(bench.logKey)?.count == length)
    #expect(counts(send(bench.event("y", 1_001), to: one.core, plan))?.first == 2)
  }

  /// Records behind the last one that a process knows were cut, and that one has kept its place: it reads the log anew.
  @Test func whatWasCutBehindARecordThatStaysIsNotMissed() {
    let first = WindowEvent.Fields.features
    let features = [
      FeaturePlan(slot: first, aggregation: .count, types: nil, overMilliseconds: 1_000, panes: 10),
      FeaturePlan(slot: first + 1, aggregation: .count, types: [11], overMilliseconds: 1_000),
    ]
    let entity = EntityPlan(
      name: "user", keySlots: [0], columns: WindowEvent.columns, features: features,
      recordsType: [true, true, false], readsByType: Array(repeating: [0, 1], count: 3),
      retentionMilliseconds: 2_000)
    let plan = WindowPlan(
      identity: 9, typeTags: [11, 12, 13], entities: [entity], latenessMillisecondsMax: 50,
      idRetentionMilliseconds: 86_400_000)
    bench.settings.trimBytesMin = 64
    bench.settings.recordsKept = 0
    let (one, other) = (bench.instance(), bench.instance())
    var number = 0
    /// Only panes count events of the second type.
    func next(type: Int, to core: RedisCore) -> [Int64]? {
      number += 1
      var event = bench.event("e\(100 + number)", 1_000 + Int64(number))
      event.type = type
      return counts(send(event, to: core, plan))
    }
    for _ in 0..<30 { _ = next(type: 1, to: one.core) }
    for _ in 0..<6 { _ = next(type: 0, to: one.core) }
    #expect(next(type: 0, to: other.core) == [37, 7])
    for round in 1...6 {
      for _ in 0..<40 { _ = next(type: 1, to: one.core) }
      #expect(next(type: 1, to: other.core) == [Int64(37 + 41 * round), 7], "round \(round)")
    }
    #expect(one.core.report.trims > 3)
  }
}
