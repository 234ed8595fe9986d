import CEL
import Events
import TestSupport
import Testing
import Windows

/// Deliveries of one event that states its content, each with a time of its own, in a log that is shared.
@Suite struct StatedContentTests {
  private static let plan = WindowPlan(
    identity: 1, typeTags: [11],
    entities: [
      EntityPlan(
        name: "user", keySlots: [0], columns: WindowEvent.columns,
        features: [
          FeaturePlan(slot: WindowEvent.Fields.features, aggregation: .count, overMilliseconds: 1_000)
        ],
        recordsType: [true], readsByType: [[0]], retentionMilliseconds: 1_000)
    ], latenessMillisecondsMax: 0, idRetentionMilliseconds: 1_000)

  private static func visit(_ id: String, time: Int64, states content: UInt64?) -> Visit {
    var event = WindowEvent(id: id, time: time).decoded(featureCount: 1)
    if let content {
      event.digest = EventDigest(high: content, low: content)
      event.statesContent = true
    }
    return Visit.prepare(event, plan: plan)
  }

  private static func record(_ visit: Visit, nonce: UInt32) -> [UInt8] {
    var record = Array(visit.bytes[visit.appends[0].record])
    RecordFormat.setNonce(nonce, of: &record)
    return record
  }

  /// What the second delivery finds in a log with the first; nil where the log is said to hold another event.
  private static func second(states first: UInt64?, and second: UInt64?) throws -> Int64? {
    var log = record(visit("a", time: 100, states: first), nonce: 1)
    var retry = visit("a", time: 350, states: second)
    retry.prior = .attempted
    let start = log.count
    log += record(retry, nonce: 2)
    var fold = EntityFold(layout: plan.layouts[0])
    var scratch = FoldScratch()
    do throws(StoreFailure) {
      let repeats = try fold.visit(
        log.span.bytes, own: start..<log.count, of: &retry, layout: plan.layouts[0], scratch: &scratch)
      #expect(repeats)
      return retry.event.frame.slots[WindowEvent.Fields.features].integer
    } catch {
      #expect(error.code == .unavailable)
      return nil
    }
  }

  @Test func aRetryAtAnotherTimeIsTheSameEvent() throws {
    #expect(try Self.second(states: 7, and: 7) == 1)
  }

  @Test func otherContentIsAnotherEvent() throws {
    #expect(try Self.second(states: 7, and: 8) == nil)
    #expect(try Self.second(states: nil, and: nil) == nil, "the time is part of the content")
    #expect(try Self.second(states: 7, and: nil) == nil)
  }

  /// A repeat goes with the first trim, so that it does not count once its first is past.
  @Test func aRepeatIsTrimmedBeforeItsFirst() throws {
    let layout = Self.plan.layouts[0]
    var log = Self.record(Self.visit("a", time: 100, states: 7), nonce: 1)
    log += Self.record(Self.visit("a", time: 900, states: 7), nonce: 2)
    for number in 0..<8 as Range<UInt32> {
      log += Self.record(Self.visit("b", time: 901, states: 9), nonce: 3 + number)
    }
    var fold = EntityFold(layout: layout)
    var scratch = FoldScratch()
    try fold.catchUp(log.span.bytes, to: log.count, layout: layout, scratch: &scratch)
    let compacted = try #require(
      try fold.compact(log.span.bytes, keeping: 0, nonce: 99, layout: layout, scratch: &scratch))
    let records = try LogRecord.all(in: Array(compacted)).filter { $0.kind == .event }
    #expect(records.map(\.time) == [100, 901])
  }
}
