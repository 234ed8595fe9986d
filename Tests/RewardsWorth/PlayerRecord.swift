internal import RewardsSimulator

/// What became of one player.
///
/// A payout that is allowed is paid. One that is reviewed is held, and whoever looks at it decides by the truth: a fraud is
/// refused and the account closed, an honest one is paid after all. So a player is *stopped* by the first event that is
/// blocked or the first payout that is held.
struct PlayerRecord {
  /// Money that was paid to the player by then.
  struct Paid {
    var count = 0
    var amount = 0
  }

  /// Nil for an honest player.
  var mark: SimulatedEvent.Mark?
  var isReviewed = false
  var isBlocked = false
  /// When the first event of the fraud happened.
  var firstFraudAt: Int64?

  /// Of the events of the fraud.
  var events = 0
  var raisedEvents = 0
  var payouts = Paid()
  var stoppedPayouts = Paid()

  var blockedAt: Int64?
  var stoppedAt: Int64?
  var paidBeforeBlock = Paid()
  var paidBeforeStop = Paid()

  /// The live rules that fired for any event, as indices.
  var rules: Set<Int> = []
  /// The rules each of which alone raised every event of the fraud that was raised; nil before the first.
  var soleRules: Set<Int>?

  var isCaught: Bool { raisedEvents > 0 }
  var isStopped: Bool { stoppedAt != nil }
}
