import CEL
import Events
import TestSupport
import Testing
import Windows

/// What whoever folds a log that others have cut is told.
@Suite struct CheckpointTests {
  private static let first = WindowEvent.Fields.features
  private static let exact = FeaturePlan(
    slot: first, aggregation: .count, types: [11], overMilliseconds: 1_000, limit: 8)
  private static let panes = FeaturePlan(
    slot: first, aggregation: .count, types: [11], overMilliseconds: 1_000, panes: 10)
  private static let money = FeaturePlan(
    slot: first, aggregation: .sum, types: [11], value: 0, currency: 4, overMilliseconds: 1_000, panes: 10)

  private static func plan(_ identity: UInt64, _ feature: FeaturePlan) -> WindowPlan {
    let entity = EntityPlan(
      name: "user", keySlots: [0], columns: WindowEvent.columns, features: [feature], recordsType: [true],
      readsByType: [[0]], retentionMilliseconds: 1_000)
    return WindowPlan(
      identity: identity, typeTags: [11], entities: [entity], latenessMillisecondsMax: 0,
      idRetentionMilliseconds: 1)
  }

  private static func event(_ number: Int, in currency: String = "EUR") -> WindowEvent {
    var event = WindowEvent(id: "e\(number)", time: 10_000 + Int64(number))
    event.slots[WindowEvent.Fields.amount] = .int(1)
    event.slots[WindowEvent.Fields.currency] = .text(currency)
    return event
  }

  private static func visit(_ event: WindowEvent, _ plan: WindowPlan) -> (visit: Visit, record: [UInt8]) {
    var visit = Visit.prepare(event.decoded(featureCount: 1), plan: plan)
    let range = visit.appends[0].record
    var record = Array(visit.bytes[range])
    RecordFormat.setNonce(UInt32(truncatingIfNeeded: event.time), of: &record)
    visit.bytes.replaceSubrange(range, with: record)
    return (visit, record)
  }

  /// The log of events 0 to 39, cut behind what counts.
  private static func cut(_ plan: WindowPlan) throws -> [UInt8] {
    var log: [UInt8] = []
    for number in 0..<40 { log += visit(event(number), plan).record }
    var fold = EntityFold(layout: plan.layouts[0])
    var scratch = FoldScratch()
    try fold.catchUp(log.span.bytes, to: log.count, layout: plan.layouts[0], scratch: &scratch)
    return Array(
      try #require(
        try fold.compact(log.span.bytes, keeping: 2, nonce: 7, layout: plan.layouts[0], scratch: &scratch)))
  }

  /// Visits with the event's record at the end of `log`.
  private static func answer(
    _ event: WindowEvent, _ plan: WindowPlan, _ fold: inout EntityFold, _ log: [UInt8]
  ) throws -> Slot {
    var scratch = FoldScratch()
    var (visit, record) = visit(event, plan)
    _ = try fold.visit(
      log.span.bytes, own: log.count - record.count..<log.count, of: &visit, layout: plan.layouts[0],
      scratch: &scratch)
    return visit.event.frame.slots[first]
  }

  @Test func panesOfAnotherPlanAreWarming() throws {
    var log = try Self.cut(Self.plan(1, Self.panes))
    log += Self.visit(Self.event(50), Self.plan(1, Self.panes)).record
    var same = EntityFold(layout: Self.plan(1, Self.panes).layouts[0])
    let known = try Self.answer(Self.event(50), Self.plan(1, Self.panes), &same, log)
    #expect(known.integer == 41 && known.flags == .approximate)
    var other = EntityFold(layout: Self.plan(2, Self.panes).layouts[0])
    let less = try Self.answer(Self.event(50), Self.plan(2, Self.panes), &other, log)
    #expect(less.integer < 41 && less.flags == [.approximate, .warming])
  }

  /// The last event before a trim is answered after it; then this process is alone with the entity.
  @Test func whatFollowsACheckpointIsKnown() throws {
    let plan = Self.plan(1, Self.exact)
    var log = try Self.cut(plan)
    var fold = EntityFold(layout: plan.layouts[0])
    let within = try Self.answer(Self.event(39), plan, &fold, log)
    #expect(within.flags.contains(.evicted))
    log += Self.visit(Self.event(50), plan).record
    let after = try Self.answer(Self.event(50), plan, &fold, log)
    #expect(after.integer == 8 && after.flags == .saturated)
  }

  /// Currencies come and go: only those that a window may still hold use up the bound.
  @Test func panesForgetCurrencies() throws {
    let plan = Self.plan(1, Self.money)
    var log: [UInt8] = []
    var fold = EntityFold(layout: plan.layouts[0])
    for number in 0..<300 {
      var event = Self.event(number, in: "C\(number)")
      event.time = 10_000 + Int64(number) * 50
      log += Self.visit(event, plan).record
      let sum = try Self.answer(event, plan, &fold, log)
      #expect(sum.kind == .int && sum.integer == 1, "currency \(number)")
    }
    #expect(fold.byteCount < 30_000)
  }
}
