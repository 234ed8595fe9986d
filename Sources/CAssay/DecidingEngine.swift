internal import Assay
internal import Dispatch
internal import Events
internal import RedisWindows
internal import RuleSets
internal import Windows

/// An engine over whatever store, for callers that wait.
protocol DecidingEngine: Sendable {
  /// The rules it decides by.
  var rules: RuleSet { get }

  /// Decides one event in JSON, without recording anything where it is a dry run; blocks while the store answers.
  func decide(_ json: Span<UInt8>, dryRun: Bool) throws(EventRefusal) -> Decision
}

extension Engine {
  /// The event, on its way to be decided. Nothing may keep a copy: its frame would be copied when windows are read into it.
  @inline(__always)
  fileprivate func event(_ json: Span<UInt8>, dryRun: Bool) throws(EventRefusal) -> Event {
    var event = try decode(json)
    if dryRun { event.dryRun = true }
    return event
  }
}

/// With windows in memory.
struct MemoryEngine: DecidingEngine {
  let engine: Engine<MemoryWindows>
  var rules: RuleSet { engine.rules }

  func decide(_ json: Span<UInt8>, dryRun: Bool) throws(EventRefusal) -> Decision {
    try engine.decide(engine.event(json, dryRun: dryRun))
  }
}

/// With windows in Redis: the answer comes on the store's thread while the caller's waits.
struct RedisEngine: DecidingEngine {
  let engine: Engine<RedisWindows>
  var rules: RuleSet { engine.rules }

  func decide(_ json: Span<UInt8>, dryRun: Bool) throws(EventRefusal) -> Decision {
    let answered = Guarded<Engine<RedisWindows>.Answer?>(nil)
    let done = DispatchSemaphore(value: 0)
    let now = engine.submit(try engine.event(json, dryRun: dryRun)) { answer in
      answered.withLock { $0 = answer }
      done.signal()
    }
    if let now { return try now.get() }
    while true {
      done.wait()
      if let answer = answered.withLock({ $0 }) { return try answer.get() }
    }
  }
}
