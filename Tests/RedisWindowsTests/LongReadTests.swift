import RedisTestSupport
import RedisWindows
import TestSupport
import Testing
import Windows

/// Logs that are too long for one reply, over a simulated Redis.
@Suite struct LongReadTests {
  private static let timeout: Int64 = 20_000_000

  /// A player's log of so many records, read by instances that do not know it, a few records at a time.
  private static func bench(records: Int) -> CoreBench {
    let bench = CoreBench()
    bench.settings.trimBytesMin = 1 << 20
    let writer = bench.instance()
    for number in 0..<records { _ = bench.send(bench.event("e\(number)", 1_000), to: writer.core) }
    bench.settings.sliceBytes = 300
    return bench
  }

  private static func others(_ number: Int) -> WindowEvent {
    var event = WindowEvent(id: "o\(number)", time: 1_000)
    event.user = "other\(number)"
    return event
  }

  @Test func aLogIsReadSliceBySliceWithinOneVisitWhereThereIsTime() {
    let bench = Self.bench(records: 40)
    let length = bench.redis.value(bench.logKey)?.count ?? 0
    let reader = bench.instance()
    #expect(bench.count(bench.send(bench.event("x", 1_001), to: reader.core)) == 41)
    #expect(reader.core.report.slicedReads == 1 && reader.core.report.rereads == 0)
    // The visit's own group, and one for each further slice, which begins with a record that is known.
    #expect(length > 3_000 && (length / 300...length / 150).contains(reader.transport.groupCount))
    let groups = reader.transport.groupCount
    #expect(bench.count(bench.send(bench.event("y", 1_001), to: reader.core)) == 42)
    #expect(reader.transport.groupCount == groups + 1)
  }

  @Test func visitsWaitForALongLogNoLongerThanTheyMayAndOthersNotAtAll() {
    let bench = Self.bench(records: 800)
    let reader = bench.instance()
    let begin = bench.clock.now
    var late = 0
    var served = 0
    for number in 0..<20 {
      reader.core.exchange(bench.prepared(bench.event("x\(number)", 1_001))) { visit in
        #expect(visit.failure?.code == .late)
        #expect(visit.failure?.message == "the log of an entity is still being read")
        #expect(bench.count(visit) == nil)
        #expect(bench.clock.now - begin <= Self.timeout + 19_000_000)
        late += 1
      }
      reader.core.exchange(bench.prepared(Self.others(number))) { visit in
        #expect(visit.failure == nil)
        #expect(bench.count(visit) == 1)
        served += 1
      }
      bench.clock.pass(1_000_000)
    }
    #expect(served == 20)
    bench.clock.pass(1_000_000_000)
    #expect(late == 20)
    // Nobody asked again, and yet the log is here.
    let groups = reader.transport.groupCount
    #expect(bench.count(bench.send(bench.event("y", 1_001), to: reader.core)) == 821)
    #expect(reader.transport.groupCount == groups + 1)
    #expect(reader.core.report.slicedReads == 1 && reader.core.report.backlogCount == 0)
    #expect(reader.core.report.lostLogs == 0)
  }

  @Test func visitsThatMeetALogBeingReadAreCountedInTheirOrder() {
    let bench = Self.bench(records: 60)
    let reader = bench.instance()
    var counts: [Int64?] = []
    for number in 0..<30 {
      reader.core.exchange(bench.prepared(bench.event("x\(number)", 1_001))) {
        counts.append(bench.count($0))
      }
      if number % 3 == 0 { bench.clock.pass(200_000) }
    }
    bench.clock.pass(1_000_000_000)
    #expect(counts == (61...90).map { $0 })
    #expect(reader.core.report.slicedReads >= 1 && reader.core.report.rereads == 0)
  }

  @Test func whatWasReadIsKeptWhenTheConnectionIsLost() {
    let bench = Self.bench(records: 100)
    let reader = bench.instance()
    var failed: Visit?
    reader.core.exchange(bench.prepared(bench.event("x", 1_001))) { failed = $0 }
    bench.clock.pass(8_000_000)
    let groups = reader.transport.groupCount
    #expect(groups > 5)
    reader.transport.lose(executing: false)
    bench.clock.pass(200_000_000)
    #expect(failed?.failure?.code == .unavailable)
    #expect(reader.core.report.appendedLate == 1)
    let before = reader.transport.groupCount
    #expect(bench.count(bench.send(bench.event("y", 1_001), to: reader.core)) == 102)
    let length = bench.redis.value(bench.logKey)?.count ?? 0
    #expect(reader.transport.groupCount - before < length / 150 - groups / 2)
    #expect(reader.core.report.lostLogs == 0)
  }

  @Test func aLogThatIsTrimmedWhileItIsReadIsReadFromItsFront() {
    let bench = Self.bench(records: 60)
    let reader = bench.instance()
    var answered: Visit?
    reader.core.exchange(bench.prepared(bench.event("x", 6_000))) { answered = $0 }
    bench.clock.pass(2_000_000)
    #expect(answered == nil)
    bench.settings.trimBytesMin = 64
    bench.settings.recordsKept = 2
    bench.settings.sliceBytes = 1 << 18
    let other = bench.instance()
    _ = bench.send(bench.event("y", 7_000), to: other.core)
    #expect(other.core.report.trims == 1)
    bench.clock.pass(100_000_000)
    #expect(answered?.failure == nil)
    #expect(reader.core.report.lostLogs == 0 && reader.core.report.rereads == 1)
  }

  @Test func aRecordLongerThanASliceIsRead() {
    let bench = CoreBench()
    bench.settings.sliceBytes = 64
    for number in 0..<6 {
      let visit = bench.send(bench.event("e\(number)", 1_000), to: bench.instance().core)
      #expect(bench.count(visit) == Int64(number + 1))
    }
    bench.settings.replyBytesMax = 100
    #expect(bench.send(bench.event("z", 1_000), to: bench.instance().core)?.failure?.code == .damaged)
  }
}
