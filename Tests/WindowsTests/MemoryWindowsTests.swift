import CEL
import Events
import TestSupport
import Testing
import Windows

@Suite struct MemoryWindowsTests {
  @Test func keepsTheContract() {
    #expect(WindowStoreContract { MemoryWindows(bytesMax: 1 << 24) }.check() == [])
    #expect(WindowStoreContract { MemoryWindows(bytesMax: 1 << 24, shardCount: 1) }.check() == [])
  }

  /// One like no other: what is decided alike is remembered once.
  private static func decision(_ number: Int, count: Int) -> [UInt8] {
    Array("\(number) ".utf8) + [UInt8](repeating: 7, count: count)
  }

  @Test func staysWithinItsBytes() {
    let store = MemoryWindows(bytesMax: 100_000, shardCount: 2)
    let plan = WindowStoreContract<MemoryWindows>.plan
    for number in 0..<5_000 {
      var event = WindowEvent(id: "e\(number)", time: Int64(number))
      event.user = "u\(number % 700)"
      let visit = Visit.prepare(event.decoded(featureCount: 4), plan: plan)
      guard let done = store.exchange(visit, resume: { _ in }) else { continue }
      store.remember(done, decision: Self.decision(number, count: 100))
      #expect(store.statistics.bytes <= 100_000)
    }
    let statistics = store.statistics
    #expect(statistics.evictedEntities > 0 && statistics.forgottenIDs > 0)
    #expect(statistics.entities > 10 && statistics.rememberedIDs > 10)
  }

  /// What the log recognises, when the ids are forgotten, is told apart from a first delivery.
  @Test func repeatOfForgottenIdIsAttempted() {
    let store = MemoryWindows(bytesMax: 100_000, shardCount: 1)
    let plan = WindowStoreContract<MemoryWindows>.plan
    func send(_ id: String, _ user: String, isRehearsal: Bool = false) -> Visit {
      var event = WindowEvent(id: id, time: 10)
      event.user = user
      event.isRehearsal = isRehearsal
      let visit = Visit.prepare(event.decoded(featureCount: 4), plan: plan)
      return waitFor { resume in store.exchange(visit, resume: resume) }
    }
    #expect(send("a", "kept").prior == .first)
    for number in 0..<80 {
      store.remember(send("e\(number)", "other\(number % 5)"), decision: Self.decision(number, count: 2_000))
    }
    #expect(store.statistics.forgottenIDs > 0 && store.statistics.evictedEntities == 0)
    #expect(send("a", "kept", isRehearsal: true).prior == .attempted)
    let again = send("a", "kept")
    #expect(again.prior == .attempted)
    #expect(again.event.frame.slots[WindowEvent.Fields.features].integer == 1)
  }

