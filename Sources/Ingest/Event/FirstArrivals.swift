internal import CEL
internal import Synchronization

/// When the last so many events came first: vendors send a callback again when they get no answer in time.
final class FirstArrivals: Sendable {
  private struct State {
    var arrivals: [String: Timestamp] = [:]
    /// The ids in the order in which they came, as a ring.
    var ring: [String] = []
    var oldest = 0
  }

  private let state = Mutex(State())
  private let max: Int

  /// Remembers `max` events, at least one.
  init(max: Int) { self.max = Swift.max(max, 1) }

  /// The first arrival of the event that came now, at `arrival`.
  func first(_ id: String, _ arrival: Timestamp) -> Timestamp {
    state.withLock { state in
      if let first = state.arrivals[id] { return first }
      state.arrivals[id] = arrival
      if state.ring.count < max {
        state.ring.append(id)
      } else {
        state.arrivals[state.ring[state.oldest]] = nil
        state.ring[state.oldest] = id
        state.oldest = (state.oldest + 1) % max
      }
      return arrival
    }
  }
}
