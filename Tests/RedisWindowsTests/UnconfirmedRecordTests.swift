import RedisTestSupport
import RedisWindows
import TestSupport
import Testing
import Windows

/// With `durability: wait`: what no replica has is in a backlog as well, and is not lost when its primary goes.
@Suite struct UnconfirmedRecordTests {
  private static func waiting() -> CoreBench {
    let bench = CoreBench()
    bench.settings.waitsForReplica = true
    bench.redis.replicas = 1
    return bench
  }

  /// Lets backlogs be written.
  private static func rest(_ bench: CoreBench) {
    bench.clock.pass(5_000_000_000)
    while bench.clock.step() {}
  }

  @Test func aRecordThatNoReplicaHasIsNotLostWithItsPrimary() throws {
    let bench = Self.waiting()
    let (writer, reader) = (bench.instance(), bench.instance())
    for number in 1...3 as ClosedRange<Int64> {
      #expect(bench.count(bench.send(bench.event("e\(number)", 1_000 + number), to: writer.core)) == number)
    }
    #expect(bench.count(bench.send(bench.event("e4", 1_004), to: reader.core)) == 4)
    bench.redis.replicas = 0
    #expect(bench.send(bench.event("e5", 1_005), to: writer.core)?.failure != nil)
    // The other process has seen it, and could not have its own kept either.
    #expect(bench.send(bench.event("e6", 1_006), to: reader.core)?.failure != nil)
    bench.redis.failOver(losing: 64)
    bench.redis.replicas = 1
    Self.rest(bench)
    for (core, number) in [(writer.core, 7), (reader.core, 8)] as [(RedisCore, Int64)] {
      let visit = bench.send(bench.event("e\(number)", 1_000 + number), to: core)
      #expect(bench.count(visit) == number)
      #expect(!bench.isEvicted(visit))
      #expect(core.report.lostLogs == 0)
    }
  }

  /// What a replica had acknowledged and is not there is lost, and said to be.
  @Test func aRecordThatAReplicaHadIsMissed() throws {
    let bench = Self.waiting()
    let writer = bench.instance()
    _ = bench.send(bench.event("e1", 1_001), to: writer.core)
    let before = try #require(bench.redis.value(bench.logKey))
    _ = bench.send(bench.event("e2", 1_002), to: writer.core)
    bench.redis.put(bench.logKey, before)
    #expect(bench.isEvicted(bench.send(bench.event("e3", 1_003), to: writer.core)))
    #expect(writer.core.report.lostLogs == 1)
  }

  /// A primary that has lost its place, and does not know it yet, shows a log that lacks what the new one has.
  @Test func anOldPrimaryIsNotBelieved() throws {
    let bench = Self.waiting()
    let writer = bench.instance()
    _ = bench.send(bench.event("e1", 1_001), to: writer.core)
    let old = try #require(bench.redis.value(bench.logKey))
    _ = bench.send(bench.event("e2", 1_002), to: writer.core)
    let new = try #require(bench.redis.value(bench.logKey))
    bench.redis.put(bench.logKey, old)
    bench.redis.replicas = 0
    #expect(bench.send(bench.event("e3", 1_003), to: writer.core)?.failure != nil)
    bench.redis.put(bench.logKey, new)
    bench.redis.replicas = 1
    Self.rest(bench)
    let visit = bench.send(bench.event("e4", 1_004), to: writer.core)
    #expect(bench.count(visit) == 4)
    #expect(writer.core.report.lostLogs == 0)
  }
}
