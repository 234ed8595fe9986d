internal import CEL
internal import RuleSets

/// An expression that an event can make very expensive.
enum CostlyExpression: RuleSetCheck {
  static let code = "costly-expression"
  static let title = "an event can make the expression very expensive"
  static let remedy = "ask about lists with `in`, or go through one list instead of lists within lists"
  static let explanation = """
    What an expression takes at most is known beforehand, from the longest lists and texts that an event may carry \
    (`assay check --cost`). One that may take a hundredth of what is allowed at all (`cel-too-costly`), hundreds of times what \
    one evaluation may spend, is named: an event with long lists makes it fail, and `on_error` decides then.
    """

  /// A hundredth of the limit.
  private static let stepsMax = RuleSetLimits.expressionSteps / 100

  static func findings(in rules: JudgedRules) -> [Diagnostic] {
    rules.rules.expressionCosts.compactMap { cost in
      guard cost.stepsMax.map({ $0 > stepsMax }) ?? true else { return nil }
      switch cost.owner {
      case .rule:
        guard let rule = rules.rules.rules.first(where: { $0.id == cost.name }) else { return nil }
        return finding(at: rule.conditionPlace, "the condition", cost)
      case .feature:
        guard let feature = rules.featuresByName[cost.name] else { return nil }
        return finding(at: feature.place, "what `\(feature.name)` records", cost)
      }
    }
  }
}

extension CostlyExpression {
  private static func finding(at place: Diagnostic.Place, _ what: String, _ cost: ExpressionCost)
    -> Diagnostic
  {
    let steps = cost.stepsMax.map(grouped) ?? "any number of"
    return finding(
      at: place,
      "\(what) may take \(steps) steps, and an evaluation fails after \(grouped(Limits().stepsMax))",
      hint: "ask about lists with `in`, or go through one list instead of lists within lists")
  }
}
