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
    store.exchange(&visit)
    let decision = try deciding.decide(visit)
    if deciding.isToBeRemembered(decision) { store.remember(visit, decision: decision.record) }
    if deciding.isToBeExcluded(decision) { store.exclude(&visit) }
    deciding.recycle(consume visit)
    return decision
  }
}
