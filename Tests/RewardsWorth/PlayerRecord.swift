internal import RewardsSimulator

/// What became of one account.
///
/// A payout that is allowed is paid. One that is reviewed or blocked is held, and whoever looks at it decides by the truth:
/// a fraud is refused and the account closed, an honest one is paid after all. So an account is *stopped* by the first
/// payout of the fraud that is held, and by nothing else: a reward or a session that is refused is one event less, and the
/// account goes on.
struct PlayerRecord {
  /// Payouts and their sum, cents.
  struct Money {
    var count = 0
    var amount = 0

    mutating func add(_ cents: Int) {
      count += 1
      amount += cents
    }
  }

  /// Commits a fraud, be it with none of the events that came.
  var isFraudster = false
  /// Nil where no event of a fraud came.
  var mark: SimulatedEvent.Mark?
  /// Any event, whatever it truly is.
  var isReviewed = false
  var isBlocked = false

  // Of the events of the fraud.
  var firstAt: Int64?
  var events = 0
  var raisedEvents = 0
  /// The first that was blocked, of whatever type.
  var blockedAt: Int64?
  /// The first payout that was held.
  var stoppedAt: Int64?

  // Each payout of the fraud is asked for, and either caught, lost or allowed after the stop.
  var asked = Money()
  /// Held, be it the first or a later one.
  var caught = Money()
  /// Paid before the stop, or ever where there was none.
  var lost = Money()
  /// Allowed although the account was stopped before: a closed account would not have asked.
  var afterStop = Money()
  /// Paid before the first event that was blocked.
  var paidBeforeBlock = Money()

  /// The live rules that fired for any event, as indices.
  var rules: Set<Int> = []
  /// The rules each of which alone raised every event of the fraud that was raised; nil before the first.
  var soleRules: Set<Int>?

  var isCaught: Bool { raisedEvents > 0 }
  var isStopped: Bool { stoppedAt != nil }

  /// Takes a payout of the fraud.
  mutating func pay(_ cents: Int, isHeld: Bool, at time: Int64) {
    asked.add(cents)
    if isHeld {
      caught.add(cents)
      stoppedAt = stoppedAt ?? time
      return
    }
    if isStopped { afterStop.add(cents) } else { lost.add(cents) }
    if blockedAt == nil { paidBeforeBlock.add(cents) }
  }
}
