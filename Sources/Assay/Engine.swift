public import Events
public import RuleSets
public import Windows

/// Decides events by a rule set over windows that a store keeps.
///
/// An engine is immutable and used from many threads at once; what changes lives in its store.
public struct Engine<Store: WindowStore>: Sendable {
  /// What an event comes to: a decision, or why there is none.
  public typealias Answer = Result<Decision, EventRefusal>

  /// Where the windows are.
  public let store: Store
  @usableFromInline let deciding: Deciding

  /// An engine over a store that others may share; they must have the same hashing key.
  public init(rules: RuleSet, store: Store, options: EngineOptions = EngineOptions()) {
    self.store = store
    deciding = Deciding(rules: rules, options: options)
  }

  /// An engine over another store, with what was prepared for the first.
  init(store: Store, deciding: Deciding) {
    self.store = store
    self.deciding = deciding
  }

  /// The rules it decides by.
  public var rules: RuleSet { deciding.rules }

  /// Reads one event from JSON of at most `EventLimits.bytesMax` bytes.
  public func decode(_ json: Span<UInt8>) throws(EventRefusal) -> Event { try deciding.decode(json) }

  /// A builder of events from typed values, for callers that have no JSON at hand.
  public func makeEventBuilder() -> EventBuilder { EventBuilder(deciding.decoder) }

  /// Decides one event. Returns the answer when the store has it now; otherwise returns nil and calls `resume` once,
  /// wherever the store resumes its callers.
  ///
  /// Compiled where it is used, so that it is so for the store there: else each decision would look up at run time what
  /// kind of store it has.
  @inlinable public func submit(_ event: consuming Event, resume: @escaping @Sendable (Answer) -> Void)
    -> Answer?
  {
    var visit: Visit
    do { visit = try deciding.prepare(event) } catch { return .failure(error) }
    let answered = store.exchange(consume visit) { visit in
      if let answer = conclude(consume visit, resume: resume) { resume(answer) }
    }
    guard let answered else { return nil }
    return conclude(answered, resume: resume)
  }

  /// Turns what the store answered into a decision; nil when a second exchange is under way that will resume.
  @inlinable func conclude(_ visit: consuming Visit, resume: @escaping @Sendable (Answer) -> Void) -> Answer?
  {
    let decision: Decision
    do { decision = try deciding.decide(visit) } catch { return .failure(error) }
    if deciding.isToBeRemembered(decision) { store.remember(visit, decision: decision.record) }
    if deciding.isToBeExcluded(decision) { return exclude(visit, decision, resume: resume) }
    deciding.recycle(visit)
    return .success(decision)
  }

  /// Apart from `conclude`, where the decision would be copied because a closure may keep it.
  @inlinable @inline(never) func exclude(
    _ visit: consuming Visit, _ decision: Decision, resume: @escaping @Sendable (Answer) -> Void
  ) -> Answer? {
    guard let settled = store.exclude(visit, resume: { _ in resume(.success(decision)) }) else { return nil }
    deciding.recycle(settled)
    return .success(decision)
  }
}

extension Engine {
  /// A visit as it goes to the store, for measuring the parts of a decision.
  package func preparedVisit(_ json: [UInt8]) throws(EventRefusal) -> Visit {
    try deciding.prepare(decode(json.span))
  }

  /// What the rules say of a visit whose windows are read; the store is not asked.
  package func evaluate(_ visit: borrowing Visit) throws(EventRefusal) -> Decision {
    try deciding.decide(visit)
  }
}
