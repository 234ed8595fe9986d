internal import CEL
internal import RuleSets
internal import Windows

/// A comparison of a feature with more than its window can give.
enum BeyondWindow: RuleSetCheck {
  static let code = "beyond-window"
  static let title = "a threshold that the feature's window can never reach"
  static let remedy = "compare with less, or let the window reach further"
  static let explanation = """
    `last: 20` bounds a count and a number of different values by 20, and the times since a record and between records are \
    shorter than the window they are taken from. A comparison with more never holds, or always. (Comparisons with more than \
    a feature's `limit` are errors: `above-limit`.)
    """

  static func findings(in rules: JudgedRules) -> [Diagnostic] {
    rules.judged.flatMap { judged in
      judged.claim.facts.compactMap { fact -> Diagnostic? in
        guard let feature = rules.featuresByName[fact.term] else { return nil }
        let plan = rules.plan(of: feature)
        guard plan.empty == nil, let bound = bound(plan), let holds = verdict(fact.relation, bound) else {
          return nil
        }
        return finding(judged, fact, feature, bound, holds: holds)
      }
    }
  }

  /// The greatest value that a window gives, and why.
  private struct Bound {
    let value: Value
    let text: String
  }

  private static func bound(_ plan: FeaturePlan) -> Bound? {
    switch plan.aggregation {
    case .count, .distinct:
      return plan.last.map { Bound(value: .int(Int64($0)), text: "at most \($0) by its `last`") }
    case .sinceFirst, .sinceLast, .gapMean:
      guard let over = plan.overMilliseconds else { return nil }
      let delay = plan.aggregation == .gapMean ? 0 : plan.delayMilliseconds
      // A window is open at its old end: the oldest record is younger than the window is long.
      return Bound(
        value: .duration(.milliseconds(over + delay - 1)),
        text: "always below \(DurationLiteral.text(over + delay)) by its window")
    case .sum, .mean, .min, .max, .stddev, .first, .last, .gapVariation, .share: return nil
    }
  }

  /// False where the comparison never holds for values up to the bound, true where it always does.
  private static func verdict(_ relation: Claim.Relation, _ bound: Bound) -> Bool? {
    switch relation {
    case .greater(let value): value.order(to: bound.value) == .less ? nil : false
    case .greaterOrEqual(let value): value.order(to: bound.value) == .greater ? false : nil
    case .less(let value): value.order(to: bound.value) == .greater ? true : nil
    case .lessOrEqual(let value): value.order(to: bound.value) == .less ? nil : true
    case .among(let values): values.allSatisfy { $0.order(to: bound.value) == .greater } ? false : nil
    case .notEqual(let value): value.order(to: bound.value) == .greater ? true : nil
    }
  }
}

extension BeyondWindow {
  private static func finding(
    _ judged: JudgedRules.JudgedRule, _ fact: Claim.Fact, _ feature: Feature, _ bound: Bound, holds: Bool
  ) -> Diagnostic {
    let bytes = Array(judged.rule.source.utf8)
    let span = judged.expression[fact.node].span.clamped(to: 0..<bytes.count)
    let text = String(decoding: bytes[span], as: UTF8.self).onOneLine
    return finding(
      at: judged.rule.conditionPlace,
      "`\(text)` \(holds ? "always" : "never") holds: `\(feature.name)` is \(bound.text)",
      hint: "compare with less, or let the window reach further",
      notes: [Diagnostic.Note("the feature is here", at: feature.place)])
  }
}
