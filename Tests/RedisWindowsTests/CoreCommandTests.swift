import CEL
import Events
import RedisTestSupport
import RedisWindows
import TestSupport
import Testing
import Windows

/// What a visit costs, and what becomes of replies that should not be.
@Suite struct CoreCommandTests {
  @Test func aVisitIsOneRoundTripAndTwoCommandsForEachEntity() {
    let bench = CoreBench()
    let instance = bench.instance()
    let transport = instance.transport
    var counts: [Int] = []
    for number in 0..<20 {
      let (groups, commands) = (transport.groupCount, transport.commandCount)
      let visit = bench.send(bench.event("e\(number)", 1_000 + Int64(number)), to: instance.core)
      #expect(bench.count(visit) == Int64(number + 1))
      #expect(transport.groupCount == groups + 1)
      counts.append(transport.commandCount - commands)
    }
    // The claim, the append, the read; and once the expiry.
    #expect(counts == [4] + Array(repeating: 3, count: 19))
  }

  @Test func anotherProcessReadsOnlyWhatIsNew() {
    let bench = CoreBench()
    let (one, other) = (bench.instance(), bench.instance())
    for number in 0..<20 {
      let visit = bench.send(
        bench.event("e\(number)", 1_000), to: number % 2 == 0 ? one.core : other.core)
      #expect(bench.count(visit) == Int64(number + 1))
    }
    #expect(one.core.report.rereads + other.core.report.rereads == 0)
    #expect(one.transport.groupCount == 10)
  }

  @Test func repliesOfOtherKindsNeverTrapNorAnswerAnotherEvent() {
    for seed in 0..<400 as Range<UInt64> {
      let bench = CoreBench()
      bench.settings.trimBytesMin = 300
      bench.settings.waitsForReplica = seed % 2 == 0
      bench.settings.isSharded = seed % 3 == 0
      let transport = FuzzedTransport(
        redis: bench.redis, clock: bench.clock, random: SeededGenerator(seed: seed))
      let core = RedisCore(
        transport: transport, clock: bench.clock, settings: bench.settings, firstNonce: 7)
      var answers = 0
      for number in 0..<30 {
        let id = "e\(number % 24)"
        core.exchange(bench.prepared(bench.event(id, 1_000 + Int64(number % 24)))) { visit in
          answers += 1
          let text = String(decoding: visit.event.frame.arena[visit.event.id.range], as: UTF8.self)
          #expect(text == id, "seed \(seed)")
          if visit.failure != nil { #expect(bench.count(visit) == nil, "seed \(seed)") }
          if number % 5 == 0 { core.remember(visit, decision: [1]) }
          if number % 7 == 0 { core.exclude(visit) { _ in } }
        }
        if number % 3 == 0 { bench.clock.pass(10_000_000) }
      }
      bench.clock.pass(1_000_000_000)
      #expect(answers == 30, "seed \(seed)")
      #expect(transport.replaced > 0)
    }
  }
}
