/// The types of events, as the schema of `Rules/rewards` names them.
package enum EventType: UInt8, Sendable, CaseIterable {
  case accountCreated, sessionStarted
  case rewardClaimed, rewardGranted, rewardReversed
  case payoutRequested, payoutPending, payoutSettled, payoutFailed, payoutReturned, payoutReversed

  var word: StaticString {
    switch self {
    case .accountCreated: "account.created"
    case .sessionStarted: "session.started"
    case .rewardClaimed: "reward.claimed"
    case .rewardGranted: "reward.granted"
    case .rewardReversed: "reward.reversed"
    case .payoutRequested: "payout.requested"
    case .payoutPending: "payout.pending"
    case .payoutSettled: "payout.settled"
    case .payoutFailed: "payout.failed"
    case .payoutReturned: "payout.returned"
    case .payoutReversed: "payout.reversed"
    }
  }
}

/// One event as it arrives, and what it truly is.
package struct SimulatedEvent: Sendable {
  /// A JSON object, without a line's end.
  package let line: [UInt8]
  package let type: EventType
  /// The number in `user.id`, behind its `u`.
  package let user: Int
  /// When it happened; milliseconds since 1970.
  package let time: Int64
  /// Of a payout, in minor units; 0 for anything else.
  package let amount: Int
  /// Nil for what is honest.
  package let mark: Mark?
  /// Whoever caused it commits a fraud, be it with this event or with others.
  package let isFraudster: Bool
  /// Sent again under the same id.
  package internal(set) var isRetry = false
  /// `{"event":ID,"user":ID,"fraud":KIND}`; empty for what is honest.
  package let label: [UInt8]

  /// What fraud an event is part of.
  package struct Mark: Sendable, Hashable {
    package let kind: FraudKind
    /// Counted over all kinds: those who act together have one.
    package let operation: Int
  }
}
