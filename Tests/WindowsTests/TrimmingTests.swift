import TestSupport
import Testing
import Windows

/// Logs that were trimmed, in small streams that once made the store differ from the oracle.
@Suite struct TrimmingTests {
  private static let start: Int64 = 1_700_000_000_000

  /// A plan with these features over one user's records, which are kept for 500 ms.
  private static func plan(_ identity: UInt64, _ features: [FeaturePlan]) -> WindowPlan {
    var features = features
    for index in features.indices { features[index].slot = WindowEvent.Fields.features + index }
    let reads = Array(features.indices)
    let entity = EntityPlan(
      name: "user", keySlots: [WindowEvent.Fields.user], columns: WindowEvent.columns, features: features,
      recordsType: [true, true, false], readsByType: [reads, reads, reads], retentionMilliseconds: 500)
    return WindowPlan(
      identity: identity, typeTags: [11, 12, 13], entities: [entity], latenessMillisecondsMax: 20,
      idRetentionMilliseconds: 100_000)
  }

  private static func count(
    over: Int64, last: Int? = nil, acceptedOnly: Bool = false, limit: Int = 4_096
  ) -> FeaturePlan {
    FeaturePlan(
      slot: 0, aggregation: .count, overMilliseconds: over, last: last, countsAcceptedOnly: acceptedOnly,
      limit: limit)
  }

  /// An event with so many letters; a log is looked through when it reaches 512 bytes, some six short records.
  private static func event(
    _ id: String, at time: Int64, letters: Int = 0, amount: Int64? = nil, reverses: String? = nil,
    amends: String? = nil
  ) -> WindowEvent {
    var event = WindowEvent(id: id, time: start + time)
    event.slots[WindowEvent.Fields.text] = .text(String(repeating: "x", count: letters))
    if let amount { event.slots[WindowEvent.Fields.amount] = .int(amount) }
    event.reverses = reverses
    event.amends = amends
    return event
  }

  private static func run(
    _ plan: WindowPlan, bytesMax: Int = 1 << 24, forgets: Bool = false
  ) -> WindowStreamRun<MemoryWindows> {
    WindowStreamRun(store: MemoryWindows(bytesMax: bytesMax, shardCount: 1), plan: plan, forgets: forgets)
  }

  /// An amendment that came before its record is pushed out, and so is the record, but that stands in the log behind
  /// one that lives, and stays.
  @Test func recordThatStaysKeepsWhatAmendsIt() {
    var run = Self.run(
      Self.plan(1, [Self.count(over: 300, limit: 2), Self.count(over: 50, acceptedOnly: true)]))
    #expect(run.send(Self.event("a", at: 431, letters: 80), decision: nil, blocks: false) == nil)
    #expect(run.send(Self.event("b", at: 491, amount: 7, amends: "c"), decision: nil, blocks: true) == nil)
    #expect(run.send(Self.event("c", at: 494, amount: 1), decision: nil, blocks: false) == nil)
    #expect(run.send(Self.event("d", at: 562, amount: 2), decision: nil, blocks: false) == nil)
    #expect(run.send(Self.event("e", at: 707, letters: 100), decision: nil, blocks: false) == nil)
    run.plan = Self.plan(
      2, [FeaturePlan(slot: 0, aggregation: .sum, value: 0, overMilliseconds: 300, last: 3)])
    #expect(run.send(Self.event("f", at: 777, amount: 4), decision: nil, blocks: false) == nil)
  }

  /// The same with a reversal, seen by a second delivery of the record that it took back.
  @Test func repeatStaysReversed() {
    var run = Self.run(
      Self.plan(1, [Self.count(over: 300, limit: 2), Self.count(over: 5, acceptedOnly: true)]))
    let reversed = Self.event("c", at: 153)
    #expect(run.send(Self.event("a", at: -329, letters: 80), decision: nil, blocks: false) == nil)
    #expect(run.send(Self.event("b", at: 93, reverses: "c"), decision: nil, blocks: true) == nil)
    #expect(run.send(reversed, decision: nil, blocks: false) == nil)
    #expect(run.send(Self.event("d", at: 427), decision: nil, blocks: false) == nil)
    #expect(run.send(Self.event("e", at: 503), decision: nil, blocks: false) == nil)
    #expect(run.send(Self.event("f", at: 503, letters: 100), decision: nil, blocks: false) == nil)
    #expect(run.send(reversed, decision: nil, blocks: false) == nil)
  }

