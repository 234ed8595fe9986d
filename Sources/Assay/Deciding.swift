import CEL
import Events
import RuleSets
import Windows

/// The part of an engine that no store knows of: from JSON to a visit, and from an answered visit to a decision.
///
/// A class, so that engines are handed around and captured at the price of one reference.
@usableFromInline final class Deciding: Sendable {
  let rules: RuleSet
  let decoder: EventDecoder
  private let scratch = ScratchPool()
  private let options: EngineOptions
  private let plan: WindowPlan
  private let combination: Combination
  private let sensitiveHash: SensitiveHash
  let excludesBlocked: Bool
  /// Parts of `rules`, so that a decision does not copy the whole to reach them.
  private let hashedFields: [HashedField]
  private let computedColumns: [ColumnComputation]
  /// The names of the event types, in UTF-8.
  private let types: [[UInt8]]
  private let identitySlot: Int

  init(rules: RuleSet, options: EngineOptions) {
    self.rules = rules
    self.options = options
    hashedFields = rules.hashedFields
    let conditions = Set(rules.plan.entities.flatMap(\.columns).filter { $0.kind == .bool }.map(\.slot))
    computedColumns = rules.computedColumns.map {
      ColumnComputation($0, isCondition: conditions.contains($0.slot))
    }
    types = rules.schema.types.map { Array($0.utf8) }
    identitySlot = rules.identitySlot
    decoder = EventDecoder(schema: rules.schema, slotCount: rules.slotCount)
    plan = options.allFeatures ? rules.plan.readingEverything() : rules.plan
    combination = Combination(rules)
    sensitiveHash = SensitiveHash(options)
    excludesBlocked = plan.entities.contains { $0.features.contains(where: \.countsAcceptedOnly) }
  }

  /// Reads one event; its frame is one that was used before, where there is one.
  func decode(_ json: Span<UInt8>) throws(EventRefusal) -> Event {
    do {
      return try decoder.decode(json, reusing: scratch.takeFrame())
    } catch {
      throw EventRefusal(error)
    }
  }

  /// Fills what the windows need of an event beside its fields, and asks the plan for keys and records.
  @usableFromInline func prepare(_ event: consuming Event) throws(EventRefusal) -> Visit {
    try refuseIfTooFarAhead(event.time)
    try refuseIfAboutItself(event)
    let type = event.type
    fillIdentity(&event)
    for field in hashedFields {
      event.frame.slots[field.slot] = sensitiveHash.store(event.frame.slots[field.source], in: &event.frame)
    }
    // An amendment brings the columns of the event that it amends, whatever its own type needs.
    let amends = event.amends.kind == .string
    for column in computedColumns where amends || column.neededByType[type] {
      event.frame.slots[column.slot] = column.value(over: &event.frame)
    }
    let (bytes, appends) = scratch.takeBuffers()
    return Visit.prepare(event, plan: plan, bytes: bytes, appends: appends)
  }

  /// What the store's answer comes to.
  @usableFromInline func decide(_ visit: borrowing Visit) throws(EventRefusal) -> Decision {
    switch visit.prior {
    case .first, .attempted:
      var decision = combination.decide(visit, allFeatures: options.allFeatures)
      if let breaker = rules.breaker { apply(breaker, to: &decision, at: visit.event.time) }
      return decision
    case .decided(let record): return try repeated(record, visit)
    case .conflict: throw conflict(visit)
    }
  }

  /// The same for a visit whose features were known before, with what the breaker did then.
  func decide(_ visit: borrowing Visit, breaker change: Decision.BreakerChange?) -> Decision {
    var decision = combination.decide(visit, allFeatures: options.allFeatures)
    if let change, decision.outcome == change.insteadOf {
      decision.outcome = .review
      decision.breaker = change
    }
    return decision
  }

  private func apply(_ breaker: Breaker, to decision: inout Decision, at time: Int64) {
    let change = options.breaker.change(
      isBlock: decision.outcome == .block, at: time, isTrial: decision.dryRun, of: rules.name, by: breaker)
    guard let change else { return }
    decision.outcome = .review
    decision.breaker = change
  }

  /// Whether the store must remember the decision: a degraded one would outlive its cause.
  @usableFromInline func isToBeRemembered(_ decision: borrowing Decision) -> Bool {
    !decision.repeated && !decision.dryRun && decision.degraded == nil
  }

