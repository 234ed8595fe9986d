import CEL
import Events
import RedisTestSupport
import RedisWindows
import TestSupport
import Testing
import Windows

/// Events that were decided while Redis did not answer.
@Suite struct BacklogTests {
  @Test func whatWasDecidedWithoutRedisIsAppendedInOrder() {
    let bench = CoreBench()
    let instance = bench.instance()
    _ = bench.send(bench.event("a", 1_000), to: instance.core)
    bench.network.isDown = true
    for number in 0..<200 {
      let visit = bench.send(bench.event("e\(number)", 1_000), to: instance.core)
      #expect(visit?.failure?.code == .unavailable)
    }
    #expect(instance.core.report.backlogCount == 200)
    bench.network.isDown = false
    // Still degraded, since earlier events wait, and in their order.
    #expect(bench.send(bench.event("b", 1_000), to: instance.core)?.failure != nil)
    bench.clock.pass(1_000_000_000)
    #expect(instance.core.report.backlogCount == 0)
    #expect(instance.core.report.backlogBytes == 0)
    #expect(instance.core.report.appendedLate == 201)
    let log = bench.redis.history.records(upTo: bench.redis.history.head(bench.logKey))
    #expect(log.map(\.id) == ["a"] + (0..<200).map { "e\($0)" } + ["b"])
    #expect(bench.count(bench.send(bench.event("c", 1_000), to: instance.core)) == 203)
  }

  @Test func whatDoesNotFitIsReportedLost() {
    let bench = CoreBench()
    bench.settings.backlogBytesMax = 3_000
    let instance = bench.instance()
    bench.network.isDown = true
    for number in 0..<50 { _ = bench.send(bench.event("e\(number)", 1_000), to: instance.core) }
    let report = instance.core.report
    #expect(report.lostEvents > 0 && report.backlogCount > 0)
    #expect(report.lostEvents + report.backlogCount == 50)
    #expect(report.backlogBytes <= 3_000)
  }

  @Test func aConflictThatWaitedIsTakenBack() {
    let bench = CoreBench()
    let (one, other) = (bench.instance(), bench.instance())
    bench.network.isDown = true
    var conflicting = bench.event("a", 1_000)
    conflicting.slots[WindowEvent.Fields.amount] = .int(100)
    #expect(bench.send(conflicting, to: one.core)?.failure != nil)
    bench.network.isDown = false
    #expect(bench.count(bench.send(bench.event("a", 1_000), to: other.core)) == 1)
    bench.clock.pass(1_000_000_000)
    let visit = bench.send(bench.event("b", 1_000), to: other.core)
    #expect(bench.count(visit) == 2)
    #expect(visit?.event.frame.slots[WindowEvent.Fields.features + 2].integer == 2)
  }
}
