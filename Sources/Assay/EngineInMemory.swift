public import Events
public import RuleSets
public import Windows

/// With windows in memory a decision is a plain call.
extension Engine where Store == MemoryWindows {
  /// The default bound of the memory for windows and remembered ids; bytes.
  public static var bytesMaxDefault: Int { 1 << 30 }

  /// An engine with windows of its own in memory, `bytesMax` bytes of them.
  public init(
    rules: RuleSet, options: EngineOptions = EngineOptions(), bytesMax: Int = Engine.bytesMaxDefault
  ) {
    self.init(rules: rules, store: MemoryWindows(bytesMax: bytesMax), options: options)
  }

  /// Decides one event in JSON.
  public func decide(_ json: Span<UInt8>) throws(EventRefusal) -> Decision {
    try decide(decode(json))
  }

  /// Decides one event in JSON, as UTF-8 bytes.
  public func decide(_ json: [UInt8]) throws(EventRefusal) -> Decision { try decide(json.span) }

  /// Decides one event in JSON.
  public func decide(_ json: String) throws(EventRefusal) -> Decision { try decide(Array(json.utf8)) }

  /// Decides one event that was built or decoded before.
  ///
  /// The same steps as `submit`, but in place: nothing is captured and nothing is copied on the way.
  public func decide(_ event: consuming Event) throws(EventRefusal) -> Decision {
    var visit = try deciding.prepare(event)
    let decision = try settle(&visit) { _, _ in }
    deciding.recycle(consume visit)
    return decision
  }

  /// The step from a prepared visit to its decision, which every way to decide in memory goes through: the windows are
  /// asked, the rules run, and the windows told what follows.
  ///
  /// `look` sees the visit with its features filled, unless it was decided before, and without its exclusion, which is
  /// not for this event to see. It is compiled where it stands, so that the plain decision pays nothing for it.
  @inline(__always)
  func settle(
    _ visit: inout Visit, _ look: (borrowing Visit, borrowing Decision) -> Void
  ) throws(EventRefusal) -> Decision {
    store.exchange(&visit)
    let decision = try deciding.decide(visit)
    look(visit, decision)
    if deciding.isToBeRemembered(decision) { store.remember(visit, decision: decision.record) }
    if deciding.isToBeExcluded(decision) { store.exclude(&visit) }
    return decision
  }
}
