internal import CEL
package import Events
package import RuleSets
package import Windows

/// A decision beside what it was made of: the event's fields and the features that were read for it.
package struct ExaminedDecision: Sendable {
  package let decision: Decision
  /// The event with its fields and features, as the rules saw them.
  package let visit: Visit

  init(_ decision: consuming Decision, _ visit: consuming Visit) {
    self.decision = decision
    self.visit = visit
  }

  /// Milliseconds since 1970.
  package var time: Int64 { visit.event.time }

  /// Index into the schema's types.
  package var type: Int { visit.event.type }

  /// What stands in a slot of the event's frame, sensitive or not.
  package borrowing func value(of slot: Int) -> Decision.FeatureValue.Value {
    visit.event.frame.value(visit.event.frame.slots[slot])
  }

  /// A feature's value as decisions show it; nil where no rule reads it for events of this type.
  package borrowing func value(of feature: Feature) -> Decision.FeatureValue.Value? {
    let entity = visit.plan.entities[feature.entity]
    guard entity.readsByType[visit.event.type].contains(feature.index) else { return nil }
    let value = value(of: feature.slot)
    return feature.sensitive && value != .missing ? .masked : value
  }
}

extension Engine {
  /// What an event comes to, with what it was decided by.
  package typealias ExaminedAnswer = Result<ExaminedDecision, EventRefusal>

  /// Decides one event as `submit` does, and hands out what it was decided by.
  package func examine(
    _ event: consuming Event, resume: @escaping @Sendable (ExaminedAnswer) -> Void
  ) -> ExaminedAnswer? {
    let visit: Visit
    do { visit = try deciding.prepare(event) } catch { return .failure(error) }
    let answered = store.exchange(consume visit) { visit in
      if let answer = examined(visit, resume) { resume(answer) }
    }
    return answered.flatMap { examined($0, resume) }
  }

  /// The visit is kept beside the answer: its parts are copied where another event takes them over.
  private func examined(
    _ visit: Visit, _ resume: @escaping @Sendable (ExaminedAnswer) -> Void
  ) -> ExaminedAnswer? {
    let answer = conclude(visit) { answer in resume(answer.map { ExaminedDecision($0, visit) }) }
    return answer.map { answer in answer.map { ExaminedDecision($0, visit) } }
  }
}

/// Looking on while decisions are made, for tools that tell of them.
extension Engine where Store == MemoryWindows {
  /// Decides one event in JSON as `decide(_:)` does. `look` sees the event as the rules saw it, its features filled,
  /// unless it was decided before.
  package func decide(
    _ json: Span<UInt8>, look: (borrowing Event, borrowing Decision) -> Void
  ) throws(EventRefusal) -> Decision {
    var visit = try deciding.prepare(decode(json))
    let decision = try settle(&visit) { look($0.event, $1) }
    deciding.recycle(consume visit)
    return decision
  }

  /// Decides one event as `decide` does, and keeps what it was decided by until `finish` takes it back.
  package func examine(_ json: Span<UInt8>) throws(EventRefusal) -> ExaminedDecision {
    var visit = try deciding.prepare(decode(json))
    let decision = try settle(&visit) { _, _ in }
    return ExaminedDecision(decision, visit)
  }

  /// Takes back what an examined decision was made of, for events to come.
  package func finish(_ examined: consuming ExaminedDecision) { deciding.recycle(examined.visit) }
}
