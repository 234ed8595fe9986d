package import Events
internal import Windows

/// Looking on while decisions are made, for tools that count what was decided.
extension Engine where Store == MemoryWindows {
  /// Decides one event in JSON as `decide(_:)` does. `look` sees the event as the rules saw it, its features filled,
  /// unless it was decided before.
  package func decide(
    _ json: Span<UInt8>, look: (borrowing Event, borrowing Decision) -> Void
  ) throws(EventRefusal) -> Decision {
    var visit = try deciding.prepare(decode(json))
    store.exchange(&visit)
    let decision = try deciding.decide(visit)
    look(visit.event, decision)
    if deciding.isToBeRemembered(decision) { store.remember(visit, decision: decision.record) }
    if deciding.isToBeExcluded(decision) { store.exclude(&visit) }
    deciding.recycle(consume visit)
    return decision
  }
}