  /// A blocked event was cut under a plan that counts all; its second delivery counts as little under one that counts
  /// what was accepted.
  @Test func repeatStaysExcluded() {
    let accepted = Self.plan(1, [Self.count(over: 300, acceptedOnly: true)])
    var run = Self.run(accepted)
    let blocked = Self.event("a", at: 2, letters: 80)
    #expect(run.send(blocked, decision: nil, blocks: true) == nil)
    run.plan = Self.plan(2, [Self.count(over: 300, limit: 3)])
    #expect(run.send(Self.event("b", at: 3, letters: 80), decision: nil, blocks: false) == nil)
    #expect(run.send(Self.event("c", at: 11), decision: nil, blocks: false) == nil)
    #expect(run.send(Self.event("d", at: 12, letters: 100), decision: nil, blocks: false) == nil)
    #expect(run.send(blocked, decision: nil, blocks: false) == nil)
    run.plan = accepted
    #expect(run.send(Self.event("e", at: 15), decision: nil, blocks: false) == nil)
  }

  /// Under another plan a record was cut that belongs to the last two, so that one that failed seems to.
  @Test func failureBeforeTheLastIsUnknown() {
    let flag = WindowEvent.columns.firstIndex { $0.slot == WindowEvent.Fields.flag }
    var last = Self.count(over: 300, last: 2)
    last.condition = flag
    var others = Self.count(over: 300)
    others.types = [11]
    var run = Self.run(Self.plan(1, [Self.count(over: 300, limit: 2), others]))
    func send(_ id: String, at time: Int64, type: Int = 0, _ value: WindowEvent.Value, letters: Int = 0) {
      var event = Self.event(id, at: time, letters: letters)
      event.type = type
      event.slots[WindowEvent.Fields.flag] = value
      #expect(run.send(event, decision: nil, blocks: false) == nil)
    }
    send("a", at: 65, .failure)
    send("b", at: 185, type: 1, .bool(false), letters: 100)
    send("c", at: 191, type: 1, .bool(true), letters: 100)
    send("d", at: 278, .bool(true))
    send("e", at: 281, .bool(false), letters: 100)
    run.plan = Self.plan(2, [last])
    send("f", at: 326, .bool(false))
  }

  /// Neither its id nor its record is remembered, and there is room for it again: all the same it stays out.
  @Test func forgottenRepeatIsLeftOut() {
    var run = Self.run(
      Self.plan(1, [Self.count(over: 300, acceptedOnly: true, limit: 2)]), bytesMax: 100_000, forgets: true)
    let repeated = Self.event("b", at: 85, letters: 80)
    #expect(run.send(Self.event("a", at: 63, letters: 80), decision: nil, blocks: false) == nil)
    #expect(run.send(repeated, decision: nil, blocks: false) == nil)
    #expect(run.send(Self.event("c", at: 87), decision: nil, blocks: false) == nil)
    #expect(run.send(Self.event("d", at: 107, letters: 160), decision: nil, blocks: true) == nil)
    for number in 0..<60 {
      var other = Self.event("other\(number)", at: 110)
      other.user = "v"
      let decision = Array("\(number)".utf8) + [UInt8](repeating: 7, count: 2_000)
      #expect(run.send(other, decision: decision, blocks: false) == nil)
    }
    #expect(run.store.statistics.forgottenIDs > 0 && run.store.statistics.evictedEntities == 0)
    #expect(run.send(repeated, decision: nil, blocks: false) == nil)
    #expect(run.send(Self.event("e", at: 120), decision: nil, blocks: false) == nil)
  }

  /// An entity that grew too large gives up the older half of its log, and with it what amends a record of the newer.
  @Test(arguments: 8..<20) func recordWithoutItsAmendmentIsUnknown(atPlace place: Int) {
    let sum = FeaturePlan(slot: 0, aggregation: .sum, value: 0, overMilliseconds: 300)
    var run = Self.run(Self.plan(1, [sum]), bytesMax: 20_000, forgets: true)
    #expect(
      run.send(Self.event("m", at: 0, amount: 9, amends: "e\(place)"), decision: nil, blocks: false) == nil)
    for number in 1..<30 {
      let event = Self.event(
        "e\(number)", at: (number < place ? 0 : 400) + Int64(number), letters: 200, amount: 1)
      let bytes = run.store.statistics.entityBytes
      #expect(run.send(event, decision: nil, blocks: false) == nil)
      // An amendment that still waits is lost, as the documentation says.
      if number < place && run.store.statistics.entityBytes < bytes { return }
    }
    #expect(run.evicted > 0)
  }
}
