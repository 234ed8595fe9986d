package import RuleSets
internal import Assay

/// What one rule brought into one decision.
package struct Contribution: Hashable, Sendable {
  /// What a rule that fired added, and decided outright.
  package var score = 0
  package var decide: Outcome?
  /// The least outcome that a rule without an answer asked for.
  package var floor: Outcome?

  /// `+40`, `block`, `+40, block`, `at least review`.
  package var text: String {
    if let floor { return "at least \(floor.rawValue)" }
    let parts = [score == 0 && decide != nil ? nil : "+\(score)", decide?.rawValue]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }
}

/// Who is responsible for a decision that changed.
package enum ChangeParty: Hashable, Sendable, Comparable {
  /// A rule that brought something else into the two decisions.
  case rule(String)
  /// The scores from which events are reviewed and blocked.
  case thresholds
  /// The breaker of one of the two, which takes blocks back when there are too many.
  case breaker

  /// The rule's id, or what it is.
  package var name: String {
    switch self {
    case .rule(let id): id
    case .thresholds: "thresholds"
    case .breaker: "breaker"
    }
  }
}

/// One party's part in two decisions about one event.
package struct PartyDifference: Hashable, Sendable {
  package let party: ChangeParty
  /// Nil where it brought nothing.
  package let before: String?
  package let after: String?
  /// The reason of the rule where it fired, of the later decision where it did in both.
  package let reason: String?

  package init(party: ChangeParty, before: String?, after: String?, reason: String? = nil) {
    (self.party, self.before, self.after, self.reason) = (party, before, after, reason)
  }
}

extension Decision {
  /// What each rule with an effect brought, by its id.
  var contributions: [String: Contribution] {
    var found: [String: Contribution] = [:]
    for reason in reasons { found[reason.rule] = Contribution(score: reason.score, decide: reason.decide) }
    for unknown in notEvaluated {
      if let floor = unknown.floor { found[unknown.rule] = Contribution(floor: floor) }
    }
    return found
  }

  /// Why the rules or their absence of an answer had an effect.
  private func explanation(of rule: String) -> String? {
    reasons.first { $0.rule == rule }?.text
      ?? notEvaluated.first { $0.rule == rule && $0.floor != nil }?.explanation
  }

  /// Everyone who brought something else into this decision than into `later`, sorted.
  func differences(
    to later: borrowing Decision, thresholds: Thresholds, laterThresholds: Thresholds
  ) -> [PartyDifference] {
    let (own, others) = (contributions, later.contributions)
    var found: [PartyDifference] = []
    for rule in Set(own.keys).union(others.keys).sorted() where own[rule] != others[rule] {
      found.append(
        PartyDifference(
          party: .rule(rule), before: own[rule]?.text, after: others[rule]?.text,
          reason: later.explanation(of: rule) ?? explanation(of: rule)))
    }
    let isMoved = [score, later.score].contains {
      thresholds.outcome(of: $0) != laterThresholds.outcome(of: $0)
    }
    if isMoved {
      found.append(
        PartyDifference(
          party: .thresholds, before: thresholds.text, after: laterThresholds.text))
    }
    if (breaker == nil) != (later.breaker == nil) {
      let text = "takes the block back"
      found.append(
        PartyDifference(
          party: .breaker, before: breaker.map { _ in text }, after: later.breaker.map { _ in text }))
    }
    return found
  }

  /// The outcome that the rules gave, and the one that they would give if a shadow rule had an effect.
  func outcomes(withEffectOf hit: ShadowHit, thresholds: Thresholds) -> OutcomeChange {
    OutcomeChange(
      breaker?.insteadOf ?? outcome,
      Self.outcome(
        decided: reasons.map(\.decide) + [hit.decide], floors: notEvaluated.compactMap(\.floor),
        score: score + hit.score, thresholds))
  }

  private static func outcome(
    decided: [Outcome?], floors: [Outcome], score: Int, _ thresholds: Thresholds
  ) -> Outcome {
    let outright = decided.compactMap { $0 }
    let floor = (outright + floors).max() ?? .allow
    return thresholds.outcome(score: score, least: floor, isExcused: outright.contains(.allow))
  }
}

extension Thresholds {
  /// `review 40, block 80`.
  var text: String { "review \(review), block \(block)" }
}
