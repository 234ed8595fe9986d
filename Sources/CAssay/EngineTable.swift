internal import CAssayInterface
internal import Dispatch
internal import Windows

/// Where handles lead. A handle is a number and not an address, so that one that was destroyed, or never given out, is
/// told and not followed.
final class EngineTable: Sendable {
  /// The table of this process.
  static let shared = EngineTable()

  private let places = (0..<Int(ASSAY_ENGINES_MAX)).map { _ in Place() }

  /// A handle for `engine`; nil when all places are taken.
  func add(_ engine: HostedEngine) -> UInt? {
    for (index, place) in places.enumerated() {
      if let generation = place.take(engine) {
        return Handle(forks: cassay_forks(), generation: generation, place: index).bits
      }
    }
    return nil
  }

  /// Runs `body` with the engine of a handle, which is not closed meanwhile.
  func with<Result>(
    _ bits: UInt, _ body: (HostedEngine) throws(Problem) -> Result
  ) throws(Problem) -> Result {
    let (place, generation) = try find(bits)
    guard let engine = place.enter(generation) else { throw .noEngine }
    defer { place.leave() }
    return try body(engine)
  }

  /// Closes the engine of a handle when the calls that are under way have returned. From now on nobody finds it.
  func remove(_ bits: UInt) throws(Problem) {
    let (place, generation) = try find(bits)
    guard place.close(generation) else { throw .noEngine }
  }

  private func find(_ bits: UInt) throws(Problem) -> (Place, generation: UInt32) {
    let handle = Handle(bits)
    guard handle.generation != 0, places.indices.contains(handle.place) else { throw .noEngine }
    // Before any lock is touched: one that another thread held at the fork stays held in the child.
    if handle.forks != UInt8(truncatingIfNeeded: cassay_forks()) { throw .forked }
    return (places[handle.place], handle.generation)
  }
}

/// What the bits of a handle mean. Never below 65,536: some languages check that a pointer is no small number.
private struct Handle {
  let forks: UInt8
  let generation: UInt32
  let place: Int

  init(forks: UInt32, generation: UInt32, place: Int) {
    self.forks = UInt8(truncatingIfNeeded: forks)
    (self.generation, self.place) = (generation, place)
  }

  init(_ bits: UInt) {
    place = Int(bits & 0xFF)
    forks = UInt8(truncatingIfNeeded: bits >> 8)
    generation = bits >> 48 == 0 ? UInt32(truncatingIfNeeded: bits >> 16) : 0
  }

  var bits: UInt { UInt(generation) << 16 | UInt(forks) << 8 | UInt(place) }
}

/// One engine of the table, or room for one.
private final class Place: Sendable {
  private struct State {
    /// Tells the engines apart that are here one after the other; 0 is none.
    var generation: UInt32 = 0
    var engine: HostedEngine?
    /// Calls that are under way.
    var calls = 0
    /// Whoever closes the engine waits here for the last call.
    var idle: DispatchSemaphore?
  }

  private let state = Guarded(State())

  /// Puts an engine here if there is none, and tells its generation.
  func take(_ engine: HostedEngine) -> UInt32? {
    state.withLock { state in
      guard state.engine == nil, state.calls == 0, state.idle == nil else { return nil }
      state.generation = max(state.generation &+ 1, 1)
      state.engine = engine
      return state.generation
    }
  }

  /// A call begins; nil when the engine is another, or closing.
  func enter(_ generation: UInt32) -> HostedEngine? {
    state.withLock { state in
      guard state.generation == generation, let engine = state.engine else { return nil }
      state.calls += 1
      return engine
    }
  }

  /// The call has ended.
  func leave() {
    state.withLock { state in
      state.calls -= 1
      if state.calls == 0 { state.idle?.signal() }
    }
  }

  /// Lets no call begin any more, waits for those under way, and closes the engine; false when it is not here.
  func close(_ generation: UInt32) -> Bool {
    let idle = DispatchSemaphore(value: 0)
    let engine = state.withLock { state -> HostedEngine? in
      guard state.generation == generation, let engine = state.engine else { return nil }
      state.engine = nil
      state.idle = idle
      if state.calls == 0 { idle.signal() }
      return engine
    }
    guard let engine else { return false }
    idle.wait()
    engine.close()
    state.withLock { $0.idle = nil }
    return true
  }
}
