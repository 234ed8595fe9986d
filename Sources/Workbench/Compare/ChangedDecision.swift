/// One event that the two rule sets decide otherwise, with what led to it.
package struct ChangedDecision: Sendable {
  package let change: OutcomeChange
  package let event: String
  package let type: String
  /// Milliseconds since 1970.
  package let time: Int64
  package let place: ReplaySummary.LinePlace
  package let scoreBefore: Int
  package let scoreAfter: Int
  package let parties: [PartyDifference]
  /// What the rules behind the change said in each of the two, the first `RuleSides.explainedMax` of them.
  package let rules: [RuleSides]
  /// Rules behind the change that are not among `rules`.
  package let furtherRuleCount: Int
  /// The features that the rules among the parties read.
  package let features: [FeaturePair]
  let amounts: [Amount]
  /// What the event was in truth; nil where there are no labels.
  package let truth: Truth?

  /// What is known of an event.
  package struct Truth: Hashable, Sendable {
    package let label: Label.Truth
    /// The kind of a fraud.
    package let kind: String?
  }

  /// A feature as each of the two rule sets saw it.
  package struct FeaturePair: Hashable, Sendable {
    package let name: String
    /// Nil where no rule of the set reads it for such events.
    package let before: String?
    package let after: String?
  }
}

/// What one rule said of an event in each of two rule sets.
package struct RuleSides: Sendable {
  /// Rules of one sample that are explained: the memory of a sample has a bound.
  package static let explainedMax = 8

  package let rule: String
  package let before: RuleBrief
  package let after: RuleBrief
}