  /// A retry is answered with the decision on its own event, although thousands were decided in the same words.
  @Test func decisionsAlikeAreKeptOnce() {
    let store = MemoryWindows(bytesMax: 1 << 24, shardCount: 1)
    let plan = WindowStoreContract<MemoryWindows>.plan
    func send(_ number: Int) -> Visit {
      var event = WindowEvent(id: "event-\(number)", time: 10)
      event.user = "u\(number % 7)"
      let visit = Visit.prepare(event.decoded(featureCount: 4), plan: plan)
      return waitFor { resume in store.exchange(visit, resume: resume) }
    }
    func decision(_ number: Int) -> [UInt8] {
      let id = number % 5 == 4 ? "" : "event-\(number)"
      return Array("\(number % 3) of \(id) \(String(repeating: "x", count: 400))".utf8)
    }
    for number in 0..<5_000 { store.remember(send(number), decision: decision(number)) }
    for number in 0..<5_000 { #expect(send(number).prior == .decided(decision(number))) }
    let bytes = store.statistics.bytes - store.statistics.entityBytes
    #expect(bytes < 5_000 * 100, "of ids and decisions; \(bytes) bytes")
  }

  /// When logs fit and windows do not, windows are given back, and no answer changes.
  @Test func entitiesRestBeforeOneIsEvicted() {
    let plan = WindowStoreContract<MemoryWindows>.plan
    func answers(bytesMax: Int) -> (slots: [String], statistics: MemoryStatistics) {
      let store = MemoryWindows(bytesMax: bytesMax, shardCount: 1)
      var slots: [String] = []
      for number in 0..<6_000 {
        var event = WindowEvent(id: "e\(number)", time: Int64(number))
        event.user = "u\(number * 7 % 500)"
        let visit = Visit.prepare(event.decoded(featureCount: 4), plan: plan)
        guard let done = store.exchange(visit, resume: { _ in }) else { continue }
        for feature in 0..<4 {
          let slot = done.event.frame.slots[WindowEvent.Fields.features + feature]
          slots.append("\(slot.kind) \(slot.payload) \(slot.flags)")
        }
      }
      return (slots, store.statistics)
    }
    let ample = answers(bytesMax: 1 << 26)
    let tight = answers(bytesMax: ample.statistics.bytes * 7 / 10)
    #expect(ample.statistics.restingEntities == 0 && tight.statistics.restingEntities > 100)
    #expect(tight.statistics.evictedEntities == 0)
    #expect(tight.slots == ample.slots)
  }

  /// A key that comes once, as a transaction's does, takes little more than its record.
  @Test func keysOfOneRecordRest() {
    let store = MemoryWindows(bytesMax: 1 << 26, shardCount: 1)
    let plan = WindowStoreContract<MemoryWindows>.plan
    for number in 0..<1_000 {
      var event = WindowEvent(id: "e\(number)", time: Int64(number))
      event.user = "u\(number)"
      _ = store.exchange(Visit.prepare(event.decoded(featureCount: 4), plan: plan), resume: { _ in })
    }
    let statistics = store.statistics
    print("a key of one record takes \(statistics.entityBytes / statistics.entities) bytes")
    #expect(statistics.restingEntities == 1_000 && statistics.entityBytes < 1_000 * 300)
  }

  /// Whatever the traffic, a key holds a small multiple of its features' limit, and answers as the oracle does.
  @Test func limitBoundsTheLog() {
    let slot = WindowEvent.Fields.features
    let month: Int64 = 30 * 86_400_000
    let features = [
      FeaturePlan(slot: slot, aggregation: .count, types: [11], overMilliseconds: month, limit: 10),
      FeaturePlan(slot: slot + 1, aggregation: .sum, value: 0, overMilliseconds: month, limit: 10),
      FeaturePlan(slot: slot + 2, aggregation: .last, value: 0, overMilliseconds: nil, last: 1, limit: 10),
    ]
    let entity = EntityPlan(
      name: "user", keySlots: [0], columns: WindowEvent.columns, features: features,
      recordsType: [true], readsByType: [[0, 1, 2]], retentionMilliseconds: month)
    let plan = WindowPlan(
      identity: 1, typeTags: [11], entities: [entity], latenessMillisecondsMax: 1_000,
      idRetentionMilliseconds: month)
    let store = MemoryWindows(bytesMax: 1 << 27, shardCount: 1)
    let oracle = WindowOracle(entity: entity, lateness: 1_000)
    var log: [WindowOracle.Record] = []
    var entityBytesMax = 0
    for number in 0..<200_000 {
      var event = WindowEvent(id: "e\(number)", time: 1_700_000_000_000 + Int64(number * 7 + number % 3 * -9))
      event.slots[WindowEvent.Fields.amount] = .int(Int64(number % 100))
      let visit = Visit.prepare(event.decoded(featureCount: 3), plan: plan)
      guard let done = store.exchange(visit, resume: { _ in }) else { continue }
      if number % 100 == 0 { entityBytesMax = max(entityBytesMax, store.statistics.entityBytes) }
      log.append(event.record(in: entity, typeTags: [11]))
      // What came long before was pushed out by what came since.
      if log.count > 60 { log.removeFirst(20) }
      guard number < 100 || number % 5_000 == 0 else { continue }
      for feature in features {
        let expected = oracle.read(feature, log: log, ownIsLast: true, time: event.time, currency: nil)
        let slot = done.event.frame.slots[feature.slot]
        let answer: WindowOracle.Answer = slot.kind == .missing ? .missing : .integer(slot.integer)
        #expect(answer == expected.answer && slot.flags.contains(.saturated) == expected.saturated)
      }
      if number > 10 {
        #expect(done.event.frame.slots[slot].integer == 10)
        #expect(done.event.frame.slots[slot].flags == .saturated)
      }
    }
    print("a key with limit 10 held at most \(entityBytesMax) bytes")
    #expect(entityBytesMax < 12_000 && store.statistics.entities == 1)
  }

  /// A flood of records that no limit bounds costs the hot key its own past, not its neighbours theirs.
  @Test func hotKeyLeavesOthersAlone() {
    let store = MemoryWindows(bytesMax: 200_000, shardCount: 1)
    let plan = WindowStoreContract<MemoryWindows>.plan
    func send(_ id: String, _ user: String, type: Int = 0) -> Visit {
      var event = WindowEvent(id: id, type: type, time: 1_000)
      event.user = user
      let visit = Visit.prepare(event.decoded(featureCount: 4), plan: plan)
      return waitFor { resume in store.exchange(visit, resume: resume) }
    }
    for number in 0..<5 { _ = send("idle\(number)", "idle\(number)") }
    for number in 0..<10_000 { _ = send("hot\(number)", "hot", type: number % 100 == 0 ? 0 : 1) }
    #expect(store.statistics.evictedEntities == 0 && store.statistics.bytes <= 200_000)
    let slot = WindowEvent.Fields.features
    #expect(send("again", "idle0").event.frame.slots[slot].integer == 2)
    let fresh = send("fresh", "new").event.frame.slots[slot]
    #expect(fresh.integer == 1 && fresh.flags.isEmpty)
    #expect(send("last", "hot").event.frame.slots[slot].flags.contains(.evicted))
  }

  /// A year of events on one entity must not keep a year of records.
  @Test func trimsWhatIsPastRetention() {
    let store = MemoryWindows(bytesMax: 1 << 26, shardCount: 1)
    let plan = WindowStoreContract<MemoryWindows>.plan
    for number in 0..<20_000 {
      // Every hundredth is dated far ahead once, so that the front of the log is not always the oldest.
      let event = WindowEvent(
        id: "e\(number % 100)-\(number)", time: Int64(number) * 100 + (number % 100 == 0 ? 700 : 0))
      _ = store.exchange(Visit.prepare(event.decoded(featureCount: 4), plan: plan), resume: { _ in })
    }
    let bytesOfIDs = 20_000 * 80
    #expect(store.statistics.bytes < bytesOfIDs + 40_000)
  }
}
