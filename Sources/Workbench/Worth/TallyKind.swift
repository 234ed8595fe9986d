internal import Assay
package import RuleSets

/// What events have in common that a tally counts together: everything that their outcome depends on, the truth, and
/// the currency. Of the time nothing.
package struct TallyKind: Hashable, Sendable {
  /// Index into the schema's types.
  package let type: Int
  /// The live rules that fired: index into `Tally.ruleLists`; nil where kinds were merged.
  package let live: Int?
  /// The shadow rules that fired, likewise.
  package let shadow: Int?
  /// The sum of the fired live rules' scores.
  package let score: Int
  /// The strictest that fired live rules decided outright: allow where none decided to review or block.
  package let decided: Outcome
  /// A fired live rule decided to allow: the score alone does nothing.
  package let isExcused: Bool
  /// The strictest floor that rules without an answer set.
  package let floor: Outcome
  /// What was decided; differs from what the rest comes to where the rule set's breaker had its hand in it.
  package let outcome: Outcome
  /// What the event was in truth.
  package let label: Label
  /// Index into `Tally.currencies`; nil for events without an amount.
  package let currency: Int?

  /// The least outcome, whatever the thresholds.
  package var least: Outcome { max(decided, floor) }

  /// What the rules come to at `thresholds`, a breaker left out.
  package func outcome(at thresholds: Thresholds) -> Outcome {
    thresholds.outcome(score: score, least: least, isExcused: isExcused)
  }

  /// The same without the rules that fired: what kinds merge into when there are too many.
  var merged: TallyKind {
    TallyKind(
      type: type, live: nil, shadow: nil, score: score, decided: decided, isExcused: isExcused, floor: floor,
      outcome: outcome, label: label, currency: currency)
  }
}

/// How many events, and what was at stake in them.
package struct TallyCount: Hashable, Sendable {
  package internal(set) var events = 0
  /// In minor units of the kind's currency.
  package internal(set) var amount: Int128 = 0

  /// What is left when `part` is taken out.
  func without(_ part: TallyCount) -> TallyCount {
    TallyCount(events: events - part.events, amount: amount - part.amount)
  }
}

extension Thresholds {
  /// What rules come to that sum up to `score` and demand at least `least`; where one of them allowed the event
  /// outright, the score alone does nothing.
  func outcome(score: Int, least: Outcome, isExcused: Bool) -> Outcome {
    isExcused ? least : max(least, outcome(of: score))
  }
}
