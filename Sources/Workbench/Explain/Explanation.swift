package import Assay
package import RuleSets

/// One decision taken apart: how the outcome came about, every rule on events of its type with its condition, what the
/// features were computed from, and what is missing.
///
/// Sensitive values are masked when it is made: whatever is done with it, none can be shown.
package struct Explanation: Sendable {
  package let decision: Decision
  package let event: EventFacts
  /// What led to the score and the outcome, in the order in which it counts.
  package let steps: [Step]
  /// The rules on events of this type, or those that were asked for, in the rule set's order.
  package let rules: [RuleExplanation]
  /// Only some rules were asked for.
  package let isPart: Bool
  /// Of the rules that did not fire the nearest, nearest first; at most `nearestMax`.
  package let nearest: [NearRule]
  /// The fields and features whose absence left a question open.
  package let missing: [MissingEvidence]
  /// The features that these rules read.
  package let features: [FeatureWindow]
  /// How each feature is computed, by its index in the rule set.
  let aggregations: [Int: String]

  /// Rules that are named as near.
  package static let nearestMax = 3

  /// The event as the rules saw it.
  package struct EventFacts: Sendable {
    package let id: String
    package let type: String
    /// Milliseconds since 1970.
    package let time: Int64
    /// The declared fields that it has, in the schema's order.
    package let fields: [(name: String, value: Decision.FeatureValue.Value)]
  }

  /// One thing that the score or the outcome is made of.
  package struct Step: Sendable, Hashable {
    /// What it does: `+40`, `block`, `at least review`, or nothing.
    package let effect: String
    /// The rule that does it, where one does.
    package let rule: String?
    package let text: String
  }

  /// A rule that did not fire, and how far it is from that.
  package struct NearRule: Sendable {
    package let rule: String
    package let isShadow: Bool
    /// The tests that would have to change, at least.
    package let tests: [ConditionTree.Node]
  }

  /// A field or feature without a value.
  package struct MissingEvidence: Sendable, Hashable {
    package let name: String
    package let why: String
    /// The rules whose conditions it leaves open, be it in part.
    package let rules: [String]
  }
}

/// What one rule said of one event, and why.
package struct RuleExplanation: Sendable {
  package let rule: Rule
  package let state: State
  /// Nil where the rule was left out before its condition counted.
  package let condition: ConditionTree?

  /// What came of a rule.
  package enum State: Sendable {
    case fired
    case notFired
    case noAnswer(Decision.NotEvaluated)
    /// Not on these dates, not this part of the keys, or suppressed for this key.
    case leftOut(RuleAbsence)
  }
}
