import RedisTestSupport
import RedisWindows
import TestSupport
import Testing
import Windows

/// How long logs live when processes with different rule sets share them.
@Suite struct ExpiryTests {
  private static let second: Int64 = 1_000_000_000

  /// The same windows with another retention; milliseconds.
  private static func plan(retention: Int64) -> WindowPlan {
    let plan = WindowStoreContract<SimulatedWindows>.plan
    let entity = plan.entities[0]
    return WindowPlan(
      identity: plan.identity, typeTags: plan.typeTags,
      entities: [
        EntityPlan(
          name: entity.name, keySlots: entity.keySlots, columns: entity.columns, features: entity.features,
          recordsType: entity.recordsType, readsByType: entity.readsByType, retentionMilliseconds: retention)
      ],
      latenessMillisecondsMax: plan.latenessMillisecondsMax,
      idRetentionMilliseconds: plan.idRetentionMilliseconds)
  }

  /// What is left of a log's time, in seconds, as a rule set with a retention gives it.
  private static func whole(_ retention: Int64) -> Int64 { (retention + retention / 4) / 1_000 + 60 }

  private static func left(_ bench: CoreBench) -> Int64? {
    bench.redis.expiry(bench.logKey).map { ($0 - bench.clock.now) / second }
  }

  private static func send(_ bench: CoreBench, _ number: Int, _ core: RedisCore, _ plan: WindowPlan) {
    var finished = false
    let event = bench.event("e\(number)", 1_000)
    core.exchange(Visit.prepare(event.decoded(featureCount: 4), plan: plan)) { visit in
      #expect(visit.failure == nil)
      finished = true
    }
    while !finished && bench.clock.step() {}
  }

  @Test func aShorterRuleSetNeverTakesTimeFromALog() {
    let bench = CoreBench()
    let (short, long) = (Self.plan(retention: 1_000_000), Self.plan(retention: 100_000_000))
    let (older, newer) = (bench.instance(), bench.instance())
    Self.send(bench, 0, older.core, short)
    #expect(Self.left(bench) == Self.whole(1_000_000) - 1)
    // The second visit brings what the first one owes.
    Self.send(bench, 1, newer.core, long)
    Self.send(bench, 2, newer.core, long)
    #expect(Self.left(bench) == Self.whole(100_000_000) - 1)
    for number in 3..<40 {
      Self.send(bench, number, older.core, short)
      bench.clock.pass(100 * Self.second)
    }
    #expect((Self.left(bench) ?? 0) >= Self.whole(100_000_000) - 3_701)
    // Nor does one that meets the log for the first time.
    let restarted = bench.instance()
    Self.send(bench, 40, restarted.core, short)
    Self.send(bench, 41, restarted.core, short)
    #expect((Self.left(bench) ?? 0) >= Self.whole(100_000_000) - 3_702)
  }

  @Test func aLogThatIsVisitedOnceIsProlongedAllTheSame() {
    let bench = CoreBench()
    Self.send(bench, 0, bench.instance().core, Self.plan(retention: 1_000_000))
    bench.clock.pass(1_000 * Self.second)
    let other = bench.instance()
    Self.send(bench, 1, other.core, Self.plan(retention: 1_000_000))
    let commands = other.transport.commandCount
    #expect(commands == 4)
    bench.clock.pass(2 * Self.second)
    #expect(other.transport.commandCount == commands + 1)
    #expect((Self.left(bench) ?? 0) >= Self.whole(1_000_000) - 3)
  }

  @Test func aLogWhoseRecordsAreNeverGoneLivesTenYearsWhoeverElseVisitsIt() {
    let bench = CoreBench()
    let decade: Int64 = 10 * 365 * 86_400
    let (bounded, lasting) = (Self.plan(retention: 1_000_000), Self.plan(retention: .max))
    let (older, newer) = (bench.instance(), bench.instance())
    for number in 0..<4 {
      Self.send(bench, number, number % 2 == 0 ? older.core : newer.core, number % 2 == 0 ? bounded : lasting)
    }
    #expect((Self.left(bench) ?? 0) >= decade - 1)
    for number in 4..<30 {
      Self.send(bench, number, bench.instance().core, bounded)
      bench.clock.pass(100 * Self.second)
    }
    #expect((Self.left(bench) ?? 0) >= decade - 2_601)
  }

  @Test func aLogThatWasLostAndBeginsAnewIsGivenAnExpiry() {
    let bench = CoreBench()
    let instance = bench.instance()
    let plan = Self.plan(retention: 1_000_000)
    Self.send(bench, 0, instance.core, plan)
    bench.redis.delete(bench.logKey)
    Self.send(bench, 1, instance.core, plan)
    #expect(Self.left(bench) == Self.whole(1_000_000) - 1)
  }

  @Test func whatIsAppendedLateProlongsItsLog() {
    let bench = CoreBench()
    let instance = bench.instance()
    let plan = Self.plan(retention: 1_000_000)
    Self.send(bench, 0, instance.core, plan)
    bench.clock.pass(100 * Self.second)
    bench.network.isDown = true
    var degraded = false
    instance.core.exchange(Visit.prepare(bench.event("x", 1_000).decoded(featureCount: 4), plan: plan)) {
      degraded = $0.failure != nil
    }
    bench.clock.pass(Self.second)
    #expect(degraded)
    bench.network.isDown = false
    bench.clock.pass(Self.second)
    #expect(instance.core.report.appendedLate == 1)
    #expect((Self.left(bench) ?? 0) >= Self.whole(1_000_000) - 2)
  }
}
