internal import CEL
internal import Events
package import RuleSets
internal import Windows

/// A decision beside what it was made of: the event's fields and the features that were read for it.
package struct ExaminedDecision: ~Copyable {
  package let decision: Decision
  fileprivate let visit: Visit

  fileprivate init(_ decision: Decision, _ visit: consuming Visit) {
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

extension Engine where Store == MemoryWindows {
  /// Decides one event as `decide` does, and keeps what it was decided by until `finish` takes it back.
  package func examine(_ json: Span<UInt8>) throws(EventRefusal) -> ExaminedDecision {
    var visit = try deciding.prepare(decode(json))
    store.exchange(&visit)
    let decision = try deciding.decide(visit)
    if deciding.isToBeRemembered(decision) { store.remember(visit, decision: decision.record) }
    if deciding.isToBeExcluded(decision) { store.exclude(&visit) }
    return ExaminedDecision(decision, visit)
  }

  /// Takes back what an examined decision was made of, for events to come.
  package func finish(_ examined: consuming ExaminedDecision) { deciding.recycle(examined.visit) }
}
