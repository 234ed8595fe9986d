package import RuleSets

/// From which outcome on an event counts as caught.
package enum CatchLevel: String, Sendable, CaseIterable {
  /// Somebody looks at it, or it is stopped.
  case reviewed
  /// It is stopped.
  case blocked

  /// The least outcome that counts.
  package var outcome: Outcome { self == .blocked ? .block : .review }
}

/// What was raised and what was not, against the truth.
package struct Confusion: Hashable, Sendable {
  /// Events that were raised: reviewed or blocked, or such for which a rule fired.
  package internal(set) var raised = StakesByTruth()
  /// The others.
  package internal(set) var passed = StakesByTruth()

  /// Nothing counted.
  package init() {}

  /// Frauds that were raised.
  package var caught: Stake { raised.fraud }
  /// Frauds that were not.
  package var missed: Stake { passed.fraud }
  /// Honest events that were raised.
  package var falseAlarms: Stake { raised.honest }

  /// Of the raised events whose truth is known: the part that is fraud.
  package var precision: Rate { Rate(caught.events, of: caught.events + falseAlarms.events) }
  /// Of the frauds: the part that was raised.
  package var recall: Rate { Rate(caught.events, of: caught.events + missed.events) }
  /// Of the honest events: the part that was raised.
  package var falsePositives: Rate { Rate(falseAlarms.events, of: falseAlarms.events + passed.honest.events) }
  /// The harmonic mean of precision and recall; nil where nothing is fraud and nothing was raised.
  package var f1: Double? {
    let whole = 2 * caught.events + falseAlarms.events + missed.events
    return whole > 0 ? 2 * Double(caught.events) / Double(whole) : nil
  }

  mutating func add(_ count: TallyCount, of kind: TallyKind, isRaised: Bool) {
    add(count, kind.label, kind.currency, isRaised: isRaised)
  }

  mutating func add(_ count: TallyCount, _ label: Label, _ currency: Int?, isRaised: Bool) {
    if isRaised { raised.add(count, label, currency) } else { passed.add(count, label, currency) }
  }
}

extension Tally {
  /// What the decisions caught as they were made.
  package func confusion(_ level: CatchLevel) -> Confusion {
    var confusion = Confusion()
    for (kind, count) in kinds { confusion.add(count, of: kind, isRaised: kind.outcome >= level.outcome) }
    return confusion
  }

  /// What other thresholds would have caught over the same windows; a breaker is left out.
  package func confusion(_ level: CatchLevel, at thresholds: Thresholds) -> Confusion {
    var confusion = Confusion()
    for (kind, count) in kinds {
      confusion.add(count, of: kind, isRaised: kind.outcome(at: thresholds) >= level.outcome)
    }
    return confusion
  }

  /// All events by truth.
  package var totals: StakesByTruth {
    var totals = StakesByTruth()
    for (kind, count) in kinds { totals.add(count, of: kind) }
    return totals
  }

  /// All events by outcome and truth, as they were decided.
  package func outcomes(ofType type: Int? = nil) -> [Outcome: StakesByTruth] {
    var outcomes: [Outcome: StakesByTruth] = [:]
    for (kind, count) in kinds where type == nil || kind.type == type {
      outcomes[kind.outcome, default: StakesByTruth()].add(count, of: kind)
    }
    return outcomes
  }
}
