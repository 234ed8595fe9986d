import CEL
import Events
import RedisTestSupport
import RedisWindows
import TestSupport
import Testing
import Windows

/// What single replies, at the worst moment, must not do.
@Suite struct ScriptedReplyTests {
  private let bench = CoreBench()

  private func scripted() -> (core: RedisCore, transport: ScriptedTransport) {
    let transport = ScriptedTransport(redis: bench.redis, clock: bench.clock)
    let core = RedisCore(
      transport: transport, clock: bench.clock, settings: bench.settings, firstNonce: 7)
    return (core, transport)
  }

  private func isNamed(_ name: String, _ arguments: [[UInt8]]) -> Bool {
    arguments.first.map { $0.elementsEqual(name.utf8) } ?? false
  }

  @Test func anErrorReplyIsNotRepeatedInADecision() {
    let (core, transport) = scripted()
    transport.fate = { group, index in
      isNamed("APPEND", group[index])
        ? .refused("ERR unknown command 'APPEND', with args beginning with: 's:1:{secret}'") : .executed
    }
    let failure = bench.send(bench.event("a", 1_000), to: core)?.failure
    #expect(failure?.code == .unavailable)
    #expect(failure?.message == "redis refused a command with `ERR`")
  }

  @Test func aLengthOfTheLeastNumberDuringATrimNeverTraps() {
    bench.settings.trimBytesMin = 300
    bench.settings.recordsKept = 2
    let (core, transport) = scripted()
    transport.fate = { group, index in
      let isOdd = group[0].count > 2 && group[0][1].last.map { $0 % 2 == 1 } ?? false
      return isNamed("SET", group[0]) && isOdd && isNamed("APPEND", group[index])
        ? .answered(.min) : .executed
    }
    var answers = 0
    for number in 0..<120 {
      core.exchange(bench.prepared(bench.event("e\(number)", Int64(number) * 100))) { visit in
        if number % 2 == 1 { #expect(visit.failure != nil) }
        answers += 1
      }
      if number % 2 == 1 { bench.clock.pass(200_000_000) }
    }
    #expect(answers == 120)
    #expect(core.report.trims > 0)
  }

  @Test func aClosedStoreGivesUpItsBacklogAndItsDrains() {
    let (core, transport) = scripted()
    transport.fate = { _, _ in .late }
    for number in 0..<5 { _ = bench.send(bench.event("e\(number)", 1_000), to: core) }
    #expect(core.report.backlogCount == 5)
    var isDrained = false
    core.drain { isDrained = true }
    bench.clock.pass(100_000_000)
    #expect(!isDrained)
    core.close()
    let groups = transport.groupCount
    bench.clock.pass(60_000_000_000)
    #expect(isDrained && bench.clock.isIdle)
    #expect(transport.groupCount == groups)
    #expect(core.report.lostEvents == 5 && core.report.backlogCount == 0)
    #expect(bench.send(bench.event("f", 1_000), to: core)?.failure != nil)
    #expect(core.report.lostEvents == 6 && core.report.backlogCount == 0)
  }

  @Test func noConfiguredTimeoutOverflows() {
    var configuration = RedisConfiguration(namespace: "s")
    for (milliseconds, nanoseconds) in [
      (Int.max, 60_000_000_000), (20, 20_000_000), (0, 1_000_000), (.min, 1_000_000),
    ] as [(Int, Int64)] {
      configuration.timeoutMilliseconds = milliseconds
      #expect(StoreSettings(configuration).timeout == nanoseconds)
    }
  }

  @Test func entitiesMetDuringAnOutageAreWithinTheBound() {
    bench.settings.cacheBytesMax = 20_000
    let (core, transport) = scripted()
    transport.fate = { _, _ in .late }
    for number in 0..<500 {
      var event = bench.event("e\(number)", 1_000)
      event.user = "u\(number)"
      event.device = "d\(number)"
      _ = bench.send(event, to: core)
    }
    #expect(core.report.cachedLogs > 0 && core.report.cachedLogs < 100)
    #expect(core.report.cachedBytes <= 20_000)
  }

  @Test func aDecisionThatOvertakesAnEarlierEventIsDegraded() {
    let (core, transport) = scripted()
    transport.fate = { group, _ in group[0][1].last == UInt8(ascii: "a") ? .late : .executed }
    var failures: [String: StoreFailure?] = [:]
    core.exchange(bench.prepared(bench.event("a", 1_000))) { failures["a"] = $0.failure }
    bench.clock.pass(5_000_000)
    transport.delay = 18_000_000
    core.exchange(bench.prepared(bench.event("b", 1_000))) { failures["b"] = $0.failure }
    bench.clock.pass(20_000_000)
    #expect(failures["a"]??.code == .late)
    #expect(failures["b"]??.message == "earlier events of this entity still wait to be appended")
    transport.fate = { _, _ in .executed }
    transport.delay = 1_000
    bench.clock.pass(100_000_000)
    #expect(core.report.appendedLate == 1 && core.report.backlogCount == 0)
    #expect(bench.count(bench.send(bench.event("c", 1_000), to: core)) == 3)
  }

  @Test func aLossBehindATrimWithoutAnAnswerIsNoticed() {
    bench.settings.trimBytesMin = 500
    bench.settings.recordsKept = 4
    let (core, transport) = scripted()
    transport.fate = { group, index in isNamed("EVAL", group[index]) ? .late : .executed }
    var number: Int64 = 0
    while core.report.trims == 0 && number < 200 {
      _ = bench.send(bench.event("e\(number)", number * 100), to: core)
      number += 1
    }
    #expect(core.report.trims > 0)
    bench.clock.pass(30_000_000)
    bench.redis.delete(bench.logKey)
    #expect(bench.isEvicted(bench.send(bench.event("z", number * 100 - 99), to: core)))
    #expect(core.report.lostLogs == 1)
  }

  @Test func aRecordThatOnlyAReplicaLacksIsNotAppendedAgain() {
    bench.settings.waitsForReplica = true
    let (core, _) = scripted()
    bench.redis.replicas = 0
    #expect(bench.send(bench.event("a", 1_000), to: core)?.failure?.code == .unavailable)
    bench.clock.pass(100_000_000)
    let length = bench.redis.value(bench.logKey)?.count
    bench.clock.pass(5_000_000_000)
    #expect(bench.redis.value(bench.logKey)?.count == length)
    #expect(core.report.backlogCount == 1)
    bench.redis.replicas = 1
    bench.clock.pass(100_000_000)
    #expect(core.report.backlogCount == 0 && core.report.appendedLate == 1)
    #expect(bench.count(bench.send(bench.event("b", 1_000), to: core)) == 2)
  }

  @Test func whatAPrimaryLostBeforeAReplicaHadItIsAppendedAnew() {
    bench.settings.waitsForReplica = true
    let (core, _) = scripted()
    bench.redis.replicas = 0
    _ = bench.send(bench.event("a", 1_000), to: core)
    bench.clock.pass(100_000_000)
    bench.redis.delete(bench.logKey)
    bench.redis.replicas = 1
    bench.clock.pass(200_000_000)
    #expect(core.report.backlogCount == 0)
    #expect(bench.redis.value(bench.logKey)?.isEmpty == false)
  }

  @Test func whatBeginsALogLetsItExpireInTheSameGroup() {
    let (core, transport) = scripted()
    guard let visit = bench.send(bench.event("a", 1_000), to: core) else { return }
    bench.redis.delete(bench.logKey)
    let groups = transport.groupCount
    core.exclude(visit) { _ in }
    bench.clock.pass(10_000_000)
    #expect(transport.groupCount == groups + 1)
    #expect(bench.redis.expiry(bench.logKey).map { $0 < .max } == true)
  }
}