  /// Whether the event must be taken out of the windows that count accepted events only, before it is answered.
  /// Also when the decision is degraded: what is blocked uses up no allowance.
  @usableFromInline func isToBeExcluded(_ decision: borrowing Decision) -> Bool {
    excludesBlocked && decision.outcome == .block && !decision.repeated && !decision.dryRun
  }

  /// Takes back what an answered visit was made of.
  @usableFromInline func recycle(_ visit: consuming Visit) { scratch.put(visit) }

  private func refuseIfTooFarAhead(_ time: Int64) throws(EventRefusal) {
    guard case .live(let nowMilliseconds) = options.clock else { return }
    let ahead = time.subtractingReportingOverflow(nowMilliseconds())
    guard ahead.overflow || ahead.partialValue > rules.futureSkewMillisecondsMax else { return }
    throw EventRefusal(
      code: EventRefusal.tooFarAhead, field: rules.schema.identity.time,
      message: "the event is dated \(ahead.partialValue) ms ahead of the clock, at most "
        + "\(rules.futureSkewMillisecondsMax) ms are allowed")
  }

  private func refuseIfAboutItself(_ event: borrowing Event) throws(EventRefusal) {
    guard event.reverses.kind == .string || event.amends.kind == .string else { return }
    let identity = rules.schema.identity
    let arena = event.frame.arena
    for (target, path) in [(event.reverses, identity.reverses), (event.amends, identity.amends)]
    where target.kind == .string && arena[target.range] == arena[event.id.range] {
      throw EventRefusal(
        code: EventRefusal.aboutItself, field: path, message: "an event cannot reverse or amend itself")
    }
  }

  private func fillIdentity(_ event: inout Event) {
    event.frame.slots[identitySlot] = event.id
    let start = event.frame.arena.count
    event.frame.arena.append(contentsOf: types[event.type])
    event.frame.slots[identitySlot + 1] = Slot(
      kind: .string, length: UInt32(event.frame.arena.count - start), payload: UInt64(start))
    event.frame.slots[identitySlot + 2] = .timestamp(milliseconds: event.time)
  }

  private func repeated(_ record: [UInt8], _ visit: borrowing Visit) throws(EventRefusal) -> Decision {
    guard var decision = Decision(record: record) else {
      let id = visit.event.frame.text(visit.event.id)
      throw EventRefusal(
        code: EventRefusal.unreadableDecision,
        message: "the decision that was remembered for `\(id)` cannot be read")
    }
    decision.repeated = true
    decision.dryRun = visit.event.dryRun
    return decision
  }

  private func conflict(_ visit: borrowing Visit) -> EventRefusal {
    EventRefusal(
      code: EventRefusal.conflict, field: rules.schema.identity.id,
      message: "the id `\(visit.event.frame.text(visit.event.id))` was seen before with other content")
  }
}

extension WindowPlan {
  /// The same plan, reading every feature for every event type.
  fileprivate func readingEverything() -> WindowPlan {
    WindowPlan(
      identity: identity, typeTags: typeTags,
      entities: entities.map { entity in
        EntityPlan(
          name: entity.name, keySlots: entity.keySlots, columns: entity.columns, features: entity.features,
          recordsType: entity.recordsType,
          readsByType: typeTags.map { _ in Array(entity.features.indices) },
          retentionMilliseconds: entity.retentionMilliseconds)
      },
      latenessMillisecondsMax: latenessMillisecondsMax, idRetentionMilliseconds: idRetentionMilliseconds)
  }
}

/// A computed column, ready to run. A class, so that going through the columns copies references only.
private final class ColumnComputation: Sendable {
  let slot: Int
  let neededByType: [Bool]
  private let program: Program
  private let isCondition: Bool

  init(_ column: ComputedColumn, isCondition: Bool) {
    slot = column.slot
    neededByType = column.neededByType
    program = column.program
    self.isCondition = isCondition
  }

  /// The value when the record is written: missing stays missing, an error stays an error.
  func value(over frame: inout Frame) -> Slot {
    do {
      return isCondition ? .bool(try program.holds(frame)) : frame.store(try program.evaluate(frame))
    } catch {
      switch error {
      case .unknown: return .missing
      case .error: return Slot(kind: .failure)
      }
    }
  }
}
