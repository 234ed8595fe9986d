import CEL
import Events
import RedisTestSupport
import RedisWindows
import TestSupport
import Testing
import Windows

/// Logs that are not what they should be.
@Suite struct CachedLogTests {
  @Test func foreignBytesAreDamage() {
    for bytes in [[1, 2, 3], [UInt8](repeating: 0, count: 40), [UInt8](repeating: 255, count: 200)] {
      let bench = CoreBench()
      bench.redis.put(bench.logKey, bytes)
      for number in 0..<2 {
        let visit = bench.send(bench.event("e\(number)", 1_000), to: bench.instance().core)
        #expect(visit?.failure?.code == .damaged)
        #expect(bench.count(visit) == nil)
      }
    }
  }

  @Test func aTruncatedRecordIsDamageOrMissedButNeverATrap() {
    let bench = CoreBench()
    for number in 0..<5 { _ = bench.send(bench.event("e\(number)", 1_000), to: bench.instance().core) }
    let whole = bench.redis.value(bench.logKey) ?? []
    #expect(whole.count > 200)
    for count in 1..<whole.count where count % (whole.count / 5) != 0 {
      bench.redis.put(bench.logKey, Array(whole[..<count]))
      let visit = bench.send(bench.event("f\(count)", 1_000), to: bench.instance().core)
      #expect(visit?.failure?.code == .damaged, "cut at \(count)")
    }
  }

  @Test func keysOfOtherTypesAreDamage() {
    let bench = CoreBench()
    let instance = bench.instance()
    bench.redis.put(bench.logKey, [], isString: false)
    #expect(bench.send(bench.event("a", 1_000), to: instance.core)?.failure?.code == .damaged)
    bench.redis.delete(bench.logKey)
    bench.redis.put(Array("s:1:#b".utf8), [], isString: false)
    #expect(bench.send(bench.event("b", 1_000), to: instance.core)?.failure?.code == .damaged)
    bench.redis.put(Array("s:1:#c".utf8), [9, 9])
    #expect(bench.send(bench.event("c", 1_000), to: instance.core)?.failure?.code == .damaged)
    #expect(instance.core.report.backlogCount == 0)
  }

  @Test func aLogThatWasDeletedIsUnknownNotEmptyAndExpires() {
    let bench = CoreBench()
    let instance = bench.instance()
    for number in 0..<5 { _ = bench.send(bench.event("e\(number)", 1_000), to: instance.core) }
    bench.redis.delete(bench.logKey)
    #expect(bench.isEvicted(bench.send(bench.event("f", 1_001), to: instance.core)))
    bench.clock.pass(10_000_000)
    #expect(bench.isEvicted(bench.send(bench.event("g", 1_002), to: bench.instance().core)))
    #expect(instance.core.report.lostLogs == 1)
    #expect(bench.redis.expiry(bench.logKey).map { $0 < .max } == true)
    #expect(bench.count(bench.send(bench.event("h", 2_000), to: instance.core)) == 1)
  }

  @Test func aRecordThatIsAppendedAgainIsNotTakenForItsFirstAttempt() {
    let bench = CoreBench()
    let (one, other) = (bench.instance(), bench.instance())
    _ = bench.send(bench.event("a", 1_000), to: other.core)
    bench.network.weather.dropsReplies = 1_000
    #expect(bench.send(bench.event("x", 1_001), to: one.core)?.failure != nil)
    bench.network.weather.dropsReplies = 0
    var reading = bench.event("r", 1_001)
    reading.isRehearsal = true
    #expect(bench.count(bench.send(reading, to: other.core)) == 3)
    // Something else of the same length comes to stand before the second attempt.
    bench.redis.delete(bench.logKey)
    _ = bench.send(bench.event("b", 1_001), to: bench.instance().core)
    bench.clock.pass(1_000_000_000)
    #expect(one.core.report.appendedLate == 1)
    #expect(bench.isEvicted(bench.send(bench.event("c", 1_002), to: other.core)))
    #expect(other.core.report.lostLogs == 1)
  }

  @Test func anExclusionOfTheSameEventIsNotTakenForTheOneThatWasKnown() {
    let bench = CoreBench()
    let (one, other) = (bench.instance(), bench.instance())
    func exclude(_ visit: Visit?, _ core: RedisCore) {
      guard let visit else { return }
      core.exclude(visit) { _ in }
      bench.clock.pass(10_000_000)
    }
    _ = bench.send(bench.event("y", 1_000), to: one.core)
    exclude(bench.send(bench.event("b", 1_001), to: one.core), one.core)
    var reading = bench.event("r", 1_001)
    reading.isRehearsal = true
    #expect(bench.count(bench.send(reading, to: other.core)) == 3)
    // The log grows back to the same length, with another event in the place of the first, and ends with the same event's
    // exclusion.
    bench.redis.delete(bench.logKey)
    let third = bench.instance()
    _ = bench.send(bench.event("x", 1_000), to: third.core)
    exclude(bench.send(bench.event("b", 1_001), to: third.core), third.core)
    #expect(bench.isEvicted(bench.send(bench.event("c", 1_002), to: other.core)))
    #expect(other.core.report.lostLogs == 1)
  }

  @Test func lostRecordsBehindACheckpointAreMissed() {
    let bench = CoreBench()
    bench.settings.trimBytesMin = 500
    bench.settings.recordsKept = 4
    let (one, other) = (bench.instance(), bench.instance())
    for number in 0..<60 { _ = bench.send(bench.event("e\(number)", Int64(number) * 100), to: one.core) }
    bench.clock.pass(10_000_000)
    #expect(one.core.report.trims > 0)
    _ = bench.send(bench.event("x", 6_000), to: other.core)
    _ = bench.send(bench.event("y", 6_000), to: other.core)
    // Both claims and both records.
    bench.redis.failOver(losing: 4)
    #expect(bench.isEvicted(bench.send(bench.event("z", 6_001), to: other.core)))
  }

  @Test func visitsUnderWayGoOnBehindATrimOfTheirProcess() {
    let bench = CoreBench()
    bench.settings.trimBytesMin = 500
    bench.settings.recordsKept = 4
    let instance = bench.instance()
    for number in 0..<120 {
      instance.core.exchange(bench.prepared(bench.event("e\(number)", Int64(number) * 50))) { visit in
        #expect(visit.failure == nil)
      }
      if number % 3 == 2 { bench.clock.pass(10_000_000) }
    }
    #expect(instance.core.report.trims > 3)
    #expect(instance.core.report.rereads == 0)
  }

  @Test func whatBeginsALogLetsItExpire() {
    let bench = CoreBench()
    let instance = bench.instance()
    guard let visit = bench.send(bench.event("a", 1_000), to: instance.core) else { return }
    bench.redis.delete(bench.logKey)
    instance.core.exclude(visit) { _ in }
    bench.clock.pass(10_000_000)
    #expect(bench.redis.expiry(bench.logKey).map { $0 < .max } == true)
  }
}
