internal import NIOCore

/// How many decisions may wait for the store at once, found by watching how long they wait.
///
/// A store that is asked more than it can do answers everything too late: all wait their whole deadline and none is
/// decided on its windows. So no more are let in than it answers in half of the deadline: the limit grows by one for
/// each limit's worth of answers in time, and shrinks by a third when one is not, as TCP does with a window.
struct ConcurrencyLimit {
  private static let least = 4.0
  /// A crowd at the start would be late as a whole, and its entities degraded until Redis has them: growing is quick.
  private static let first = 16.0

  /// Answers that take longer mean that too many wait.
  private let patience: TimeAmount
  private let most: Double
  private var limit: Double
  /// Nothing was too late yet: the limit grows with every answer.
  private var isFresh = true
  private var shrunk = NIODeadline.uptimeNanoseconds(0)

  /// Never more than `most`; a store has `deadline` for its answer.
  init(most: Int, deadline: TimeAmount) {
    self.most = Double(most)
    patience = .nanoseconds(deadline.nanoseconds / 2)
    limit = min(Self.first, self.most)
  }

  /// So many may wait.
  var value: Int { Int(limit) }

  /// A decision was answered at `now`, `latency` after it was begun; so many waited along with it.
  mutating func note(_ latency: TimeAmount, inFlight: Int, at now: NIODeadline) {
    if latency > patience {
      // One crowd makes many late answers, and counts once.
      guard now - shrunk > latency else { return }
      shrunk = now
      isFresh = false
      limit = min(most, max(Self.least, limit * 2 / 3))
    } else if Double(inFlight) >= limit * 0.8 {
      // A limit that nobody reaches has not been tried.
      limit = min(most, limit + (isFresh ? 1 : 1 / limit))
    }
  }
}
