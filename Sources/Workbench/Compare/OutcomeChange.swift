package import RuleSets

/// One outcome in the place of another.
package struct OutcomeChange: Hashable, Sendable {
  package let before: Outcome
  package let after: Outcome

  package init(_ before: Outcome, _ after: Outcome) {
    self.before = before
    self.after = after
  }

  /// Every way an outcome can change: those that hold up honest people first, then those that let fraud pass, each from the
  /// gravest on.
  package static let gravestFirst = [
    OutcomeChange(.allow, .block), OutcomeChange(.allow, .review), OutcomeChange(.review, .block),
    OutcomeChange(.block, .allow), OutcomeChange(.block, .review), OutcomeChange(.review, .allow),
  ]

  /// `allow → block`.
  package var text: String { "\(before.rawValue) → \(after.rawValue)" }

  var style: Paint.Style { after > before ? (after == .block ? .bad : .caution) : .good }
}
