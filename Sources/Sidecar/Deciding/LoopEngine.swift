package import Assay
internal import CEL
internal import NIOCore
internal import RedisWindows
package import RuleSets
internal import Windows

/// An engine over whatever store, as the clients of one event loop use it.
package protocol LoopEngine: Sendable {
  /// The rules it decides by.
  var rules: RuleSet { get }

  /// Decides one event in JSON. Returns the answer when the store has it now; otherwise nil, and `resume` is called on
  /// the loop. Where `id` is given the event must have it.
  func decide(
    _ json: Span<UInt8>, id: String?, resume: @escaping @Sendable (Result<Decision, EventRefusal>) -> Void
  ) -> Result<Decision, EventRefusal>?
}

extension Engine: LoopEngine {
  /// Decides when the store has answered.
  package func decide(
    _ json: Span<UInt8>, id: String?, resume: @escaping @Sendable (Result<Decision, EventRefusal>) -> Void
  ) -> Result<Decision, EventRefusal>? {
    do throws(EventRefusal) {
      let event = try decode(json)
      if let id, event.frame.arena[event.id.range].elementsEqual(id.utf8) == false { throw .otherID }
      return submit(event, resume: resume)
    } catch {
      return .failure(error)
    }
  }
}

/// Makes the engines of one event loop: one for each rule set that goes live there, over the same windows.
struct EngineMaker: Sendable {
  enum Store: Sendable {
    case memory(MemoryWindows)
    case redis(RedisWindows, deadline: TimeAmount)

    /// How long an answer may take.
    var deadline: TimeAmount {
      switch self {
      case .memory: .seconds(1)
      case .redis(_, let deadline): deadline
      }
    }
  }

  let store: Store
  let options: EngineOptions
  /// What stands before the engines: nothing, but in tests.
  var front: @Sendable (any LoopEngine) -> any LoopEngine = { $0 }

  func make(_ rules: RuleSet) -> any LoopEngine {
    switch store {
    case .memory(let windows): front(Engine(rules: rules, store: windows, options: options))
    case .redis(let windows, _): front(Engine(rules: rules, store: windows, options: options))
    }
  }

  /// Reads the same windows without leaving anything behind.
  func makeReader(_ rules: RuleSet) -> EntityReader { EntityReader(rules, store, options) }
}

extension EventRefusal {
  /// The request and the event in it have different ids.
  fileprivate static var otherID: EventRefusal {
    EventRefusal(
      code: "idempotency-key", field: "id", message: "`Idempotency-Key` is not the id of the event")
  }
}
