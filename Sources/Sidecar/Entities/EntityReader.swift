internal import Assay
internal import NIOPosix
internal import RedisWindows
internal import RuleSets
internal import Windows

/// Tells what windows hold of an entity, and leaves nothing behind. Used apart from the event loops: a log may be long.
struct EntityReader: Sendable {
  /// The rules whose features are read.
  let rules: RuleSet
  private let store: EngineMaker.Store
  private let look: @Sendable (EntityAddress, Int64) throws(EventRefusal) -> Visit

  init(_ rules: RuleSet, _ store: EngineMaker.Store, _ options: EngineOptions) {
    (self.rules, self.store) = (rules, store)
    var options = options
    options.allFeatures = true
    switch store {
    case .memory(let windows): look = Self.look(Engine(rules: rules, store: windows, options: options))
    case .redis(let windows, _): look = Self.look(Engine(rules: rules, store: windows, options: options))
    }
  }

  private static func look<Windows: WindowStore>(
    _ engine: Engine<Windows>
  ) -> @Sendable (EntityAddress, Int64) throws(EventRefusal) -> Visit {
    { address, time throws(EventRefusal) in
      try engine.look(at: address.entity, fields: address.parts.map { ($0.path, $0.text) }, time: time)
    }
  }

  /// Tells the state of the entity at `path` as JSON, as an event would find it now. Called on a thread that may take its
  /// time.
  func tell(_ path: EntityPath, done: @escaping @Sendable (Result<[UInt8], Problem>) -> Void) {
    do {
      let address = try path.address(rules)
      let time = Self.now
      let visit = try look(address, time)
      switch store {
      case .memory(let windows):
        guard let reading = windows.reading(of: visit) else { throw Problem.noKey }
        let state = try EntityState(address, at: time, rules: rules, visit: visit, reading: reading)
        done(.success(state.json(showsRecords: false)))
      case .redis(let windows, _):
        windows.read(visit.entityKey) { stored in
          // This is the loop that decides: a log may be long.
          NIOThreadPool.singleton.submit { _ in
            done(Result { try fold(stored.get(), visit, address, time) }.mapError(Problem.init(reading:)))
          }
        }
      }
    } catch {
      done(.failure(Problem(reading: error)))
    }
  }

  private func fold(
    _ stored: StoredLog?, _ visit: Visit, _ address: EntityAddress, _ time: Int64
  ) throws -> [UInt8] {
    // An entity that nobody has seen has windows too: empty ones.
    try EntityState(
      address, at: time, isPast: false, rules: rules, visit: visit,
      stored: stored ?? StoredLog(bytes: [], expiresIn: nil)
    ).json(showsRecords: false)
  }

  /// Milliseconds since 1970.
  private static var now: Int64 {
    guard case .live(let nowMilliseconds) = EngineOptions.Clock.system else { return 0 }
    return nowMilliseconds()
  }
}

extension Problem {
  /// The key is nobody's.
  fileprivate static var noKey: Problem {
    Problem(422, "entity-key", "no log belongs to this key", hint: "write the values as events have them")
  }

  /// Why an entity's state cannot be told.
  fileprivate init(reading error: any Error) {
    switch error {
    case let problem as Problem: self = problem
    case let refusal as EventRefusal: self.init(refusal)
    case let failure as StoreFailure:
      self.init(500, "damaged-log", failure.message, hint: "`assay forget` erases the log")
    case let failure as ArchiveFailure:
      self.init(503, "unavailable", failure.message, hint: failure.hint)
      retryAfter = 1
    default: self.init(500, "unavailable", "\(error)")
    }
  }
}
