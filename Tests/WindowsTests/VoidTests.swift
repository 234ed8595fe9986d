import CEL
import Events
import TestSupport
import Testing
import Windows

/// Records that take others back in a shared log: how many, and for how long they are kept.
@Suite struct VoidTests {
  private static let plan = WindowPlan(
    identity: 1, typeTags: [11],
    entities: [
      EntityPlan(
        name: "user", keySlots: [0], columns: WindowEvent.columns,
        features: [
          FeaturePlan(
            slot: WindowEvent.Fields.features, aggregation: .count, overMilliseconds: 1_000_000, limit: 8)
        ], recordsType: [true], readsByType: [[0]], retentionMilliseconds: 1_000_000)
    ], latenessMillisecondsMax: 0, idRetentionMilliseconds: 1)

  /// A record with a nonce, and what makes it void.
  private static func record(_ id: String, _ nonce: UInt32, time: Int64) -> (record: [UInt8], void: [UInt8]) {
    let visit = Visit.prepare(WindowEvent(id: id, time: time).decoded(featureCount: 1), plan: plan)
    var record = Array(visit.bytes[visit.appends[0].record])
    RecordFormat.setNonce(nonce, of: &record)
    return (record, visit.voidRecord(nonce: nonce))
  }

  private static func count(_ log: [UInt8]) throws -> Int64 {
    var fold = EntityFold(layout: plan.layouts[0])
    var scratch = FoldScratch()
    var frame = Frame(slotCount: WindowEvent.Fields.features + 1)
    _ = try fold.advance(
      log.span.bytes, own: log.count..<log.count, time: 5_000, type: 0, layout: plan.layouts[0],
      scratch: &scratch, into: &frame)
    return frame.slots[WindowEvent.Fields.features].integer
  }

  /// Each void takes back a record that counted: done one by one, this would take minutes.
  @Test func manyVoidsCostOneFoldMore() throws {
    var log: [UInt8] = []
    for number in 0..<4_000 as Range<UInt32> {
      log += Self.record("e\(number)", number + 1, time: 1_000 + Int64(number % 3)).record
    }
    for number in 0..<3_997 as Range<UInt32> {
      log += Self.record("e\(number)", number + 1, time: 1_000 + Int64(number % 3)).void
    }
    let clock = ContinuousClock()
    let began = clock.now
    #expect(try Self.count(log) == 3)
    #expect(clock.now - began < .seconds(2))
  }

  /// A void goes with a later trim than what it voids, and never before: its record would count again.
  @Test func voidGoesAfterItsRecord() throws {
    var log: [UInt8] = []
    for number in 0..<40 as Range<UInt32> {
      let (record, void) = Self.record("e\(number)", number + 1, time: 1_000 + Int64(number))
      log += record
      if number < 37 { log += void }
    }
    var sizes = [log.count]
    for round in 0..<3 as Range<UInt32> {
      var fold = EntityFold(layout: Self.plan.layouts[0])
      var scratch = FoldScratch()
      try fold.catchUp(log.span.bytes, to: log.count, layout: Self.plan.layouts[0], scratch: &scratch)
      let compacted = try fold.compact(
        log.span.bytes, keeping: 2, nonce: 9_000 + round, layout: Self.plan.layouts[0], scratch: &scratch)
      if let compacted { log = Array(compacted) }
      sizes.append(log.count)
      #expect(try Self.count(log) == 3)
    }
    #expect(sizes[1] < sizes[0] && sizes[2] < 450, "\(sizes)")
  }

  /// A void that is cut takes nothing with it that counted: no window is called unknown for it. Who looks for lost
  /// records still learns of it.
  @Test func cutVoidsHideNothing() throws {
    var log: [UInt8] = []
    for number in 0..<6 as Range<UInt32> {
      for attempt in 1...3 as ClosedRange<UInt32> {
        log += Self.record("e\(number)", number * 4 + attempt, time: 1_000 + Int64(number)).record
      }
    }
    // Of a record that never came.
    log += Self.record("other", 999, time: 1_004).void
    let newest = Self.record("newest", 1_000, time: 1_008).record
    log += newest + Self.record("last", 1_001, time: 1_009).record
    let layout = Self.plan.layouts[0]
    var fold = EntityFold(layout: layout)
    var scratch = FoldScratch()
    try fold.catchUp(log.span.bytes, to: log.count, layout: layout, scratch: &scratch)
    let compacted = try #require(
      try fold.compact(log.span.bytes, keeping: 2, nonce: 9_000, layout: layout, scratch: &scratch))
    #expect(EntityFold.trimmedTime(compacted.span.bytes) == 1_004)
    var fresh = EntityFold(layout: layout)
    try fresh.catchUp(compacted.span.bytes, to: compacted.count, layout: layout, scratch: &scratch)
    #expect(fresh.trimmedTime == .min)
    #expect(try Self.count(Array(compacted)) == 8)
  }
}
